import type {
  Acknowledged,
  AmendedOutcome,
  Amendment,
  BatchOutcome,
  CancelledBatch,
  CancelledOrders,
  DeadManSwitch,
  KeelClient,
  MarketMakerProtection,
  NewOrder,
  NewScale,
  NewTwap,
  OrderRef,
  PlacedOutcome,
  ReplacedOrder,
  SubmitOptions,
} from '@keel/client';
import type { OrderGrouping } from '@keel/types';

/** One request of a trader. */
export type Ask =
  | { readonly kind: 'place'; readonly order: NewOrder }
  | { readonly kind: 'batch'; readonly orders: readonly NewOrder[]; readonly grouping: OrderGrouping }
  | { readonly kind: 'scale'; readonly scale: NewScale }
  | { readonly kind: 'twap'; readonly twap: NewTwap }
  | { readonly kind: 'replace'; readonly replaced: OrderRef; readonly order: NewOrder }
  | { readonly kind: 'amend'; readonly amendment: Amendment }
  | { readonly kind: 'amendMany'; readonly amendments: readonly Amendment[] }
  | { readonly kind: 'cancel'; readonly order: OrderRef }
  | { readonly kind: 'cancelMany'; readonly orders: readonly OrderRef[] }
  | { readonly kind: 'cancelAll'; readonly market: string }
  | { readonly kind: 'deadMan'; readonly timeoutMs: number }
  | { readonly kind: 'protect'; readonly protection: MarketMakerProtection }
  | { readonly kind: 'reset'; readonly market: string };

/** Answers of one shape are judged alike. */
export type Answer =
  | { readonly about: 'order'; readonly answer: Acknowledged & PlacedOutcome }
  | { readonly about: 'replaced'; readonly answer: ReplacedOrder }
  | { readonly about: 'orders'; readonly answer: BatchOutcome<PlacedOutcome> }
  | { readonly about: 'amended'; readonly answer: BatchOutcome<AmendedOutcome> }
  | { readonly about: 'cancelled'; readonly answer: CancelledOrders }
  | { readonly about: 'cancelledMany'; readonly answer: CancelledBatch }
  | { readonly about: 'deadMan'; readonly answer: DeadManSwitch }
  | { readonly about: 'nothing'; readonly answer: Acknowledged };

/** Signs and sends; throws KeelError when it is refused. */
export async function sendAsk(client: KeelClient, ask: Ask, options: SubmitOptions): Promise<Answer> {
  switch (ask.kind) {
    case 'place':
      return { about: 'order', answer: await client.placeOrder(ask.order, options) };
    case 'twap':
      return { about: 'order', answer: await client.placeTwap(ask.twap, options) };
    case 'replace':
      return { about: 'replaced', answer: await client.replaceOrder(ask.replaced, ask.order, options) };
    case 'batch': {
      const { grouping } = ask;
      return { about: 'orders', answer: await client.placeOrders(ask.orders, { ...options, grouping }) };
    }
    case 'scale':
      return { about: 'orders', answer: await client.placeScale(ask.scale, options) };
    case 'amend': {
      const answer = await client.amendOrder(ask.amendment, options);
      return { about: 'amended', answer: { ...answer, items: [answer] } };
    }
    case 'amendMany':
      return { about: 'amended', answer: await client.amendOrders(ask.amendments, options) };
    case 'cancel':
      return { about: 'cancelled', answer: await client.cancelOrder(ask.order, options) };
    case 'cancelAll':
      return { about: 'cancelled', answer: await client.cancelAll(ask.market, options) };
    case 'cancelMany':
      return { about: 'cancelledMany', answer: await client.cancelOrders(ask.orders, options) };
    case 'deadMan':
      return { about: 'deadMan', answer: await client.cancelAllAfter(ask.timeoutMs, options) };
    case 'protect':
      return { about: 'nothing', answer: await client.setMarketMakerProtection(ask.protection, options) };
    case 'reset':
      return { about: 'nothing', answer: await client.resetMarketMakerProtection(ask.market, options) };
  }
}
