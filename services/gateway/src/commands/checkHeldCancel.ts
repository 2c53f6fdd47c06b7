import type { ReadModel } from '@keel/redis';
import { isSignatureFault, type SignableAction } from '@keel/signing';
import { NONCE_FUTURE_MS } from '@keel/types';
import { ApiError } from '../errors.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { CancelAllOrdersBody } from '../wire/requests.ts';
import { type CommandDoor, signedFields } from './signedCommand.ts';

/**
 * Whether a signed cancel of all orders may wait for its connection to end: its nonce lies ahead by at most 24 hours, it does not
 * expire before that, its market is there and its signer may act for the account. Throws ApiError or ReadModelUnavailable.
 */
export async function checkHeldCancel(
  door: CommandDoor,
  markets: MarketDirectory,
  readModel: ReadModel,
  body: CancelAllOrdersBody,
  from: string,
): Promise<void> {
  const { nonce, expiresAfter = 0, market = '' } = body;
  const nowMs = Date.now();
  if (nonce <= nowMs) throw new ApiError('NONCE_TOO_OLD', { timeMs: nowMs, fault: 'must lie in the future' });
  if (nonce > nowMs + NONCE_FUTURE_MS) throw new ApiError('NONCE_TOO_NEW', { timeMs: nowMs });
  if (expiresAfter !== 0 && expiresAfter < nonce)
    throw new ApiError('COMMAND_EXPIRED', { fault: 'must not expire before its nonce' });
  if (market !== '') markets.bySymbol(market, '/params/market');
  const action: SignableAction = { primaryType: 'CancelAllOrders', ...signedFields(body), market };
  const check = async () => {
    const signer = await door.signatures.check({ action, signature: body.signature }, 'cancel', 1);
    if (isSignatureFault(signer)) throw new ApiError('BAD_SIGNATURE', { fault: signer });
    const { account, agents } = await readModel.account({ address: action.account, subaccount: action.subaccount });
    if (account?.owner !== action.account) throw new ApiError('ACCOUNT_UNKNOWN', { address: action.account });
    if (signer === action.account) return;
    const agent = agents.find((candidate) => candidate.agent === signer);
    if (agent === undefined) throw new ApiError('SIGNER_NOT_AUTHORIZED', { signer });
    if (agent.expiresAtMs !== 0 && agent.expiresAtMs < nowMs) throw new ApiError('AGENT_EXPIRED', { signer });
  };
  await door.strangers.guard(from, () => door.admission.pass({ requestClass: 'cancel', items: 1 }, check));
}
