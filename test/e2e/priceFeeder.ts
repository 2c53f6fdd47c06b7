import type { IntakeClient, Submitted } from '@keel/intake';
import { addressOfKey, keelDomain, marketFeed, signPriceReport } from '@keel/signing';
import { type Address, assert, type Hex, type MarketId } from '@keel/types';

const FEEDER_KEY: Hex = `0x${'fe'.repeat(32)}`;

/** The only price feeder of a test's exchange: its reports are a quorum. */
export const FEEDER: Address = addressOfKey(FEEDER_KEY);

/** Says what a market's price is now, as the feeder, and resolves when the exchange has taken or refused it. */
export async function feedPrice(
  client: IntakeClient,
  settlement: string,
  marketId: MarketId,
  priceTicks: number,
): Promise<Submitted> {
  const market = (await client.status()).markets.find((listed) => listed.marketId === marketId);
  assert(market !== undefined, `no market ${marketId}`);
  // Two reports of one millisecond would be one report told twice.
  await new Promise((resolve) => setTimeout(resolve, 1));
  const timeMs = Date.now();
  const figures = { priceTicks, perpTicks: 0, publishTimeMs: timeMs, reportSequence: timeMs };
  const domain = keelDomain(31_337, settlement.toLowerCase() as Address);
  const signature = signPriceReport(domain, marketFeed(market), figures, FEEDER_KEY);
  return client.submit({ kind: 'updateIndexPrice', marketId, reports: [{ feeder: FEEDER, ...figures, signature }] });
}
