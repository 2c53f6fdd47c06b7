import { Type } from 'typebox';
import { CommandFault } from '../commandFault.ts';
import { CommandLineFault } from '../commandLineFault.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { nobody } from '../nodes/askAny.ts';
import { judgeCluster, roleOf } from '../nodes/judgeCluster.ts';
import { NODE_OPTIONS, type NodeDoor, openDoor } from '../nodes/nodeDoor.ts';
import { type ClusterPicture, isAnswered, readCluster } from '../nodes/readCluster.ts';
import { sendOrder } from '../nodes/sendOrder.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import { changesOf } from '../status/statusText.ts';
import { verdictOf } from '../status/verdictOf.ts';
import type { Terminal } from '../terminal.ts';

const NODE_ID = /^[a-z0-9-]{1,32}$/;
const REASON_MAX = 200;
/** A hand-over takes well under a second; a node that replays much first takes longer. */
const TRANSFER_MS_MAX = 15_000;
const LOOK_EVERY_MS = 200;

const anything = Type.Object({});

/** keelctl leader show|transfer|pause|resume. */
export async function runLeader(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, {
    ...NODE_OPTIONS,
    to: { type: 'string' },
    reason: { type: 'string' },
  });
  const [verb = '', ...rest] = positionals;
  assertNoMore(`leader ${verb}`, rest);
  const { to, reason, json } = values;
  if (to !== undefined && verb !== 'transfer') throw new CommandLineFault('--to belongs to leader transfer');
  if (reason !== undefined && verb !== 'pause') throw new CommandLineFault('--reason belongs to leader pause');
  const say = (facts: object, text: string): ExitCode => {
    terminal.write(`${json ? JSON.stringify(facts) : text}\n`);
    return EXIT.fine;
  };
  switch (verb) {
    case 'show':
      return show(openDoor(values), json, terminal);
    case 'transfer': {
      if (to !== undefined && !NODE_ID.test(to))
        throw new CommandLineFault(`--to "${to}" is no node: a-z, 0-9 and -, at most 32`);
      const moved = await transfer(openDoor(values), to);
      return say(
        moved,
        `node ${moved.leader} leads now (epoch ${moved.epoch ?? '?'}); ${moved.from} handed over, ${moved.seconds.toFixed(1)} s until it was seen`,
      );
    }
    case 'pause': {
      if (reason === undefined || reason.trim() === '' || reason.length > REASON_MAX)
        throw new CommandLineFault(
          `say why: --reason "TEXT", at most ${REASON_MAX} characters; whoever looks at the exchange reads it`,
        );
      const { url } = await sendOrder(openDoor(values), '/leader/pause', { reason }, anything);
      return say(
        { paused: { reason }, by: url },
        `paused by ${url}: no command is taken, by whichever node leads; keelctl leader resume ends it`,
      );
    }
    case 'resume': {
      const { url } = await sendOrder(openDoor(values), '/leader/resume', {}, anything);
      return say({ paused: null, by: url }, `resumed by ${url}: commands are taken again`);
    }
    default:
      throw new CommandLineFault('say "leader show", "transfer", "pause" or "resume"');
  }
}

/** Who leads and the whole story of who led before; 1 when there is not exactly one leader. */
async function show(door: NodeDoor, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const picture = await readCluster(door);
  if (!picture.statuses.some(isAnswered)) throw nobody(door, picture.statuses);
  const findings = judgeCluster(picture).filter(({ check }) => check === 'leader' || check === 'changes');
  const faults = findings.filter(({ severity }) => severity === 'fault');
  const leader = leaderOf(picture);
  const facts = { leader, epoch: epochOf(picture, leader), terms: picture.terms, findings };
  const story = picture.terms.length === 0 ? changesOf(picture, 0) : changesOf(picture, picture.terms.length);
  const text = [
    verdictOf(picture, judgeCluster(picture)).line,
    ...findings.map(({ what, next }) => `  ${terminal.paint('red', what)}; next: ${next}`),
    '',
    ...story,
  ];
  terminal.write(`${json ? JSON.stringify(facts) : text.join('\n')}\n`);
  return faults.length === 0 ? EXIT.fine : EXIT.notFine;
}

interface Moved {
  readonly leader: string;
  readonly epoch: number | undefined;
  readonly from: string;
  readonly seconds: number;
}

/** Hands over and waits until another node is seen to lead. */
async function transfer(door: NodeDoor, to: string | undefined): Promise<Moved> {
  const begunMs = performance.now();
  const { picture } = await sendOrder(door, '/leader/transfer', to === undefined ? {} : { to }, anything);
  const from = leaderOf(picture) ?? 'nobody';
  while (performance.now() - begunMs < TRANSFER_MS_MAX) {
    const now = await readCluster(door);
    const leader = leaderOf(now);
    const seconds = (performance.now() - begunMs) / 1_000;
    if (leader !== undefined && leader !== from) {
      if (to !== undefined && leader !== to)
        throw new CommandFault(
          `node ${leader} leads now, not ${to}: ${to} did not stand in time; keelctl leader show tells why`,
        );
      return { leader, epoch: epochOf(now, leader), from, seconds };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new CommandFault(
    `${from} was asked to hand over, and no other node leads yet: keelctl leader show`,
    EXIT.timedOut,
  );
}

function leaderOf({ nodes }: ClusterPicture): string | undefined {
  return nodes.find((node) => node.status !== undefined && roleOf(node) === 'leading')?.name;
}

function epochOf({ nodes }: ClusterPicture, name: string | undefined): number | undefined {
  return nodes.find((node) => node.name === name)?.status?.epoch;
}
