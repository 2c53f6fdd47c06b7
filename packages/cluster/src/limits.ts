/** Commands of one commit; what came in meanwhile waits for the next. Bounds the pause between two commits. */
export const GROUP_COMMANDS_MAX = 4_096;
/**
 * Commands of one batch. The settler seals much earlier; without a settler the sequencer seals here, so that the hashes
 * it keeps for the open batch stay bounded (32 bytes each).
 */
export const BATCH_COMMANDS_MAX = 50_000;
/** Payload bytes of one block: with all that surrounds them far below the 1.5 MiB that etcd takes in one request. */
export const BLOCK_BYTES_MAX = 1024 * 1024;
/** Every node computes the state's root about once in so many commands; followers compare theirs with the leader's. */
export const CHECKPOINT_COMMANDS = 4_096;
/** Checkpoints that a node remembers to be compared with. */
export const CHECKPOINTS_KEPT = 256;

/** The leader's lease: the least that etcd grants with its default election timeout. */
export const LEASE_SECONDS = 2;
export const LEASE_KEEP_ALIVE_MS = 400;
/** From the sending of a keep-alive on a leader trusts its lease for so long; the rest of the lease is the margin. */
export const LEASE_TRUSTED_MS = 1_500;
/** A node's report is bound to a lease of its own: how long it is told of after its process died. */
export const REPORT_LEASE_SECONDS = 5;
/** A dead process holds its name for its lease and the time that etcd takes to notice. */
export const NAME_HELD_MS_MAX = (REPORT_LEASE_SECONDS + 2) * 1_000;
export const REPORT_EVERY_MS = 1_000;

/** Pause before a store that could not be reached is asked again. */
export const STORE_RETRY_MS = 20;
/** Pause before a store that answers and refuses is asked again: somebody must mend its users or certificates. */
export const STORE_REFUSED_RETRY_MS = 1_000;
/** Pause before a store that is full is asked again; the trim runs meanwhile. */
export const STORE_FULL_RETRY_MS = 100;
/** How often a node looks whether it should do something although nothing told it so. */
export const LOOK_EVERY_MS = 200;
/** Others than the one named wait so long when the leader hands over. */
export const HAND_OVER_RESERVED_MS = 1_000;
/** Leader changes are counted over this time. */
export const TAKEOVERS_WINDOW_MS = 60_000;
/** A clock further from the others' than this may not make sequenced time. */
export const CLOCK_OFFSET_MAX_MS = 2_000;

/** Blocks read from the log at once, */
export const LOG_PAGE_BLOCKS = 64;
/** as far as their bytes may be expected to stay below this: a page must come within a call's time limit. */
export const LOG_PAGE_BYTES = 8 * 1024 * 1024;
/** Keys besides the log that are read at once: nodes, leaderships, and a few more. */
export const VIEW_KEYS_MAX = 1_000;
/** Records that are fetched from another node before they are waited for on this node's disk. */
export const FETCH_FLUSH_RECORDS = 1_024;
/** How long a pause or resume is waited for, and how often it is looked for. */
export const PAUSE_HEARD_MS_MAX = 1_000;
export const PAUSE_LOOK_MS = 5;
export const TRIM_EVERY_MS = 10_000;
/** While the store takes no puts, trimming is what brings them back. */
export const TRIM_WHILE_FULL_EVERY_MS = 1_000;
/** Newest blocks that a trim leaves, so that a follower that was away for a moment finds what it missed. */
export const LOG_BLOCKS_KEPT = 1_000;
/** Leaderships that are remembered for people. */
export const TERMS_KEPT = 50;
/** Log records of a node's own journal that may wait for its disk before the node stops. */
export const JOURNAL_LAG_MAX = 200_000;
