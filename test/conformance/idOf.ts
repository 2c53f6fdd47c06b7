import { expect } from 'vitest';

/** The id that ccxt was given for an order; an order without one is a failure. */
export function idOf({ id }: { readonly id?: string | undefined }): string {
  expect(id).toMatch(/^[0-9]+$/);
  return id ?? '';
}
