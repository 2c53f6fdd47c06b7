/** Bounds that hold over the whole exchange; each refusal has its reject code. */

/** Nonces remembered per signer; see `Authorization.nonce`. */
export const NONCE_WINDOW = 100;
/** A nonce may lie this far before sequenced time, */
export const NONCE_PAST_MS = 2 * 24 * 3_600_000;
/** and this far after it. */
export const NONCE_FUTURE_MS = 24 * 3_600_000;
export const OPEN_ORDERS_PER_ACCOUNT_MAX = 200;
/** Items of one batch. */
export const BATCH_ITEMS_MAX = 50;
/** Client order ids of orders that are over, remembered per account; those of open orders always are. */
export const CLIENT_ORDER_IDS_REMEMBERED = 200;
/** A TWAP order lasts at least this */
export const TWAP_DURATION_MS_MIN = 10_000;
/** and at most this, */
export const TWAP_DURATION_MS_MAX = 7 * 24 * 3_600_000;
/** with at least this between two slices. */
export const TWAP_SLICE_MS_MIN = 1_000;
/** `cancelAllAfter` fires after at least this */
export const CANCEL_ALL_AFTER_MS_MIN = 1_000;
/** and at most this. */
export const CANCEL_ALL_AFTER_MS_MAX = 24 * 3_600_000;
/** Longest window of a market-maker protection. */
export const PROTECTION_WINDOW_MS_MAX = 24 * 3_600_000;
export const AGENTS_PER_ACCOUNT_MAX = 8;
export const CLIENT_ORDER_ID_CHARACTERS_MAX = 36;
/** Of an action of Hyperliquid's API in a command; a batch of 50 orders has some 7 KiB. */
export const HYPERLIQUID_ACTION_BYTES_MAX = 32 * 1_024;
export const AGENT_NAME_CHARACTERS_MAX = 32;
export const MARKETS_MAX = 255;
/** Largest single deposit and largest collateral of an account: 10^9 USDC, so that all account sums stay safe. */
export const COLLATERAL_ATOMS_MAX = 1_000_000_000_000_000;
/** Smallest withdrawal: 1 USDC, so that a claim on L1 is never dust. */
export const WITHDRAWAL_ATOMS_MIN = 1_000_000;
/** Sub-accounts 0 to this less one are cross-margined; from here on each is isolated in one market. */
export const SUBACCOUNTS_MAX = 128;
/** Accounts of one owner, of both kinds. */
export const ACCOUNTS_PER_OWNER_MAX = 256;
/** Smallest transfer that opens an account: 1 USDC. */
export const OPENING_TRANSFER_ATOMS_MIN = 1_000_000;
export const COLLATERAL_ASSETS_MAX = 16;
export const COLLATERAL_DECIMALS_MAX = 8;
export const MARGIN_TIERS_MAX = 8;
export const PRICE_FEEDERS_MAX = 31;
export const PRICE_FEEDER_WEIGHT_MAX = 1_000;
/** A report older than this against sequenced time does not count. */
export const REPORT_STALE_MS = 10_000;
/** Nor does one that is stamped further ahead of it: it would look fresh for too long. */
export const REPORT_FUTURE_MS = 5_000;
/** A report further than this from the median does not count. */
export const REPORT_DEVIATION_PPM = 50_000;
