import { decodeSequencedCommand } from '@keel/codec';
import {
  accountLeaf,
  apply,
  createState,
  type EngineState,
  globalsLeaf,
  listAccounts,
  listMarkets,
  listOrders,
  marketLeaf,
  orderLeaf,
} from '@keel/engine';
import { openJournal } from '@keel/journal';
import { ACCOUNTS_DEPTH, MARKETS_DEPTH, ORDERS_DEPTH, SparseTree, stateRoot } from '@keel/state-tree';
import type { Command, Hex, RejectCode, SequencedCommand } from '@keel/types';

/** The exchange and its twin after one command that the exchange refused. */
interface Refusal {
  readonly code: RejectCode;
  readonly command: Command;
  readonly root: Hex;
  /** Of the twin, to which only time passed instead. */
  readonly twinRoot: Hex;
}

/** The same after a command that sealed a batch. */
interface SealedRoots {
  readonly root: Hex;
  readonly twinRoot: Hex;
}

/**
 * Applies a whole journal to two fresh exchanges: to one as it was written, to its twin with each refused command
 * replaced by one that does nothing but let time pass. Where refusals change nothing the two have the same roots, the
 * nonces that were used up being no part of them. A refused seal is no command of a batch, so the twin has it too.
 */
export async function rootsWithoutRefusals(dataDir: string): Promise<{ refusals: Refusal[]; sealed: SealedRoots[] }> {
  const state = createState();
  const twin = createState();
  const refusals: Refusal[] = [];
  const sealed: SealedRoots[] = [];
  const journal = await openJournal(dataDir);
  try {
    for (const { payload } of journal.read(1)) {
      const sequenced = decodeSequencedCommand(payload);
      const events = apply(state, sequenced);
      const refused = events.find((event) => event.kind === 'commandRejected');
      apply(twin, refused === undefined || sequenced.command.kind === 'sealBatch' ? sequenced : onlyTime(sequenced));
      if (refused !== undefined) {
        const { command } = sequenced;
        refusals.push({ code: refused.code, command, root: rootOf(state), twinRoot: rootOf(twin) });
      }
      for (const event of events) {
        if (event.kind !== 'batchSealed') continue;
        sealed.push({ root: rootOf(state), twinRoot: rootOf(twin) });
      }
    }
  } finally {
    await journal.close();
  }
  return { refusals, sealed };
}

/** Lets as much time pass as the command did. */
export function onlyTime({ sequence, timeMs }: SequencedCommand): SequencedCommand {
  return { sequence, timeMs, command: { kind: 'advanceTime' } };
}

/** The state root made anew from every leaf, so that a leaf that nobody called changed counts too. */
export function rootOf(state: EngineState): Hex {
  const accounts = new SparseTree(ACCOUNTS_DEPTH);
  const orders = new SparseTree(ORDERS_DEPTH);
  const markets = new SparseTree(MARKETS_DEPTH);
  for (const { accountId } of listAccounts(state)) accounts.set(accountId, accountLeaf(state, accountId));
  for (const { orderId } of listOrders(state)) orders.set(orderId, orderLeaf(state, orderId));
  for (const { spec } of listMarkets(state)) markets.set(spec.marketId, marketLeaf(state, spec.marketId));
  return stateRoot({
    accountsRoot: accounts.root(),
    ordersRoot: orders.root(),
    marketsRoot: markets.root(),
    globals: globalsLeaf(state),
  });
}
