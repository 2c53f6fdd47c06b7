export { nativeRecoveryAvailable, recoverSignerNative } from './recoverSignerNative.ts';
