/** Sealed batches kept in memory for the settler; older ones are read from their files. */
export const BATCHES_IN_MEMORY = 8;
/**
 * Newest fills kept over all accounts to fill an emptied Redis again. Redis itself keeps more; what is in neither is in
 * the journal only.
 */
export const FILLS_KEPT = 20_000;
/** For the same, over all accounts: orders that are over, some 0.7 KiB each in a snapshot, */
export const CLOSED_ORDERS_KEPT = 10_000;
/** funding payments, */
export const FUNDING_PAYMENTS_KEPT = 10_000;
/** and lines of ledgers. */
export const LEDGER_KEPT = 10_000;
/** Signed commands whose outcome is remembered, so that one that is sent again is answered with it. */
export const OUTCOMES_KEPT = 20_000;
/** What these may weigh together, in events and items of batches: about 200 to 300 bytes each on the heap. */
export const OUTCOMES_WEIGHT_MAX = 200_000;
/** The newest of these that a snapshot carries, and what they may weigh: some 0.4 KiB each, 0.8 MiB in all. */
export const OUTCOMES_IN_SNAPSHOT = 2_000;
export const OUTCOMES_IN_SNAPSHOT_WEIGHT = 10_000;
