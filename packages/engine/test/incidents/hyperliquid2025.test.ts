import { type Event, type MarketSpec, type RejectCode, rejectName, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { equityOf } from '../../src/margin/accountFigures.ts';
import { type AccountState, findAccount } from '../../src/state.ts';
import { Exchange } from '../exchange.ts';
import { PLAIN } from '../plainOrder.ts';
import { testMarket } from '../testMarket.ts';

/*
 * Hyperliquid, JELLY, 26 Mar 2025 (as the venue told it): about 4M USDC of a thin token sold short at 0.0095 to accounts of the
 * same trader, the margin taken out, the price driven up fourfold. The backstop vault inherited the short; it shared its
 * collateral with other strategies, so nothing was deleveraged, and it stood at -13.5M before the market was delisted.
 *
 * Hyperliquid, POPCAT, 12 Nov 2025: 3M USDC in 19 wallets, longs of 20M to 30M at 7 to 10 times, a wall of bids at 0.21
 * pulled away; about 63M of positions liquidated, 4.9M lost by the vault. Whoever gained stood against them elsewhere: not in this table.
 *
 * Real sizes and prices; what the vaults hold and may lose is ours: 1M put in, 0.5M may go. A tick is 0.00001 USD.
 */

const USDC = 1_000_000;
const CAP = 500_000 * USDC;
const GIVEN = 1_000_000 * USDC;

/** Leverage 3 (JELLY) or 10 (POPCAT), half of it for maintenance. What slows a build-up down is off. */
const UNLIMITED: Partial<MarketSpec> = {
  priceDecimals: 5,
  sizeDecimals: 0,
  atomsPerTickLot: 10,
  maxPriceTicks: 100_000,
  maxOrderLots: 1_000_000_000,
  maxPositionLots: 1_000_000_000,
  maxOpenInterestLots: 5_000_000_000,
  makerFeePpm: 0,
  takerFeePpm: 0,
  indexJumpPpm: 100_000,
  backstopLossCapAtoms: CAP,
};
const JELLY = { ...UNLIMITED, initialMarginPpm: 333_334, maintenanceMarginPpm: 166_667 };
const POPCAT = { ...UNLIMITED, initialMarginPpm: 100_000, maintenanceMarginPpm: 50_000 };

/** The thin market and an ordinary one beside it, each with a vault and a fund of its own, and bystanders in the other. */
function venue(thin: Partial<MarketSpec>, symbol: string, ticks: number): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, `${symbol}-USD`, { baseAsset: symbol, ...thin }));
  exchange.list(testMarket(2, 'ETH-USD', { backstopLossCapAtoms: CAP }));
  exchange.deposit('house', 10_000_000);
  for (const marketId of [toMarketId(1), toMarketId(2)]) {
    for (const [fund, amountAtoms] of [
      ['backstop', GIVEN],
      ['insurance', 100_000 * USDC],
    ] as const) {
      exchange.run({ kind: 'fundSafety', auth: exchange.auth('house'), marketId, fund, amountAtoms });
    }
  }
  exchange.index(1, ticks);
  exchange.index(2, 3_000);
  for (const name of ['eve', 'max']) exchange.deposit(name, 10_000);
  place(exchange, 'eve', 'sell', 3_000, 10_000, 2);
  place(exchange, 'max', 'buy', 3_000, 10_000, 2);
  return exchange;
}

function place(
  exchange: Exchange,
  name: string,
  side: 'buy' | 'sell',
  priceTicks: number,
  sizeLots: number,
  market = 1,
): readonly Event[] {
  const terms = { ...PLAIN, marketId: toMarketId(market), side, priceTicks, sizeLots };
  return exchange.run({ kind: 'placeOrder', auth: exchange.auth(name), ...terms });
}

function refusal(events: readonly Event[]): RejectCode | 0 {
  for (const event of events) if (event.kind === 'commandRejected') return event.code;
  return 0;
}

function account(exchange: Exchange, name: string): AccountState {
  return findAccount(exchange.state, exchange.address(name), 0)!;
}

/** Moves the index from one price to another, 5 % a second at most, which no circuit band stops; tells what happened. */
function drive(exchange: Exchange, fromTicks: number, toTicks: number): Event[] {
  const events: Event[] = [];
  let ticks = fromTicks;
  while (ticks !== toTicks) {
    const step = Math.max(1, Math.floor(ticks / 20));
    ticks = toTicks > ticks ? Math.min(toTicks, ticks + step) : Math.max(toTicks, ticks - step);
    exchange.timeMs += 1_000;
    events.push(...exchange.index(2, 3_000), ...exchange.index(1, ticks));
  }
  for (let second = 0; second < 20; second += 1) {
    exchange.timeMs += 1_000;
    events.push(...exchange.index(2, 3_000), ...exchange.index(1, ticks));
  }
  return events;
}

/** Withdraws as much as is allowed, to a thousandth of what the account has. */
function withdrawMost(exchange: Exchange, name: string): number {
  let taken = 0;
  for (let amountAtoms = 8_000_000 * USDC; amountAtoms >= USDC; amountAtoms = Math.floor(amountAtoms / 2)) {
    const auth = exchange.auth(name);
    const terms = { recipient: auth.owner, assetId: 0, amountAtoms } as const;
    if (refusal(exchange.run({ kind: 'withdraw', auth, ...terms })) === 0) taken += amountAtoms;
  }
  return taken;
}

function thousands(atoms: number): string {
  return `${Math.round(atoms / USDC / 1_000)}k`;
}

/** What became of it: the vault's loss, the funds, and what the attacker has for what it put in. */
function outcome(exchange: Exchange, attackers: readonly string[], putInAtoms: number, takenAtoms: number): string[] {
  const [thin, other] = exchange.state.markets;
  const vaultLoss = thin!.backstopContributedAtoms - equityOf(thin!.backstop!);
  const leftAtoms = attackers.reduce((sum, name) => sum + Math.max(0, equityOf(account(exchange, name))), 0);
  const gained = leftAtoms + takenAtoms - putInAtoms;
  expect(vaultLoss).toBeLessThanOrEqual(CAP);
  expect(thin!.insuranceFundAtoms).toBeGreaterThanOrEqual(0);
  expect([other!.insuranceFundAtoms, equityOf(other!.backstop!)]).toEqual([100_000 * USDC, GIVEN]);
  for (const name of ['eve', 'max']) expect(account(exchange, name)).toMatchObject({ liquidationId: 0 });
  expect(gained).toBeLessThan(putInAtoms);
  return [
    `vault lost ${thousands(vaultLoss)} of ${thousands(CAP)}`,
    `fund ${thousands(thin!.insuranceFundAtoms)}`,
    `put in ${thousands(putInAtoms)}`,
    `gained ${thousands(gained)}`,
  ];
}

function stagesOf(events: readonly Event[]): Record<string, number> {
  const lots: Record<string, number> = {};
  for (const event of events) {
    if (event.kind === 'positionCloseOut' && event.filledLots > 0) {
      lots[event.stage] = (lots[event.stage] ?? 0) + event.filledLots;
    } else if (event.kind === 'positionDeleveraged') {
      lots.deleverage = (lots.deleverage ?? 0) + event.sizeLots;
    }
  }
  return lots;
}

/** 4M USDC at 0.0095. */
const JELLY_LOTS = 421_000_000;

/** The short with as little as it may have, the long of the same hand against it, both in so many orders. */
function buildJelly(exchange: Exchange, parts: number): { putIn: number; taken: number; code: RejectCode | 0 } {
  exchange.deposit('short', 1_400_000);
  exchange.deposit('long', 1_400_000);
  let code: RejectCode | 0 = 0;
  for (let part = 0; part < parts && code === 0; part += 1) {
    code = refusal(place(exchange, 'long', 'buy', 950, JELLY_LOTS / parts));
    code ||= refusal(place(exchange, 'short', 'sell', 950, JELLY_LOTS / parts));
  }
  const taken = withdrawMost(exchange, 'short') + withdrawMost(exchange, 'long');
  return { putIn: 2_800_000 * USDC, taken, code };
}

test('JELLY without limits: 4M short against oneself, the price times four: the vault loses its cap and no more', () => {
  const exchange = venue(JELLY, 'JELLY', 950);
  const { putIn, taken, code } = buildJelly(exchange, 1);
  expect([code, thousands(taken)]).toEqual([0, '134k']);
  const events = drive(exchange, 950, 3_800);
  // The vault inherits 371M lots of the short, is under its own maintenance when it has lost 243k, and hands them to the other
  // side: the attacker's own longs. What the attacker gains is what the vault lost, not the fourfold.
  expect(stagesOf(events)).toEqual({ backstop: 371_287_265, deleverage: JELLY_LOTS });
  expect(outcome(exchange, ['short', 'long'], putIn, taken)).toEqual([
    'vault lost 243k of 500k',
    'fund 100k',
    'put in 2800k',
    'gained 243k',
  ]);
});

test('JELLY with limits: what is not there cannot be inherited', () => {
  const rows: string[] = [];
  const rising = { openInterestLowerAtoms: 1e6 * USDC, openInterestUpperAtoms: 3e6 * USDC };
  const limits: readonly (readonly [string, number, Partial<MarketSpec>])[] = [
    ['open interest at most 100M lots', 1, { maxOpenInterestLots: 100_000_000 }],
    ['an owner at most 10 %, or 20M lots', 1, { concentrationPpm: 100_000, concentrationFloorLots: 20_000_000 }],
    ['margin to 100 % from 1M to 3M, ten orders', 10, rising],
    // Margin counts open interest as it is: one order into an empty market is not held up, only its way out of it.
    ['margin to 100 % from 1M to 3M, one order', 1, rising],
  ];
  for (const [what, parts, limit] of limits) {
    const exchange = venue({ ...JELLY, ...limit }, 'JELLY', 950);
    const { putIn, taken, code } = buildJelly(exchange, parts);
    const built = thousands(exchange.state.markets[0]!.openInterestLots * 950 * 10);
    drive(exchange, 950, 3_800);
    const told = outcome(exchange, ['short', 'long'], putIn, taken);
    rows.push([what, `built ${built}`, code === 0 ? 'nothing refused' : rejectName(code), ...told].join(' | '));
  }
  expect(rows).toEqual([
    'open interest at most 100M lots | built 0k | OPEN_INTEREST_LIMIT_EXCEEDED | vault lost 0k of 500k | fund 100k | put in 2800k | gained 0k',
    'an owner at most 10 %, or 20M lots | built 0k | CONCENTRATION_LIMIT_EXCEEDED | vault lost 0k of 500k | fund 100k | put in 2800k | gained 0k',
    'margin to 100 % from 1M to 3M, ten orders | built 2000k | INSUFFICIENT_MARGIN | vault lost 500k of 500k | fund 100k | put in 2800k | gained 500k',
    'margin to 100 % from 1M to 3M, one order | built 4000k | nothing refused | vault lost 500k of 500k | fund 100k | put in 2800k | gained 500k',
  ]);
});

const WALLETS = Array.from({ length: 19 }, (_, i) => `w${i}`);
/** 3M USDC in 19 wallets. */
const WALLET_USDC = 157_895;

/** Each wallet buys what it can at 0.21, 8 times its collateral, from a market maker of its own; returns the notional and refusals. */
function buildPopcat(exchange: Exchange): { notional: number; codes: Set<RejectCode> } {
  const codes = new Set<RejectCode>();
  for (const wallet of WALLETS) {
    exchange.deposit(wallet, WALLET_USDC);
    exchange.deposit(`m-${wallet}`, 2_000_000);
  }
  for (const wallet of WALLETS) {
    // 8 x 157,895 / 0.21, in eighths, so that a limit shows how far it lets them go.
    for (let part = 0; part < 8; part += 1) {
      const lots = Math.floor(WALLET_USDC / 0.21);
      const code = refusal(place(exchange, `m-${wallet}`, 'sell', 21_000, lots));
      const refused = code || refusal(place(exchange, wallet, 'buy', 21_000, lots));
      if (refused !== 0) {
        codes.add(refused);
        exchange.run({ kind: 'cancelAllOrders', auth: exchange.auth(`m-${wallet}`), marketId: toMarketId(1) });
        break;
      }
    }
  }
  return { notional: exchange.state.markets[0]!.openInterestLots * 21_000 * 10, codes };
}

function playPopcat(limits: Partial<MarketSpec>): string {
  const exchange = venue({ ...POPCAT, ...limits }, 'POPCAT', 21_000);
  const { notional, codes } = buildPopcat(exchange);
  // The wall: 20M USDC of bids just below, there while they build, gone before they fall.
  exchange.deposit('wall', 30_000_000);
  place(exchange, 'wall', 'buy', 20_900, 95_000_000);
  exchange.run({ kind: 'cancelAllOrders', auth: exchange.auth('wall'), marketId: toMarketId(1) });
  drive(exchange, 21_000, 13_000);
  const why = [...codes].map(rejectName);
  const told = outcome(exchange, WALLETS, 19 * WALLET_USDC * USDC, 0);
  return [`longs of ${thousands(notional)}`, why.join(' ') || 'nothing refused', ...told].join(' | ');
}

test.for([
  {
    what: 'without limits',
    limits: {},
    told: 'longs of 24000k | nothing refused | vault lost 500k of 500k | fund 100k | put in 3000k | gained -3000k',
  },
  // A limit of an owner does not know that 19 wallets are one; margin that rises with open interest need not.
  {
    what: 'an owner at most 10 %, or 2.5M lots',
    limits: { concentrationPpm: 100_000, concentrationFloorLots: 2_500_000 },
    told: 'longs of 10895k | CONCENTRATION_LIMIT_EXCEEDED | vault lost 500k of 500k | fund 100k | put in 3000k | gained -3000k',
  },
  {
    what: 'margin to 100 % from 2M to 12M of open interest',
    limits: { openInterestLowerAtoms: 2e6 * USDC, openInterestUpperAtoms: 12e6 * USDC },
    told: 'longs of 7579k | INSUFFICIENT_MARGIN | vault lost 500k of 500k | fund 100k | put in 3000k | gained -2030k',
  },
  {
    what: 'open interest at most 20M lots',
    limits: { maxOpenInterestLots: 20_000_000 },
    told: 'longs of 4105k | OPEN_INTEREST_LIMIT_EXCEEDED | vault lost 500k of 500k | fund 100k | put in 3000k | gained -594k',
  },
])('POPCAT, 19 wallets, a wall of bids pulled: $what', ({ limits, told }) => {
  expect(playPopcat(limits)).toBe(told);
});
