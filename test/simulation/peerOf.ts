import type { Peer } from '@keel/cluster';
import type { ReceivedRecord } from '@keel/journal';
import type { SealedBatch } from '@keel/types';
import type { Machine } from './machine.ts';
import type { Process } from './scheduler.ts';
import type { World } from './world.ts';

const ANSWER_MS_MAX = 2_000;

/** Another node's disk over the network: a question and its answer, or none. */
export function peerOf(world: World, process: Process, from: string, to: string, durableSequence: number): Peer {
  const ask = <Result>(answer: (machine: Machine) => Result | Promise<Result>): Promise<Result> =>
    askPeer(world, process, from, world.machine(to), answer);
  return {
    nodeId: to,
    durableSequence,
    snapshot: () => ask((machine) => machine.snapshotFile()),
    async *records(fromSequence): AsyncGenerator<ReceivedRecord> {
      const all = await ask((machine) => machine.records(fromSequence));
      // A connection may break anywhere; what came before counts.
      const cut = world.chance.happens(0.1) ? world.chance.between(0, all.length) : all.length;
      yield* all.slice(0, cut);
      if (cut < all.length) throw new Error(`the connection to ${to} was lost`);
    },
    async *batches(fromIndex): AsyncGenerator<SealedBatch> {
      yield* await ask((machine) => machine.batches(fromIndex));
    },
  };
}

function askPeer<Result>(
  world: World,
  process: Process,
  from: string,
  machine: Machine,
  answer: (machine: Machine) => Result | Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const link = world.network.link(from, machine.name);
    const server = machine.process;
    world.scheduler.after(ANSWER_MS_MAX, process, () => reject(new Error(`${machine.name} does not answer`)));
    const sendBack = (settle: () => void): void => {
      const back = link.receive();
      if (back !== undefined) world.scheduler.after(back + 1, process, settle);
    };
    const way = link.send();
    if (way === undefined) return;
    world.scheduler.after(way, server, () => {
      new Promise<Result>((done) => done(answer(machine))).then(
        (result) => sendBack(() => resolve(result)),
        (fault: unknown) => sendBack(() => reject(fault as Error)),
      );
    });
  });
}
