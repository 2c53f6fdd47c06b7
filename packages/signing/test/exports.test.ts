import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as signing from '../src/index.ts';
import * as native from '../src/native.ts';

test('the doors of the package', () => {
  expect(Object.keys(signing).sort()).toMatchInlineSnapshot(`
    [
      "QUOTE_ASSET",
      "actionOfCommand",
      "addressOfKey",
      "collateralFeed",
      "domainSeparator",
      "hashAction",
      "hashActionStruct",
      "hashInDomain",
      "hashPriceReport",
      "isSignatureFault",
      "keelDomain",
      "marketFeed",
      "recoverPriceFeeder",
      "recoverSigner",
      "signAction",
      "signPriceReport",
      "signedPriceReport",
      "spellActionType",
      "typedDataOf",
    ]
  `);
  expect(Object.keys(native).sort()).toMatchInlineSnapshot(`
    [
      "nativeRecoveryAvailable",
      "recoverPriceFeederNative",
      "recoverSignerNative",
    ]
  `);
});

/** Everything that importing a file of this package imports, packages and builtins included. */
function reached(file: URL, seen = new Set<string>()): Set<string> {
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)) {
    const next = target.startsWith('.') ? new URL(target, file).href : target;
    if (seen.has(next)) continue;
    seen.add(next);
    if (target.startsWith('.')) reached(new URL(target, file), seen);
  }
  return seen;
}

test('a browser that imports the main door meets neither the native addon nor Node', () => {
  const main = [...reached(new URL('../src/index.ts', import.meta.url))];
  expect(main.some((target) => target.includes('recoverSigner.ts'))).toBe(true);
  expect(main.filter((target) => target.startsWith('node:') || /secp256k1$|Native/.test(target))).toEqual([]);
});
