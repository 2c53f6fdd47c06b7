import type { HyperliquidRequest } from '@keel/hyperliquid';
import type { Address } from '@keel/types';

/** Why an action is not even looked at; undefined: it may be. What moves money or gives power is asked for in our own words. */
export function refuseAtFence({ type, vaultAddress, expiresAfter }: HyperliquidRequest): string | undefined {
  if (vaultAddress !== undefined) return `Vault not registered: ${vaultAddress}`;
  // 0 is how our own log says that there is no limit.
  if (expiresAfter === 0) return 'Action expired: expiresAfter is 0.';
  return NATIVELY.get(type);
}

const NATIVE_MONEY =
  'Money moves only by what the owner signs in the words of this exchange, whose domain names its chain and contract';

const NATIVELY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    approveAgent:
      'Agents are approved natively here: the owner signs ApproveAgent in the domain of this exchange, which names its chain and contract, and sends it to POST /v1/agents.',
    withdraw3: `${NATIVE_MONEY}: sign Withdraw and send it to POST /v1/withdrawals.`,
    usdSend: `${NATIVE_MONEY}: sign Withdraw with the recipient and send it to POST /v1/withdrawals.`,
    spotSend: `${NATIVE_MONEY}: sign Withdraw with the recipient and send it to POST /v1/withdrawals.`,
    sendAsset: `${NATIVE_MONEY}: sign Withdraw with the recipient and send it to POST /v1/withdrawals.`,
    subAccountTransfer: `${NATIVE_MONEY}: sign Transfer and send it to POST /v1/transfers.`,
    createSubAccount: `${NATIVE_MONEY}: sign Transfer to a number of yours and send it to POST /v1/transfers, which opens it.`,
    vaultTransfer: `${NATIVE_MONEY}: there are no vaults of traders here.`,
    twapOrder: 'TWAP orders are placed natively here: sign PlaceTwap and send it to POST /v1/orders/twap.',
    twapCancel: 'TWAP orders are placed and cancelled natively here; "cancel" with the id of the order works, too.',
  }),
);

/** To a signer that is nobody here, as clients know it and then what to look at. */
export function unknownSigner(signer: Address): string {
  return (
    `User or API Wallet ${signer} does not exist. This is whom the signature names; it is no agent of an account here. ` +
    'If it is not your key, what was signed differs from what was sent: check the order of keys, trailing zeros of numbers, ' +
    'the source (sign for testnet), and the nonce. If it is, let the owner approve it with POST /v1/agents. ' +
    'POST /v1/debug/verify explains a signature.'
  );
}

/** To a signer whose own account it is. */
export function ownersOwnKey(signer: Address): string {
  return (
    `Must be signed by an API wallet: ${signer} owns its account, and what an owner signs for this API could be replayed on ` +
    'Hyperliquid. Approve an agent: sign ApproveAgent in the domain of this exchange and send it to POST /v1/agents, then sign with its key.'
  );
}

/** To an agent that signed for the other network. */
export function signedForMainnet(signer: Address, agent: Address): string {
  return (
    `User or API Wallet ${signer} does not exist. As an action for Hyperliquid's mainnet (source "a") the signature is that of ` +
    `your agent ${agent}: refused, because whoever sees it could send it there. Sign for testnet (source "b").`
  );
}
