/** Commands of one journal flush; what came in meanwhile waits for the next. Bounds the pause between two flushes. */
export const GROUP_COMMANDS_MAX = 4_096;
/**
 * Commands of one batch. The settler seals much earlier; without a settler the sequencer seals here, so that the hashes
 * it keeps for the open batch stay bounded (32 bytes each).
 */
export const BATCH_COMMANDS_MAX = 50_000;
