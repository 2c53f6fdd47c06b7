export { EtcdStore } from './etcdStore.ts';
export { type EtcdMemberStatus, EtcdUpkeep } from './etcdUpkeep.ts';
export { type EtcdSettings, type EtcdTls, openEtcd } from './openEtcd.ts';
export {
  type Condition,
  type KeyValue,
  type Operation,
  type RangeResult,
  type Store,
  StoreCompacted,
  StoreFault,
  StoreFull,
  StoreOutcomeUnknown,
  StoreRefused,
  StoreUnavailable,
  type TransactionResult,
  type WatchEvent,
  type WatchListener,
} from './store.ts';
