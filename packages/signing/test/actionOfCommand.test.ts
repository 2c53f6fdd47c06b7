import { AssertionError, type MarketSpec, type SignedCommand, toMarketId, toOrderId } from '@keel/types';
import { expect, test } from 'vitest';
import { actionOfCommand } from '../src/index.ts';

const OWNER = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const OTHER = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const auth = { owner: OWNER, signer: OTHER, nonce: 11, expiresAfterMs: 22, signature: '0x' } as const;
const signed = { account: OWNER, nonce: 11, expiresAfter: 22 };

const BTC: MarketSpec = {
  marketId: toMarketId(1),
  symbol: 'BTC-USD',
  baseAsset: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  atomsPerTickLot: 1,
  maxPriceTicks: 10_000_000,
  maxOrderLots: 1_000_000_000,
  maxPositionLots: 100_000_000,
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
const SPECS = new Map([[BTC.marketId, BTC]]);

const place: SignedCommand = {
  kind: 'placeOrder',
  auth,
  marketId: BTC.marketId,
  side: 'sell',
  orderType: 'limit',
  timeInForce: 'postOnly',
  priceTicks: 221_965,
  sizeLots: 50_000,
  reduceOnly: true,
  clientOrderId: 'a-1',
};

test.each<[SignedCommand, object]>([
  [
    place,
    {
      primaryType: 'PlaceOrder',
      ...signed,
      market: 'BTC-USD',
      side: 'sell',
      orderType: 'limit',
      timeInForce: 'postOnly',
      price: '22196.5',
      size: '0.5',
      reduceOnly: true,
      clientOrderId: 'a-1',
    },
  ],
  [
    { kind: 'cancelOrder', auth, orderId: toOrderId(77) },
    { primaryType: 'CancelOrder', ...signed, orderId: '77' },
  ],
  [
    { kind: 'cancelAllOrders', auth, marketId: BTC.marketId },
    { primaryType: 'CancelAllOrders', ...signed, market: 'BTC-USD' },
  ],
  [
    { kind: 'cancelAllOrders', auth, marketId: toMarketId(0) },
    { primaryType: 'CancelAllOrders', ...signed, market: '' },
  ],
  [
    { kind: 'approveAgent', auth, agent: OTHER, agentName: 'desk', agentExpiresAtMs: 33 },
    { primaryType: 'ApproveAgent', ...signed, agent: OTHER, agentName: 'desk', agentExpiresAt: 33 },
  ],
  [
    { kind: 'revokeAgent', auth, agent: OTHER },
    { primaryType: 'RevokeAgent', ...signed, agent: OTHER },
  ],
  [
    { kind: 'withdraw', auth, recipient: OTHER, amountAtoms: 1_500_000 },
    { primaryType: 'Withdraw', ...signed, recipient: OTHER, amount: '1.5' },
  ],
])('%o says again what was signed', (command, action) => {
  expect(actionOfCommand(command, SPECS)).toEqual(action);
});

test('a market order without a price of its own signs the price 0', () => {
  const command: SignedCommand = { ...place, orderType: 'market', timeInForce: 'ioc', priceTicks: 0 };
  expect(actionOfCommand(command, SPECS)).toMatchObject({ orderType: 'market', price: '0' });
});

test('a market nobody listed is a fault of ours', () => {
  expect(() => actionOfCommand({ ...place, marketId: toMarketId(9) }, SPECS)).toThrow(AssertionError);
});
