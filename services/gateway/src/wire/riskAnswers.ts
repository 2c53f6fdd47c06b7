import { type Static, Type } from 'typebox';
import { next } from './pages.ts';
import { decimal, hex, orNull, priceQuality, sequence, side, time } from './parts.ts';

/** Answers about prices, margin calls and liquidations; written as in answers.ts. */
export const collateralAnswer = Type.Object({
  symbol: Type.String(),
  decimals: Type.Integer(),
  price: orNull(decimal('USDC per unit; null before the first')),
  priceQuality,
  priceTime: Type.Integer({
    description: 'a quorum of the reports behind the price is at least so new; 0 = none agreed',
  }),
  haircut: decimal('part of its value that does not count'),
  maxDeposited: decimal('units that the whole exchange takes'),
  deposited: decimal('units that are there'),
  treasury: decimal('units that the exchange bought from accounts that owed USDC'),
});

export const collateralsAnswer = Type.Object({ sequence, collaterals: Type.Array(collateralAnswer) });

export const priceAnswer = Type.Object({
  sequence,
  feed: Type.String(),
  price: orNull(decimal('weighted median of the reports, USD')),
  time: Type.Integer({ description: 'a quorum of the reports is at least so new; 0 = none agreed' }),
  quorum: Type.Integer({ description: 'feeders that have to agree' }),
  feeders: Type.Array(Type.Object({ feeder: hex, weight: Type.Integer() })),
  reports: Type.Array(
    Type.Object({
      feeder: hex,
      price: decimal('as it was signed'),
      perpPrice: decimal('as it was signed; 0 = not fed'),
      publishTime: time,
      reportSequence: Type.Integer(),
      signature: hex,
    }),
    { description: 'those that the price was agreed from: EIP-712 PriceReport with this feed' },
  ),
});

export const liquidationAnswer = Type.Object({
  liquidationId: Type.String(),
  stage: Type.Enum([
    'liquidationStarted',
    'auctionStarted',
    'positionCloseOut',
    'insurancePaid',
    'positionDeleveraged',
    'liquidationEnded',
  ]),
  account: hex,
  subaccount: Type.Integer({ minimum: 0 }),
  counterparty: orNull(Type.String({ description: 'the deleveraged account, the liquidator or the backstop vault' })),
  counterpartySubaccount: orNull(Type.Integer({ minimum: 0 })),
  closeOutStage: Type.Union([Type.Enum(['book', 'auction', 'backstop', 'deleverage']), Type.Null()], {
    description: 'where a forced trade found its other side',
  }),
  auctionId: orNull(Type.Integer()),
  certificateId: orNull(Type.Integer({ description: 'of a step that traded; see /v1/certificates' })),
  market: orNull(Type.String()),
  side: Type.Union([side, Type.Null()]),
  size: orNull(decimal('base units: asked for by a close-out, or deleveraged')),
  filledSize: orNull(decimal('base units')),
  price: orNull(decimal('average price of what a close-out filled, or bankruptcy price of a deleveraging, USD')),
  limitPrice: orNull(decimal('worst price that the close-out was allowed to take; of an auction its first, USD')),
  zeroPrice: orNull(decimal('where the price of an auction ends, USD')),
  mark: orNull(decimal('mark price that led to the close-out, USD')),
  equity: orNull(decimal('USDC')),
  maintenanceMargin: orNull(decimal('USDC')),
  amount: orNull(decimal('USDC: fee of a close-out, or paid by the insurance fund')),
  rank: Type.Union(
    [
      Type.Object({
        rule: Type.Enum(['waterFilling', 'profitLeverage', 'profitNotional']),
        place: Type.Integer({ description: 'from 1' }),
        candidates: Type.Integer({ description: 'opposing positions' }),
        score: Type.String({ description: 'in 10^-9, rounded down' }),
        level: Type.String({ description: 'water-filling: leverage that all were brought down to, in 10^-9' }),
        size: decimal('base units before, signed'),
        hedgedSize: decimal("base units that the owner's other accounts hold against it"),
        notional: decimal('USDC'),
        equity: decimal('USDC'),
        unrealisedPnl: decimal('USDC'),
        neededSize: decimal('base units that had to go in all'),
      }),
      Type.Null(),
    ],
    { description: 'receipt of a deleveraged account: every input of its rank, as of the moment before' },
  ),
  time,
  sequence,
});

export const liquidationsAnswer = Type.Object({ sequence, liquidations: Type.Array(liquidationAnswer), next });

export const auctionAnswer = Type.Object({
  auctionId: Type.Integer(),
  liquidationId: Type.String(),
  account: hex,
  subaccount: Type.Integer({ minimum: 0 }),
  market: Type.String(),
  side: Type.Enum(['buy', 'sell'], { description: 'of the close-out: a long is sold' }),
  takerSide: Type.Enum(['buy', 'sell'], { description: 'of whoever takes it' }),
  size: decimal('base units at the beginning'),
  remainingSize: decimal('base units now'),
  limitPrice: decimal('present price as of the last step, USD; each second it walks on'),
  fillablePrice: decimal('where it began, USD'),
  zeroPrice: decimal('where it ends as of its beginning, USD; both ends move with mark'),
  mark: decimal('USD'),
  startTime: time,
  endsAt: time,
});

export const auctionsAnswer = Type.Object({
  sequence,
  auctions: Type.Array(auctionAnswer, { description: 'those that run, oldest first' }),
});

export const endedAuctionAnswer = Type.Object({
  auctionId: Type.Integer(),
  market: Type.String(),
  reason: Type.Enum(['filled', 'healthy', 'timeOver', 'backstopDue']),
  remainingSize: decimal('base units'),
});

export const marginEventAnswer = Type.Object({
  kind: Type.Enum(['marginCall', 'preLiquidation']),
  levelPercent: orNull(
    Type.Integer({ description: 'of maintenance margin to equity that was passed, 75 or 90; 0 = back below 70' }),
  ),
  equity: decimal('USDC'),
  maintenanceMargin: orNull(decimal('USDC')),
  initialMargin: orNull(decimal('USDC, with all orders that were there')),
  shortage: orNull(decimal('USDC that bring it below 70 %')),
  suggestedOrder: Type.Union(
    [
      Type.Object({ market: Type.String(), side, size: decimal('base units'), reduceOnly: Type.Boolean() }),
      Type.Null(),
    ],
    { description: 'brings it there at mark, fees apart' },
  ),
  closedOrders: orNull(Type.Integer({ description: 'orders that a pre-liquidation closed' })),
  time,
  sequence,
});

export const marginEventsAnswer = Type.Object({
  sequence,
  address: hex,
  marginEvents: Type.Array(marginEventAnswer, { description: 'newest first' }),
  next,
});

export type CollateralAnswer = Static<typeof collateralAnswer>;
export type PriceAnswer = Static<typeof priceAnswer>;
export type AuctionAnswer = Static<typeof auctionAnswer>;
export type EndedAuctionAnswer = Static<typeof endedAuctionAnswer>;
export type MarginEventAnswer = Static<typeof marginEventAnswer>;
export type LiquidationAnswer = Static<typeof liquidationAnswer>;
