import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { redisServerProgram } from './config.ts';
import { endWithFile } from './endWithFile.ts';
import { freePort } from './freePort.ts';

/** What the Sentinels call the primary. */
const PRIMARY_NAME = 'keel';
const SENTINELS = 3;
/** Sentinels that have to agree that the primary is down. */
const QUORUM = 2;

/** One server of the set: a Redis, or a Sentinel. */
export interface RedisNode {
  readonly port: number;
  /** For looking inside; a Sentinel takes `sentinel` commands only. */
  readonly client: Redis;
  /** kill -9, as a crash would. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs and its connections stay open. */
  stop(): void;
  /** SIGCONT: it goes on from where it hung. */
  cont(): void;
  /** Starts it again on the same port; a Redis is empty then, a Sentinel knows what it knew. */
  restart(): Promise<void>;
}

/** Two Redis and three Sentinels of this test's own, on free loopback ports. */
export interface RedisSet {
  /** For KEEL_REDIS_URL. */
  readonly url: string;
  /** The first is the primary at the start. */
  readonly nodes: readonly [RedisNode, RedisNode];
  readonly sentinels: readonly RedisNode[];
  /** The one that the Sentinels call the primary at this moment. */
  primary(): Promise<RedisNode>;
  /** The other one. */
  replica(): Promise<RedisNode>;
  /** Makes the replica the primary, as an operator would (SENTINEL FAILOVER); resolves when the Sentinels agree on it. */
  promote(): Promise<void>;
  /** Cuts the replica off from its primary: from now on it misses every write, and may still be made the primary. */
  leaveBehind(): Promise<void>;
  /** Resolves when the replica has all that the primary had at the call. */
  inStep(): Promise<void>;
  end(): Promise<void>;
}

export interface RedisSetOptions {
  /** Silence after which a Sentinel calls the primary down, in milliseconds. */
  readonly downAfterMs?: number | undefined;
  /** Of the servers, not of the Sentinels. Without one a replica cannot be left behind. */
  readonly password?: string | undefined;
}

/** Resolves when the replica follows and all Sentinels know it and each other. */
export async function startRedisSet(options: RedisSetOptions = {}): Promise<RedisSet> {
  const { downAfterMs = 500, password } = options;
  const directory = await mkdtemp(join(tmpdir(), 'keel-redis-set-'));
  const auth = password === undefined ? [] : ['--requirepass', password, '--masterauth', password];
  // A replica that lost its primary's backlog copies everything; without a pause for others that may ask, too.
  const common = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0', ...auth];
  const redisArgs = (port: number): string[] => [...listenArgs(port, directory), ...common];
  const primaryPort = await freePort();
  const primary = await startNode(primaryPort, redisArgs(primaryPort), password);
  const replicaPort = await freePort();
  const replicaOf = ['--replicaof', `127.0.0.1 ${primaryPort}`];
  const replica = await startNode(
    replicaPort,
    [...redisArgs(replicaPort), ...replicaOf],
    password,
    redisArgs(replicaPort),
  );
  const sentinels: RedisNode[] = [];
  for (let at = 0; at < SENTINELS; at += 1) {
    const port = await freePort();
    const file = join(directory, `sentinel-${at}.conf`);
    await writeFile(file, sentinelConfig(port, directory, primaryPort, downAfterMs, password));
    sentinels.push(await startNode(port, [file, '--sentinel']));
  }
  const nodes = [primary, replica] as const;
  const all = [...nodes, ...sentinels];

  const primaryOf = async (): Promise<RedisNode> => {
    const port = await firstAnswer(sentinels, primaryPortOf);
    const found = nodes.find((node) => node.port === port);
    if (found === undefined) throw new Error(`the Sentinels name port ${port}, which is none of the set`);
    return found;
  };
  const otherOf = async (): Promise<RedisNode> => {
    const found = await primaryOf();
    return nodes[0] === found ? nodes[1] : nodes[0];
  };
  const set: RedisSet = {
    url: `redis-sentinel://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${PRIMARY_NAME}`,
    nodes,
    sentinels,
    primary: primaryOf,
    replica: otherOf,
    promote: async () => {
      const wanted = await otherOf();
      await until(() => succeeds(sentinels[0]!.client.call('SENTINEL', 'FAILOVER', PRIMARY_NAME)));
      await until(async () => {
        const named = await Promise.all(sentinels.map((sentinel) => primaryPortOf(sentinel)));
        return named.every((port) => port === wanted.port) && (await roleOf(wanted)) === 'master';
      });
    },
    leaveBehind: async () => {
      const { client } = await otherOf();
      // A link that is lost cannot come back with a password that the primary refuses.
      await client.config('SET', 'masterauth', 'not the password of this set');
      await client.call('CLIENT', 'KILL', 'TYPE', 'master');
      await until(async () => (await client.info('replication')).includes('master_link_status:down'));
    },
    inStep: async () => {
      const [from, to] = [await primaryOf(), await otherOf()];
      // Of this moment: under load the two are never seen at one offset.
      const wanted = offsetOf('master', await from.client.info('replication'));
      await until(async () => {
        const info = await to.client.info('replication');
        return info.includes('master_link_status:up') && offsetOf('slave', info) >= wanted;
      });
    },
    end: async () => {
      for (const node of all) {
        node.client.disconnect();
        node.cont();
        await node.kill();
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
  await set.inStep();
  await until(async () => (await Promise.all(sentinels.map(knowsAll))).every(Boolean));
  return set;
}

/** Bytes of the replication stream that a server wrote as master, or has taken as slave; -1 = it says nothing of it. */
function offsetOf(role: 'master' | 'slave', info: string): number {
  return Number(new RegExp(`^${role}_repl_offset:(\\d+)`, 'm').exec(info)?.[1] ?? -1);
}

function listenArgs(port: number, directory: string): string[] {
  return ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
}

function sentinelConfig(
  port: number,
  directory: string,
  primaryPort: number,
  downAfterMs: number,
  password: string | undefined,
): string {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${directory}`,
    `sentinel monitor ${PRIMARY_NAME} 127.0.0.1 ${primaryPort} ${QUORUM}`,
    `sentinel down-after-milliseconds ${PRIMARY_NAME} ${downAfterMs}`,
    // Also how long after a failed attempt, or a fail-over, the next one may begin (twice this).
    `sentinel failover-timeout ${PRIMARY_NAME} 2000`,
    ...(password === undefined ? [] : [`sentinel auth-pass ${PRIMARY_NAME} "${password}"`]),
    '',
  ].join('\n');
}

async function startNode(
  port: number,
  args: readonly string[],
  password?: string,
  argsOfRestart: readonly string[] = args,
): Promise<RedisNode> {
  const client = new Redis(port, '127.0.0.1', {
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
    ...(password === undefined ? {} : { password }),
  });
  client.on('error', () => undefined);
  let server = spawnServer(args);
  await client.ping();
  return {
    port,
    client,
    kill: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
    },
    stop: () => void server.kill('SIGSTOP'),
    cont: () => void server.kill('SIGCONT'),
    restart: async () => {
      server = spawnServer(argsOfRestart);
      await client.ping();
    },
  };
}

function spawnServer(args: readonly string[]): ChildProcess {
  const binary = redisServerProgram();
  const server = spawn(binary, args, { stdio: 'ignore' });
  endWithFile(server);
  server.on('error', (fault) => {
    throw new Error(`${binary} cannot be started (set KEEL_REDIS_SERVER): ${fault.message}`);
  });
  return server;
}

async function primaryPortOf(sentinel: RedisNode): Promise<number> {
  const [, port] = (await sentinel.client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', PRIMARY_NAME)) as [
    string,
    string,
  ];
  return Number(port);
}

/** Each is asked in turn; one that was killed or hangs is passed over. */
async function firstAnswer<Answer>(
  nodes: readonly RedisNode[],
  ask: (node: RedisNode) => Promise<Answer>,
): Promise<Answer> {
  for (const node of nodes) {
    const answer = await Promise.race([ask(node), sleep(200, undefined)]).catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  throw new Error('no Sentinel answers');
}

async function roleOf(node: RedisNode): Promise<string> {
  return ((await node.client.call('ROLE')) as [string])[0];
}

/** That it has found the replica and the other Sentinels, which it needs for a fail-over. */
async function knowsAll({ client }: RedisNode): Promise<boolean> {
  const replicas = (await client.call('SENTINEL', 'REPLICAS', PRIMARY_NAME)) as unknown[];
  const others = (await client.call('SENTINEL', 'SENTINELS', PRIMARY_NAME)) as unknown[];
  if (replicas.length !== 1 || others.length !== SENTINELS - 1) return false;
  return succeeds(client.call('SENTINEL', 'CKQUORUM', PRIMARY_NAME));
}

async function succeeds(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}
