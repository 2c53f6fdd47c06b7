import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdProcess } from './etcdProcess.ts';
import { freePort } from './freePort.ts';
import { gatewayCall } from './gatewayCall.ts';

export interface OwnEtcdTls {
  /** Whoever signed `certFile`; with `clientCertificates` also whoever signs the clients'. */
  readonly caFile: string;
  /** For 127.0.0.1, good for servers and (etcd's JSON gateway calls itself) for clients. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Clients must show a certificate that `caFile` signed. */
  readonly clientCertificates?: boolean;
}

export interface OwnEtcdOptions {
  readonly nodes: 1 | 3;
  readonly tls?: OwnEtcdTls;
  /** Turns authentication on: user `root` with this password. Tokens live 300 s unless said. */
  readonly auth?: { readonly password: string; readonly tokenSeconds?: number };
  /** etcd takes no puts beyond it; 2 GiB unless said. */
  readonly quotaBytes?: number;
  /** An existing folder to keep the data in, to choose the disk; the system's temporary one unless said. */
  readonly dir?: string;
}

/** One etcd process. */
export interface OwnEtcdMember {
  readonly endpoint: string;
  readonly pid: () => number;
  /** kill -9, as a crash would. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  stop(): void;
  /** SIGCONT. */
  cont(): void;
  /** Starts it again on the same ports with the same data. Resolves when it runs, which is before it serves. */
  restart(): Promise<void>;
  /** Deletes the data of a member that was killed: when all were, the next start is that of an empty cluster. */
  wipe(): Promise<void>;
}

/** An etcd of this test's own: real processes on free loopback ports, real flushes. */
export interface OwnEtcd {
  readonly endpoints: readonly string[];
  readonly members: readonly OwnEtcdMember[];
  /** Index of the member that leads; waits for one. */
  leader(): Promise<number>;
  /** Resolves when every member that runs serves reads and writes; rejects after 20 s. */
  healthy(): Promise<void>;
  /**
   * One call of etcd's JSON gateway, as root where authentication is on: `call('/v3/auth/user/add', {...})`.
   * Rejects with what etcd said.
   */
  call(path: string, body: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Resolves when every node serves. What it started ends with the test file, also when this rejects. */
export async function startEtcd(options: OwnEtcdOptions): Promise<OwnEtcd> {
  // Between being told of a free port and listening on it somebody else may have taken it.
  for (let attempt = 1; ; attempt++) {
    const directory = await mkdtemp(join(options.dir ?? tmpdir(), 'keel-etcd-'));
    const processes = await makeProcesses(options, directory);
    const stop = async (): Promise<void> => {
      await Promise.all(processes.map((member) => member.kill()));
      await rm(directory, { recursive: true, force: true });
    };
    try {
      await Promise.all(processes.map((member) => member.start()));
      await healthy(processes);
      const call = await openGateway(options, processes);
      return {
        endpoints: processes.map((member) => member.endpoint),
        members: processes.map(memberOf),
        leader: () => leaderOf(processes),
        healthy: () => healthy(processes),
        call,
        stop,
      };
    } catch (fault) {
      await stop();
      if (attempt === 3) throw fault;
    }
  }
}

async function makeProcesses(options: OwnEtcdOptions, directory: string): Promise<EtcdProcess[]> {
  const nodes = Array.from({ length: options.nodes }, (_, index) => `n${index}`);
  const ports = await Promise.all(
    nodes.map(async () => [await freePort(), await freePort(), await freePort()] as const),
  );
  const scheme = options.tls === undefined ? 'http' : 'https';
  const cluster = nodes.map((name, index) => `${name}=http://127.0.0.1:${ports[index]?.[1]}`).join(',');
  return Promise.all(
    nodes.map(async (name, index) => {
      const [client, peer, metrics] = ports[index] ?? [0, 0, 0];
      const folder = join(directory, name);
      await mkdir(folder);
      const endpoint = `${scheme}://127.0.0.1:${client}`;
      const peerUrl = `http://127.0.0.1:${peer}`;
      const metricsUrl = `http://127.0.0.1:${metrics}`;
      const args = [
        ...['--name', name, '--data-dir', join(folder, 'data'), '--logger', 'zap', '--log-level', 'warn'],
        ...['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint],
        ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
        ...['--initial-cluster', cluster, '--initial-cluster-state', 'new', '--listen-metrics-urls', metricsUrl],
        ...(options.quotaBytes === undefined ? [] : ['--quota-backend-bytes', String(options.quotaBytes)]),
        ...(options.auth?.tokenSeconds === undefined ? [] : ['--auth-token-ttl', String(options.auth.tokenSeconds)]),
        // Passwords of tests need no slow hash.
        ...(options.auth === undefined ? [] : ['--bcrypt-cost', '4']),
        ...tlsArgs(options.tls),
      ];
      return new EtcdProcess({
        endpoint,
        metricsUrl,
        args,
        logFile: join(folder, 'log'),
        dataDir: join(folder, 'data'),
      });
    }),
  );
}

function tlsArgs(tls: OwnEtcdTls | undefined): string[] {
  if (tls === undefined) return [];
  const shared = ['--cert-file', tls.certFile, '--key-file', tls.keyFile, '--trusted-ca-file', tls.caFile];
  return tls.clientCertificates === true ? [...shared, '--client-cert-auth'] : shared;
}

function memberOf(member: EtcdProcess): OwnEtcdMember {
  return {
    endpoint: member.endpoint,
    pid: () => member.pid(),
    kill: () => member.kill(),
    stop: () => member.signal('SIGSTOP'),
    cont: () => member.signal('SIGCONT'),
    restart: () => member.start(),
    wipe: () => member.wipe(),
  };
}

async function healthy(processes: readonly EtcdProcess[]): Promise<void> {
  const limit = performance.now() + 20_000;
  for (const member of processes.filter((each) => each.running())) {
    while (!(await member.isHealthy())) {
      if (!member.running()) throw new Error(`etcd ended: ${member.lastWords()}`);
      if (performance.now() > limit) throw new Error(`${member.endpoint} does not serve: ${member.lastWords()}`);
      await wait(25);
    }
  }
}

async function leaderOf(processes: readonly EtcdProcess[]): Promise<number> {
  const limit = performance.now() + 20_000;
  while (performance.now() < limit) {
    // A leader that was stopped still thinks so, but it does not answer; two that answer are an election's end.
    const leads = await Promise.all(processes.map((member) => member.isLeader()));
    if (leads.filter(Boolean).length === 1) return leads.indexOf(true);
    await wait(25);
  }
  throw new Error('no etcd node leads');
}

/** Turns authentication on where it is asked for, and gives the way to call the gateway of any node that runs. */
async function openGateway(options: OwnEtcdOptions, processes: readonly EtcdProcess[]): Promise<OwnEtcd['call']> {
  const { auth, tls } = options;
  const send = (path: string, body: object, token?: string): Promise<unknown> => {
    const member = processes.find((each) => each.running());
    if (member === undefined) throw new Error('no etcd node runs');
    return gatewayCall({ url: `${member.endpoint}${path}`, body, token, tls });
  };
  if (auth === undefined) return (path, body) => send(path, body);
  await send('/v3/auth/user/add', { name: 'root', password: auth.password });
  await send('/v3/auth/role/add', { name: 'root' });
  await send('/v3/auth/user/grant', { user: 'root', role: 'root' });
  await send('/v3/auth/enable', {});
  return async (path, body) => {
    const answer = await send('/v3/auth/authenticate', { name: 'root', password: auth.password });
    return send(path, body, (answer as { token: string }).token);
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
