import { status } from '@grpc/grpc-js';

/**
 * What a failed call tells.
 *
 * - `notDone`: it was certainly not done, and another member or moment may do it.
 * - `unknown`: it may have been done.
 * - `token`: not done, because the token is old or missing.
 * - `full`: NOSPACE; etcd says this also of a transaction that it has just done, see `EtcdClient`.
 * - `compacted`, `leaseGone`, `refused`: not done, and trying again will not do it.
 */
export type VerdictKind = 'notDone' | 'unknown' | 'token' | 'full' | 'compacted' | 'leaseGone' | 'refused';

export interface Verdict {
  readonly kind: VerdictKind;
  /** What was said, or for `refused` what is to be done about it. */
  readonly reason: string;
}

/**
 * etcd's own words, because its codes say too little: `unavailable` is "no leader" (said before anything was proposed)
 * and also "leader changed" or "request timed out" (said after). What is not in this table is unknown.
 */
const WORDS: readonly (readonly [RegExp, VerdictKind, string?])[] = [
  // Said by the gate in front of every call (metadata `hasleader`), or by a renewal that found nobody to ask.
  [/^etcdserver: no leader$/, 'notDone'],
  // Said before proposing, when the member is more than 5,000 entries behind in applying.
  [/^etcdserver: too many requests$/, 'notDone'],
  // Said by raft when it neither appended nor forwarded the proposal.
  [/^raft proposal dropped$/, 'notDone'],
  [/^etcdserver: not capable$/, 'notDone'],
  [/^etcdserver: rpc not supported for learner$/, 'notDone'],
  // Both are found out before the transaction is applied.
  [/^etcdserver: (invalid auth token|revision of auth store is old|user name is empty)$/, 'token'],
  [/^etcdserver: mvcc: database space exceeded$/, 'full'],
  [/^etcdserver: mvcc: required revision has been compacted$/, 'compacted'],
  [/^etcdserver: requested lease not found$/, 'leaseGone'],
  [
    /^etcdserver: mvcc: required revision is a future revision$/,
    'refused',
    'etcd has not reached the revision that was asked for; is this the same cluster as before?',
  ],
  [
    /^etcdserver: authentication failed/,
    'refused',
    'etcd refuses user or password; set KEEL_ETCD_USER and KEEL_ETCD_PASSWORD to a user that etcd has',
  ],
  [
    /^etcdserver: permission denied$/,
    'refused',
    'etcd lets this user not do it; grant its role readwrite on the keys below /keel/',
  ],
  [
    /^etcdserver: request is too large$|^grpc: received message larger than max/,
    'refused',
    'the request is larger than etcd takes (1.5 MiB unless --max-request-bytes says otherwise)',
  ],
  [/^etcdserver: (duplicate key given|too many operations) in txn request$/, 'refused'],
  [/^etcdserver: (key is not provided|too large lease TTL)$/, 'refused'],
  [
    /^etcdserver: corrupt cluster$/,
    'refused',
    'etcd has raised the alarm CORRUPT: its members hold different data; see etcd’s disaster recovery before anything else',
  ],
];

/** Node.js and OpenSSL on a connection that will not come about by trying again. */
const TLS_WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /self.signed certificate|unable to (verify|get (local )?issuer)|certificate signature failure|invalid CA/i,
    'its certificate is not signed by an authority of KEEL_ETCD_CA_FILE',
  ],
  [
    /certificate (has expired|is not yet valid)/i,
    'its certificate has expired or is not valid yet; look at it and at both clocks',
  ],
  [/ALTNAME_INVALID/, 'its certificate is for another host name than KEEL_ETCD_ENDPOINTS says'],
  [
    /alert (bad certificate|unknown ca|certificate (required|expired|unknown|revoked)|unsupported certificate)/i,
    'it refuses our certificate; set KEEL_ETCD_CERT_FILE and KEEL_ETCD_KEY_FILE to one that its authority signed',
  ],
  [/wrong version number|packet length too long/i, 'it speaks no TLS; write http:// in KEEL_ETCD_ENDPOINTS'],
];

/** The library on a call that never got a connection. */
const NOT_SENT = /^No connection established|^Name resolution failed|Waiting for LB pick/;

/** Of a call that failed, whatever it failed with. */
export function judge(fault: unknown): Verdict {
  const { code, words } = readFault(fault);
  for (const [pattern, kind, advice] of WORDS) {
    if (pattern.test(words)) return { kind, reason: advice ?? words };
  }
  const advice = TLS_WORDS.find(([pattern]) => pattern.test(words))?.[1];
  if (NOT_SENT.test(words)) {
    if (advice !== undefined) return { kind: 'refused', reason: advice };
    return { kind: 'notDone', reason: connectingReason(words) };
  }
  if (code === status.UNIMPLEMENTED) return { kind: 'refused', reason: 'it does not speak the interface of etcd 3.4' };
  return { kind: 'unknown', reason: words };
}

function readFault(fault: unknown): { readonly code: unknown; readonly words: string } {
  if (!(fault instanceof Error)) return { code: undefined, words: String(fault) };
  const code = 'code' in fault ? fault.code : undefined;
  const words = 'details' in fault && typeof fault.details === 'string' ? fault.details : fault.message;
  return { code, words };
}

/** The library wraps what the system said in sentences of its own. */
function connectingReason(words: string): string {
  if (words.includes('Waiting for LB pick')) return 'no connection within the time limit';
  const inner = /Last error: (?:Error: )?(.*?)(?: \(\d{4}-[^)]*\))?\. Resolution note/s.exec(words)?.[1];
  return inner === undefined || inner === '' ? words : inner.trim();
}
