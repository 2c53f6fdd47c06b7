import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as client from '../src/index.ts';

test('the door of the package', () => {
  expect(Object.keys(client).sort()).toMatchInlineSnapshot(`
    [
      "KeelClient",
      "KeelError",
      "LocalBook",
    ]
  `);
});

test('nothing a browser lacks is imported', () => {
  const folder = new URL('../src/', import.meta.url);
  for (const file of readdirSync(folder)) {
    const imports = [...readFileSync(new URL(file, folder), 'utf8').matchAll(/(?:from |import\()'([^.'][^']*)'/g)].map(
      ([, name]) => name,
    );
    for (const name of imports)
      expect(['@keel/codec/door', '@keel/signing', '@keel/types'], `import in ${file}`).toContain(name);
  }
});
