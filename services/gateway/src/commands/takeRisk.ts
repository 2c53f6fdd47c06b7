import type { Submitted } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import type { MarketDirectory } from '../marketDirectory.ts';
import { parsePrice, parseSize } from '../parseUnits.ts';
import type { RegisterLiquidatorBody, SetLeverageBody, TakeAuctionBody } from '../wire/requests.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

export function setLeverage(door: CommandDoor, markets: MarketDirectory, body: SetLeverageBody): Promise<Submitted> {
  const { market, leverage } = body;
  const { marketId } = markets.bySymbol(market, '/market').spec;
  const action: SignableAction = { primaryType: 'SetLeverage', ...signedFields(body), market, leverage };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'setLeverage', auth, marketId, leverage }));
}

export function registerLiquidator(door: CommandDoor, body: RegisterLiquidatorBody): Promise<Submitted> {
  const { active } = body;
  const action: SignableAction = { primaryType: 'RegisterLiquidator', ...signedFields(body), active };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'registerLiquidator', auth, active }));
}

export function takeAuction(door: CommandDoor, markets: MarketDirectory, body: TakeAuctionBody): Promise<Submitted> {
  const { market, auctionId, size, price } = body;
  const { spec } = markets.bySymbol(market, '/market');
  const sizeLots = parseSize(size, spec, '/size', 'refused');
  const limitTicks = parsePrice(price, spec, '/price', 'refused');
  const action: SignableAction = { primaryType: 'TakeAuction', ...signedFields(body), market, auctionId, size, price };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'takeAuction',
    auth,
    auctionId,
    marketId: spec.marketId,
    sizeLots,
    limitTicks,
  }));
}
