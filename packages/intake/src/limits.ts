/** Bounds of the intake; all of them hold per connection. */

/** Largest frame of a client: the longest command, a batch of 50 orders, has COMMAND_BYTES_MAX = 44,276 bytes. */
export const CLIENT_FRAME_BYTES_MAX = 48 * 1024;
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
/** A client that has other nodes to go to does not wait so long for one that stands still. */
export const CLUSTER_PING_INTERVAL_MS = 1_000;
/** First and longest pause between two rounds of attempts to connect, each of which tries every address once. */
export const RECONNECT_MS_MIN = 20;
export const RECONNECT_MS_MAX = 1_000;
/** What a node gets to say welcome while there are others to try; doubles each round up to HELLO_TIMEOUT_MS. */
export const CLUSTER_WELCOME_MS_MIN = 500;
/** Hints that are followed one after the other without a pause: two nodes may each take the other for the leader. */
export const HINTS_IN_ROW_MAX = 2;
/** Replies that a node which stopped leading still owes are waited for so long; then their outcome is unknown. */
export const RETIRE_MS = 1_000;
/** Addresses of one exchange. */
export const URLS_MAX = 16;
/** First and longest pause of a command that is tried again. */
export const RETRY_MS_MIN = 5;
export const RETRY_MS_MAX = 200;
/** Commands that are being tried at once; one more is refused as overloaded. */
export const RETRYING_MAX = 20_000;
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
  notLeader: 4409,
} as const;
