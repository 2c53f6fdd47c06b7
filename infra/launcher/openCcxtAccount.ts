import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOfKey, keelDomain, signAction } from '@keel/signing';
import type { Address, Hex } from '@keel/types';
import { DevnetFault } from './devnetFault.ts';
import { CHAIN_ID, PUBLIC_MNEMONIC } from './l1.ts';

/** With less than this, in USDC, it asks the faucet again. */
const FLOOR_USDC = 1_000;
const ASK_EVERY_MS = 250;

/** Throw-away keys that follow from the public phrase, so everybody has them. */
function publicKey(name: string): Hex {
  return `0x${createHash('sha256').update(`${PUBLIC_MNEMONIC}/ccxt/${name}`).digest('hex')}`;
}

interface AccountAnswer {
  readonly equity: string;
  readonly agents: readonly { readonly address: Address }[];
}

/** Who trades in the snippet that a start prints. */
export interface CcxtAccount {
  readonly owner: Address;
  /** May trade for the owner. */
  readonly agentKey: Hex;
}

/**
 * An account with test USDC from the faucet and an agent key that its owner has approved; what it has already is left as
 * it is. Throws DevnetFault with what the gateway says; `stop` ends the waiting for the deposit.
 */
export async function openCcxtAccount(
  gatewayUrl: string,
  settlement: Address,
  stop: AbortSignal,
): Promise<CcxtAccount> {
  const ownerKey = publicKey('owner');
  const agentKey = publicKey('agent');
  const [owner, agent] = [addressOfKey(ownerKey), addressOfKey(agentKey)];
  let account = await readAccount(gatewayUrl, owner);
  if (account === undefined || Number(account.equity) < FLOOR_USDC) {
    await post(`${gatewayUrl}/v1/faucet`, { address: owner });
    while (account === undefined) {
      await sleep(ASK_EVERY_MS, undefined, { signal: stop });
      account = await readAccount(gatewayUrl, owner);
    }
  }
  if (!account.agents.some(({ address }) => address === agent)) {
    const { primaryType, ...fields } = {
      primaryType: 'ApproveAgent',
      account: owner,
      subaccount: 0,
      nonce: Date.now(),
      expiresAfter: 0,
      agent,
      agentName: 'ccxt',
      agentExpiresAt: 0,
    } as const;
    // The exchange's own domain names the contract as the deployment spells it in lower case.
    const domain = keelDomain(CHAIN_ID, settlement.toLowerCase() as Address);
    const signature = signAction(domain, { primaryType, ...fields }, ownerKey);
    await post(`${gatewayUrl}/v1/agents`, { ...fields, signature });
  }
  return { owner, agentKey };
}

/** Undefined before anything was deposited for it. */
async function readAccount(gatewayUrl: string, owner: Address): Promise<AccountAnswer | undefined> {
  const answer = await fetch(`${gatewayUrl}/v1/accounts/${owner}`);
  return answer.ok ? ((await answer.json()) as AccountAnswer) : undefined;
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new DevnetFault(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
