import { KeelError, type PlacedOrder } from '@keel/client';
import type { Bot } from '../bot.ts';
import type { Keeper } from '../createKeeper.ts';
import type { Random } from '../createRandom.ts';
import { type MarketView, unitsOf } from '../marketView.ts';
import type { MarketWatch } from '../marketWatch.ts';
import type { Tally } from '../tally.ts';
import type { AccountView, Trader } from '../trader.ts';
import { decideCasual } from './decideCasual.ts';
import { decideLeveraged, type LeveragedMemory, type TakerFacts, type TakerMove } from './decideLeveraged.ts';

const USDC = 1_000_000;
/** Below this a taker without a position deposits again; with one it lets the market decide. */
const FLOOR_ATOMS = 1_000 * USDC;
const TARGET_ATOMS = 2_000 * USDC;
const CAUTION_MIN = 0.3;

export interface TakerOptions {
  readonly trader: Trader;
  readonly watch: MarketWatch;
  readonly keeper: Keeper;
  readonly random: Random;
  readonly tally: Tally;
  readonly plays: (symbol: string) => boolean;
}

/** A taker that lives near the edge: gets liquidated when the price moves against it, deposits again and goes on. */
export function createLeveragedTaker(options: TakerOptions): Bot {
  const memory: LeveragedMemory = { holdUntilMs: 0, caution: 1 };
  let heldLots = 0;
  return createTaker(options, async (facts) => {
    const [lots = 0] = facts.positionLots.values();
    if (Math.abs(lots) < Math.abs(heldLots)) options.tally.liquidated += 1;
    heldLots = lots;
    const move = decideLeveraged(facts, memory, options.random);
    const answer = await act(options.trader, move);
    if (answer === undefined) return;
    if (!(answer instanceof KeelError)) {
      memory.caution = Math.min(1, memory.caution * 1.1);
      // What it closes itself, even in part, is not a liquidation.
      if (move.kind === 'trade' && move.reduceOnly) heldLots = 0;
    } else if (answer.code === 'INSUFFICIENT_MARGIN') {
      memory.caution = Math.max(CAUTION_MIN, memory.caution * 0.85);
    }
  });
}

/** A taker of small size. */
export function createCasualTaker(options: TakerOptions): Bot {
  return createTaker(options, async (facts) => {
    await act(options.trader, decideCasual(facts, options.random));
  });
}

function createTaker(options: TakerOptions, trade: (facts: TakerFacts) => Promise<void>): Bot {
  const { trader, watch, keeper, plays } = options;
  return {
    name: trader.name,
    address: trader.address,
    everyMs: 1_500,
    turn: async () => {
      const markets = watch.priced().filter(({ symbol, markTicks }) => plays(symbol) && markTicks > 0);
      if (markets.length === 0) return;
      const account = await trader.account();
      const positionLots = account === undefined ? new Map<string, number>() : lotsByMarket(account, markets);
      const idle = positionLots.size === 0;
      if (idle && !(await keeper.keep(trader.address, account, FLOOR_ATOMS, TARGET_ATOMS))) return;
      if (account === undefined || account.inLiquidation) return;
      // A position in a market that is not open is still one: it waits there until it can be closed.
      const open = markets.filter(({ tradingStatus }) => tradingStatus === 'open');
      await trade({ equityAtoms: account.equityAtoms, positionLots, markets: open, nowMs: performance.now() });
    },
    close: () => trader.close(),
  };
}

/** Positions in the markets a taker plays in; one elsewhere is left alone. */
function lotsByMarket(account: AccountView, markets: readonly MarketView[]): Map<string, number> {
  const decimals = new Map(markets.map((market) => [market.symbol, market.sizeDecimals]));
  const lots = new Map<string, number>();
  for (const [symbol, size] of account.positions) {
    const sizeDecimals = decimals.get(symbol);
    if (sizeDecimals !== undefined) lots.set(symbol, unitsOf(size, sizeDecimals));
  }
  return lots;
}

async function act(trader: Trader, move: TakerMove): Promise<PlacedOrder | KeelError | undefined> {
  if (move.kind === 'wait') return undefined;
  const { market, side, priceTicks, sizeLots, reduceOnly } = move;
  return trader.place(market, { side, priceTicks, sizeLots, timeInForce: 'ioc', reduceOnly });
}
