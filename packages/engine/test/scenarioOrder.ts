import {
  type AssetId,
  type Authorization,
  type Command,
  isolatedSubaccount,
  type OrderName,
  type OrderRequest,
  type SafetyFund,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
  type Trigger,
  type TriggerKind,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import type { Exchange } from './exchange.ts';

/** The markets of a table; those of the incidents stand in the place of BTC. */
export const SYMBOLS: Record<string, number> = { BTC: 1, ETH: 2, JELLY: 1, POPCAT: 1 };
/** Collateral besides USDC: units of 10^-8, priced in cents. */
export const ASSETS: Record<string, number> = { WETH: 1, WBTC: 2 };

/** Atoms of an amount that is written `2 WETH`, or `2` for USDC, and the asset's id. */
export function amountOf([amount = '', symbol = '']: readonly string[]): { assetId: AssetId | 0; amountAtoms: number } {
  const assetId = symbol === 'USDC' ? 0 : (ASSETS[symbol] ?? (symbol === '' || symbol === 'to' ? 0 : 99));
  return { assetId: toAssetId(assetId), amountAtoms: Math.round(Number(amount) * (assetId === 0 ? 1e6 : 1e8)) };
}

/** `1` is the owner's account of that number, `BTC` the one that isolates that market from the main one, `1.BTC` from account 1. */
export function subaccountOf(name: string): number {
  const [first = '', second = first] = name.split('.');
  const market = SYMBOLS[second];
  return market === undefined
    ? Number(name)
    : isolatedSubaccount(first === second ? 0 : Number(first), toMarketId(market));
}

/**
 * What an owner asks for, as a table says it:
 *
 *     buy BTC 1 @ 50000 [ioc|fok|gtt SECONDS|postOnly|slide] [reduceOnly] [show SIZE] [name ID]
 *         [stp expireTaker|expireBoth|decrement [owner]] [stop|takeProfit PRICE | trail DISTANCE]
 *         [tp PRICE[:LIMIT]] [sl PRICE[:LIMIT]]
 *     buy BTC 1 market [...]
 *     batch ORDER / ORDER ...        oco ORDER / ORDER        replace #3 ORDER
 *     amend #3 @ 50000 size 2        cancel #3 | cancel name ID        cancels #3 #4        cancelAll [BTC]
 *     scale buy BTC 1 from 49000 to 48000 in 3 [skew 2]       twap buy BTC 1 for 60 in 3 [reduceOnly]
 *     deadman SECONDS                protect BTC [window S] [quantity L] [delta L] [count N]        unprotect BTC
 *     withdraw 5 [WETH]              transfer 5 [WETH] to 1 | BTC | 1.BTC       give 5 BTC insurance|backstop
 *     register, leave                take AUCTION BTC SIZE @ PRICE
 */
export function commandOf(exchange: Exchange, auth: Authorization, verb: string, rest: readonly string[]): Command {
  const [first = '', second = ''] = rest;
  switch (verb) {
    case 'buy':
    case 'sell':
      return { kind: 'placeOrder', auth, ...orderOf(exchange, [verb, ...rest]) };
    case 'batch':
      return { kind: 'placeOrders', auth, orders: ordersOf(exchange, rest), grouping: 'none' };
    case 'oco':
      return { kind: 'placeOrders', auth, orders: ordersOf(exchange, rest), grouping: 'oneCancelsOther' };
    case 'replace':
      return { kind: 'replaceOrder', auth, replaced: nameOf([first]), order: orderOf(exchange, rest.slice(1)) };
    case 'amend':
      return { kind: 'amendOrder', auth, ...amendmentOf(rest) };
    case 'amends':
      return { kind: 'amendOrders', auth, amendments: split(rest).map(amendmentOf) };
    case 'cancel':
      return { kind: 'cancelOrder', auth, ...nameOf(rest) };
    case 'cancels':
      return { kind: 'cancelOrders', auth, orders: rest.map((word) => nameOf([word])) };
    case 'cancelAll':
      return { kind: 'cancelAllOrders', auth, marketId: toMarketId(SYMBOLS[first] ?? 0) };
    case 'scale':
      return {
        kind: 'placeScale',
        auth,
        order: orderOf(exchange, rest),
        fromTicks: numberAfter(rest, 'from'),
        toTicks: numberAfter(rest, 'to'),
        orderCount: numberAfter(rest, 'in'),
        skewPpm: Math.round((numberAfter(rest, 'skew') || 1) * 1e6),
      };
    case 'twap':
      return {
        kind: 'placeTwap',
        auth,
        marketId: toMarketId(SYMBOLS[second] ?? 99),
        side: first as Side,
        sizeLots: lotsOf(rest[2]),
        reduceOnly: rest.includes('reduceOnly'),
        clientOrderId: wordAfter(rest, 'name'),
        durationMs: numberAfter(rest, 'for') * 1_000,
        slices: numberAfter(rest, 'in'),
      };
    case 'deadman':
      return { kind: 'cancelAllAfter', auth, timeoutMs: Number(first) * 1_000 };
    case 'protect':
      return {
        kind: 'setMarketMakerProtection',
        auth,
        marketId: toMarketId(SYMBOLS[first] ?? 99),
        windowMs: numberAfter(rest, 'window') * 1_000,
        quantityLots: lotsOf(wordAfter(rest, 'quantity')),
        deltaLots: lotsOf(wordAfter(rest, 'delta')),
        fillCount: numberAfter(rest, 'count'),
      };
    case 'unprotect':
      return { kind: 'resetMarketMakerProtection', auth, marketId: toMarketId(SYMBOLS[first] ?? 99) };
    case 'withdraw':
      return { kind: 'withdraw', auth, recipient: auth.owner, ...amountOf(rest) };
    case 'transfer':
      return { kind: 'transfer', auth, toSubaccount: subaccountOf(wordAfter(rest, 'to')), ...amountOf(rest) };
    case 'give':
      return { kind: 'fundSafety', auth, ...fundOf(rest) };
    case 'register':
    case 'leave':
      return { kind: 'registerLiquidator', auth, active: verb === 'register' };
    case 'take':
      return {
        kind: 'takeAuction',
        auth,
        auctionId: Number(first),
        marketId: toMarketId(SYMBOLS[second] ?? 99),
        sizeLots: lotsOf(rest[2]),
        limitTicks: numberAfter(rest, '@'),
      };
    default:
      throw new Error(`no such command in a scenario: ${verb}`);
  }
}

/** `5 BTC insurance`: so much USDC for that fund of the market. */
export function fundOf([amount = '', symbol = '', fund = '']: readonly string[]) {
  return {
    marketId: toMarketId(SYMBOLS[symbol] ?? 99),
    fund: fund as SafetyFund,
    amountAtoms: Math.round(Number(amount) * 1e6),
  };
}

/** `buy BTC 1 @ 50000 ...` as an order request. */
export function orderOf(exchange: Exchange, words: readonly string[]): OrderRequest {
  const [side = '', symbol = '', size = ''] = words;
  return {
    marketId: toMarketId(SYMBOLS[symbol] ?? 99),
    side: side as Side,
    orderType: words.includes('market') ? 'market' : 'limit',
    timeInForce: timeInForceOf(words),
    priceTicks: numberAfter(words, '@'),
    sizeLots: lotsOf(size),
    reduceOnly: words.includes('reduceOnly'),
    clientOrderId: wordAfter(words, 'name'),
    expiresAtMs: words.includes('gtt') ? exchange.timeMs + numberAfter(words, 'gtt') * 1_000 : 0,
    displayLots: lotsOf(wordAfter(words, 'show')),
    selfTrade: (wordAfter(words, 'stp') || 'expireMaker') as SelfTradePrevention,
    selfTradeScope: words.includes('owner') ? 'owner' : 'account',
    trigger: triggerOf(words),
    attached: attachedOf(words),
  };
}

function ordersOf(exchange: Exchange, words: readonly string[]): OrderRequest[] {
  return split(words).map((order) => orderOf(exchange, order));
}

/** The words between slashes. */
function split(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === '/') parts.push([]);
    else parts.at(-1)!.push(word);
  }
  return parts;
}

function amendmentOf(words: readonly string[]) {
  const market = words.find((word) => SYMBOLS[word] !== undefined) ?? 'BTC';
  const marketId = toMarketId(SYMBOLS[market]!);
  return {
    ...nameOf(words),
    marketId,
    priceTicks: numberAfter(words, '@'),
    sizeLots: lotsOf(wordAfter(words, 'size')),
  };
}

/** `#3`, or `name ID`. */
function nameOf(words: readonly string[]): OrderName {
  const [first = ''] = words;
  return first.startsWith('#')
    ? { orderId: toOrderId(Number(first.slice(1))), clientOrderId: '' }
    : { orderId: 0, clientOrderId: wordAfter(words, 'name') };
}

const TIMES: Record<string, TimeInForce> = {
  ioc: 'ioc',
  fok: 'fok',
  gtt: 'gtt',
  postOnly: 'postOnly',
  slide: 'postOnlySlide',
};

function timeInForceOf(words: readonly string[]): TimeInForce {
  const word = words.find((candidate) => candidate in TIMES);
  return word === undefined ? 'gtc' : TIMES[word]!;
}

function triggerOf(words: readonly string[]): Trigger | undefined {
  const trailTicks = numberAfter(words, 'trail');
  if (words.includes('trail')) return { kind: 'trailingStop', triggerTicks: 0, trailTicks };
  const kind = words.find((word): word is TriggerKind => word === 'stop' || word === 'takeProfit');
  return kind === undefined ? undefined : { kind, triggerTicks: numberAfter(words, kind), trailTicks: 0 };
}

function attachedOf(words: readonly string[]): OrderRequest['attached'] {
  if (!words.includes('tp') && !words.includes('sl')) return undefined;
  const [takeProfitTicks = 0, takeProfitLimitTicks = 0] = pricesOf(wordAfter(words, 'tp'));
  const [stopLossTicks = 0, stopLossLimitTicks = 0] = pricesOf(wordAfter(words, 'sl'));
  return { takeProfitTicks, takeProfitLimitTicks, stopLossTicks, stopLossLimitTicks };
}

/** `52000` or `52000:51900`, trigger and limit. */
function pricesOf(text: string): number[] {
  return text.split(':').map(Number);
}

function wordAfter(words: readonly string[], name: string): string {
  const place = words.indexOf(name);
  return place < 0 ? '' : (words[place + 1] ?? '');
}

function numberAfter(words: readonly string[], name: string): number {
  return Number(wordAfter(words, name));
}

/** Sizes are written in base units of 0.001. */
function lotsOf(size: string | undefined): number {
  return Math.round(Number(size ?? '') * 1_000);
}
