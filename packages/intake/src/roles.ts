import type { IntakeRole } from '@keel/codec';
import type { Command } from '@keel/types';

/** Which role hands in a kind of command. One each, so that a fault in one service cannot do another's work. */
export const ROLE_OF_COMMAND: Readonly<Record<Command['kind'], IntakeRole>> = {
  placeOrder: 'gateway',
  placeOrders: 'gateway',
  placeScale: 'gateway',
  placeTwap: 'gateway',
  amendOrder: 'gateway',
  amendOrders: 'gateway',
  replaceOrder: 'gateway',
  cancelOrder: 'gateway',
  cancelOrders: 'gateway',
  cancelAllOrders: 'gateway',
  cancelAllAfter: 'gateway',
  setMarketMakerProtection: 'gateway',
  resetMarketMakerProtection: 'gateway',
  approveAgent: 'gateway',
  revokeAgent: 'gateway',
  withdraw: 'gateway',
  transfer: 'gateway',
  setLeverage: 'gateway',
  fundSafety: 'gateway',
  registerLiquidator: 'gateway',
  takeAuction: 'gateway',
  updateIndexPrice: 'priceFeed',
  updateCollateralPrice: 'priceFeed',
  creditDeposit: 'settler',
  sealBatch: 'settler',
  listMarket: 'operator',
  listCollateral: 'operator',
  setPriceFeeders: 'operator',
  allocateFees: 'operator',
  upgradeEngine: 'operator',
  setTradingStatus: 'operator',
  advanceTime: 'operator',
};

/** Batches are for the settler; status is for every role. */
export function mayAskForBatches(role: IntakeRole): boolean {
  return role === 'settler';
}
