import { type Command, isolatedSubaccount, type MarketSpec, toAssetId, toMarketId, toSequence } from '@keel/types';
import { expect, test } from 'vitest';
import {
  apply,
  createState,
  type EngineState,
  readAccountIdOf,
  readAuctions,
  readSnapshot,
  writeSnapshot,
} from '../src/index.ts';
import { Exchange } from './exchange.ts';
import { Dice } from './oracle/dice.ts';
import { PLAIN } from './plainOrder.ts';
import { runsOf } from './runsOf.ts';
import { testMarket } from './testMarket.ts';

const SEED = Number(process.env.KEEL_TEST_SEED ?? 11);
const TRADERS = 16;
const STEPS = 700;
const RUNS = 6;
/** Snapshots are taken under both versions of the rules, and some lead from one to the other. */
const UPGRADED_AT = 400;

const TIER = { floorNotionalAtoms: 20_000_000_000, initialMarginPpm: 200_000, maintenanceMarginPpm: 100_000 };
const CHANGES: Partial<MarketSpec>[] = [
  { marginTiers: [TIER], backstopLossCapAtoms: 3_000_000_000, stablePriceMovePpm: 100_000, resumeGraceMs: 5_000 },
  {
    initialMarginPpm: 50_000,
    maintenanceMarginPpm: 30_000,
    liquidationBudgetAtoms: 20_000_000_000,
    openInterestLowerAtoms: 100_000_000,
    openInterestUpperAtoms: 2e12,
  },
];

/** What the runs must have met between the cut and the end. */
const MUST_BE_SEEN = [
  'engineUpgraded',
  'marginCall',
  'preLiquidation',
  'auctionStarted',
  'auctionStepped',
  'positionCloseOut',
  'closeOutCertified',
  'liquidationEnded',
  'marketResuming',
  'collateralConverted',
  'positionDeleveraged',
  'safetyFunded',
  'transferred',
];

/** Leveraged traders with other collateral and isolated accounts, thin books, wild prices, halts and outages. */
function trade(seed: number): Exchange['log'] {
  const dice = new Dice(seed);
  const exchange = new Exchange();
  const ticks = [0, 50_000, 3_000];
  for (const [place, symbol] of ['BTC-USD', 'ETH-USD'].entries()) {
    exchange.list(testMarket(place + 1, symbol, { indexJumpPpm: 400_000, ...CHANGES[place] }));
  }
  exchange.listCollateral('WETH', 80, { priceStaleMs: 20_000 });
  exchange.collateralPrice(1, 200_000);
  for (const market of [1, 2]) exchange.index(market, ticks[market]!);
  for (let who = 0; who < TRADERS; who += 1) {
    exchange.deposit(`t${who}`, dice.between(100, 4_000));
    exchange.deposit(`t${who}`, dice.between(1, 100) / 100, 'WETH');
    const auth = exchange.auth(`t${who}`);
    exchange.run({ kind: 'registerLiquidator', auth, active: who % 4 === 0 });
  }
  for (let step = 0; step < STEPS; step += 1) {
    exchange.timeMs += dice.between(0, 300) === 0 ? 31_000 : dice.between(1, 700);
    const market = dice.between(1, 2);
    const name = accountOf(exchange, `t${dice.between(0, TRADERS - 1)}`, dice.between(0, 5), market);
    const action = dice.between(0, 99);
    if (step === UPGRADED_AT) exchange.run({ kind: 'upgradeEngine', engineVersion: 2 });
    if (action < 30) {
      ticks[market] = Math.max(100, Math.round((ticks[market]! * dice.between(985, 1_016)) / 1_000));
      exchange.index(market, ticks[market]!);
    } else if (action < 36) {
      exchange.collateralPrice(1, dice.between(150_000, 250_000));
    } else if (action < 90) {
      exchange.run(commandOf(exchange, dice, name, market, ticks[market]!));
    } else if (action < 92) {
      const status = dice.between(0, 7) === 0 ? 'halted' : 'open';
      exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(market), status });
    } else {
      for (const each of [1, 2]) exchange.index(each, ticks[each]!);
    }
  }
  return exchange.log;
}

/** One of the trader's accounts, if it is open. */
function accountOf(exchange: Exchange, trader: string, which: number, market: number): string {
  const subaccount = [0, 0, 0, 1, 1, isolatedSubaccount(0, toMarketId(market))][which]!;
  const isOpen = readAccountIdOf(exchange.state, exchange.address(trader), subaccount) !== undefined;
  return isOpen ? `${trader}/${subaccount}` : trader;
}

function commandOf(exchange: Exchange, dice: Dice, name: string, market: number, ticks: number): Command {
  const auth = exchange.auth(name);
  const marketId = toMarketId(market);
  const kind = dice.between(0, 99);
  const [auction] = readAuctions(exchange.state);
  if (auction !== undefined && kind < 25) {
    const { auctionId, limitTicks, side } = auction;
    const worst = Math.max(1, Math.round(limitTicks * (side === 'sell' ? 1.01 : 0.99)));
    return {
      kind: 'takeAuction',
      auth,
      marketId: auction.marketId,
      auctionId,
      sizeLots: dice.between(1, 300),
      limitTicks: worst,
    };
  }
  if (kind < 70) {
    return {
      kind: 'placeOrder',
      auth,
      ...PLAIN,
      marketId,
      side: dice.between(0, 1) === 0 ? 'buy' : 'sell',
      timeInForce: dice.between(0, 3) === 0 ? 'ioc' : 'gtc',
      priceTicks: Math.max(1, Math.round((ticks * dice.between(990, 1_010)) / 1_000)),
      sizeLots: dice.between(1, market === 1 ? 250 : 4_000),
    };
  }
  if (kind < 74) return { kind: 'setLeverage', auth, marketId, leverage: dice.between(0, 10) };
  if (kind < 84) {
    const toSubaccount = [0, 1, isolatedSubaccount(0, marketId)][dice.between(0, 2)]!;
    return { kind: 'transfer', auth, toSubaccount, assetId: 0, amountAtoms: dice.between(1, 400) * 1_000_000 };
  }
  if (kind < 88) {
    const fund = dice.between(0, 1) === 0 ? 'insurance' : 'backstop';
    return { kind: 'fundSafety', auth, marketId, fund, amountAtoms: dice.between(1, 200) * 1_000_000 };
  }
  if (kind < 90) return { kind: 'allocateFees', marketId, fund: 'insurance', amountAtoms: dice.between(1, 2_000_000) };
  if (kind < 95) {
    const amountAtoms = dice.between(1, 20_000_000);
    return { kind: 'withdraw', auth, recipient: auth.owner, assetId: toAssetId(1), amountAtoms };
  }
  return { kind: 'cancelAllOrders', auth, marketId: toMarketId(0) };
}

function replay(state: EngineState, log: Exchange['log'], from: number, to: number) {
  const blocks = [];
  for (let place = from; place < to; place += 1) {
    blocks.push(apply(state, { sequence: toSequence(place + 1), ...log[place]! }));
  }
  return blocks;
}

/** In the middle of everything: turns, auctions, calls, stages, and what the markets look out for. */
test('an engine that starts again from a snapshot goes on as if it never stopped', () => {
  const seen = new Set<string>();
  for (let seed = SEED; seed < SEED + runsOf(RUNS); seed += 1) {
    const log = trade(seed);
    const blocks = replay(createState(), log, 0, log.length);
    const state = createState();
    let done = 0;
    for (let cut = 90 + seed; cut < log.length; cut += 35) {
      replay(state, log, done, cut);
      done = cut;
      const bytes = writeSnapshot(state);
      const restored = readSnapshot(bytes);
      expect(Buffer.compare(writeSnapshot(restored), bytes), `seed ${seed}, cut at ${cut}`).toBe(0);
      const end = Math.min(log.length, cut + 150);
      expect(replay(restored, log, cut, end), `seed ${seed}, cut at ${cut}`).toEqual(blocks.slice(cut, end));
    }
    for (const event of blocks.slice(90 + seed).flat()) seen.add(event.kind);
  }
  if (runsOf(RUNS) === RUNS) expect(MUST_BE_SEEN.filter((kind) => !seen.has(kind))).toEqual([]);
});
