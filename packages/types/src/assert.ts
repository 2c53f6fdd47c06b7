/** A fault of ours, never of a customer: the process that sees one must stop before it publishes anything. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/**
 * States what must hold. Stays on in production: a wrong number published costs more than a stopped process. Where it is
 * asked often, the figures are given apart: a text is only made of them when it is needed.
 */
export function assert(condition: boolean, message: string, figure?: number, other?: number): asserts condition {
  if (condition) return;
  const figures = [figure, other].filter((given) => given !== undefined).join(', ');
  throw new AssertionError(figures === '' ? message : `${message}: ${figures}`);
}

/** A safe integer passes through; anything else is a fault of ours. */
export function assertSafeInteger(value: number, name: string): number {
  if (!Number.isSafeInteger(value)) throw new AssertionError(`${name} is not a safe integer: ${value}`);
  return value;
}
