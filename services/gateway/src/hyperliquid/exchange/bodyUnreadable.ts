/** A body that is no exchange request: HTTP 422 with the sentence as plain text, as clients of this surface expect it. */
export class BodyUnreadable extends Error {
  override readonly name = 'BodyUnreadable';
}
