/** Somebody who was asked for prices answered something of no use; the message says what, in words. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
}
