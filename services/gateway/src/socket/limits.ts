/** Bounds of the WebSocket side; the README lists them. */

export const SUBSCRIPTIONS_MAX = 100;
/** Requests of one connection that wait for their answer. */
export const IN_FLIGHT_MAX = 1_000;
/** What a subscriber may leave unread before its channels are left out; what it missed comes as snapshots once it has read. */
export const CONFLATE_BYTES = 256 * 1024;
/** What may be unread of answers, which cannot be left out, before the connection is cut off. */
export const UNREAD_BYTES_MAX = 4 * 1024 * 1024;
/** Signed cancels of one connection that wait for its end, one of each account and market. */
export const HELD_CANCELS_MAX = 16;
/** A held cancel that is not taken, because nobody leads or there is too much to do, is handed over again: so often, */
export const HELD_CANCEL_RETRY_MS = 500;
/** for so long, */
export const HELD_CANCEL_TRIED_MS = 120_000;
/** and, when the gateway stops, for so long. */
export const HELD_CANCEL_TRIED_CLOSING_MS = 5_000;
/**
 * Parts of one message: each costs a hundred bytes and more beside its own, so a message that never ends must not have many. A
 * message of 64 KiB comes in less, by what networks carry at a time; the library's own bounds are 16,384 and 262,144.
 */
export const FRAGMENTS_MAX = 128;
export const CHUNKS_MAX = 1_024;
/** A client that has not answered the last ping when the next is due is taken for dead. */
export const PING_INTERVAL_MS = 15_000;
/** Frames that are no JSON object; one more and the connection is closed. */
export const BAD_FRAMES_MAX = 10;
/**
 * Frames answered RATE_LIMITED, at once and for long; one more and the connection is closed. Not counted in a row: a flood has
 * a frame taken now and then.
 */
export const LIMITED_FRAMES_MAX = 1_000;
export const LIMITED_FRAMES_PER_SECOND = 100;
/** How long a closing client may take to say goodbye. */
export const CLOSE_TIMEOUT_MS = 1_000;

/** Why the gateway closed a connection: code and reason of the close frame. */
export const CLOSES = {
  goingAway: { code: 1001, reason: 'the gateway is stopping' },
  oversize: { code: 1009, reason: 'a frame may have 64 KiB' },
  badFrames: { code: 4000, reason: 'too many frames that are not JSON' },
  slowReader: { code: 4008, reason: 'slow reader: more than 4 MiB of answers unread' },
  flood: { code: 4029, reason: 'went on after RATE_LIMITED' },
} as const;
export type CloseCause = keyof typeof CLOSES;
