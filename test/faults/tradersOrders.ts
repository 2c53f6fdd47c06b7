import { addressOfKey, keelDomain, signPriceReport } from '@keel/signing';
import { type Address, type Command, type Hex, type PlaceOrder, toMarketId } from '@keel/types';

export const TOKEN = 'fa17'.repeat(16);
export const SETTLEMENT: Address = `0x${'5e'.repeat(20)}`;
/** The only price feeder: its reports are a quorum. */
const FEEDER_KEY: Hex = `0x${'fe'.repeat(32)}`;
export const FEEDER: Address = addressOfKey(FEEDER_KEY);
/** Of BTC-USD, 60,000.0. */
const PRICE_TICKS = 600_000;
/** A million USDC each: no order of a test is refused for want of money. */
const DEPOSIT_ATOMS = 1_000_000_000_000;

/** A sequencer trusts its gateways with signatures, so any 65 bytes will do. */
const SIGNATURE = `0x${'11'.repeat(65)}` as const;

export function ownerOf(trader: number): Address {
  return `0x${String(trader).padStart(40, '0')}`;
}

export function depositOf(trader: number): Command {
  const l1TxHash = `0x${'22'.repeat(32)}` as const;
  const amountAtoms = DEPOSIT_ATOMS;
  return {
    kind: 'creditDeposit',
    depositIndex: trader,
    owner: ownerOf(trader),
    assetId: 0,
    amountAtoms,
    l1BlockNumber: 1,
    l1TxHash,
  };
}

/**
 * The order of a trader in its `turn`: 0.001 BTC at one price, buying and selling by turns, and always against the trader
 * beside it. So nearly every order trades, positions and the book stay small, and every one of them is valid.
 */
export function orderOf(trader: number, turn: number, nonce: number): PlaceOrder {
  const owner = ownerOf(trader);
  return {
    kind: 'placeOrder',
    auth: { owner, subaccount: 0, signer: owner, nonce, expiresAfterMs: 0, signature: SIGNATURE },
    marketId: toMarketId(1),
    side: (trader + turn) % 2 === 0 ? 'buy' : 'sell',
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: PRICE_TICKS,
    sizeLots: 100,
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

/** What the feeder says now: always the same price, so that nothing halts. */
export function indexPrice(timeMs: number): Command {
  const figures = { priceTicks: PRICE_TICKS, perpTicks: 0, publishTimeMs: timeMs, reportSequence: timeMs };
  const feed = { name: 'BTC-USD', priceDecimals: 1 };
  const signature = signPriceReport(keelDomain(31_337, SETTLEMENT), feed, figures, FEEDER_KEY);
  return {
    kind: 'updateIndexPrice',
    marketId: toMarketId(1),
    reports: [{ feeder: FEEDER, ...figures, signature }],
  };
}
