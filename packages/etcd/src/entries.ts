import type { KeyValue as EtcdKeyValue } from '@keel/proto/etcd/kv';
import type { KeyValue } from './store.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encodeText = (text: string): Uint8Array => encoder.encode(text);

/** Revisions fit: a store that does a million transactions a second reaches 2^53 after 285 years. */
export function readEntry(entry: EtcdKeyValue): KeyValue {
  return {
    key: decoder.decode(entry.key),
    value: entry.value,
    createRevision: Number(entry.createRevision),
    modRevision: Number(entry.modRevision),
    leaseId: entry.lease,
  };
}
