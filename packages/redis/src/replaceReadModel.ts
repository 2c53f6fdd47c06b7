import type { Redis } from 'ioredis';
import { connectWriter } from './connectWriter.ts';
import {
  accountSteps,
  approvalSteps,
  auctionSteps,
  bookOrderSteps,
  candleSteps,
  collateralSteps,
  encodeSteps,
  exchangeSteps,
  historySteps,
  levelSteps,
  marketSteps,
  orderSteps,
  priceSteps,
  STEPS_ONLY,
  type Step,
} from './diffSteps.ts';
import { DocTexts } from './docTexts.ts';
import {
  accountsKey,
  agentsKey,
  auctionsKey,
  certificateIndexKeys,
  certificatesKey,
  closedOrdersKey,
  collateralsKey,
  EVENTS_MAX,
  eventsKey,
  exchangeKey,
  headKey,
  historyKeyPatterns,
  liquidationsKey,
  marketsKey,
  ownersKey,
  pricesKey,
  stateKeyPatterns,
} from './keys.ts';
import { loadScript, runScript } from './script.ts';
import { type FullReadModel, type HistoryDocs, NO_HISTORY } from './stateDiff.ts';

/** Documents in one queued command: small enough that neither side holds the other up, and the event loop turns. */
export const REBUILD_CHUNK = 1_000;
/** Redis runs the whole transaction in one go: about a second for 10^5 accounts with orders each. */
const REBUILD_TIMEOUT_MS = 60_000;

/** A rebuild is under the name of one generation and of the epoch of who writes it. */
export interface RebuildName {
  readonly generation: string;
  readonly epoch: number;
}

const scripts = {
  claimHead: loadScript('claimHead'),
  dropHead: loadScript('dropHead'),
  writeStateDiff: loadScript('writeStateDiff'),
};

/**
 * Replaces the read model in one transaction: readers see the old one or the new one. Commands are queued in chunks and
 * run at EXEC, so the caller's event loop stays free; Redis itself is busy for the length of EXEC. The connection is
 * this rebuild's own and does not reconnect: a command after a lost one would run outside of the transaction.
 *
 * First the head is claimed for the epoch, which stops every writer of a lower one; then it is watched, so that a claim of
 * a higher epoch undoes this rebuild however far it is. Answers `fenced` if a higher epoch has the head, before or meanwhile.
 */
export async function replaceReadModel(
  url: string,
  full: FullReadModel,
  { generation, epoch }: RebuildName,
): Promise<'written' | 'fenced'> {
  const { redis } = await connectWriter(url, {
    name: 'keel-read-model-rebuild',
    commandTimeoutMs: REBUILD_TIMEOUT_MS,
    reconnect: false,
  });
  try {
    if ((await runScript(redis, scripts.claimHead, [headKey], [String(epoch)])) === 'fenced') return 'fenced';
    await redis.watch(headKey);
    const [sequence, held] = await redis.hmget(headKey, 'sequence', 'epoch');
    // Between the claim and the watch somebody else may have claimed, or Redis was emptied.
    if (held !== String(epoch)) return await lostHead(redis, epoch);
    const heldSequence = Number(sequence ?? Number.NaN);
    // Without a head nobody knows what lists belong to; with a later one they are another exchange's.
    const keepHistory = heldSequence <= full.head.sequence;
    const stale = await findKeys(redis, keepHistory ? stateKeyPatterns : [...stateKeyPatterns, ...historyKeyPatterns]);
    if (!keepHistory) stale.push(liquidationsKey, certificatesKey, ...certificateIndexKeys, closedOrdersKey);
    stale.push(marketsKey, accountsKey, ownersKey, agentsKey, exchangeKey, auctionsKey, collateralsKey, pricesKey);
    const history = keepHistory ? newerThan(full.history, heldSequence) : full.history;

    await redis.multi({ pipeline: false });
    for (const keys of chunks(stale, REBUILD_CHUNK)) await redis.call('UNLINK', keys);
    for (const steps of chunkedSteps(full, history)) {
      const { keys, args } = encodeSteps(steps, 2);
      // By text, not by hash: a hash that Redis does not know would fail in the middle of EXEC.
      const { text } = scripts.writeStateDiff;
      await redis.call('EVAL', [text, 2 + keys.length, headKey, eventsKey, ...keys, ...STEPS_ONLY, ...args]);
    }
    await redis.hset(headKey, { ...full.head, generation, epoch });
    await redis.xadd(eventsKey, 'MAXLEN', '~', EVENTS_MAX, '*', 'reset', generation);
    return await execute(redis, { generation, epoch });
  } finally {
    redis.disconnect();
  }
}

/** A command that fails inside EXEC does not undo the others: then no head may stand over what is there. */
async function execute(redis: Redis, { generation, epoch }: RebuildName): Promise<'written' | 'fenced'> {
  const results = await redis.exec();
  if (results === null) return await lostHead(redis, epoch);
  const fault = results.find(([error]) => error !== null)?.[0];
  if (fault === undefined || fault === null) return 'written';
  await runScript(redis, scripts.dropHead, [headKey], [generation]);
  throw new Error(`the rebuild failed inside Redis: ${fault.message}`);
}

/** The head is not what it was when it was claimed. Nothing was replaced; if no higher epoch did that, try again. */
async function lostHead(redis: Redis, epoch: number): Promise<'fenced'> {
  if ((await runScript(redis, scripts.claimHead, [headKey], [String(epoch)])) === 'fenced') return 'fenced';
  throw new Error('the head of the read model changed during the rebuild');
}

async function findKeys(redis: Redis, patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
      for (const key of keys) found.add(key);
      cursor = next;
    } while (cursor !== '0');
  }
  return [...found];
}

function newerThan(history: HistoryDocs, sequence: number): HistoryDocs {
  const newer = (doc: { readonly sequence: number }): boolean => doc.sequence > sequence;
  return {
    trades: history.trades.filter(newer),
    fills: history.fills.filter(newer),
    liquidations: history.liquidations.filter(newer),
    marginEvents: history.marginEvents.filter(newer),
    certificates: history.certificates.filter(newer),
    orderUpdates: history.orderUpdates.filter(newer),
    fundingPayments: history.fundingPayments.filter(newer),
    fundingRates: history.fundingRates.filter(newer),
    ledger: history.ledger.filter(newer),
  };
}

function* chunkedSteps(full: FullReadModel, history: HistoryDocs): Iterable<Step[]> {
  const fresh = new DocTexts();
  yield [...marketSteps(full.markets, fresh), ...exchangeSteps(full.exchange, fresh)];
  yield [...collateralSteps(full.collaterals, fresh), ...priceSteps(full.prices)];
  for (const auctions of chunks(full.auctions, REBUILD_CHUNK)) yield auctionSteps(auctions, new DocTexts());
  for (const levels of chunks(full.levels, REBUILD_CHUNK)) yield levelSteps(levels);
  for (const accounts of chunks(full.accounts, REBUILD_CHUNK)) yield accountSteps(accounts);
  for (const approvals of chunks(full.approvals, REBUILD_CHUNK)) yield approvalSteps(approvals);
  for (const orders of chunks(full.orders, REBUILD_CHUNK)) yield orderSteps(orders, new DocTexts());
  for (const orders of chunks(full.bookOrders, REBUILD_CHUNK)) yield bookOrderSteps(orders);
  for (const candles of chunks(full.candles, REBUILD_CHUNK)) yield candleSteps(candles, new DocTexts());
  for (const name of Object.keys(NO_HISTORY) as (keyof HistoryDocs)[]) {
    // A certificate is some times the size of other documents.
    const size = name === 'certificates' ? REBUILD_CHUNK / 10 : REBUILD_CHUNK;
    for (const chunk of chunks<HistoryDocs[typeof name][number]>(history[name], size))
      yield historySteps({ ...NO_HISTORY, [name]: chunk }, new DocTexts());
  }
}

function* chunks<Item>(items: readonly Item[], size: number): Iterable<Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
