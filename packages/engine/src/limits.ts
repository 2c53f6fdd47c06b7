/** Bounds and fixed terms of the engine that no market chooses for itself. */

/** Premium samples are taken when sequenced time passes a multiple of this. */
export const PREMIUM_SAMPLE_MS = 5_000;
/** Funding is settled when sequenced time passes a multiple of this. */
export const FUNDING_PERIOD_MS = 3_600_000;
/** Rates are quoted over this many hours, and an hour pays its part. */
export const FUNDING_RATE_HOURS = 8;
/** Interest may pull the premium at most this far towards itself, in 10^-9 (0.05 %). */
export const FUNDING_INTEREST_CLAMP_PPB = 500_000;

/** Marks are renewed at each index update, and by time alone once they are this old. */
export const MARK_REFRESH_MS = 1_000;
/** Time constants of the two averages in the mark price. */
export const BASIS_EMA_MS = 150_000;
export const MEDIAN_EMA_MS = 30_000;
/** Averages count thousandths of a tick, so that a small basis is not lost in rounding. */
export const MILLI = 1_000;

/** A price that jumped is news rather than an error, and is taken, once agreed prices have stayed there for so long. */
export const INDEX_JUMP_FORGIVEN_MS = 60_000;

/** Highest price any market may have: what the book's ladder spans. */
export const PRICE_TICKS_MAX = 2 ** 30;
/** Orders whose trigger was met carried out in one step; the rest wait for the next one. */
export const FIRED_PER_STEP = 64;
/** Orders whose time is over closed with one command, */
export const EXPIRED_PER_COMMAND = 1_000;
/** dead-man switches that go off with it, */
export const DEADLINES_PER_COMMAND = 16;
/** and TWAP orders that have a slice in it. */
export const SLICES_PER_COMMAND = 64;
/** A late TWAP order catches up with at most so many slices at a time. */
export const TWAP_CATCH_UP_SLICES = 3;

/** Parts in which an iceberg order comes at most. */
export const ICEBERG_PARTS_MAX = 100;

/** Last order of a scale as a part of the first: 100 times as large at most. */
export const SCALE_SKEW_PPM_MAX = 100_000_000;

/** Accounts closed out after one command; the rest wait for the next one. */
export const CLOSE_OUT_ACCOUNTS_PER_COMMAND = 16;
/** Close-out orders of one account after one command. */
export const CLOSE_OUT_STEPS_PER_ACCOUNT = 8;
/** Positions deleveraged with one command; who is beyond has a turn with the next. */
export const DELEVERAGES_PER_COMMAND = 256;
/** What a backstop vault took over it offers to the book this often, */
export const BACKSTOP_STEP_MS = 5_000;
/** and at most this part of it. */
export const BACKSTOP_STEP_PPM = 200_000;

/** Flat accounts that owe, asked with one command to pay with other collateral. */
export const CONVERSIONS_PER_COMMAND = 16;

/** Sum of |position| and order values one account may lead to: half the safe integers, so that every sum of an account is exact. */
export const ACCOUNT_NOTIONAL_ATOMS_MAX = 4_503_599_627_370_496;

/** |collateral| + |entry| + |cash| of one fill: 7 * 10^9 USDC, with room left for the largest deposit and for funding. */
export const ACCOUNT_MONEY_ATOMS_MAX = 7_000_000_000_000_000;

/** A price older than this, and than its own bound, pays no funding either. */
export const PRICE_LOST_MS = 30_000;
/** Longer than this without any command, and what the markets did meanwhile is unknown. */
export const OUTAGE_MS = 30_000;
/** On its way back from a halt a market takes only cancels for this long, */
export const RESUME_CANCEL_ONLY_MS = 5_000;
/** then only orders that rest for this long. */
export const RESUME_POST_ONLY_MS = 10_000;
/** Longest time of grace a market may have. */
export const RESUME_GRACE_MS_MAX = 24 * 3_600_000;

/** An account that was called for margin is looked at again after this long, whatever prices do; */
export const WARNED_LOOK_MS = 5_000;
/** so many of them with one command. */
export const WARNED_PER_COMMAND = 64;
