/** Bounds of the Hyperliquid-compatible WebSocket, beside those of ../../socket/limits.ts; the README lists them. */

/** Of one connection. */
export const SUBSCRIPTIONS_MAX = 1_000;
/** Different users that one connection follows: each costs reads of the read model. */
export const USERS_MAX = 15;
/** `post` requests of one connection that wait for their answer. */
export const POSTS_MAX = 100;
/** A connection that leaves so much unread gets no more frames of its channels until it has read what it has. */
export const UNREAD_FRAMES_MAX = 256 * 1024;
/** That is so when no more than this is left. */
export const UNREAD_DRAINED = 16 * 1024;
/** A connection on which neither side has said anything for so long is closed. */
export const IDLE_MS = 60_000;
/** How often that is looked at; a connection lives at most so much longer. */
export const IDLE_CHECK_MS = 5_000;
/** Characters of a frame that subscribes; the longest that makes sense has an address, a coin and some flags. */
export const SUBSCRIPTION_MAX = 4_096;
/** An error repeats at most so much of the request. */
export const ECHO_MAX = 1_000;

/** A whole book is sent at most this often. */
export const BOOK_MS = 100;
/** Mids and contexts change with every price; people and graphs need them this often. */
export const CONTEXT_MS = 500;
export const CANDLE_MS = 250;
/** An account that changes all the time is read this often. */
export const READ_MS = 200;
/** What depends on marks moves without a flush that names the account: it is read again at least this often. */
export const REREAD_MS = 5_000;
/** How often clients are told the state of an account that they wait for, whether or not it has changed. */
export const REPEAT_MS = 1_000;
/** Users without an account are looked up again so many at a time: an agent may be approved any time. */
export const UNKNOWN_USERS_PER_LOOK = 100;
/** After a failed read; the read model may be away. */
export const RETRY_MS = 500;

/** Happenings that a channel keeps for a reader that fell behind; whoever needs more starts anew or is closed. */
export const KEPT_MAX = 1_000;
/** Flushes that wait while what happened is read; more, and it is read again. */
export const WAITING_MAX = 1_000;
/** Of a first frame. */
export const TRADES_SHOWN = 30;
export const HISTORY_SHOWN = 200;

/** Why the gateway closed a connection: code and reason of the close frame. */
export const CLOSES = {
  goingAway: { code: 1001, reason: 'the gateway is stopping' },
  idle: { code: 1000, reason: 'Inactive: nothing was said for 60 s; send {"method":"ping"}' },
  badFrames: { code: 4000, reason: 'too many frames that are no request' },
  slowReader: { code: 4008, reason: 'slow reader: more than 4 MiB unread, or too much that may not be left out' },
  flood: { code: 4029, reason: 'went on after Too many messages' },
} as const;
export type CloseCause = keyof typeof CLOSES;
