import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const TOKEN = 'ab'.repeat(32);
const ROOT = `0x${'11'.repeat(32)}`;

/** What one node of the stand-in cluster says; tests bend it. */
export interface Says {
  status: Record<string, unknown>;
  cluster: Record<string, unknown>;
  /** Answers of POST, by path. */
  orders: Record<string, { readonly status: number; readonly body: object }>;
  other: Record<string, object>;
  /** Never answers. */
  hangs: boolean;
}

export interface StandIn {
  readonly url: string;
  readonly says: Says;
  /** Bodies of POST by path, with the token that came along. */
  readonly heard: { readonly path: string; readonly body: unknown; readonly authorization: string | undefined }[];
  readonly close: () => Promise<void>;
}

/** Nodes a, b and c as their admin ports show them; b leads since three minutes. Real HTTP, so that limits and codes are. */
export async function openCluster(nowMs: number): Promise<readonly StandIn[]> {
  const nodes = await Promise.all(['a', 'b', 'c'].map((nodeId) => openNode(nodeId)));
  const reports = nodes.map(({ url }, place) => ({
    nodeId: 'abc'[place],
    role: place === 1 ? 'leading' : 'following',
    notStanding: '',
    intakeUrl: `ws://10.0.0.${place + 1}:7070`,
    adminUrl: url,
    sequence: 80_000,
    durableSequence: 80_000,
    snapshotSequence: 60_000,
    height: 4_000,
    wallMs: nowMs,
    version: '0.1.0',
    engineVersion: 1,
    checkpoint: { sequence: 77_824, stateRoot: ROOT },
  }));
  for (const [place, { says }] of nodes.entries()) {
    Object.assign(says.status, statusOf(place, nowMs));
    Object.assign(says.cluster, structuredClone(clusterOf(reports, nowMs)));
  }
  return nodes;
}

function statusOf(place: number, nowMs: number): Record<string, unknown> {
  return {
    sequence: 80_000,
    timeMs: nowMs,
    lastBatchIndex: 7,
    accounts: 12,
    openOrders: 345,
    openBatchCommands: 100,
    waitingCommands: 0,
    ...(place === 1 ? { readModel: { connected: true, lagCommands: 3, rebuilds: 1, policy: 'noeviction' } } : {}),
    role: place === 1 ? 'leading' : 'following',
    nodeId: 'abc'[place],
    epoch: 90,
    height: 4_000,
    durableSequence: 80_000,
    snapshotSequence: 60_000,
    checkpoint: { sequence: 77_824, stateRoot: ROOT },
    lagCommands: 0,
    notStanding: null,
    paused: null,
    version: '0.1.0',
  };
}

function clusterOf(reports: readonly object[], nowMs: number): Record<string, unknown> {
  const member = { version: '3.4.23', dbBytes: 8_388_608, dbBytesInUse: 2_097_152, alarms: [] };
  return {
    identity: { members: 3, chainId: 31_337, settlementAddress: `0x${'5e'.repeat(20)}`, clusterId: 'c0'.repeat(16) },
    leader: { nodeId: 'b', epoch: 90, intakeUrl: 'ws://10.0.0.2:7070', sinceMs: nowMs - 180_000 },
    nodes: reports,
    terms: [
      {
        epoch: 90,
        nodeId: 'b',
        sinceMs: nowMs - 180_000,
        reason: 'the process of a was gone',
        takeOverMs: 212,
        silentMs: 640,
      },
      { epoch: 5, nodeId: 'a', sinceMs: nowMs - 3_600_000, reason: 'first start', takeOverMs: 900 },
    ],
    log: { firstHeight: 3_001, lastHeight: 4_000, blocks: 1_000 },
    store: {
      members: [7190, 7191, 7192].map((port, place) => ({
        endpoint: `http://127.0.0.1:${port}`,
        isLeader: place === 0,
        ...member,
      })),
    },
    takeoversLastMinute: 0,
  };
}

async function openNode(nodeId: string): Promise<StandIn> {
  const says: Says = { status: {}, cluster: {}, orders: {}, other: {}, hangs: false };
  const heard: StandIn['heard'] = [];
  const server = createServer(async (request, response) => {
    if (says.hangs) return;
    const { pathname } = new URL(request.url ?? '/', 'http://node');
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (pathname === '/status') return send(200, says.status);
    if (pathname === '/cluster') return send(200, says.cluster);
    const { authorization } = request.headers;
    if (request.method === 'POST') {
      heard.push({ path: pathname, body: await bodyOf(request), authorization });
      if (authorization !== `Bearer ${TOKEN}`)
        return send(401, { code: 'UNAUTHORIZED', message: 'the token is wrong' });
      const order = says.orders[pathname] ?? { status: 404, body: { error: 'not found' } };
      return send(order.status, order.body);
    }
    if (pathname === '/replica/records')
      return authorization === `Bearer ${TOKEN}` ? send(200, {}) : send(401, { code: 'UNAUTHORIZED', message: 'no' });
    const other = says.other[pathname];
    send(other === undefined ? 404 : 200, other ?? { error: 'not found', node: nodeId });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, says, heard, close: () => closed(server) };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
