import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSequencedCommand } from '@keel/codec';
import { createLogger } from '@keel/runtime';
import { type Address, type Command, toSequence } from '@keel/types';
import { onTestFinished } from 'vitest';
import { type OpenedExchange, openExchange, toHex } from '../src/index.ts';

/** A folder of its own that goes when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keel-replica-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function open(dir: string): Promise<OpenedExchange> {
  return openExchange(dir, createLogger({ service: 'test', level: 'silent' }), new AbortController().signal);
}

/** Deposits of one owner after the other, from which every 500th command seals a batch. */
export async function goOn({ exchange, journal, batches }: OpenedExchange, commands: number): Promise<void> {
  for (let count = 0; count < commands; count++) {
    const sequence = toSequence(exchange.state.sequence + 1);
    const sequenced = { sequence, timeMs: 1_700_000_000_000 + sequence, command: commandOf(sequence, exchange.state) };
    const { sealed } = exchange.apply(sequenced, toHex(journal.append(sequence, encodeSequencedCommand(sequenced))));
    if (sealed !== undefined) await batches.put(sealed);
    if (sequence % 100 === 0) await journal.flush();
  }
  await journal.flush();
}

function commandOf(sequence: number, state: { readonly nextDepositIndex: number }): Command {
  if (sequence % 500 === 0) return { kind: 'sealBatch' };
  const owner: Address = `0x${String(1 + (sequence % 900)).padStart(40, '0')}`;
  const l1TxHash = `0x${'22'.repeat(32)}` as const;
  const depositIndex = state.nextDepositIndex;
  return { kind: 'creditDeposit', depositIndex, owner, assetId: 0, amountAtoms: 1_000_000, l1BlockNumber: 1, l1TxHash };
}
