import { ENGINE_VERSION_MAX } from '@keel/engine';
import { IntakeClient, IntakeVersionUnknown } from '@keel/intake';
import { waitFor } from '../e2e/waitFor.ts';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import type { SequencerProcess } from './sequencerProcess.ts';
import { type Cluster, startCluster } from './startCluster.ts';
import { TOKEN } from './tradersOrders.ts';

const OLD = 1;
const NEXT = 2;
/** A program that knows no more than the first rules of the engine, and what it is replaced by. */
const OLD_PROGRAM = { KEEL_ENGINE_VERSION_MAX: String(OLD) };
const NEW_PROGRAM = { KEEL_ENGINE_VERSION_MAX: String(ENGINE_VERSION_MAX) };

/**
 * Three old nodes are replaced one by one under load, then the rules are upgraded by a command of the operator. Before all
 * nodes know them the upgrade is refused; an old program that comes back afterwards does not go on, with one sentence.
 */
export const rollingUpgrade: Row = { name: 'rolling-upgrade', count: 1, counted: 'rounds', run };

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const gaps: number[] = [];
  const ofLeaders: number[] = [];
  const faults: string[] = [];
  let figures: Record<string, number | string> = {};
  for (let round = 1; round <= count; round += 1) {
    const cluster = await startCluster({ env: OLD_PROGRAM });
    try {
      const load = new Load({ urls: cluster.urls });
      await load.start();
      if ((await upgrade(cluster)) !== 'refused') faults.push('the upgrade was not refused by old nodes');
      for (const [place, node] of cluster.nodes.entries()) {
        const led = (await cluster.leader()) === node;
        const gap = await replaceUnderLoad(cluster, node, load);
        gaps.push(gap);
        if (led) ofLeaders.push(gap);
        const isLast = place === cluster.nodes.length - 1;
        if (!isLast && (await upgrade(cluster)) !== 'refused') faults.push('the upgrade was taken beside an old node');
      }
      faults.push(...(await upgradeWithoutOne(cluster, load)));
      const verdict = await cluster.judge(load);
      faults.push(...verdict.faults);
      if (load.givenUp.length > 0) faults.push(`${load.givenUp.length} commands had no outcome`);
      if (load.refusals.size > 0) faults.push(`orders were refused: ${JSON.stringify([...load.refusals])}`);
      figures = { offeredPerSecond: load.offeredPerSecond, stateRoot: verdict.stateRoot, ...auditFigures(verdict) };
    } finally {
      await cluster.stop();
    }
    progress(round, count, `${percentile(gaps, 100)} ms without an acknowledgement at most`);
  }
  return {
    row: rollingUpgrade.name,
    done: `${gaps.length} nodes replaced, ${ofLeaders.length} of them led; version ${OLD} to ${NEXT}`,
    figures: {
      gapsMs: gaps.map((gap) => Math.round(gap)).join(' '),
      gapOfLeadersMaxMs: percentile(ofLeaders, 100),
      ...figures,
    },
    faults,
  };
}

/** Ends an old program and starts the new one in its place; returns the longest time without an acknowledgement. */
async function replaceUnderLoad(cluster: Cluster, node: SequencerProcess, load: Load): Promise<number> {
  const askedMs = performance.now();
  const code = await node.end('SIGTERM');
  if (code !== 0) throw new Error(`${node.nodeId} ended with ${code}: ${node.output.slice(-500)}`);
  node.start(NEW_PROGRAM);
  await cluster.allUp();
  await load.ackAfter(performance.now());
  return load.longestSilence(askedMs, performance.now());
}

/** Upgrades while one node is away, and brings that one back: as an old program twice, which goes on neither time, then new. */
async function upgradeWithoutOne(cluster: Cluster, load: Load): Promise<string[]> {
  const faults: string[] = [];
  const leader = await cluster.leader();
  const away = cluster.nodes.find((node) => node !== leader) as SequencerProcess;
  await away.end('SIGTERM');
  await waitFor('its report to go', async () => {
    const { nodes } = (await leader.get('/cluster')) as { nodes: readonly { nodeId: string }[] };
    return nodes.some(({ nodeId }) => nodeId === away.nodeId) ? undefined : true;
  });
  if ((await upgrade(cluster)) !== NEXT) faults.push('the upgrade was not taken by new nodes');
  await load.ackAfter(performance.now());

  // Its own journal is under the old rules: it follows the log up to the upgrade, and not a command further.
  away.start(OLD_PROGRAM);
  const haltedBy = await waitFor('the old program to halt', async () => (await away.status())?.haltedBy ?? undefined);
  if (!HALTED.test(haltedBy)) faults.push(`the old program halted and said: ${haltedBy}`);
  await away.end('SIGTERM');
  away.start(NEW_PROGRAM);
  await cluster.allUp();
  await load.ackAfter(performance.now());

  await away.end('SIGTERM');
  away.start(OLD_PROGRAM);
  const code = await away.ended();
  if (code !== 1 || !REFUSED.test(away.output)) faults.push(`an old program ended with ${code}: ${away.output}`);
  away.start(NEW_PROGRAM);
  await cluster.allUp();
  const inForce = await Promise.all(cluster.nodes.map(versionInForce));
  if (inForce.some((version) => version !== NEXT)) faults.push(`the rules in force are of versions ${inForce.join()}`);
  return faults;
}

const HALTED =
  /^the log goes on with version 2 of the engine's rules at command \d+, this program knows 1: upgrade this node$/;
const REFUSED =
  /keel sequencer: .* holds commands under version 2 of the engine's rules, this one knows 1: start a newer/;

/** The version that is in force by it, or that it was refused because some node does not know it. */
async function upgrade(cluster: Cluster): Promise<number | 'refused'> {
  const client = new IntakeClient({ url: cluster.urls, token: TOKEN, role: 'operator' });
  try {
    await client.ready();
    const { events } = await client.submit({ kind: 'upgradeEngine', engineVersion: NEXT }, { retry: false });
    const upgraded = events.find((event) => event.kind === 'engineUpgraded');
    if (upgraded === undefined) throw new Error(`the engine said ${JSON.stringify(events)}`);
    return upgraded.engineVersion;
  } catch (fault) {
    if (fault instanceof IntakeVersionUnknown) return 'refused';
    throw fault;
  } finally {
    await client.close();
  }
}

async function versionInForce(node: SequencerProcess): Promise<number | undefined> {
  return ((await node.get('/status')) as { readonly engineVersion?: number } | undefined)?.engineVersion;
}
