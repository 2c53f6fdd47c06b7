/** A fault of ours, never of a customer: the process that sees one must stop before it publishes anything. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** States what must hold. Stays on in production: a wrong number published costs more than a stopped process. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** A safe integer passes through; anything else is a fault of ours. */
export function assertSafeInteger(value: number, name: string): number {
  if (!Number.isSafeInteger(value)) throw new AssertionError(`${name} is not a safe integer: ${value}`);
  return value;
}
