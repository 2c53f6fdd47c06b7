import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  Compare_Result,
  Compare_Target,
  type CompareSchema,
  type RequestOpSchema,
  type TxnRequestSchema,
} from '@keel/proto/etcd/rpc';
import { encodeText } from './entries.ts';
import type { Condition, Operation } from './store.ts';

/** All operations if all conditions hold, else nothing. */
export function writeTransaction(
  conditions: readonly Condition[],
  operations: readonly Operation[],
): MessageInitShape<typeof TxnRequestSchema> {
  return { compare: conditions.map(writeCondition), success: operations.map(writeOperation) };
}

function writeCondition(condition: Condition): MessageInitShape<typeof CompareSchema> {
  const shared = { result: Compare_Result.EQUAL, key: encodeText(condition.key) };
  if ('createRevision' in condition) {
    const value = BigInt(condition.createRevision);
    return { ...shared, target: Compare_Target.CREATE, targetUnion: { case: 'createRevision', value } };
  }
  const value = BigInt(condition.modRevision);
  return { ...shared, target: Compare_Target.MOD, targetUnion: { case: 'modRevision', value } };
}

function writeOperation(operation: Operation): MessageInitShape<typeof RequestOpSchema> {
  const key = encodeText(operation.key);
  if (operation.kind === 'put') {
    const value = { key, value: operation.value, lease: operation.leaseId ?? 0n };
    return { request: { case: 'requestPut', value } };
  }
  const rangeEnd = operation.end === undefined ? new Uint8Array() : encodeText(operation.end);
  return { request: { case: 'requestDeleteRange', value: { key, rangeEnd } } };
}
