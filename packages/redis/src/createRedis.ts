import { Redis, type RedisOptions } from 'ioredis';
import { RedisUnfit } from './redisFaults.ts';

/** What a client may be given; the protocol's version is the library's business. */
export type ClientOptions = Omit<RedisOptions, 'protocol' | 'replyMapping'>;

/** A Redis that has no Sentinels, or the Sentinels that know which Redis is the primary. */
interface RedisAddress {
  /** Undefined: `url` names the Redis itself. */
  readonly sentinels?: readonly { readonly host: string; readonly port: number }[];
  readonly options: ClientOptions;
  /** For messages: hosts and ports, never a password. */
  readonly shown: string;
}

const SENTINEL_URL = /^(rediss?)-sentinel:\/\/(?:([^@/?]*)@)?([^@/?]+)\/([^/?]+)(?:\?(.*))?$/;
const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/;
const REDIS_PORT = 6_379;
const SENTINEL_PORT = 26_379;

/** Of one Sentinel; after it the next one is asked. A Sentinel that hangs must not cost more than this. */
const SENTINEL_TIMEOUT_MS = 1_000;
/** Longest pause after no Sentinel answered. */
const SENTINEL_PAUSE_MS_MAX = 500;
/** A connection that is given up waits this long for the other side's goodbye; a hung one never says it. */
const DISCONNECT_TIMEOUT_MS = 200;

/**
 * What a server answers that is not, or no longer, the primary: it was made a replica, lost its primary, or may not take
 * writes because too few replicas follow it. The connection is then given up, and the next one goes to the primary that
 * the Sentinels name.
 */
const NOT_THE_PRIMARY = /^(READONLY|MASTERDOWN|NOREPLICAS)/;

/**
 * A client of the Redis of KEEL_REDIS_URL; the one place where that address is understood:
 * - `redis://[user:password@]host[:port]`, `rediss://` with TLS;
 * - `redis-sentinel://[user:password@]host[:port],host[:port]/primary[?sentinelUser=..&sentinelPassword=..]`: the primary
 *   that these Sentinels call so, user and password being Redis' own; `rediss-sentinel://` with TLS to both.
 *
 * User and password are percent-encoded. Throws `RedisUnfit` when the address is none of these.
 */
export function createRedis(url: string, options: ClientOptions): Redis {
  const address = addressOf(url);
  const all: ClientOptions = {
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    // Never "and send it again": whoever wrote decides what follows.
    reconnectOnError: (fault) => NOT_THE_PRIMARY.test(fault.message),
    ...address.options,
    ...options,
  };
  if (address.sentinels === undefined) return new Redis(url, all);
  return new Redis({
    ...all,
    sentinels: [...address.sentinels],
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    connectTimeout: Math.min(options.connectTimeout ?? SENTINEL_TIMEOUT_MS, SENTINEL_TIMEOUT_MS),
    // Without a pause the library would give the connection up for good.
    sentinelRetryStrategy: (attempt) => Math.min(50 * attempt, SENTINEL_PAUSE_MS_MAX),
    // Not the library's failoverDetector: a message that it gets while it connects again ends the connection for good.
  });
}

/** The hosts of KEEL_REDIS_URL for a message, without user and password. */
export function describeRedis(url: string): string {
  return addressOf(url).shown;
}

function addressOf(url: string): RedisAddress {
  if (!/^rediss?-sentinel:/.test(url)) {
    const { hostname, port } = plainUrlOf(url);
    return { options: {}, shown: `Redis at ${hostname}:${port === '' ? REDIS_PORT : port}` };
  }
  const [, scheme, account, hosts, name, query] = SENTINEL_URL.exec(url) ?? [];
  if (hosts === undefined || name === undefined) throw unreadable();
  const sentinels = hosts.split(',').map(hostAndPortOf);
  const [username = '', password = ''] = (account ?? '').split(/:(.*)/s).map(decodeURIComponent);
  const asked = new URLSearchParams(query ?? '');
  const sentinelUsername = asked.get('sentinelUser');
  const sentinelPassword = asked.get('sentinelPassword');
  const primary = decodeURIComponent(name);
  return {
    sentinels,
    shown: `the Redis primary ${primary} of the Sentinels ${sentinels.map(({ host, port }) => `${host}:${port}`).join(', ')}`,
    options: {
      name: primary,
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
      ...(sentinelUsername === null ? {} : { sentinelUsername }),
      ...(sentinelPassword === null ? {} : { sentinelPassword }),
      ...(scheme === 'rediss' ? { enableTLSForSentinelMode: true, tls: {}, sentinelTLS: {} } : {}),
    },
  };
}

function plainUrlOf(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw unreadable();
  }
}

function hostAndPortOf(text: string): { host: string; port: number } {
  const [, host, port] = HOST_AND_PORT.exec(text) ?? [];
  const number = port === undefined ? SENTINEL_PORT : Number(port);
  if (host === undefined || number < 1 || number > 65_535) throw unreadable();
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** Without the address itself: it may hold a password. */
function unreadable(): RedisUnfit {
  return new RedisUnfit(
    "KEEL_REDIS_URL cannot be read: write redis://host:port, or redis-sentinel://host:port,host:port/name with the primary's name",
  );
}
