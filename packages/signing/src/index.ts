export type {
  AmendOrderAction,
  AmendOrdersAction,
  ApproveAgentAction,
  CancelAllAfterAction,
  CancelAllOrdersAction,
  CancelOrderAction,
  CancelOrdersAction,
  FundSafetyAction,
  OrderTerms,
  PlaceOrderAction,
  PlaceOrdersAction,
  PlaceScaleAction,
  PlaceTwapAction,
  RegisterLiquidatorAction,
  ReplaceOrderAction,
  ResetMarketMakerProtectionAction,
  RevokeAgentAction,
  SetLeverageAction,
  SetMarketMakerProtectionAction,
  SignableAction,
  SignedAmendment,
  SignedFields,
  SignedOrderName,
  TakeAuctionAction,
  TransferAction,
  WithdrawAction,
} from './action.ts';
export { actionOfCommand, type CollateralSpecs, type MarketSpecs, QUOTE_ASSET } from './actionOfCommand.ts';
export type { TypedField } from './actionTypes.ts';
export { addressOfKey } from './addressOfKey.ts';
export { domainSeparator, type KeelDomain, keelDomain } from './domain.ts';
export { hashAction, hashActionStruct, hashInDomain, hashPriceReport } from './hashAction.ts';
export {
  collateralFeed,
  marketFeed,
  type PriceFeed,
  type PriceFigures,
  type SignedPriceReport,
  signedPriceReport,
} from './priceReport.ts';
export { recoverPriceFeeder } from './recoverPriceFeeder.ts';
export { recoverSigner } from './recoverSigner.ts';
export { signAction } from './signAction.ts';
export { isSignatureFault, type SignatureFault } from './signature.ts';
export { signPriceReport } from './signPriceReport.ts';
export { spellActionType } from './spellActionType.ts';
export { type TypedData, typedDataOf } from './typedDataOf.ts';
