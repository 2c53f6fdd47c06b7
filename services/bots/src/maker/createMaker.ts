import { KeelError } from '@keel/client';
import type { Bot } from '../bot.ts';
import type { Keeper } from '../createKeeper.ts';
import { between, type Random } from '../createRandom.ts';
import { type MarketView, unitsOf } from '../marketView.ts';
import type { MarketWatch } from '../marketWatch.ts';
import type { AccountView, Trader } from '../trader.ts';
import { centreTicks, type LadderSettings, quoteLadder } from './quoteLadder.ts';

const USDC = 1_000_000;
const FLOOR_ATOMS = 300_000 * USDC;
const TARGET_ATOMS = 1_000_000 * USDC;
/** Quotes are renewed when their centre is this far off. */
const REQUOTE_PPM = 300;

const OFFSETS_PPM = [200, 600, 1_500, 3_500];
const NOTIONALS_ATOMS = [5_000 * USDC, 10_000 * USDC, 20_000 * USDC, 40_000 * USDC];

/**
 * A market maker: on every priced market a few levels on both sides of the index, none of which would trade at once.
 * Renewed when the index has moved or half of them are gone. It remembers nothing that a restart would lose: open orders
 * and positions are read each turn, and orders it does not know are cancelled with the rest. A market that is not open is
 * left as it is: new quotes might be refused after the old ones are gone.
 */
export function createMaker(options: {
  readonly trader: Trader;
  readonly watch: MarketWatch;
  readonly keeper: Keeper;
  readonly random: Random;
  readonly plays: (symbol: string) => boolean;
}): Bot {
  const { trader, watch, keeper, random, plays } = options;
  // Makers that differ a little make a book; makers that agree make a wall.
  const width = between(random, 0.8, 1.4);
  const settings: LadderSettings = {
    offsetsPpm: OFFSETS_PPM.map((offset) => Math.round(offset * width)),
    notionalsAtoms: NOTIONALS_ATOMS.map((atoms) => Math.round(atoms * between(random, 0.7, 1.3))),
    inventoryAtomsMax: 500_000 * USDC,
    skewPpmMax: 1_500,
  };
  const quotedTicks = new Map<string, number>();

  const requote = async (market: MarketView, account: AccountView): Promise<void> => {
    const inventoryLots = unitsOf(account.positions.get(market.symbol) ?? '0', market.sizeDecimals);
    const centre = centreTicks(market, inventoryLots, settings);
    const quotes = quoteLadder(market, centre, inventoryLots, settings);
    const open = account.openOrders.filter((order) => order.market === market.symbol).length;
    const quoted = quotedTicks.get(market.symbol);
    const near = quoted !== undefined && Math.abs(quoted - centre) * 1_000_000 <= REQUOTE_PPM * centre;
    if (near && open * 2 > quotes.length) return;
    quotedTicks.delete(market.symbol);
    if (open > 0) await trader.cancelAll(market.symbol);
    for (const quote of quotes) {
      const answer = await trader.place(market, { ...quote, timeInForce: 'postOnly' });
      // The rest would be refused for the same reason.
      if (answer instanceof KeelError && answer.code === 'INSUFFICIENT_MARGIN') break;
    }
    quotedTicks.set(market.symbol, centre);
  };

  return {
    name: trader.name,
    address: trader.address,
    everyMs: 700,
    turn: async () => {
      const account = await trader.account();
      await keeper.keep(trader.address, account, FLOOR_ATOMS, TARGET_ATOMS);
      if (account === undefined || account.inLiquidation) return;
      for (const market of watch.priced())
        if (market.tradingStatus === 'open' && plays(market.symbol)) await requote(market, account);
    },
    close: () => trader.close(),
  };
}
