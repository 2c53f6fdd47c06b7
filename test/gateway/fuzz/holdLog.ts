import { decodeSequencedCommand } from '@keel/codec';
import { apply, createState, type EngineState, listCollaterals, listMarkets } from '@keel/engine';
import { checkEvidence } from '@keel/hyperliquid';
import { openJournal } from '@keel/journal';
import { actionOfCommand, hashAction, type KeelDomain, recoverSigner } from '@keel/signing';
import { nativeRecoveryAvailable, recoverSignerNative } from '@keel/signing/native';
import type { MarketSpec, SequencedCommand, SignedCommand } from '@keel/types';
import { onlyTime, rootOf } from '../rootsWithoutRefusals.ts';

/** Roots of the two exchanges are made anew so often: each is all of their leaves hashed. */
const REFUSALS_PER_ROOT = 1_000;

const recover = nativeRecoveryAvailable ? recoverSignerNative : recoverSigner;

export interface LogFacts {
  readonly commands: number;
  /** Signed and done, in our own words; */
  readonly done: readonly number[];
  /** and in those of Hyperliquid's clients. */
  readonly wireDone: number;
  /** Signed and refused by the engine. */
  readonly refused: number;
  /** Where the state differed from that of an exchange which never heard of what was refused. */
  readonly changedByRefusals: readonly number[];
  /** Signed and done, though its text names another signer. */
  readonly wronglySigned: readonly number[];
}

/**
 * Plays a whole journal to two fresh exchanges, the second without what was refused, and asks of every signed command that was
 * done whether the signature in the log is one of its very text.
 */
export async function holdLog(dataDir: string, domain: KeelDomain): Promise<LogFacts> {
  const state = createState();
  const twin = createState();
  const done: number[] = [];
  const changedByRefusals: number[] = [];
  const wronglySigned: number[] = [];
  const counts = { commands: 0, wireDone: 0, refused: 0 };
  const compare = (sequence: number): void => {
    if (rootOf(state) !== rootOf(twin)) changedByRefusals.push(sequence);
  };
  const journal = await openJournal(dataDir);
  try {
    for (const { payload } of journal.read(1)) {
      const sequenced = decodeSequencedCommand(payload);
      const { sequence, command } = sequenced;
      const isRefused = apply(state, sequenced).some(({ kind }) => kind === 'commandRejected');
      apply(twin, isRefused && command.kind !== 'sealBatch' ? onlyTime(sequenced) : sequenced);
      counts.commands += 1;
      if (!('auth' in command)) continue;
      if (isRefused) {
        counts.refused += 1;
        if (counts.refused % REFUSALS_PER_ROOT === 0) compare(sequence);
        continue;
      }
      if (command.auth.hyperliquid === undefined) done.push(sequence);
      else counts.wireDone += 1;
      if (!namesItsSigner(sequenced, state, domain)) wronglySigned.push(sequence);
    }
    compare(counts.commands);
  } finally {
    await journal.close();
  }
  return { ...counts, done, changedByRefusals, wronglySigned };
}

function namesItsSigner(sequenced: SequencedCommand, state: EngineState, domain: KeelDomain): boolean {
  const command = sequenced.command as SignedCommand;
  const { auth } = command;
  const specs = new Map([...listMarkets(state)].map(({ spec }) => [spec.marketId, spec] as const));
  const specOf = (marketId: number): MarketSpec | undefined => specs.get(marketId as MarketSpec['marketId']);
  if (auth.hyperliquid !== undefined) return checkEvidence(sequenced, { specOf, recover }) === 'holds';
  const collaterals = new Map([...listCollaterals(state)].map(({ spec }) => [spec.assetId, spec] as const));
  return recover(hashAction(domain, actionOfCommand(command, specs, collaterals)), auth.signature) === auth.signer;
}
