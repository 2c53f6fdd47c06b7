/** Commands of one journal flush; what came in meanwhile waits for the next. Bounds the pause between two flushes. */
export const GROUP_COMMANDS_MAX = 4_096;
/**
 * Commands of one batch. The settler seals much earlier; without a settler the sequencer seals here, so that the hashes
 * it keeps for the open batch stay bounded (32 bytes each).
 */
export const BATCH_COMMANDS_MAX = 50_000;
/** Sealed batches kept in memory for the settler; older ones are read from their files. */
export const BATCHES_IN_MEMORY = 8;
/**
 * Newest fills kept over all accounts to fill an emptied Redis again. Redis itself keeps more; what is in neither is in
 * the journal only.
 */
export const FILLS_KEPT = 20_000;
/** Entries that may wait for Redis; beyond it they are dropped and the read model is rebuilt when Redis is back. */
export const PENDING_ENTRIES_MAX = 50_000;
/** Sequenced time advances at least this often. */
export const ADVANCE_TIME_EVERY_MS = 1_000;
