export type {
  AmendOrderAction,
  AmendOrdersAction,
  ApproveAgentAction,
  CancelAllAfterAction,
  CancelAllOrdersAction,
  CancelOrderAction,
  CancelOrdersAction,
  OrderTerms,
  PlaceOrderAction,
  PlaceOrdersAction,
  PlaceScaleAction,
  PlaceTwapAction,
  ReplaceOrderAction,
  ResetMarketMakerProtectionAction,
  RevokeAgentAction,
  SetMarketMakerProtectionAction,
  SignableAction,
  SignedAmendment,
  SignedFields,
  SignedOrderName,
  WithdrawAction,
} from './action.ts';
export { actionOfCommand, type MarketSpecs } from './actionOfCommand.ts';
export type { TypedField } from './actionTypes.ts';
export { addressOfKey } from './addressOfKey.ts';
export { domainSeparator, type KeelDomain, keelDomain } from './domain.ts';
export { hashAction } from './hashAction.ts';
export { recoverSigner } from './recoverSigner.ts';
export { signAction } from './signAction.ts';
export { isSignatureFault, type SignatureFault } from './signature.ts';
export { type TypedData, typedDataOf } from './typedDataOf.ts';
