import {
  createSubmitUntil,
  IntakeHandingOver,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeUnavailable,
  type SubmitUntil,
} from '@keel/intake';
import type { Command } from '@keel/types';
import type { Chance } from './chance.ts';
import { NodeClock } from './nodeClock.ts';
import { Process } from './scheduler.ts';
import { SimGate } from './simGate.ts';
import { openingCommands, Workload } from './workload.ts';
import type { World } from './world.ts';

/** As the gateway's. */
const DEADLINE_MS = 5_000;
const THINK_MS = 1_400;
const BURST_MAX = 6;

/** A gateway's program: the real retry over the simulated sockets. */
interface Gateway {
  readonly process: Process;
  readonly clock: NodeClock;
  readonly submitUntil: SubmitUntil;
}

/** Traders, feeders and the settler: each hands in commands, waits, thinks, and goes on until all are placed. */
export class Clients {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #workload: Workload;
  readonly #gateways: readonly Gateway[];
  readonly #people: Process = new Process('people');
  #left = 0;
  #waiting = 0;

  constructor(world: World, gateways: number) {
    this.#world = world;
    this.#chance = world.chance.fork();
    this.#workload = new Workload(world.chance.fork());
    this.#gateways = Array.from({ length: gateways }, (_, place) => {
      const process = new Process(`gateway ${place + 1}`);
      const clock = new NodeClock(world.scheduler, 1, 0);
      const gate = new SimGate(world, process, world.chance.fork());
      return { process, clock, submitUntil: createSubmitUntil({ gate, time: clock.timeOf(process) }) };
    });
  }

  get processes(): readonly Process[] {
    return this.#gateways.map(({ process }) => process);
  }

  /** Commands that nobody has an answer for yet. */
  get waiting(): number {
    return this.#waiting;
  }

  get idle(): boolean {
    return this.#waiting === 0 && this.#left === 0;
  }

  /** Market, deposits, prices: one after the other, each until it is done. */
  async open(): Promise<void> {
    this.#waiting += 1;
    for (const { command } of openingCommands()) {
      let done = false;
      while (!done) done = await this.#place(command, this.#gateways[0] as Gateway, false);
    }
    this.#waiting -= 1;
  }

  /** So many commands by so many people at once. */
  trade(commands: number, people: number): void {
    this.#left += commands;
    for (let person = 0; person < people; person += 1) this.#goOn();
  }

  #goOn(): void {
    this.#world.scheduler.after(this.#chance.within(0, THINK_MS), this.#people, () => {
      const burst = Math.min(this.#left, this.#chance.between(1, BURST_MAX));
      if (burst === 0) return;
      this.#left -= burst;
      const gateway = this.#chance.pick(this.#gateways);
      const all = Array.from({ length: burst }, () => this.#placeUntilKnown(this.#workload.next().command, gateway));
      void Promise.all(all).then(() => this.#goOn());
    });
  }

  /** Some ask again when they were told nothing, others give up. */
  async #placeUntilKnown(command: Command, gateway: Gateway): Promise<void> {
    this.#waiting += 1;
    let known = await this.#place(command, gateway, false);
    for (let again = 0; !known && again < 2 && this.#chance.happens(0.5); again += 1) {
      known = await this.#place(command, this.#chance.pick(this.#gateways), true);
    }
    if (!known) this.#world.counts.gaveUp += 1;
    this.#waiting -= 1;
  }

  /** False = nothing is known of it, or it was not taken. */
  async #place(command: Command, gateway: Gateway, again: boolean): Promise<boolean> {
    const { checker, counts } = this.#world;
    const request = { command, afterSequence: checker.highestTold, again };
    try {
      const { submitted } = await gateway.submitUntil(command, gateway.clock.monotonicMs + DEADLINE_MS);
      const { sequence, repeated = false } = submitted;
      counts.acknowledged += 1;
      if (repeated) counts.repeated += 1;
      this.#world.trace(`told ${sequence}${repeated ? ' again' : ''}`);
      checker.noteAnswered(request, sequence, repeated);
      return true;
    } catch (fault) {
      if (fault instanceof IntakeOutcomeUnknown) counts.unknown += 1;
      else if (
        !(fault instanceof IntakeUnavailable) &&
        !(fault instanceof IntakeOverloaded) &&
        !(fault instanceof IntakePaused) &&
        !(fault instanceof IntakeHandingOver)
      )
        throw fault;
      return false;
    }
  }
}
