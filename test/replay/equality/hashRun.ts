/**
 * Applies seeded commands to a fresh engine and prints what came out as one JSON line: the hash of all event bytes and the
 * state root. At `cut` the state goes through a snapshot, and the restored one follows the rest beside it.
 *
 *   node hashRun.ts SEED COMMANDS CUT
 */
import { createHash } from 'node:crypto';
import {
  accountLeaf,
  apply,
  assertInvariants,
  createEventBytes,
  createState,
  type EngineState,
  globalsLeaf,
  listAccounts,
  listMarkets,
  listOrders,
  marketLeaf,
  orderLeaf,
  readSnapshot,
  takeDirty,
  writeEvent,
  writeSnapshot,
} from '@keel/engine';
import { ACCOUNTS_DEPTH, MARKETS_DEPTH, ORDERS_DEPTH, SparseTree, stateRoot } from '@keel/state-tree';
import { type Event, type Hex, rejectName, type SequencedCommand, toSequence } from '@keel/types';
import { RandomFlow } from './randomFlow.ts';

export interface HashRun {
  readonly node: string;
  readonly eventBytes: number;
  /** Of all events, command by command, and of those after the cut alone. */
  readonly eventHash: string;
  readonly tailHash: string;
  readonly root: Hex;
  /** The same of the state that went through the snapshot. */
  readonly restored: { readonly tailHash: string; readonly root: Hex };
  /** How often each kind of event and each refusal (of a command or of an item) came. */
  readonly events: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
}

const [seed = 1, commands = 0, cut = 0] = process.argv.slice(2).map(Number);
const bytes = createEventBytes();
const whole = createHash('sha256');
const tail = createHash('sha256');
const restoredTail = createHash('sha256');
const counted = new Map<string, number>();
const refused = new Map<string, number>();
const flow = new RandomFlow(seed);
const state = createState();
let restored: EngineState | undefined;
let eventBytes = 0;

for (let sequence = 1; sequence <= commands; sequence += 1) {
  const sequenced: SequencedCommand = { sequence: toSequence(sequence), ...flow.next() };
  const events = apply(state, sequenced);
  flow.note(events);
  count(events);
  eventBytes += write(events);
  whole.update(bytes.bytes.subarray(0, bytes.length));
  if (restored !== undefined) {
    tail.update(bytes.bytes.subarray(0, bytes.length));
    write(apply(restored, sequenced));
    restoredTail.update(bytes.bytes.subarray(0, bytes.length));
    takeDirty(restored);
  }
  takeDirty(state);
  if (sequence === cut) restored = readSnapshot(writeSnapshot(state));
}
if (restored === undefined) throw new Error('the cut must lie inside the run');
assertInvariants(state);
assertInvariants(restored);
const run: HashRun = {
  node: process.version,
  eventBytes,
  eventHash: whole.digest('hex'),
  tailHash: tail.digest('hex'),
  root: rootOf(state),
  restored: { tailHash: restoredTail.digest('hex'), root: rootOf(restored) },
  events: Object.fromEntries(counted),
  refusals: Object.fromEntries(refused),
};
process.stdout.write(`${JSON.stringify(run)}\n`);

/** Writes the events of one command behind their number, so that each belongs to its command. */
function write(events: readonly Event[]): number {
  bytes.length = 4;
  for (const event of events) writeEvent(bytes, event);
  bytes.view.setUint32(0, events.length, true);
  return bytes.length;
}

function count(events: readonly Event[]): void {
  for (const event of events) {
    counted.set(event.kind, (counted.get(event.kind) ?? 0) + 1);
    const code = 'code' in event ? event.code : 0;
    const name = rejectName(code);
    if (name !== undefined) refused.set(name, (refused.get(name) ?? 0) + 1);
  }
}

/** The root that the sequencer would seal, with every leaf made anew. */
function rootOf(of: EngineState): Hex {
  const accounts = new SparseTree(ACCOUNTS_DEPTH);
  const orders = new SparseTree(ORDERS_DEPTH);
  const markets = new SparseTree(MARKETS_DEPTH);
  for (const { accountId } of listAccounts(of)) accounts.set(accountId, accountLeaf(of, accountId));
  for (const { orderId } of listOrders(of)) orders.set(orderId, orderLeaf(of, orderId));
  for (const { spec } of listMarkets(of)) markets.set(spec.marketId, marketLeaf(of, spec.marketId));
  return stateRoot({
    accountsRoot: accounts.root(),
    ordersRoot: orders.root(),
    marketsRoot: markets.root(),
    globals: globalsLeaf(of),
  });
}
