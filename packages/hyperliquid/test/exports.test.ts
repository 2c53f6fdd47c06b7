import { expect, test } from 'vitest';
import * as hyperliquid from '../src/index.ts';

test('the door of the package', () => {
  expect(Object.keys(hyperliquid).sort()).toMatchInlineSnapshot(`
    [
      "IGNORED_TYPES",
      "SCHEDULE_TOLERANCE_MS",
      "Unreadable",
      "checkEvidence",
      "connectionIdOf",
      "decodeAction",
      "encodeAction",
      "hashAction",
      "hashRequest",
      "hashUserSigned",
      "isUserSigned",
      "parseAction",
      "parseRequest",
      "translateAction",
    ]
  `);
});
