/** Bounds of what is let in under load; the README lists those that a client can notice. */

/** Orders of one class, batches' items counted, between the first look at their request and its acknowledgement. */
export const URGENT_IN_DOOR_MAX = 1_024;
/**
 * Urgent requests that wait to be let in. Over WebSocket one per connection waits, since a connection is not read any
 * further meanwhile; so what meets this bound is as many HTTP requests at once, 16 MiB of them at the most usual size.
 */
export const URGENT_WAITING_MAX = 10_000;
/**
 * Urgent commands that the sequencer may have from here on top of the window of the others. With the window it is all
 * that a cancel finds before it.
 */
export const URGENT_WINDOW = 256;
/** What a shed request is told to wait, at least and at most; between them it is what others took of late. */
export const RETRY_AFTER_MS_MIN = 20;
export const RETRY_AFTER_MS_MAX = 2_000;
/** Weight of the newest request in what others took of late: one of fifty. */
export const TAKEN_NEWEST_PART = 0.02;

/**
 * One in so many of the requests that a network address may send over HTTP may be signed by nobody who may act; more, and nothing
 * signed is taken from there.
 */
export const STRANGERS_ONE_IN = 50;
/** What an address that was quiet may send of them at once: so many seconds' worth, */
export const STRANGERS_BURST_SECONDS = 25;
/** but no fewer than this. */
export const STRANGERS_AT_ONCE_MIN = 10;
/** Network addresses that are remembered for it; beyond it the one that sent none for longest begins anew. */
export const STRANGERS_REMEMBERED_MAX = 10_000;

/** Actions that an address has when nothing was heard of it, and to which it is filled up again. */
export const BUDGET_ACTIONS = 10_000;
export const BUDGET_REFILL_PER_SECOND = 10;
/** Of cancels and reduce-only orders on top: as many again, but no more than this. */
export const BUDGET_URGENT_EXTRA_MAX = 100_000;
/**
 * Addresses whose budget is remembered, some 250 bytes each; only owners that the exchange knows get in. Beyond it the one
 * that was quiet for longest is forgotten, and begins anew.
 */
export const BUDGETS_MAX = 100_000;
