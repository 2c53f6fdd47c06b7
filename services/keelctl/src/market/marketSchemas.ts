import { type Static, Type } from 'typebox';

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const decimals = Type.Integer({ minimum: 0, maximum: 18 });

/** `GET /markets` of a sequencer's admin port, as far as it is read here. */
export const marketsSchema = Type.Object({
  sequence: Type.Optional(count),
  markets: Type.Array(
    Type.Object({
      marketId: count,
      symbol: Type.String(),
      priceDecimals: decimals,
      sizeDecimals: decimals,
      tradingStatus: Type.String(),
      resumeStage: Type.Optional(count),
      quality: Type.String(),
      indexTicks: count,
      indexTimeMs: Type.Optional(count),
      markTicks: count,
      openInterestLots: count,
      insuranceFundAtoms: count,
      backstopEquityAtoms: Type.Optional(Type.Integer()),
    }),
  ),
});

export type ListedMarket = Static<typeof marketsSchema>['markets'][number];
