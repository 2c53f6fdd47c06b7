export {
  type Grouping,
  type HyperliquidAction,
  IGNORED_TYPES,
  type IgnoredType,
  type Tif,
  type WireModify,
  type WireOrder,
} from './action.ts';
export { checkEvidence, type EvidenceFacts, type EvidenceVerdict, SCHEDULE_TOLERANCE_MS } from './checkEvidence.ts';
export { decodeAction, encodeAction } from './encodeAction.ts';
export { type ActionGuard, connectionIdOf, hashAction } from './hashAction.ts';
export { hashUserSigned, isUserSigned } from './hashUserSigned.ts';
export { parseAction } from './parseAction.ts';
export { type HyperliquidRequest, hashRequest, parseRequest } from './parseRequest.ts';
export {
  type CommandRequest,
  type ItemPlace,
  type Refusal,
  type Translation,
  type TranslationFacts,
  translateAction,
} from './translateAction.ts';
export type { OpenOrderFacts } from './translateAmendment.ts';
export type { ItemFault } from './translateOrder.ts';
export { Unreadable } from './unreadable.ts';
