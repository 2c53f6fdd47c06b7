/** Sealed batches kept in memory for the settler; older ones are read from their files. */
export const BATCHES_IN_MEMORY = 8;
/**
 * Newest fills kept over all accounts to fill an emptied Redis again. Redis itself keeps more; what is in neither is in
 * the journal only.
 */
export const FILLS_KEPT = 20_000;
