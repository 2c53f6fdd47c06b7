import { readFileSync } from 'node:fs';
import { credentials } from '@grpc/grpc-js';
import type { Security } from './connection.ts';
import { EtcdStore } from './etcdStore.ts';
import { StoreRefused } from './store.ts';

export interface EtcdSettings {
  /** As http://127.0.0.1:2379 or https://etcd-0.example:2379; all of one scheme. */
  readonly endpoints: readonly string[];
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** PEM files; without it https endpoints are held to the system's authorities. */
  readonly tls?: EtcdTls | undefined;
  /** Of each call with all its attempts, milliseconds; 1,000 unless said. */
  readonly timeoutMs?: number | undefined;
}

export interface EtcdTls {
  readonly caFile: string;
  /** Our own certificate, for an etcd that wants one; both or neither. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** The name in the members' certificates, when it is not the endpoint's. */
  readonly serverName?: string | undefined;
}

const TIMEOUT_MS = 1_000;

/** Makes the store; it connects at the first call. Throws StoreRefused when the settings cannot work. */
export function openEtcd(settings: EtcdSettings): EtcdStore {
  const endpoints = settings.endpoints.map(readEndpoint);
  if (endpoints.length === 0) throw new StoreRefused('KEEL_ETCD_ENDPOINTS names no endpoint of etcd');
  const encrypted = endpoints.filter((endpoint) => endpoint.startsWith('https:')).length;
  if (encrypted !== 0 && encrypted !== endpoints.length) {
    throw new StoreRefused('KEEL_ETCD_ENDPOINTS mixes http and https');
  }
  if (settings.tls !== undefined && encrypted === 0) {
    throw new StoreRefused('KEEL_ETCD_CA_FILE is set, but KEEL_ETCD_ENDPOINTS says http');
  }
  if ((settings.user === undefined) !== (settings.password === undefined)) {
    throw new StoreRefused('KEEL_ETCD_USER and KEEL_ETCD_PASSWORD are set both or not at all');
  }
  return new EtcdStore({
    endpoints,
    security: encrypted === 0 ? CLEARTEXT : secure(settings.tls),
    user: settings.user,
    password: settings.password,
    timeoutMs: settings.timeoutMs ?? TIMEOUT_MS,
  });
}

const CLEARTEXT: Security = { credentials: credentials.createInsecure(), serverName: undefined };

function readEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new StoreRefused(`KEEL_ETCD_ENDPOINTS: "${text}" is no endpoint; write it as http://127.0.0.1:2379`);
  }
  return url.origin;
}

function secure(tls: EtcdTls | undefined): Security {
  if (tls === undefined) return { credentials: credentials.createSsl(), serverName: undefined };
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    throw new StoreRefused('KEEL_ETCD_CERT_FILE and KEEL_ETCD_KEY_FILE are set both or not at all');
  }
  const ca = readPem('KEEL_ETCD_CA_FILE', tls.caFile);
  const cert = tls.certFile === undefined ? null : readPem('KEEL_ETCD_CERT_FILE', tls.certFile);
  const key = tls.keyFile === undefined ? null : readPem('KEEL_ETCD_KEY_FILE', tls.keyFile);
  try {
    return { credentials: credentials.createSsl(ca, key, cert), serverName: tls.serverName };
  } catch (fault) {
    throw new StoreRefused(`the certificates for etcd do not fit each other: ${sentence(fault)}`);
  }
}

function readPem(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (fault) {
    throw new StoreRefused(`${variable} cannot be read: ${sentence(fault)}`);
  }
}

const sentence = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
