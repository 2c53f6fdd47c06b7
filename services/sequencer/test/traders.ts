import { createHash } from 'node:crypto';
import type { IntakeClient, Submitted } from '@keel/intake';
import { type Address, type Command, type PlaceOrder, toMarketId, toOrderId } from '@keel/types';

/** A seeded stream of numbers in [0, 1), so that a failing run can be had again. */
export function randomOf(seed: number): () => number {
  let counter = 0;
  return () => {
    counter += 1;
    return createHash('sha256').update(`${seed}:${counter}`).digest().readUInt32BE(0) / 4_294_967_296;
  };
}

export function ownerOf(trader: number): Address {
  return `0x${String(trader).padStart(40, '0')}`;
}

/** The sequencer trusts the gateway with signatures, so any 65 bytes will do here. */
const SIGNATURE = `0x${'11'.repeat(65)}` as const;
let lastNonce = 0;

export function authOf(owner: Address) {
  lastNonce = Math.max(lastNonce + 1, Date.now());
  return { owner, signer: owner, nonce: lastNonce, expiresAfterMs: 0, signature: SIGNATURE };
}

export function deposit(depositIndex: number, owner: Address, amountAtoms: number): Command {
  const l1TxHash = `0x${'22'.repeat(32)}` as const;
  return { kind: 'creditDeposit', depositIndex, owner, amountAtoms, l1BlockNumber: 1, l1TxHash };
}

export function btcIndex(priceTicks: number): Command {
  return { kind: 'updateIndexPrice', marketId: toMarketId(1), priceTicks, publishTimeMs: Date.now() };
}

export function limitOrder(owner: Address, side: PlaceOrder['side'], priceTicks: number, sizeLots: number): PlaceOrder {
  return {
    kind: 'placeOrder',
    auth: authOf(owner),
    marketId: toMarketId(1),
    side,
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks,
    sizeLots,
    reduceOnly: false,
    clientOrderId: '',
  };
}

/** Orders round 60,000 that often trade, now and then a cancel, an agent or a withdrawal. */
export function randomCommand(random: () => number, owner: Address, openOrders: readonly number[]): Command {
  const dice = random();
  const pick = openOrders[Math.floor(random() * openOrders.length)];
  if (dice < 0.2 && pick !== undefined) return { kind: 'cancelOrder', auth: authOf(owner), orderId: toOrderId(pick) };
  if (dice < 0.22) return { kind: 'cancelAllOrders', auth: authOf(owner), marketId: toMarketId(0) };
  if (dice < 0.23) return { kind: 'withdraw', auth: authOf(owner), recipient: owner, amountAtoms: 1_000_000 };
  if (dice < 0.25) {
    const agent = ownerOf(1_000_000 + Math.floor(random() * 10));
    return { kind: 'approveAgent', auth: authOf(owner), agent, agentName: 'bot', agentExpiresAtMs: 0 };
  }
  if (dice < 0.26) {
    return { kind: 'revokeAgent', auth: authOf(owner), agent: ownerOf(1_000_000 + Math.floor(random() * 10)) };
  }
  const side = random() < 0.5 ? 'buy' : 'sell';
  const offset = Math.floor(random() * 40) - 25;
  return limitOrder(owner, side, 600_000 + (side === 'buy' ? offset : -offset), 100 + Math.floor(random() * 1_000));
}

/** What was promised to a client. */
export interface Acked {
  readonly command: Command;
  readonly submitted: Submitted;
}

/** Submits random commands one after the other until `stopped`, and keeps what was acknowledged. */
export async function trade(
  client: IntakeClient,
  owner: Address,
  random: () => number,
  acked: Acked[],
  stopped: () => boolean,
): Promise<void> {
  const openOrders: number[] = [];
  while (!stopped()) {
    const command = randomCommand(random, owner, openOrders);
    try {
      await client.ready();
      const submitted = await client.submit(command);
      acked.push({ command, submitted });
      for (const event of submitted.events) if (event.kind === 'orderRested') openOrders.push(event.orderId);
      if (openOrders.length > 50) openOrders.shift();
    } catch {
      // The sequencer is away: nothing was promised. What the next attempt brings is another command.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
