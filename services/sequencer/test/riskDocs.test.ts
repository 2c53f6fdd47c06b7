import { apply, createState, type EngineState } from '@keel/engine';
import {
  createChanges,
  createHistory,
  engineViewOf,
  type History,
  readHistory,
  recordEvents,
  writeHistory,
} from '@keel/replica';
import {
  type Address,
  type Authorization,
  type Certificate,
  type Command,
  type Event,
  toAccountId,
  toMarketId,
  toSequence,
} from '@keel/types';
import { describe, expect, test } from 'vitest';
import { DeleverageLights } from '../src/deleverageLights.ts';
import { GENESIS_MARKETS } from '../src/genesisMarkets.ts';
import { authOf, deposit, limitOrder, ownerOf } from './traders.ts';

const BTC = toMarketId(1);
const ACCOUNT = toAccountId(1);
const STARTED: Event = {
  kind: 'auctionStarted',
  auctionId: 4,
  liquidationId: 3,
  accountId: ACCOUNT,
  marketId: BTC,
  side: 'sell',
  sizeLots: 100,
  fillableTicks: 595_000,
  zeroTicks: 590_000,
  endsAtMs: 11_000,
};
const STEP: Extract<Event, { kind: 'positionCloseOut' }> = {
  kind: 'positionCloseOut',
  liquidationId: 3,
  stage: 'auction',
  auctionId: 4,
  accountId: ACCOUNT,
  marketId: BTC,
  side: 'sell',
  sizeLots: 100,
  filledLots: 40,
  quoteAtoms: 23_800_000,
  limitTicks: 594_000,
  markTicks: 600_000,
  equityAtoms: 1,
  maintenanceMarginAtoms: 2,
  feeAtoms: 0,
  counterpartyId: toAccountId(2),
  counterpartyPnlAtoms: 0,
};
const PAID: Event = {
  kind: 'insurancePaid',
  liquidationId: 3,
  marketId: BTC,
  accountId: ACCOUNT,
  amountAtoms: 5,
  insuranceFundAtoms: 6,
};
const certified = (certificateId: number): Event => ({
  kind: 'closeOutCertified',
  certificate: { certificateId, sequence: toSequence(2), liquidationId: 3, rank: undefined } as unknown as Certificate,
});

function recorded(history: History, sequence: number, ...events: Event[]) {
  const { docs } = createChanges();
  const block = { sequence: toSequence(sequence), timeMs: 1_000 * sequence, events };
  recordEvents(history, block, engineViewOf(createState()), docs);
  return docs;
}

describe('what a liquidation leaves in the read model', () => {
  test('an auction runs from its beginning to its end, and a snapshot keeps those that run', () => {
    const history = createHistory();
    const begun = recorded(history, 1, STARTED);
    const auction = { auctionId: 4, sizeLots: 100, remainingLots: 100, limitTicks: 595_000, startMs: 1_000 };
    expect([...begun.auctions.values()]).toMatchObject([auction]);
    expect(begun.liquidations).toMatchObject([{ event: { kind: 'auctionStarted' }, certificateId: 0 }]);

    const kept = readHistory(writeHistory(history), createState());
    const stepped = recorded(kept, 2, { kind: 'auctionStepped', auctionId: 4, limitTicks: 594_500, remainingLots: 60 });
    expect([...stepped.auctions.values()]).toMatchObject([{ ...auction, remainingLots: 60, limitTicks: 594_500 }]);
    const ended = recorded(kept, 3, { kind: 'auctionEnded', auctionId: 4, reason: 'healthy', remainingLots: 60 });
    expect(ended.endedAuctions).toEqual([
      { auctionId: 4, accountId: ACCOUNT, marketId: BTC, reason: 'healthy', remainingLots: 60 },
    ]);
    expect(kept.auctions.size).toBe(0);
  });

  test('one that begins and ends in one flush is over', () => {
    const docs = recorded(createHistory(), 1, STARTED, {
      kind: 'auctionEnded',
      auctionId: 4,
      reason: 'filled',
      remainingLots: 0,
    });
    expect(docs.auctions.size).toBe(0);
    expect(docs.endedAuctions).toHaveLength(1);
  });

  test('each step has the certificate that was told next after it, what was paid in between or not', () => {
    const history = createHistory();
    const docs = recorded(history, 2, STEP, PAID, certified(7), { ...STEP, filledLots: 60 }, certified(8), {
      ...STEP,
      filledLots: 0,
    });
    expect(docs.liquidations.map(({ event, certificateId }) => [event.kind, certificateId])).toEqual([
      ['positionCloseOut', 7],
      ['insurancePaid', 0],
      ['positionCloseOut', 8],
      ['positionCloseOut', 0],
    ]);
    expect(docs.certificates.map(({ certificateId }) => certificateId)).toEqual([7, 8]);
    const kept = readHistory(writeHistory(history), createState());
    expect(kept.certificatesTotal).toBe(2);
    expect(kept.certificates.list()).toHaveLength(2);
  });

  test('margin calls are told to their account, prices that were agreed are noted', () => {
    const docs = recorded(
      createHistory(),
      1,
      {
        kind: 'marginCall',
        accountId: ACCOUNT,
        levelPercent: 75,
        equityAtoms: 4,
        maintenanceMarginAtoms: 3,
        shortageAtoms: 1,
        marketId: 0,
        side: 'sell',
        sizeLots: 0,
      },
      {
        kind: 'indexPriceUpdated',
        marketId: BTC,
        indexTicks: 1,
        publishTimeMs: 1,
        countedReports: 3,
        droppedReports: 0,
      },
    );
    expect(docs.marginEvents).toMatchObject([{ sequence: 1, timeMs: 1_000, event: { levelPercent: 75 } }]);
    expect([...docs.pricedMarkets]).toEqual([BTC]);
    expect(docs.collateralsChanged).toBe(false);
  });
});

const FEEDER: Address = `0x${'fe'.repeat(20)}`;

/** Five longs of one lot each at 60,000.0 with 1 to 5 times the same money, against one maker. */
function fiveLongs(): EngineState {
  const state = createState();
  let timeMs = Date.now();
  const run = (command: Command) => {
    timeMs += 10;
    apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
  };
  run({ kind: 'setPriceFeeders', feeders: [{ feeder: FEEDER, weight: 1 }] });
  for (const spec of GENESIS_MARKETS) run({ kind: 'listMarket', spec });
  const report = { feeder: FEEDER, priceTicks: 600_000, perpTicks: 0, reportSequence: 1, signature: '0x' } as const;
  run({ kind: 'updateIndexPrice', marketId: BTC, reports: [{ ...report, publishTimeMs: timeMs }] });
  for (const trader of [1, 2, 3, 4, 5]) run(deposit(trader - 1, ownerOf(trader), trader * 100_000_000));
  run(deposit(5, ownerOf(6), 100_000_000_000));
  const auth = (owner: Address): Authorization => authOf(owner);
  run({ ...limitOrder(ownerOf(6), 'sell', 600_000, 500), auth: auth(ownerOf(6)) });
  for (const trader of [1, 2, 3, 4, 5])
    run({ ...limitOrder(ownerOf(trader), 'buy', 600_000, 100), auth: auth(ownerOf(trader)) });
  return state;
}

describe('the light of deleveraging', () => {
  test('quintiles of each side, taken again after half a minute of sequenced time, one market at a time', () => {
    const state = fiveLongs();
    expect(state.markets[0]?.holders).toHaveLength(6);
    const lights = new DeleverageLights();
    expect(lights.of(BTC)).toMatchObject({ sampledMs: 0, longs: { sampled: 0 } });
    const order = GENESIS_MARKETS.map(() => lights.refresh(state));
    expect(new Set(order), 'each market once').toEqual(new Set(GENESIS_MARKETS.map(({ marketId }) => marketId)));
    expect(lights.refresh(state)).toBeUndefined();
    const { sampledMs, longs, shorts } = lights.of(BTC);
    expect(sampledMs).toBe(state.timeMs);
    expect(longs.sampled).toBe(5);
    // 60 USDC of notional over about 500, 400, 300, 200, 100: fees take a little.
    const leverages = longs.quintiles.map((score) => Number(score) / 1_000_000);
    for (const [at, expected] of [60 / 400, 60 / 300, 60 / 200, 60 / 100].entries())
      expect(leverages[at]).toBeCloseTo(expected, 2);
    expect(shorts).toMatchObject({ sampled: 1 });
    expect(new Set(shorts.quintiles).size).toBe(1);
    state.timeMs += 29_999;
    expect(lights.refresh(state)).toBeUndefined();
    state.timeMs += 1;
    expect(lights.refresh(state)).toBeDefined();
  });
});
