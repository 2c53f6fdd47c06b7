import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCertificate } from '../src/certificate/readCertificate.ts';
import { CommandLineFault } from '../src/commandLineFault.ts';
import { CHAIN_ID, CONTRACT, certificateOf } from './certifiedExchange.ts';

const file = join(mkdtempSync(join(tmpdir(), 'keelctl-')), 'certificate.json');
const certificate = certificateOf('book');
const { rank: _none, ...withoutRank } = certificate;

function read(content: unknown) {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readCertificate(file);
}

test('bare, as the gateway wraps it, and without a rank in any spelling', () => {
  expect(read(certificate)).toEqual({ certificate, domain: undefined });
  expect(read(withoutRank)).toEqual({ certificate, domain: undefined });
  expect(read({ ...certificate, rank: null })).toEqual({ certificate, domain: undefined });
  const verifyingContract = CONTRACT.toUpperCase().replace('0X', '0x');
  expect(read({ domain: { chainId: CHAIN_ID, verifyingContract }, certificate, readable: {} })).toEqual({
    certificate,
    domain: { chainId: CHAIN_ID, verifyingContract: CONTRACT },
  });
});

test('of every stage', () => {
  for (const stage of ['auction', 'backstop', 'deleverage'] as const) {
    expect(read(certificateOf(stage)).certificate).toEqual(certificateOf(stage));
  }
});

test.each([
  ['half of one', JSON.stringify(certificate).slice(0, 900), 'is no JSON'],
  ['nothing', '', 'is no JSON'],
  ['a megabyte', `"${'x'.repeat(1024 * 1024)}"`, 'is larger than 1048576 bytes'],
  ['null', null, 'is no certificate: it must be object'],
  ['a list of them', { certificates: [certificate] }, 'is a list: save one of them'],
  ['no domain', { certificate }, 'is no certificate: it must have required properties domain'],
  ['a fraction', { ...certificate, feeAtoms: 1.5 }, 'is no certificate: feeAtoms must be integer'],
  ['text for a number', { ...certificate, feeAtoms: '1' }, 'is no certificate: feeAtoms must be integer'],
  ['a number that is not exact', { ...certificate, quoteAtoms: 2 ** 60 }, 'is no certificate: quoteAtoms must be <='],
  ['a negative count', { ...certificate, filledLots: -1 }, 'is no certificate: filledLots must be >= 0'],
  ['a stage of its own', { ...certificate, stage: 'gift' }, 'is no certificate: stage'],
  ['a field more', { ...certificate, feeAtom: 1 }, 'is no certificate: feeAtom is no field of one'],
  ['no market', { ...certificate, markets: [{}] }, 'is no certificate: markets.0 must have required properties'],
] as const)('%s is refused', (_what, content, fault) => {
  expect(() => read(content)).toThrow(CommandLineFault);
  expect(() => read(content)).toThrow(fault);
});
