import type { Journal } from '@keel/journal';
import type { Chance } from './chance.ts';
import { Clients } from './clients.ts';
import { Faults } from './faults.ts';
import { MUTATIONS, type MutationName } from './mutations.ts';
import { type Counts, World } from './world.ts';

/** The safety phase ends after so long even if commands are still waiting. */
const SAFETY_MS_MAX = 240_000;
/** From the end of all faults: everything that waits has an outcome, and new commands are done. */
const LIVE_MS = 30_000;
/** Where take-overs are bounded per minute, nodes may wait for that minute. */
const BOUNDED_LIVE_MS = 100_000;
const CONVERGED_MS = 20_000;
const OPENING_MS = 60_000;
/** Commands that must be done after everything is well again. */
const LAST_COMMANDS = 40;

export interface RunOptions {
  readonly seed: number;
  readonly commands: number;
  readonly trace?: boolean;
  readonly mutation?: MutationName | undefined;
}

export interface RunResult {
  readonly seed: number;
  readonly commands: number;
  readonly violations: readonly string[];
  /** Of everything that happened, in order. */
  readonly hash: string;
  readonly counts: Counts;
  readonly blocks: number;
  readonly largestStoreBytes: number;
  readonly simulatedMs: number;
  readonly events: number;
  readonly lines: readonly string[];
}

/** One cluster's life, made from its seed: opening, trading with faults, healing, judgement. */
export async function runSimulation({ seed, commands, trace = false, mutation }: RunOptions): Promise<RunResult> {
  const world = new World(seed, trace);
  if (mutation !== undefined) MUTATIONS[mutation].change(world);
  const { scheduler, checker } = world;
  for (const machine of world.machines) world.start(machine);
  const clients = new Clients(world, 2);
  const faults = new Faults(world, clients.processes, mutation === undefined ? undefined : MUTATIONS[mutation].kinds);
  const wrong = (): boolean => checker.violations.length > 0;
  void clients.open();
  await scheduler.run(OPENING_MS, () => clients.idle || wrong());
  if (!clients.idle) checker.noteFault('the exchange did not open');

  faults.start();
  clients.trade(commands, peopleOf(world.chance, commands));
  await scheduler.run(scheduler.nowMs + SAFETY_MS_MAX, () => clients.idle || wrong());

  if (!wrong()) {
    faults.heal();
    await live(world, clients, wrong);
  }
  world.over = true;
  judge(world);
  return {
    seed,
    commands: checker.lastSequence,
    violations: checker.violations,
    hash: world.trace_.hash,
    counts: world.counts,
    blocks: checker.blocks,
    largestStoreBytes: world.store.largestBytes,
    simulatedMs: Math.round(scheduler.nowMs),
    events: scheduler.events,
    lines: world.trace_.lines,
  };
}

/** Enough people that the faults have something to meet, few enough that the run lasts. */
function peopleOf(chance: Chance, commands: number): number {
  return Math.max(2, Math.min(60, Math.round(commands / chance.pick([40, 70, 120]))));
}

/** Nothing is wrong any more: what waits must end, new commands must be done, and all nodes must hold all of the log. */
async function live(world: World, clients: Clients, wrong: () => boolean): Promise<void> {
  const { scheduler, checker, sizes } = world;
  const boundMs = sizes.takeOversPerMinute < 100 ? BOUNDED_LIVE_MS : LIVE_MS;
  await scheduler.run(scheduler.nowMs + boundMs, () => (clients.idle && takesCommands(world)) || wrong());
  if (!takesCommands(world))
    checker.noteFault(`nobody takes commands ${boundMs / 1_000} s after the last fault: ${states(world)}`);
  if (!clients.idle)
    checker.noteFault(`${clients.waiting} commands still wait ${boundMs / 1_000} s after the last fault`);
  if (wrong()) return;
  const { acknowledged } = world.counts;
  clients.trade(LAST_COMMANDS, 10);
  await scheduler.run(scheduler.nowMs + LIVE_MS, () => clients.idle || wrong());
  const done = world.counts.acknowledged - acknowledged;
  if (done < LAST_COMMANDS) checker.noteFault(`of ${LAST_COMMANDS} commands after the last fault ${done} were done`);
  if (wrong()) return;
  await scheduler.run(scheduler.nowMs + CONVERGED_MS, () => converged(world) || wrong());
  if (!converged(world)) checker.noteFault(`the nodes do not come together: ${states(world)}`);
}

/** Somebody leads, and knows that the operator has resumed: a paused leader refuses what comes, and rightly. */
function takesCommands(world: World): boolean {
  return world.machines.some(({ running }) => {
    return running?.node.sequencer !== undefined && running.node.view.pause === undefined;
  });
}

function converged(world: World): boolean {
  const last = world.checker.lastSequence;
  const all = world.machines.every(({ running }) => {
    if (running === undefined) return false;
    return running.replica.sequence === last && running.replica.journal.durableSequence === last;
  });
  return all && world.redis.head.sequence === last;
}

function states(world: World): string {
  const { checker, redis } = world;
  const nodes = world.machines.map((machine) => {
    const { name, running, lastFault, process } = machine;
    if (running === undefined) return `${name} ${process.alive ? 'starting' : 'off'} after ${String(lastFault)}`;
    const { node, replica } = running;
    const { durableSequence } = replica.journal;
    return `${name} ${node.role} at ${replica.sequence} (${durableSequence} durable) ${node.report().notStanding}`;
  });
  return `${nodes.join('; ')}; log ${checker.lastSequence}; read model ${redis.head.sequence}`;
}

/** What cannot be read is no prefix of anything. */
function judgeJournal({ checker }: World, name: string, journal: Journal): void {
  try {
    checker.judgeJournal(name, journal.read(1));
  } catch (fault) {
    checker.noteFault(`the journal of ${name} cannot be read: ${String(fault)}`);
  }
}

/** Everything that lies on disks and in the store, and everything that was told, against each other. */
function judge(world: World): void {
  const { checker } = world;
  const root = checker.judgeOutcomes();
  for (const { name, running } of world.machines) {
    if (running === undefined) continue;
    const { replica } = running;
    judgeJournal(world, name, replica.journal);
    if (replica.sequence === checker.lastSequence && replica.exchange.stateRoot() !== root)
      checker.noteFault(`the state of ${name} is not that of a replay`);
  }
  world.judgeRedis();
}
