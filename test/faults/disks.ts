import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import type { SequencerProcess } from './sequencerProcess.ts';
import { type Cluster, startCluster } from './startCluster.ts';

/** A disk that fails its flushes, is full, or is slow: under the leader, and under a node that follows. */
export const disks: Row = { name: 'disks', count: 1, counted: 'times', run };

const PRELOAD = join(import.meta.dirname, 'faultyDisk.mjs');
const SMALL_DISK_MB = 64;
const SLOW_MS = 200;
const SLOW_FOR_MS = 2_000;

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const folder = await mkdtemp(join(tmpdir(), 'keel-small-disk-'));
  const mounted = mount(folder);
  const small = join(folder, 'data');
  const cluster = await startCluster({
    env: { NODE_OPTIONS: `--import=${PRELOAD}` },
    ...(mounted ? { dataDirs: { a: small } } : {}),
  });
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    const faults: string[] = [];
    const sentences = new Set<string>();
    const gaps: number[] = [];
    const note = async (what: string, breaking: () => Promise<Broken>): Promise<void> => {
      const { gapMs, sentence } = await breaking();
      gaps.push(gapMs);
      if (sentence !== undefined) sentences.add(sentence);
      else faults.push(`${what}: nothing was said`);
      progress(gaps.length, count * (mounted ? 6 : 4), `${what}: ${Math.round(gapMs)} ms without an acknowledgement`);
    };
    for (let time = 0; time < count; time += 1) {
      for (const leads of [true, false]) {
        const whose = leads ? 'the leader' : 'a follower';
        await note(`flush fails, ${whose}`, () => failFlush(cluster, load, leads));
        await note(`slow, ${whose}`, () => slowDown(cluster, load, leads));
        if (mounted) await note(`full, ${whose}`, () => fill(cluster, load, leads, folder));
      }
    }
    const verdict = await cluster.judge(load);
    return {
      row: disks.name,
      done: `${mounted ? '' : 'WITHOUT a full disk, which needs root; '}${gaps.length} faults of a disk`,
      figures: {
        gapP50Ms: percentile(gaps, 50),
        gapMaxMs: percentile(gaps, 100),
        sentences: [...sentences].join(' | '),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [...faults, ...verdict.faults],
    };
  } finally {
    await cluster.stop();
    if (mounted) execFileSync('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

interface Broken {
  readonly gapMs: number;
  /** What the process said. */
  readonly sentence: string | undefined;
}

/** A file system of its own in memory. Mounting needs root. */
function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_MB}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function nodeThat({ leader, nodes }: Cluster, leads: boolean): Promise<SequencerProcess> {
  const leading = await leader();
  const other = nodes.find((node) => node !== leading);
  return leads || other === undefined ? leading : other;
}

async function failFlush(cluster: Cluster, load: Load, leads: boolean): Promise<Broken> {
  const node = await nodeThat(cluster, leads);
  const brokenMs = performance.now();
  await writeFile(`${node.dataDir}.fault`, 'fail');
  return endAndReturn(cluster, load, node, brokenMs, () => rm(`${node.dataDir}.fault`));
}

/** The disk of node a is filled by a file that is none of its own. */
async function fill(cluster: Cluster, load: Load, leads: boolean, folder: string): Promise<Broken> {
  const node = cluster.node('a');
  await leadOrNot(cluster, node, leads);
  const filler = join(folder, 'filler');
  const brokenMs = performance.now();
  await writeFile(filler, Buffer.alloc(SMALL_DISK_MB * 1_048_576)).catch(fullOnly);
  return endAndReturn(cluster, load, node, brokenMs, () => rm(filler));
}

/** The process ends with a sentence, the exchange goes on, and the process comes back once the disk is well. */
async function endAndReturn(
  cluster: Cluster,
  load: Load,
  node: SequencerProcess,
  brokenMs: number,
  mend: () => Promise<void>,
): Promise<Broken> {
  const code = await node.ended();
  const sentence = node.output.split('\n').find((line) => line.startsWith('keel sequencer: '));
  await load.ackAfter(performance.now());
  const gapMs = load.longestSilence(brokenMs, performance.now());
  await mend();
  node.start();
  await cluster.allUp();
  return { gapMs, sentence: code === 1 && sentence !== undefined ? withoutPaths(sentence) : undefined };
}

/** Acknowledged is what etcd has, so a slow disk of one node is not waited for; nothing needs to be said of it. */
async function slowDown(cluster: Cluster, load: Load, leads: boolean): Promise<Broken> {
  const node = await nodeThat(cluster, leads);
  const brokenMs = performance.now();
  await writeFile(`${node.dataDir}.fault`, String(SLOW_MS));
  await sleep(SLOW_FOR_MS);
  const { sequence = 0, durableSequence = 0 } = (await node.status()) ?? {};
  await load.ackAfter(performance.now());
  const gapMs = load.longestSilence(brokenMs, performance.now());
  await rm(`${node.dataDir}.fault`);
  return { gapMs, sentence: durableSequence < sequence ? 'slow: durableSequence stays behind sequence' : undefined };
}

function fullOnly(fault: unknown): void {
  if ((fault as NodeJS.ErrnoException).code !== 'ENOSPC') throw fault;
}

/** Hands over until the node leads, or does not. */
async function leadOrNot(cluster: Cluster, node: SequencerProcess, leads: boolean): Promise<void> {
  await cluster.allUp();
  const leader = await cluster.leader();
  if ((leader === node) === leads) return;
  const to = leads ? node : cluster.nodes.find((each) => each !== node);
  if (to !== undefined) await cluster.leadBy(to);
  await cluster.allUp();
}

/** Sentences of two runs are the same. */
function withoutPaths(sentence: string): string {
  return sentence.replace(/\/\S+\/(?=[^/\s]+)/g, '…/');
}
