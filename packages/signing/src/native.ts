export { recoverPriceFeederNative } from './recoverPriceFeederNative.ts';
export { nativeRecoveryAvailable, recoverSignerNative } from './recoverSignerNative.ts';
