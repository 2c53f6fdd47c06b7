import { type Static, Type } from 'typebox';

/**
 * A certificate as the engine wrote it: integers in ticks, lots, atoms and 10^-6, so that it can be recomputed exactly. What
 * each field means stands in `Certificate` of the types package.
 */
const integer = Type.Integer();
const hex = Type.String({ pattern: '^0x[0-9a-f]*$' });
const side = Type.Enum(['buy', 'sell']);
const rule = Type.Enum(['waterFilling', 'profitLeverage', 'profitNotional']);
const tiers = Type.Array(
  Type.Object({ floorNotionalAtoms: integer, initialMarginPpm: integer, maintenanceMarginPpm: integer }),
);
const reports = Type.Array(
  Type.Object({
    feeder: hex,
    priceTicks: integer,
    perpTicks: integer,
    publishTimeMs: integer,
    reportSequence: integer,
    signature: hex,
  }),
);
const figures = Type.Object({
  equityAtoms: integer,
  initialMarginAtoms: integer,
  maintenanceMarginAtoms: integer,
});
const certifiedMarket = Type.Object({
  marketId: integer,
  symbol: Type.String(),
  priceDecimals: integer,
  sizeDecimals: integer,
  atomsPerTickLot: integer,
  maxPriceTicks: integer,
  initialMarginPpm: integer,
  maintenanceMarginPpm: integer,
  marginTiers: tiers,
  openInterestLowerAtoms: integer,
  openInterestUpperAtoms: integer,
  marketSlippagePpm: integer,
  markBandPpm: integer,
  liquidationFeePpm: integer,
  deleverageRule: rule,
  openInterestLots: integer,
  fundingIndex: integer,
  markTicks: integer,
  stableTicks: integer,
  mark: Type.Object({
    indexTicks: integer,
    basisEmaMilli: integer,
    medianEmaMilli: integer,
    bidTicks: integer,
    askTicks: integer,
    lastTicks: integer,
    perpTicks: integer,
  }),
  indexTimeMs: integer,
  indexStaleMs: integer,
  reports,
});
const rank = Type.Object({
  rule,
  place: integer,
  candidates: integer,
  sizeLots: integer,
  entryNotionalAtoms: integer,
  unrealisedAtoms: integer,
  equityAtoms: integer,
  notionalAtoms: integer,
  hedgedLots: integer,
  score: Type.String(),
  level: Type.String(),
  neededLots: integer,
});

const certificate = Type.Object({
  certificateId: integer,
  sequence: integer,
  timeMs: integer,
  stage: Type.Enum(['book', 'auction', 'backstop', 'deleverage']),
  liquidationId: integer,
  auctionId: integer,
  accountId: integer,
  owner: hex,
  subaccount: integer,
  marketId: integer,
  side,
  sizeLots: integer,
  filledLots: integer,
  quoteAtoms: integer,
  feeAtoms: integer,
  insuranceAtoms: integer,
  insuranceFundAtoms: integer,
  limitTicks: integer,
  fillableTicks: integer,
  zeroTicks: integer,
  zeroQuoteAtoms: integer,
  elapsedMs: integer,
  counterpartyId: integer,
  collateralAtoms: integer,
  balances: Type.Array(
    Type.Object({
      assetId: integer,
      symbol: Type.String(),
      amountAtoms: integer,
      decimals: integer,
      priceDecimals: integer,
      haircutPpm: integer,
      priceTicks: integer,
      priceStaleMs: integer,
      reports,
    }),
  ),
  positions: Type.Array(
    Type.Object({
      marketId: integer,
      sizeLots: integer,
      entryNotionalAtoms: integer,
      fundingIndex: integer,
      leverage: integer,
    }),
  ),
  markets: Type.Array(certifiedMarket),
  feeders: Type.Array(Type.Object({ feeder: hex, weight: integer })),
  before: figures,
  after: figures,
  rank: Type.Optional(rank),
});

const decimal = (description: string) => Type.String({ description });
export const certificateAnswer = Type.Object({
  domain: Type.Object(
    { chainId: integer, verifyingContract: hex },
    { description: 'what the signatures of the price reports are bound to' },
  ),
  certificate,
  readable: Type.Object(
    {
      market: Type.String(),
      stage: Type.String(),
      side,
      size: decimal('asked for, base units'),
      filledSize: decimal('base units'),
      averagePrice: Type.Union([decimal('USD'), Type.Null()]),
      limitPrice: decimal('worst price that was allowed, USD'),
      fillablePrice: decimal('USD'),
      zeroPrice: decimal('USD'),
      mark: decimal('USD'),
      equityBefore: decimal('USDC'),
      maintenanceMarginBefore: decimal('USDC'),
      equityAfter: decimal('USDC'),
      maintenanceMarginAfter: decimal('USDC'),
      fee: decimal('USDC'),
      insurance: decimal('USDC that the insurance fund paid'),
    },
    { description: 'the same for people; nothing follows from it' },
  ),
});
export const certificatesAnswer = Type.Object({
  sequence: Type.Integer({ minimum: 0, description: 'place in the log' }),
  certificates: Type.Array(certificateAnswer, { description: 'newest first' }),
});

export type CertificateAnswer = Static<typeof certificateAnswer>;
