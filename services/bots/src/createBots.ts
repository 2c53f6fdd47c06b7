import type { Bot } from './bot.ts';
import type { BotsConfig } from './config.ts';
import type { Keeper } from './createKeeper.ts';
import { createRandom } from './createRandom.ts';
import { deriveKey } from './deriveKey.ts';
import { createMaker } from './maker/createMaker.ts';
import type { MarketWatch } from './marketWatch.ts';
import type { OrderBudget } from './orderBudget.ts';
import { createCasualTaker, createLeveragedTaker } from './taker/createTaker.ts';
import type { Tally } from './tally.ts';
import { Trader } from './trader.ts';

/** One taker in this many trades small and often; the others live near the edge. */
const CASUAL_EVERY = 4;

/** The makers and takers of a devnet. They stay out of the market a recording is played in. */
export function createBots(
  config: BotsConfig,
  shared: { readonly watch: MarketWatch; readonly keeper: Keeper; readonly tally: Tally; readonly budget: OrderBudget },
): Bot[] {
  const { seed } = config;
  const plays = (symbol: string): boolean => symbol !== config.orders?.symbol;
  const withTrader = (role: string, index: number) => {
    const name = `${role} ${index + 1}`;
    const trader = new Trader({ name, url: config.gatewayUrl, privateKey: deriveKey(seed, role, index), ...shared });
    return { ...shared, trader, random: createRandom(seed, name), plays };
  };
  const makers = Array.from({ length: config.makers }, (_, index) => createMaker(withTrader('maker', index)));
  const takers = Array.from({ length: config.takers }, (_, index) => {
    const create = index % CASUAL_EVERY === CASUAL_EVERY - 1 ? createCasualTaker : createLeveragedTaker;
    return create(withTrader('taker', index));
  });
  return [...makers, ...takers];
}
