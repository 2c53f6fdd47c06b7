/** Bounds of the intake; all of them hold per connection. */

/** Largest frame of a client: the longest command, a batch of 50 orders, has COMMAND_BYTES_MAX = 11,496 bytes. */
export const CLIENT_FRAME_BYTES_MAX = 16 * 1024;
/** Largest frame of the server: a sealed batch has 32 bytes per command, so about 2 million commands. */
export const SERVER_FRAME_BYTES_MAX = 64 * 1024 * 1024;
/** A connection that has not said hello by then is closed. */
export const HELLO_TIMEOUT_MS = 2_000;
/** Requests that wait for their reply; one more is refused as overloaded. */
export const IN_FLIGHT_MAX = 10_000;
/** Replies that a client leaves unread; more and it is cut off. Above the largest frame. */
export const UNREAD_BYTES_MAX = 2 * SERVER_FRAME_BYTES_MAX;
/** A peer that has not answered the last ping when the next is due is taken for dead. */
export const PING_INTERVAL_MS = 5_000;
/** First and longest pause between two attempts to connect. */
export const RECONNECT_MS_MIN = 50;
export const RECONNECT_MS_MAX = 2_000;
/** What requests in flight get to finish when the server closes. */
export const DRAIN_TIMEOUT_MS = 2_000;
/** Shorter secrets can be guessed. */
export const TOKEN_CHARACTERS_MIN = 32;

/** Why a side closed the connection, as WebSocket close codes. */
export const CLOSE_CODES = {
  goingAway: 1001,
  fault: 1011,
  badFrame: 4400,
  badHello: 4401,
  helloTimeout: 4408,
} as const;
