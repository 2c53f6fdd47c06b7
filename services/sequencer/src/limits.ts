/** Entries that may wait for Redis; beyond it they are dropped and the read model is rebuilt when Redis is back. */
export const PENDING_ENTRIES_MAX = 50_000;
/** Sequenced time advances at least this often. */
export const ADVANCE_TIME_EVERY_MS = 1_000;
