/** Bounds of the WebSocket side; the README lists them. */

export const SUBSCRIPTIONS_MAX = 100;
/** Requests of one connection that wait for their answer. */
export const IN_FLIGHT_MAX = 1_000;
/** What a subscriber may leave unread before it is cut off. */
export const UNREAD_BYTES_MAX = 4 * 1024 * 1024;
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
  slowReader: { code: 4008, reason: 'slow reader: more than 4 MiB unread' },
  flood: { code: 4029, reason: 'went on after RATE_LIMITED' },
} as const;
export type CloseCause = keyof typeof CLOSES;
