import { addressOfKey, hashAction, keelDomain, recoverSigner, type SignableAction, signAction } from '../src/index.ts';
import { nativeRecoveryAvailable, recoverSignerNative } from '../src/native.ts';

/** Wall time for each implementation; short, because it says a ratio and not a record. */
const BUDGET_MS = 2_000;
const KEY = `0x${'1'.repeat(64)}` as const;
const DOMAIN = keelDomain(31_337, '0x5fbdb2315678afecb367f032d93f642f64180aa3');

const actions = Array.from(
  { length: 64 },
  (_, nonce): SignableAction => ({
    primaryType: 'PlaceOrder',
    account: addressOfKey(KEY),
    subaccount: 0,
    market: 'BTC-USD',
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    price: '22196.5',
    size: '0.5',
    reduceOnly: false,
    clientOrderId: '',
    expiresAt: 0,
    displaySize: '0',
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    triggerKind: '',
    triggerPrice: '0',
    trail: '0',
    takeProfitTrigger: '0',
    takeProfitPrice: '0',
    stopLossTrigger: '0',
    stopLossPrice: '0',
    nonce,
    expiresAfter: 0,
  }),
);
const signed = actions.map((action) => ({
  hash: hashAction(DOMAIN, action),
  signature: signAction(DOMAIN, action, KEY),
}));

/** Calls per second of `call`, after one unmeasured round. */
function perSecond(call: (index: number) => unknown): number {
  for (let index = 0; index < 64; index += 1) call(index);
  const startMs = performance.now();
  let calls = 0;
  while (performance.now() - startMs < BUDGET_MS) {
    for (let index = 0; index < 64; index += 1) call(index);
    calls += 64;
  }
  return Math.round((calls * 1_000) / (performance.now() - startMs));
}

function main(): void {
  if (!nativeRecoveryAvailable) throw new Error('libsecp256k1 could not be loaded on this machine');
  const sample = (index: number) => signed[index] as (typeof signed)[number];
  const hash = perSecond((index) => hashAction(DOMAIN, actions[index] as SignableAction));
  const reference = perSecond((index) => recoverSigner(sample(index).hash, sample(index).signature));
  const native = perSecond((index) => recoverSignerNative(sample(index).hash, sample(index).signature));
  console.log(`hashAction            ${hash}/s`);
  console.log(`recoverSigner         ${reference}/s`);
  console.log(`recoverSignerNative   ${native}/s`);
  console.log(`native / reference    ${(native / reference).toFixed(1)}`);
}

main();
