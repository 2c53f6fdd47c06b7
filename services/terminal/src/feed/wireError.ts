/** What the page reads of an error answer, over REST and WebSocket alike. The client has a class for it, which is code. */
export interface WireError {
  readonly code: string;
  readonly message: string;
}
