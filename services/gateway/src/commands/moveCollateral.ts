import type { Submitted } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import type { Address } from '@keel/types';
import { type AssetDirectory, USDC } from '../assetDirectory.ts';
import { ApiError } from '../errors.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { parseAmount } from '../parseUnits.ts';
import type { FundSafetyBody, TransferBody, WithdrawBody } from '../wire/requests.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`;

export function withdraw(door: CommandDoor, assets: AssetDirectory, body: WithdrawBody): Promise<Submitted> {
  const recipient = body.recipient.toLowerCase() as Address;
  // Such a claim would be refused on L1 for ever, and the money would already have left the account.
  if (recipient === ZERO_ADDRESS || recipient === door.domain.verifyingContract) {
    throw new ApiError('RECIPIENT_CANNOT_BE_PAID', { path: '/recipient' });
  }
  const { asset = USDC.symbol, amount } = body;
  const { assetId, decimals } = assets.bySymbol(asset, '/asset');
  const amountAtoms = parseAmount(amount, decimals);
  const action: SignableAction = { primaryType: 'Withdraw', ...signedFields(body), recipient, asset, amount };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'withdraw',
    auth,
    recipient,
    assetId,
    amountAtoms,
  }));
}

export function transfer(door: CommandDoor, assets: AssetDirectory, body: TransferBody): Promise<Submitted> {
  const { toSubaccount, asset = USDC.symbol, amount } = body;
  const { assetId, decimals } = assets.bySymbol(asset, '/asset');
  const amountAtoms = parseAmount(amount, decimals);
  const action: SignableAction = { primaryType: 'Transfer', ...signedFields(body), toSubaccount, asset, amount };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'transfer',
    auth,
    toSubaccount,
    assetId,
    amountAtoms,
  }));
}

export function fundSafety(door: CommandDoor, markets: MarketDirectory, body: FundSafetyBody): Promise<Submitted> {
  const { market, fund, amount } = body;
  const { marketId } = markets.bySymbol(market, '/market').spec;
  const amountAtoms = parseAmount(amount, USDC.decimals);
  const action: SignableAction = { primaryType: 'FundSafety', ...signedFields(body), market, fund, amount };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'fundSafety',
    auth,
    marketId,
    fund,
    amountAtoms,
  }));
}
