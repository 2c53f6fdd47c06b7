export type CodecErrorCode =
  /** The bytes are not this message at all: cut short, bad tags, text that is not UTF-8. */
  | 'MALFORMED'
  /** A field or a kind that this version does not know; guessing would let two machines disagree. */
  | 'UNKNOWN_FIELD'
  /** A required part is not there. */
  | 'MISSING_FIELD'
  /** An enum is zero or a number without a meaning. */
  | 'UNKNOWN_VALUE'
  /** An address, hash or signature of the wrong length. */
  | 'WRONG_LENGTH'
  | 'TEXT_TOO_LONG'
  /** A list of more items than it may have. */
  | 'TOO_MANY_ITEMS'
  /** An integer outside ±(2^53 - 1), or below the least that it can be. */
  | 'OUT_OF_RANGE';

/** Bytes from elsewhere that are not what they should be. Encoding never throws it: a bad value of ours is an assertion. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code: CodecErrorCode;
  /** Which part, for example `auth.owner`. */
  readonly field: string;

  constructor(code: CodecErrorCode, field: string, message: string) {
    super(`${code} ${field}: ${message}`);
    this.code = code;
    this.field = field;
  }
}
