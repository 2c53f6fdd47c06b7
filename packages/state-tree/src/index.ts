export { type BatchHeader, batchHash, batchHeader, ZERO_HASH } from './batchHeader.ts';
export { commandPayload, withdrawalPayload } from './settlementPayloads.ts';
export { type SettlementProof, type SettlementTree, settlementTree, verifySettlementProof } from './settlementTree.ts';
export { type SparseProof, SparseTree, verifySparseProof } from './sparseTree.ts';
export { ACCOUNTS_DEPTH, MARKETS_DEPTH, ORDERS_DEPTH, type StateParts, stateRoot } from './stateRoot.ts';
