import { type AccountAddress, FILLS_PER_ACCOUNT_MAX, type ReadModel } from '@keel/redis';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { aggregateFills } from '../format/aggregateFills.ts';
import { type FillAnswer, writeFill } from '../format/writeFill.ts';

/**
 * An account's fills, newest first, as far back as they are kept; none of an account that does not exist. `aggregate`: what
 * an order took at once is one. Rejects with ReadModelUnavailable.
 */
export async function readFills(
  readModel: ReadModel,
  markets: MarketDirectory,
  asked: AccountAddress,
  aggregate: boolean,
): Promise<FillAnswer[]> {
  const [{ account }, { fills }] = await Promise.all([
    readModel.account(asked),
    readModel.fills(asked, FILLS_PER_ACCOUNT_MAX),
  ]);
  if (account === undefined) return [];
  const told = aggregate ? aggregateFills(fills.toReversed()).reverse() : fills;
  return told.map((fill) => writeFill(fill, markets.spec(fill.marketId), account.owner));
}
