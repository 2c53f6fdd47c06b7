import { RecentOutcomes } from '../src/recentOutcomes.ts';
const make = (n: number): any => ({ kind: 'placeOrder', auth: { owner: '0x'+'11'.repeat(20), signer: '0x' + (n % 1000).toString(16).padStart(40, '0'), subaccount: 0, nonce: 1_700_000_000_000 + n, expiresAfterMs: 0, signature: '0x'+'33'.repeat(65) }, marketId: 1, side: 'buy', orderType: 'limit', timeInForce: 'gtc', priceTicks: n, sizeLots: 5, reduceOnly: false, clientOrderId: `m${n}`, expiresAtMs: 0, displayLots: 0, selfTrade: 'expireMaker', selfTradeScope: 'account' });
const block = (n: number): any => ({ sequence: n, timeMs: n, events: [{ kind: 'orderAccepted', orderId: n, accountId: 1, marketId: 1, priceTicks: n, sizeLots: 5, a: 1, b: 2, c: 3, d: 4 }, { kind: 'orderRested', orderId: n, remainingLots: 5 }] });
const N = 500_000;
const cpu = () => { const u = process.cpuUsage(); return u.user + u.system; };
const run = (note: (c: any, b: any) => void) => { const t = cpu(); let s = 0; for (let n = 0; n < N; n++) { const c = make(n), b = block(n); s += b.sequence; note(c, b); } return ((cpu() - t) / N).toFixed(2); };
const K = 20000;
const variants: Record<string, () => (c: any, b: any) => void> = {
  none: () => () => {},
  full: () => { const o = new RecentOutcomes(); return (c, b) => o.note(c, b, undefined); },
  ringOnlyObjects: () => { const r: any[] = new Array(K).fill(undefined); let i = 0; return (c, b) => { r[i++ % K] = { c, b }; }; },
  ringOnlyBlock: () => { const r: any[] = new Array(K).fill(undefined); let i = 0; return (c, b) => { r[i++ % K] = b; }; },
  mapOnlyStringKey: () => { const m = new Map<string, number>(); const r: string[] = new Array(K).fill(''); let i = 0; return (c) => { const k = `${c.auth.nonce} ${c.auth.signer}`; m.delete(r[i % K]!); r[i++ % K] = k; m.set(k, i); }; },
  mapNonceKey: () => { const m = new Map<number, number>(); const r = new Float64Array(K); let i = 0; return (c) => { const k = c.auth.nonce; m.delete(r[i % K]!); r[i++ % K] = k; m.set(k, i); }; },
  ringLinear: () => { const r: any[] = new Array(K).fill(undefined); const nonces = new Float64Array(K); let i = 0; return (c, b) => { const at = i++ % K; nonces[at] = c.auth.nonce; r[at] = { c, b }; }; },
};
for (let r = 0; r < 3; r++) for (const [name, v] of Object.entries(variants)) { const t = run(v()); if (r > 0) console.log(name, t); }
