import { type Authorization, type Command, type MarketSpec, toMarketId, toOrderId } from '@keel/types';

const address = `0x${'11'.repeat(20)}` as const;
const auth: Authorization = {
  owner: address,
  signer: address,
  nonce: 1,
  expiresAfterMs: 0,
  signature: `0x${'22'.repeat(65)}`,
};
const marketId = toMarketId(1);
const spec: MarketSpec = {
  marketId,
  symbol: 'BTC-USD',
  baseAsset: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  atomsPerTickLot: 1,
  maxPriceTicks: 10_000_000,
  maxOrderLots: 1_000_000,
  maxPositionLots: 10_000_000,
  minOrderNotionalAtoms: 10_000_000,
  initialMarginPpm: 40_000,
  maintenanceMarginPpm: 20_000,
  makerFeePpm: 100,
  takerFeePpm: 400,
  marketSlippagePpm: 50_000,
  markBandPpm: 50_000,
  indexJumpPpm: 200_000,
  indexStaleMs: 10_000,
  liquidationFeePpm: 10_000,
  impactNotionalAtoms: 10_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
};

/** One command of every kind. */
export const COMMANDS: { readonly [Kind in Command['kind']]: Extract<Command, { readonly kind: Kind }> } = {
  listMarket: { kind: 'listMarket', spec },
  creditDeposit: {
    kind: 'creditDeposit',
    depositIndex: 0,
    owner: address,
    amountAtoms: 5_000_000,
    l1BlockNumber: 3,
    l1TxHash: `0x${'33'.repeat(32)}`,
  },
  updateIndexPrice: { kind: 'updateIndexPrice', marketId, priceTicks: 221_965, publishTimeMs: 1 },
  advanceTime: { kind: 'advanceTime' },
  placeOrder: {
    kind: 'placeOrder',
    auth,
    marketId,
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: 221_965,
    sizeLots: 150_000,
    reduceOnly: false,
    clientOrderId: 'maker-7-000123',
  },
  cancelOrder: { kind: 'cancelOrder', auth, orderId: toOrderId(9) },
  cancelAllOrders: { kind: 'cancelAllOrders', auth, marketId },
  approveAgent: { kind: 'approveAgent', auth, agent: address, agentName: 'bot', agentExpiresAtMs: 0 },
  revokeAgent: { kind: 'revokeAgent', auth, agent: address },
  withdraw: { kind: 'withdraw', auth, recipient: address, amountAtoms: 1_000_000 },
  sealBatch: { kind: 'sealBatch' },
};
