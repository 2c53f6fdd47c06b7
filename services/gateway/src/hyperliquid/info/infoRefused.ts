/** A request that `/info` does not answer: HTTP 422 with the sentence as plain text, as clients of this surface expect it. */
export class InfoRefused extends Error {
  override readonly name = 'InfoRefused';
}
