import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ACTION_FIELDS,
  DOMAIN_FIELDS,
  NESTED_FIELDS,
  PRICE_REPORT_FIELDS,
  type TypedField,
} from '../src/actionTypes.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const ALL: [string, readonly TypedField[]][] = [
  ['EIP712Domain', DOMAIN_FIELDS],
  ...Object.entries(NESTED_FIELDS),
  ...Object.entries(ACTION_FIELDS),
  ['PriceReport', PRICE_REPORT_FIELDS],
];

test.each(ALL)('the README spells %s as it is hashed', (name, fields) => {
  expect(README).toContain(`\n${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})\n`);
});
