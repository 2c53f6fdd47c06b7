/** What the page reads of an error over WebSocket, and keeps of one over REST. The client has a class for it, which is code. */
export interface WireError {
  readonly code: string;
  readonly message: string;
}
