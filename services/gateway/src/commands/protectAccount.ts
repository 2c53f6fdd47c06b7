import type { Submitted } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import type { MarketDirectory } from '../marketDirectory.ts';
import { parseSize } from '../parseUnits.ts';
import type { ResetMarketMakerProtectionBody, SetMarketMakerProtectionBody } from '../wire/requests.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

export function setMarketMakerProtection(
  door: CommandDoor,
  markets: MarketDirectory,
  body: SetMarketMakerProtectionBody,
): Promise<Submitted> {
  const { market, windowMs, quantity = '0', delta = '0', fillCount = 0 } = body;
  const { spec } = markets.bySymbol(market, '/market');
  const quantityLots = parseSize(quantity, spec, '/quantity', 'allowed');
  const deltaLots = parseSize(delta, spec, '/delta', 'allowed');
  const action: SignableAction = {
    primaryType: 'SetMarketMakerProtection',
    ...signedFields(body),
    market,
    windowMs,
    quantity,
    delta,
    fillCount,
  };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'setMarketMakerProtection',
    auth,
    marketId: spec.marketId,
    windowMs,
    quantityLots,
    deltaLots,
    fillCount,
  }));
}

export function resetMarketMakerProtection(
  door: CommandDoor,
  markets: MarketDirectory,
  body: ResetMarketMakerProtectionBody,
): Promise<Submitted> {
  const { market } = body;
  const { marketId } = markets.bySymbol(market, '/market').spec;
  const action: SignableAction = { primaryType: 'ResetMarketMakerProtection', ...signedFields(body), market };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'resetMarketMakerProtection', auth, marketId }));
}
