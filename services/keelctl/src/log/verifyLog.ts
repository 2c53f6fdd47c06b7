import { availableParallelism } from 'node:os';
import type { Journal } from '@keel/journal';
import type { KeelDomain } from '@keel/signing';
import { nativeRecoveryAvailable } from '@keel/signing/native';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { createProgress } from '../progress.ts';
import { tableOf } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { countText } from '../times.ts';
import { lookIntoJournal } from './lookIntoJournal.ts';
import { SignatureCheck } from './signatureCheck.ts';
import type { SignatureFindings } from './signatureFindings.ts';

/** Records between two looks at how far it is. */
const CHUNK = 100;

/** What the signatures of a log came to. */
interface Signatures extends SignatureFindings {
  readonly domain: KeelDomain;
  readonly threads: number;
  readonly library: 'libsecp256k1' | 'noble';
}

/**
 * Checksums and the hash chain of every record and, given a domain, every signature: whether each signed command says what
 * its signer signed. Nothing is replayed: whether the signer might act for the owner is not looked at. Throws JournalCorrupt
 * at the first bad byte.
 */
export async function verifyLog(
  dataDir: string,
  json: boolean,
  domain: KeelDomain | undefined,
  terminal: Terminal,
): Promise<ExitCode> {
  const journal = await lookIntoJournal(dataDir);
  for (const notice of journal.notices) terminal.tell(`a start would say, nothing is changed now: ${notice}`);
  const begunMs = performance.now();
  const { bytes, signatures } = await readAll(journal, domain);
  const seconds = (performance.now() - begunMs) / 1_000;
  const { lastSequence } = journal;
  const lastHash = `0x${Buffer.from(journal.lastHash).toString('hex')}`;
  const holds = signatures?.firstWrong === undefined;
  const facts = { holds, lastSequence, lastHash, bytes, seconds, notices: journal.notices, signatures };
  const rate = countText(Math.round(lastSequence / Math.max(0.001, seconds)));
  const text = [
    `${countText(lastSequence)} records in ${seconds.toFixed(2)} s (${rate}/s): every checksum and the whole chain hold`,
    `last sequence ${lastSequence}, last hash ${lastHash}`,
    ...(signatures === undefined ? [] : linesOf(signatures, seconds)),
  ].join('\n');
  terminal.write(`${json ? JSON.stringify(facts) : text}\n`);
  return holds ? EXIT.fine : EXIT.notFine;
}

async function readAll(
  journal: Journal,
  domain: KeelDomain | undefined,
): Promise<{ readonly bytes: number; readonly signatures: Signatures | undefined }> {
  const check = domain && new SignatureCheck(domain, availableParallelism());
  const progress = createProgress();
  let bytes = 0;
  try {
    for (const record of journal.read(1)) {
      bytes += record.payload.length;
      await check?.take(record);
      if (record.sequence % CHUNK === 0) progress.at('checking', record.sequence, journal.lastSequence);
    }
    if (check === undefined || domain === undefined) return { bytes, signatures: undefined };
    const library = nativeRecoveryAvailable ? 'libsecp256k1' : 'noble';
    return { bytes, signatures: { ...(await check.end()), domain, threads: check.threads, library } };
  } finally {
    progress.end();
    await check?.close();
  }
}

function linesOf(signatures: Signatures, seconds: number): string[] {
  const { native, hyperliquid, none, wrongNative, wrongHyperliquid, firstWrong, domain, threads, library } = signatures;
  const rate = countText(Math.round((native + hyperliquid) / Math.max(0.001, seconds)));
  const rows = [
    ['our own text', countText(native), countText(wrongNative)],
    ["Hyperliquid's form", countText(hyperliquid), countText(wrongHyperliquid)],
    ['none needed', countText(none), '-'],
  ];
  return [
    '',
    ...tableOf(['signed', 'commands', 'wrong'], rows),
    `chain ${domain.chainId}, contract ${domain.verifyingContract}; ${rate} signatures/s, ${threadsText(threads)}, ${library}`,
    ...(firstWrong === undefined
      ? ["every signature is its signer's, over what its command says"]
      : [`FAULT command ${firstWrong.sequence}, ${firstWrong.kind}: ${firstWrong.reason}`]),
    ...(wrongNative > 1 && wrongNative === native
      ? ['not one of our own texts holds: are chain and contract those of the exchange? --chain-id N --contract 0x...']
      : []),
  ];
}

function threadsText(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
