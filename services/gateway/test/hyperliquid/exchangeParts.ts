import { checkEvidence } from '@keel/hyperliquid';
import {
  type Event,
  type MarketId,
  type MarketSpec,
  type OrderFilled,
  type OrderId,
  type RejectCode,
  type SignedCommand,
  toAccountId,
  toOrderId,
  toSequence,
} from '@keel/types';
import { expect } from 'vitest';
import { ACCOUNT, BTC, BTC_MARKET } from '../readModelOf.ts';
import { type Exchange, startExchange, until } from '../startExchange.ts';
import { infoFlush } from './infoData.ts';
import { type Guard, signedExchange } from './signedExchange.ts';

/** An exchange with an agent, and what its tests ask of it. */
export interface AgentExchange extends Exchange {
  /** Signs, sends and gives the answer, which has status 200. */
  send(action: object, guard?: Guard): Promise<unknown>;
  /** The one command that reached the intake; what was signed for it holds. */
  sent(): SignedCommand;
}

export async function startAgentExchange(): Promise<AgentExchange> {
  // Long enough for a machine that others keep busy.
  const exchange = await startExchange({ submitDeadlineMs: 2_000 });
  await exchange.writer.write(infoFlush());
  await until(async () => (await exchange.post('/info', { type: 'l2Book', coin: 'ETH' })).text !== 'null');
  return Object.assign(exchange, {
    send: async (action: object, guard: Guard = {}) => {
      const answer = await exchange.post('/exchange', await signedExchange(action, guard));
      expect(answer.status).toBe(200);
      return answer.body;
    },
    sent: () => {
      const [command, ...others] = exchange.commands as SignedCommand[];
      expect(others).toEqual([]);
      const logged = { sequence: toSequence(1), timeMs: Date.now(), command: command as SignedCommand };
      expect(checkEvidence(logged, { specOf })).toBe('holds');
      return command as SignedCommand;
    },
  });
}

const specOf = (marketId: MarketId): MarketSpec | undefined => (marketId === BTC ? BTC_MARKET.spec : undefined);

/** A buy of 0.01 BTC at 60,000. */
export const WIRE = { a: 0, b: true, p: '60000', s: '0.01', r: false, t: { limit: { tif: 'Gtc' } } };
export const STOP = {
  ...WIRE,
  b: false,
  r: true,
  p: '57000',
  t: { trigger: { isMarket: true, triggerPx: '58000', tpsl: 'sl' } },
};
export const place = (...orders: object[]) => ({ type: 'order', orders, grouping: 'na' });

export const statuses = (...all: unknown[]) => ({ status: 'ok', response: { type: 'order', data: { statuses: all } } });
export const refused = (response: unknown) => ({ status: 'err', response });
export const DEFAULT = { status: 'ok', response: { type: 'default' } };

export const filled = (takerOrderId: number, sizeLots: number, priceTicks: number): OrderFilled => ({
  kind: 'orderFilled',
  tradeId: 1,
  marketId: BTC,
  priceTicks,
  sizeLots,
  takerSide: 'buy',
  makerOrderId: toOrderId(1),
  takerOrderId: toOrderId(takerOrderId),
  makerAccountId: toAccountId(2),
  takerAccountId: ACCOUNT,
  makerFeeAtoms: 0,
  takerFeeAtoms: 0,
  makerRealisedPnlAtoms: 0,
  takerRealisedPnlAtoms: 0,
  makerRemainingLots: 0,
  liquidation: false,
});
export const rested = (orderId: number, remainingLots: number): Event => ({
  kind: 'orderRested',
  orderId: toOrderId(orderId),
  remainingLots,
});
export const closed = (
  orderId: number,
  reason: Extract<Event, { kind: 'orderClosed' }>['reason'],
  remainingLots = 0,
): Event => ({
  kind: 'orderClosed',
  orderId: toOrderId(orderId),
  accountId: ACCOUNT,
  marketId: BTC,
  reason,
  remainingLots,
  code: 0,
});
export const item = (at: number, orderId: number, code: RejectCode | 0 = 0): Event => ({
  kind: 'batchItem',
  item: at,
  orderId: orderId as OrderId,
  code,
});
export const rejected = (code: RejectCode): Event[] => [{ kind: 'commandRejected', code, accountId: ACCOUNT }];
