import { type TProperties, Type } from 'typebox';

/**
 * The JSON of a certificate: field for field `Certificate` of the types package. Bounds keep every figure where the
 * arithmetic is exact; what the figures say of each other is judged later.
 */
const signed = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const positive = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const decimals = Type.Integer({ minimum: 0, maximum: 18 });
const priceDecimals = Type.Integer({ minimum: 0, maximum: 6 });
const ppm = Type.Integer({ minimum: 0, maximum: 1_000_000 });
const symbol = Type.String({ pattern: '^[A-Z0-9-]{1,16}$' });
const address = Type.String({ pattern: '^0x[0-9a-f]{40}$' });
const signature = Type.String({ pattern: '^0x[0-9a-f]{0,130}$' });
const scaled = Type.String({ pattern: '^(0|-?[1-9][0-9]{0,62})$' });
const side = Type.Union([Type.Literal('buy'), Type.Literal('sell')]);
const stage = Type.Union(['book', 'auction', 'backstop', 'deleverage'].map((each) => Type.Literal(each)));
const rule = Type.Union(['waterFilling', 'profitLeverage', 'profitNotional'].map((each) => Type.Literal(each)));

/** A field that is not known could be taken for one that was checked. */
const exactly = <Fields extends TProperties>(fields: Fields) => Type.Object(fields, { additionalProperties: false });

const reports = Type.Array(
  exactly({
    feeder: address,
    priceTicks: positive,
    perpTicks: count,
    publishTimeMs: count,
    reportSequence: count,
    signature,
  }),
  { maxItems: 31 },
);
const figures = exactly({ equityAtoms: signed, initialMarginAtoms: count, maintenanceMarginAtoms: count });

const market = exactly({
  marketId: positive,
  symbol,
  priceDecimals,
  sizeDecimals: priceDecimals,
  atomsPerTickLot: positive,
  maxPriceTicks: positive,
  initialMarginPpm: ppm,
  maintenanceMarginPpm: ppm,
  marginTiers: Type.Array(exactly({ floorNotionalAtoms: positive, initialMarginPpm: ppm, maintenanceMarginPpm: ppm }), {
    maxItems: 8,
  }),
  openInterestLowerAtoms: count,
  openInterestUpperAtoms: count,
  marketSlippagePpm: ppm,
  markBandPpm: ppm,
  liquidationFeePpm: ppm,
  deleverageRule: rule,
  openInterestLots: count,
  fundingIndex: signed,
  markTicks: positive,
  stableTicks: count,
  mark: exactly({
    indexTicks: positive,
    basisEmaMilli: signed,
    medianEmaMilli: signed,
    bidTicks: count,
    askTicks: count,
    lastTicks: count,
    perpTicks: count,
  }),
  indexTimeMs: count,
  indexStaleMs: count,
  reports,
});

const rank = exactly({
  rule,
  place: count,
  candidates: count,
  sizeLots: signed,
  entryNotionalAtoms: signed,
  unrealisedAtoms: signed,
  equityAtoms: signed,
  notionalAtoms: count,
  hedgedLots: count,
  score: scaled,
  level: scaled,
  neededLots: count,
});

export const certificateSchema = exactly({
  certificateId: positive,
  sequence: positive,
  timeMs: count,
  stage,
  liquidationId: count,
  auctionId: count,
  accountId: positive,
  owner: address,
  subaccount: count,
  marketId: positive,
  side,
  sizeLots: count,
  filledLots: count,
  quoteAtoms: signed,
  feeAtoms: count,
  insuranceAtoms: count,
  insuranceFundAtoms: count,
  limitTicks: signed,
  fillableTicks: signed,
  zeroTicks: signed,
  zeroQuoteAtoms: signed,
  elapsedMs: count,
  counterpartyId: count,
  collateralAtoms: signed,
  balances: Type.Array(
    exactly({
      assetId: positive,
      symbol,
      amountAtoms: count,
      decimals,
      priceDecimals,
      haircutPpm: ppm,
      priceTicks: count,
      priceStaleMs: count,
      reports,
    }),
    { maxItems: 16 },
  ),
  positions: Type.Array(
    exactly({
      marketId: positive,
      sizeLots: signed,
      entryNotionalAtoms: signed,
      fundingIndex: signed,
      leverage: count,
    }),
    { maxItems: 255 },
  ),
  markets: Type.Array(market, { maxItems: 255 }),
  feeders: Type.Array(exactly({ feeder: address, weight: positive }), { maxItems: 31 }),
  before: figures,
  after: figures,
  rank: Type.Optional(Type.Union([rank, Type.Null()])),
});

/** The gateway's answer: the certificate beside what its signatures are bound to. What is `readable` is not read. */
export const wrappedSchema = Type.Object({
  domain: exactly({ chainId: positive, verifyingContract: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }) }),
  certificate: Type.Unknown(),
});
