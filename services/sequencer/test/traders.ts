import { createHash } from 'node:crypto';
import type { IntakeClient, Submitted } from '@keel/intake';
import { type Address, type Command, type OrderRequest, type PlaceOrder, toMarketId, toOrderId } from '@keel/types';

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
  return { owner, subaccount: 0, signer: owner, nonce: lastNonce, expiresAfterMs: 0, signature: SIGNATURE };
}

export function deposit(depositIndex: number, owner: Address, amountAtoms: number): Command {
  const l1TxHash = `0x${'22'.repeat(32)}` as const;
  return { kind: 'creditDeposit', depositIndex, owner, assetId: 0, amountAtoms, l1BlockNumber: 1, l1TxHash };
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
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  };
}

/** Orders of all kinds round 60,000 that often trade; cancels, amendments, batches, agents, withdrawals. */
export function randomCommand(random: () => number, owner: Address, openOrders: readonly number[]): Command {
  const dice = random();
  const pick = openOrders[Math.floor(random() * openOrders.length)];
  const named = { orderId: toOrderId(pick ?? 1), clientOrderId: '' };
  if (dice < 0.2 && pick !== undefined) return { kind: 'cancelOrder', auth: authOf(owner), ...named };
  if (dice < 0.22) return { kind: 'cancelAllOrders', auth: authOf(owner), marketId: toMarketId(0) };
  if (dice < 0.23)
    return { kind: 'withdraw', auth: authOf(owner), recipient: owner, assetId: 0, amountAtoms: 1_000_000 };
  if (dice < 0.25) {
    const agent = ownerOf(1_000_000 + Math.floor(random() * 10));
    return { kind: 'approveAgent', auth: authOf(owner), agent, agentName: 'bot', agentExpiresAtMs: 0 };
  }
  if (dice < 0.26) {
    return { kind: 'revokeAgent', auth: authOf(owner), agent: ownerOf(1_000_000 + Math.floor(random() * 10)) };
  }
  const marketId = toMarketId(1);
  if (dice < 0.27)
    return { kind: 'cancelAllAfter', auth: authOf(owner), timeoutMs: 1_000 + Math.floor(random() * 4_000) };
  if (dice < 0.28) {
    const bounds = { windowMs: 1_000, quantityLots: 3_000, deltaLots: 0, fillCount: 0 };
    return { kind: 'setMarketMakerProtection', auth: authOf(owner), marketId, ...bounds };
  }
  if (dice < 0.3) return { kind: 'resetMarketMakerProtection', auth: authOf(owner), marketId };
  const side = random() < 0.5 ? 'buy' : 'sell';
  const offset = Math.floor(random() * 40) - 25;
  const priceTicks = 600_000 + (side === 'buy' ? offset : -offset);
  const order = limitOrder(owner, side, priceTicks, 100 + Math.floor(random() * 1_000));
  if (dice < 0.36 && pick !== undefined) {
    const terms = { priceTicks, sizeLots: order.sizeLots };
    return { kind: 'amendOrder', auth: order.auth, marketId, ...named, ...terms };
  }
  if (dice < 0.4) return { kind: 'replaceOrder', auth: order.auth, replaced: named, order: requestOf(order) };
  if (dice < 0.45) {
    const orders = [requestOf(order), requestOf({ ...order, priceTicks: 590_000 })];
    return { kind: 'placeOrders', auth: order.auth, orders, grouping: dice < 0.42 ? 'oneCancelsOther' : 'none' };
  }
  if (dice < 0.5) return { ...order, displayLots: 50 };
  if (dice < 0.55) {
    const triggerTicks = 600_000 + (side === 'buy' ? 20 : -20) + Math.floor(random() * 10);
    return { ...order, trigger: { kind: 'stop', triggerTicks, trailTicks: 0 } };
  }
  if (dice < 0.57) return { ...order, trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: 15 } };
  if (dice < 0.6) {
    const [up, down] = side === 'buy' ? [60, -60] : [-60, 60];
    const limits = { takeProfitLimitTicks: 0, stopLossLimitTicks: 0 };
    const triggers = { takeProfitTicks: priceTicks + up, stopLossTicks: priceTicks + down };
    return { ...order, attached: { ...triggers, ...limits } };
  }
  if (dice < 0.61) {
    const terms = { sizeLots: 3_000, reduceOnly: false, clientOrderId: '', durationMs: 10_000, slices: 5 };
    return { kind: 'placeTwap', auth: order.auth, marketId, side, ...terms };
  }
  return order;
}

function requestOf({ kind: _kind, auth: _auth, ...request }: PlaceOrder): OrderRequest {
  return request;
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
      for (const event of submitted.events)
        if (event.kind === 'orderRested' || event.kind === 'orderWaiting') openOrders.push(event.orderId);
      if (openOrders.length > 50) openOrders.shift();
    } catch {
      // The sequencer is away: nothing was promised. What the next attempt brings is another command.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
