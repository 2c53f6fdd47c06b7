/**
 * Cases that other systems print in their documents and tests: figures, not words. A line is `id | what is given | what
 * they print | tolerance`; a short of theirs is negative. Every source stands before its lines.
 */
const TABLES: Readonly<Record<string, string>> = {
  'bankruptcy-price': `
    # dydxprotocol/v4-chain protocol/x/clob/keeper/liquidations_test.go TestGetBankruptcyPriceInQuoteQuantums
    dydx-bk1 | {"usdc":-4501,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"BTC","delta":-0.1} | 4501 | 0
    dydx-bk2 | {"usdc":5499,"positions":{"BTC":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"BTC","delta":0.1} | -5499 | 0
    dydx-bk4 | {"usdc":-5000,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"BTC","delta":-0.05} | 2500 | 0
    dydx-bk5 | {"usdc":5000,"positions":{"BTC":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"BTC","delta":0.05} | -2500 | 0
    dydx-bk7 | {"usdc":-5100,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"BTC","delta":-0.1} | 5100 | 0
    dydx-bk8 | {"usdc":4900,"positions":{"BTC":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"BTC","delta":0.1} | -4900 | 0
    dydx-bk10 | {"usdc":510,"positions":{"BTC":-0.004,"ETH":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"ETH","delta":0.1} | -306 | 0
    dydx-bk11 | {"usdc":110,"positions":{"BTC":0.004,"ETH":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"close":"ETH","delta":0.1} | -306 | 0
    dydx-bk13 | {"usdc":13,"positions":{"BTC":-1},"delta":0.00021347} | -0.002775 | 0
    # bybit help: Bankruptcy Price (USDT Contract)
    bybit-bk1 | {"entry":10000,"lev":50,"side":"long"} | 9800 | 0
`,
  'fillable-price': `
    # dydxprotocol/v4-chain protocol/x/clob/keeper/liquidations_test.go TestGetFillablePrice
    dydx-f1 | {"usdc":-4501,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":1,"spreadToMMR":0.1} | 49999 | 0
    dydx-f2 | {"usdc":-4501,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":2,"spreadToMMR":0.1} | 49998 | 0
    dydx-f4 | {"usdc":5499,"positions":{"BTC":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":1,"spreadToMMR":0.1} | 50001 | 0
    dydx-f5 | {"usdc":5499,"positions":{"BTC":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":2,"spreadToMMR":0.1} | 50002 | 0
    dydx-f7 | {"usdc":-5000,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":1,"spreadToMMR":0.1} | 49500 | 0
    dydx-f8 | {"usdc":5000,"positions":{"BTC":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":1,"spreadToMMR":0.1} | 50500 | 0
    dydx-f10 | {"usdc":4500,"positions":{"BTC":-0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":1,"spreadToMMR":0.1} | 50500 | 0
    dydx-f11 | {"usdc":-490,"positions":{"BTC":0.004,"ETH":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"ETH","bankruptcyAdjustment":1,"spreadToMMR":0.1} | 2976 | 0
    dydx-f13 | {"usdc":-4501,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":1,"spreadToMMR":0.000001} | 49999.99999 | 0
    dydx-f14 | {"usdc":-4501,"positions":{"BTC":0.1},"oracle":{"BTC":50000,"ETH":3000},"mmf":0.1,"market":"BTC","bankruptcyAdjustment":1,"spreadToMMR":1} | 49990 | 0
`,
  'insurance-delta': `
    # dydxprotocol/v4-chain protocol/x/clob/keeper/liquidations_test.go TestGetLiquidationInsuranceFundDelta
    dydx-i1 | {"usdc":-5100,"btc":0.1,"index":50000,"fillPrice":56100,"maxLiqFee":0.005} | 28.05 | 0
    dydx-i2 | {"usdc":-5100,"btc":0.1,"index":50000,"fillPrice":56100,"maxLiqFee":0.025} | 140.25 | 0
    dydx-i4 | {"usdc":4900,"btc":-0.1,"index":50000,"fillPrice":44100,"maxLiqFee":0.005} | 22.05 | 0
    dydx-i5 | {"usdc":4900,"btc":-0.1,"index":50000,"fillPrice":44100,"maxLiqFee":0.025} | 110.25 | 0
    dydx-i7 | {"usdc":-5100,"btc":0.1,"index":50000,"fillPrice":51051,"maxLiqFee":0.005} | 5.1 | 0
    dydx-i8 | {"usdc":4900,"btc":-0.1,"index":50000,"fillPrice":48951,"maxLiqFee":0.005} | 4.9 | 0
    dydx-i10 | {"usdc":4900,"btc":-0.1,"index":50000,"fillPrice":49000,"maxLiqFee":0.005} | 0 | 0
    dydx-i11 | {"usdc":-5100,"btc":0.1,"index":50000,"fillPrice":50490,"maxLiqFee":0.005} | -51 | 0
`,
  'oi-scaled-imf-ppm': `
    # dydxprotocol/v4-chain protocol/x/perpetuals/types/liquidity_tier_test.go
    dydx-o1 | {"baseImf":0.2,"openInterest":0,"lower":1000000,"upper":2000000} | 200000 | 0
    dydx-o2 | {"baseImf":0.2,"openInterest":1500000,"lower":1000000,"upper":2000000} | 600000 | 0
    dydx-o4 | {"baseImf":0.2,"openInterest":1000000,"lower":1000000,"upper":2000000} | 200000 | 0
    dydx-o5 | {"baseImf":0.2,"openInterest":2000000,"lower":1000000,"upper":2000000} | 1000000 | 0
`,
  'liquidation-size': `
    # dydxprotocol/v4-chain protocol/x/clob/keeper/liquidations_test.go (size of the liquidation order)
    dydx-s1 | {"position":0.1,"price":50000,"maxPortion":1,"minNotional":0,"subaccountLimit":10000,"step":0.00000005} | 0.1 | 0
    dydx-s2 | {"position":0.1,"price":50000,"maxPortion":1,"minNotional":0,"subaccountLimit":2500,"step":0.00000005} | 0.05 | 0
    dydx-s4 | {"position":0.1,"price":50000,"maxPortion":0.4,"minNotional":0,"subaccountLimit":2500,"step":0.00000005} | 0.04 | 0
    dydx-s5 | {"position":0.1,"price":50000,"maxPortion":0.1,"minNotional":10000,"subaccountLimit":0,"step":0.00000005} | 0.1 | 0
    dydx-s7 | {"position":21,"price":1,"maxPortion":0.5,"minNotional":0,"subaccountLimit":0,"step":3} | 9 | 0
    dydx-s8 | {"position":20,"price":1,"maxPortion":0.1,"minNotional":0,"subaccountLimit":0,"step":5} | 5 | 0
    dydx-s10 | {"position":5,"price":1,"maxPortion":0.1,"minNotional":0,"subaccountLimit":0,"step":10} | 5 | 0
`,
  'funding-index-delta': `
    # dydxprotocol/v4-chain protocol/x/perpetuals/keeper/perpetual_test.go (funding ticks)
    dydx-u1 | {"premiumPpm":1000,"index":50000,"minuteSamples":60,"cap8hPpm":0,"baseResolution":-10} | 625 | 0
    dydx-u2 | {"premiumPpm":2000,"index":50000,"minuteSamples":60,"cap8hPpm":0,"baseResolution":-10} | 1250 | 0
    dydx-u4 | {"premiumPpm":150000,"index":50000,"minuteSamples":60,"cap8hPpm":120000,"baseResolution":-10} | 75000 | 0
    dydx-u5 | {"premiumPpm":1000,"index":50000,"minuteSamples":30,"cap8hPpm":0,"baseResolution":-10} | 312 | 0
`,
  'liquidation-price': `
    # dydxprotocol/v4-documentation docs/pages/concepts/trading (isolated/cross liquidation price)
    dydx-lp1 | {"equity":1000,"size":-3,"price":3000,"mmf":0.05,"otherMMR":0} | 3174.60 | 0.005
    dydx-lp2 | {"equity":1000,"size":-1.5,"price":3000,"mmf":0.05,"otherMMR":175} | 3380.95 | 0.005
    # Minnzen/hyperliquid-math fixtures/live 2026-07-19-mainnet (HLP vault, DYDX)
    hl-lp2 | {"accountValue":3001412.122254,"crossMM":38312.328233,"szi":-100480.9,"mark":0.12083,"mmRate":0.01} | 29.3180423289 | 0.0000000001
    # Minnzen/hyperliquid-math spec/WORKED-EXAMPLES.json
    hl-lp3 | {"size":1,"mark":100,"isolatedMargin":20,"maxLeverage":10} | 84.2105263157894736842 | 0.0000000001
    # help.mcs.io Isolated-Margin (inverse)
    mcs-lp2 | {"entry":2000,"lev":10,"mmr":0.005,"side":"short"} | 2209.94 | 0.005
    # kucoin.zendesk.com 26694703491737 (linear)
    kucoin-lp | {"entry":28000,"lev":100,"mmr":0.004,"side":"short"} | 28168 | 0
    # binance FAQ b3c689c1 cross BTCUSDT
    bnc-lp1 | {"WB":1535443.01,"own":{"q":109.488,"ep":32481.98,"mk":31967.27,"mmr":0.025,"cum":16300},"other":{"q":3683.979,"ep":1456.84,"mk":1335.18,"mmr":0.1,"cum":135365}} | 26316.89 | 0.005
    # binance FAQ b3c689c1 cross ETHUSDT
    bnc-lp2 | {"WB":1535443.01,"own":{"q":3683.979,"ep":1456.84,"mk":1335.18,"mmr":0.1,"cum":135365},"other":{"q":109.488,"ep":32481.98,"mk":31967.27,"mmr":0.025,"cum":16300}} | 1153.26 | 0.005
`,
  funding: `
    # hyperliquid-docs/trading/funding (secondary copy)
    hl-f1 | {"interest":0.0001,"impactBid":10100,"index":10000,"clamp":0.0005} | 0.0095 | 0
    # tradeparadex/paradex-docs fern/pages/risk-system/*.mdx
    pdx-fund1 | {"spot":60000,"premium":0.0008,"clamp":0.0005,"size":0.5,"seconds":60,"period":28800} | -0.01875 | 0
    # BitMEX perpetual guide
    bmx-fund | {"positionXBT":20,"usdInterest":0.01,"xbtInterest":0.0025,"perDay":3} | 0.05 | 0
`,
  'partial-liquidation': `
    # tradeparadex/paradex-docs fern/pages/risk-system/*.mdx
    pdx-liq-0.2 | {"accountValue":80,"mmr":88.8,"share":0.2,"penaltyFraction":0.5,"mmrAfter":71.04,"penalty":8.88,"accountValueAfter":71.12} | 0.999 | 0.001
    pdx-liq-0.4 | {"accountValue":80,"mmr":88.8,"share":0.4,"penaltyFraction":0.5,"mmrAfter":53.28,"penalty":17.76,"accountValueAfter":62.24} | 0.856 | 0.001
    pdx-liq-0.8 | {"accountValue":80,"mmr":88.8,"share":0.8,"penaltyFraction":0.5,"mmrAfter":17.76,"penalty":35.52,"accountValueAfter":44.48} | 0.399 | 0.001
    pdx-liq-fee70 | {"accountValue":80,"mmr":88.8,"share":0.6,"penaltyFraction":0.7} | 0.8318 | 0.0001
`,
  'initial-margin': `
    # tradeparadex/paradex-docs fern/pages/risk-system/*.mdx
    pdx-imr | {"position":-1,"openBuys":3,"openSells":2,"imf":0.02,"mark":90000} | 5400 | 0
`,
  'vwap-price-protection': `
    # tradeparadex/paradex-docs fern/pages/risk-system/*.mdx
    pdx-vwap1 | {"fills":[[10,19900],[10,20050],[5,20100]]} | 20000 | 0
`,
  'socialised-loss': `
    # drift-labs/protocol-v2 programs/drift/src/math/liquidation/tests.rs
    drift-k1 | {"loss":100,"longBase":7,"shortBase":-4} | 9.09091 | 0.00001
`,
  'auction-buffer': `
    # derivexyz/v2-core test/auction/unit-tests/SolventAuction.t.sol
    drv-bm | {"mm":-100,"mtm":300,"b":0.1} | -140 | 0
`,
  'auction-max-share': `
    # derivexyz/v2-core test/auction/unit-tests/SolventAuction.t.sol
    drv-f1 | {"mm":-100,"mtm":300,"b":0.1,"d":1,"reserved":0,"digits":3} | 0.318 | 0
    drv-f2 | {"mm":-100,"mtm":300,"b":0.1,"d":0.9,"reserved":0,"digits":3} | 0.341 | 0
    drv-r2 | {"mtm":5640,"mm":-5560,"b":0,"d":0.8,"reserved":1440,"digits":4} | 0.5366 | 0
`,
  'auction-cash': `
    # derivexyz/v2-core test/auction/unit-tests/SolventAuction.t.sol
    drv-c2 | {"bidPrice":270,"share":0} | 92 | 0
    drv-c3 | {"bidPrice":270,"share":0.1} | 27 | 0
    drv-r1 | {"mtm":6000,"mm":-10000,"b":0,"d":0.8,"share":0.3} | 1440 | 0
    drv-r3 | {"mtm":5640,"reserved":1440,"d":0.8,"share":0} | 1803 | 0
`,
  'auction-discount': `
    # derivexyz/v2-core test/auction/unit-tests/DutchAuctionView.t.sol
    drv-d300 | {"start":1,"cutoff":0.8,"fast":600,"slow":7200,"t":300} | 0.9 | 0
    drv-d600 | {"start":1,"cutoff":0.8,"fast":600,"slow":7200,"t":600} | 0.8 | 0
    drv-d8160 | {"start":1,"cutoff":0.8,"fast":600,"slow":7200,"t":8160} | 0 | 0
    drv-e0 | {"start":0.96,"cutoff":0.8,"fast":300,"slow":7200,"t":0} | 0.96 | 0
    drv-e300 | {"start":0.96,"cutoff":0.8,"fast":300,"slow":7200,"t":300} | 0.8 | 0
    drv-e6780 | {"start":0.96,"cutoff":0.8,"fast":300,"slow":7200,"t":6780} | 0.08 | 0
`,
  'insolvent-auction': `
    # derivexyz/v2-core test/auction/unit-tests/InsolventAuction.t.sol
    drv-n1 | {"mm":-300,"mtm":-100,"t":12,"length":600,"share":0.5} | 52 | 0
    drv-n2 | {"mm":-300,"mtm":-100,"t":300,"length":600,"share":1} | 200 | 0
`,
  'base-to-cover-shortage': `
    # drift-labs/protocol-v2 programs/drift/src/math/liquidation/tests.rs
    drift-b1 | {"shortage":10,"price":100,"quotePrice":1,"marginRatio":0.1,"liqFee":0,"ifFee":0} | 1 | 0.00000001
    drift-b2 | {"shortage":10,"price":100,"quotePrice":0.99,"marginRatio":0.1,"liqFee":0,"ifFee":0} | 1.01010101 | 0.00000001
    drift-b4 | {"shortage":10,"price":100,"quotePrice":1,"marginRatio":0.1,"liqFee":0.01,"ifFee":0} | 1.111111111 | 0.00000001
    drift-b5 | {"shortage":10,"price":100,"quotePrice":1,"marginRatio":0.1,"liqFee":0.01,"ifFee":0.01} | 1.25 | 0.00000001
`,
  'insurance-fee': `
    # drift-labs/protocol-v2 programs/drift/src/math/liquidation/tests.rs
    drift-c1 | {"shortage":20,"marginRatio":0.05,"liqFee":0.01,"base":10,"price":100,"max":0.05} | 0.019 | 0.0000001
    drift-c2 | {"shortage":1,"marginRatio":0.05,"liqFee":0.01,"base":10,"price":100,"max":0.05} | 0.03705 | 0.0000001
    drift-c3 | {"shortage":1000,"marginRatio":0.05,"liqFee":0.01,"base":10,"price":100,"max":0.05} | 0 | 0.0000001
`,
  health: `
    # blockworks-foundation/mango-v4 programs/mango-v4/src/health/cache.rs test_health1
    mango-h2 | {"baseLots":-1,"quote":100,"token":0,"basePrice":5,"baseLot":10,"baseWeights":[0.8,1.2],"overall":0.95,"settleWeights":[0.8,1.2]} | 30.4 | 0
    mango-h3 | {"baseLots":1,"quote":-100,"token":0,"basePrice":5,"baseLot":10,"baseWeights":[0.8,1.2],"overall":0.95,"settleWeights":[0.8,1.2]} | -72 | 0
    mango-h5 | {"baseLots":30,"quote":-100,"token":0,"basePrice":5,"baseLot":10,"baseWeights":[0.8,1.2],"overall":0.95,"settleWeights":[0.8,1.2]} | 836 | 0
    mango-h12 | {"baseLots":1,"quote":100,"token":-100,"basePrice":5,"baseLot":10,"baseWeights":[0.8,1.2],"overall":0.95,"settleWeights":[0.8,1.2]} | 26.4 | 0
`,
  margin: `
    # Deribit support/docs linear futures margin examples
    drb-m1 | {"price":100000,"size":25,"rate":0.02125} | 53125 | 0
    drb-m2 | {"price":100000,"size":25,"rate":0.01125} | 28125 | 0
    drb-m4 | {"price":200,"size":25,"rate":0.040125} | 200.625 | 0
    drb-m5 | {"price":200,"size":25,"rate":0.020125} | 100.625 | 0
`,
  'mark-price': `
    # deribit.freshdesk.com/support/solutions/articles/1000199659 (historic rule: last clamped into bid/ask, then index +-3%)
    drb-mk1 | {"index":270,"bid":271,"ask":271.5,"last":271.7} | 271.5 | 0
    drb-mk2 | {"index":270,"bid":271,"ask":271.5,"last":271.2} | 271.2 | 0
    # docs.aevo.xyz perpetual-futures-mark-pricing
    aevo-mk | {"index":2000,"lastFunding":0.005,"hoursLeft":0.5} | 2005 | 0
`,
  'maintenance-margin': `
    # kucoin.zendesk.com 26694703491737
    kucoin-mm | {"contracts":10000,"mult":0.001,"price":28000,"mmr":0.014} | 3920 | 0
    # binance FAQ b3c689c1 (figures seen in a copy)
    bnc-mm1 | {"q":109.488,"ep":32481.98,"mk":31967.27,"mmr":0.025,"cum":16300} | 71200.81144 | 0.00001
    bnc-mm2 | {"q":3683.979,"ep":1456.84,"mk":1335.18,"mmr":0.1,"cum":135365} | 356512.508 | 0.001
`,
  'maintenance-amount': `
    # binance COIN-M FAQ ceccfcfb
    bnc-cum1 | {"floor":50,"mmr":0.05,"prev":0.025,"prevCum":0.56} | 1.81 | 0
    # binance USDS-M FAQ b3c689c1
    bnc-cum2 | {"floor":250000,"mmr":0.01,"prev":0.005,"prevCum":50} | 1300 | 0
`,
  'adl-trigger': `
    # bybit v5 adl-alert example 1
    bybit-adl | {"pool":1000000,"loss":350000,"threshold":-0.3} | -0.35 | 0
`,
};

export interface RiskVector {
  readonly id: string;
  readonly inputs: Inputs;
  /** As it is printed. */
  readonly expected: string;
  readonly tolerance: string;
}

/** What a case may give; each topic gives its own. 0 = none for a bound, and for a share the largest there is. */
export interface Inputs {
  readonly WB: number;
  readonly accountValue: number;
  readonly accountValueAfter: number;
  readonly ask: number;
  readonly b: number;
  readonly bankruptcyAdjustment: number;
  readonly base: number;
  readonly baseImf: number;
  readonly baseLot: number;
  readonly baseLots: number;
  readonly basePrice: number;
  readonly baseResolution: number;
  readonly baseWeights: readonly [number, number];
  readonly bid: number;
  readonly bidPrice: number;
  readonly btc: number;
  readonly cap8hPpm: number;
  readonly clamp: number;
  readonly close: string;
  readonly contracts: number;
  readonly crossMM: number;
  readonly cum: number;
  readonly cutoff: number;
  readonly d: number;
  readonly delta: number;
  readonly digits: number;
  readonly entry: number;
  readonly ep: number;
  readonly equity: number;
  readonly fast: number;
  readonly fillPrice: number;
  readonly fills: readonly (readonly [size: number, price: number])[];
  readonly floor: number;
  readonly hoursLeft: number;
  readonly ifFee: number;
  readonly imf: number;
  readonly impactBid: number;
  readonly index: number;
  readonly interest: number;
  readonly isolatedMargin: number;
  readonly last: number;
  readonly lastFunding: number;
  readonly length: number;
  readonly lev: number;
  readonly liqFee: number;
  readonly longBase: number;
  readonly loss: number;
  readonly lower: number;
  readonly marginRatio: number;
  readonly mark: number;
  readonly market: string;
  readonly max: number;
  readonly maxLeverage: number;
  readonly maxLiqFee: number;
  readonly maxPortion: number;
  readonly minNotional: number;
  readonly minuteSamples: number;
  readonly mk: number;
  readonly mm: number;
  readonly mmRate: number;
  readonly mmf: number;
  readonly mmr: number;
  readonly mmrAfter: number;
  readonly mtm: number;
  readonly mult: number;
  readonly openBuys: number;
  readonly openInterest: number;
  readonly openSells: number;
  readonly oracle: Readonly<Record<string, number>>;
  readonly other: Inputs;
  readonly otherMMR: number;
  readonly overall: number;
  readonly own: Inputs;
  readonly penalty: number;
  readonly penaltyFraction: number;
  readonly perDay: number;
  readonly period: number;
  readonly pool: number;
  readonly position: number;
  readonly positionXBT: number;
  readonly positions: Readonly<Record<string, number>>;
  readonly premium: number;
  readonly premiumPpm: number;
  readonly prev: number;
  readonly prevCum: number;
  readonly price: number;
  readonly q: number;
  readonly quote: number;
  readonly quotePrice: number;
  readonly rate: number;
  readonly reserved: number;
  readonly seconds: number;
  readonly settleWeights: readonly [number, number];
  readonly share: number;
  readonly shortBase: number;
  readonly shortage: number;
  readonly side: 'long' | 'short';
  readonly size: number;
  readonly slow: number;
  readonly spot: number;
  readonly spreadToMMR: number;
  readonly start: number;
  readonly step: number;
  readonly subaccountLimit: number;
  readonly szi: number;
  readonly t: number;
  readonly threshold: number;
  readonly token: number;
  readonly upper: number;
  readonly usdInterest: number;
  readonly usdc: number;
  readonly xbtInterest: number;
}

/** By what they are about. */
export const RISK_VECTORS: ReadonlyMap<string, readonly RiskVector[]> = new Map(
  Object.entries(TABLES).map(([topic, table]) => [topic, linesOf(table).map(vectorOf)]),
);

function linesOf(table: string): string[] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function vectorOf(line: string): RiskVector {
  const [id = '', inputs = '', expected = '', tolerance = ''] = line.split(' | ');
  return { id, inputs: JSON.parse(inputs), expected, tolerance };
}
