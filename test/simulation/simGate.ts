import {
  type CommandGate,
  IntakeHandingOver,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeUnavailable,
  type SubmitOptions,
  type Submitted,
} from '@keel/intake';
import type { Command } from '@keel/types';
import type { Chance } from './chance.ts';
import type { Link } from './link.ts';
import { type Machine, NotLeader } from './machine.ts';
import type { Process } from './scheduler.ts';
import type { World } from './world.ts';

/** Silence after which a connection is taken for lost. */
const SILENCE_MS = 3_000;
const RECONNECT_MS = 60;
const WELCOME_MS = 1_000;

interface Pending {
  readonly resolve: (submitted: Submitted) => void;
  readonly reject: (fault: Error) => void;
}

/** A stream of bytes between a gateway and one run of a node: in order, and either all of it arrives or the rest never. */
interface Connection {
  readonly machine: Machine;
  readonly server: Process;
  readonly link: Link;
  readonly pending: Set<Pending>;
  /** When what was sent last arrives; what is sent later does not arrive before it. */
  thereMs: number;
  backMs: number;
  brokenThere: boolean;
  brokenBack: boolean;
  heardMs: number;
  open: boolean;
}

/** A gateway's way to whoever leads: what an intake's client and server do with sockets, over the simulated network. */
export class SimGate implements CommandGate {
  readonly #world: World;
  readonly #process: Process;
  readonly #chance: Chance;
  #connection: Connection | undefined;
  #waiters: (() => void)[] = [];
  #next = 0;

  constructor(world: World, process: Process, chance: Chance) {
    this.#world = world;
    this.#process = process;
    this.#chance = chance;
    this.#connect(undefined);
  }

  ready(): Promise<void> {
    if (this.#connection !== undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  submit(command: Command, { retry }: SubmitOptions): Promise<Submitted> {
    const connection = this.#connection;
    if (connection === undefined) return Promise.reject(new IntakeUnavailable('not connected'));
    return new Promise((resolve, reject) => {
      const pending: Pending = { resolve, reject };
      connection.pending.add(pending);
      if (connection.pending.size === 1) connection.heardMs = this.#world.scheduler.nowMs;
      this.#sendThere(connection, () => this.#serve(connection, command, retry, pending));
    });
  }

  /** In the node's process: a request has come. */
  #serve(connection: Connection, command: Command, retry: boolean, pending: Pending): void {
    const { machine } = connection;
    machine.submit(command, retry).then(
      (submitted) => {
        const running = machine.running;
        if (running !== undefined) this.#world.noteAcknowledged(machine, command, submitted);
        this.#sendBack(connection, () => this.#settle(connection, pending, () => pending.resolve(submitted)));
      },
      (fault: unknown) => {
        const told = toldOf(fault);
        this.#sendBack(connection, () => {
          this.#settle(connection, pending, () => pending.reject(told));
          if (fault instanceof NotLeader) this.#leave(connection, fault.leader);
        });
      },
    );
  }

  #settle(connection: Connection, pending: Pending, settle: () => void): void {
    connection.heardMs = this.#world.scheduler.nowMs;
    if (connection.pending.delete(pending)) settle();
  }

  /** That node does not lead: what it still owes may come, nothing new goes there. */
  #leave(connection: Connection, leader: string | undefined): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#connect(leader);
  }

  #lose(connection: Connection): void {
    if (!connection.open) return;
    connection.open = false;
    for (const { reject } of connection.pending) reject(new IntakeOutcomeUnknown('the connection was lost'));
    connection.pending.clear();
    this.#leave(connection, undefined);
  }

  /** To the node that is said to lead, else to one after the other. */
  #connect(leader: string | undefined): void {
    const world = this.#world;
    const { machines } = world;
    this.#next += 1;
    const machine = leader === undefined ? (machines[this.#next % machines.length] as Machine) : world.machine(leader);
    world.scheduler.after(RECONNECT_MS * this.#chance.within(0.5, 1.5), this.#process, () => {
      if (this.#connection !== undefined) return;
      this.#knock(machine);
    });
  }

  #knock(machine: Machine): void {
    const world = this.#world;
    const link = world.network.link(this.#process.name, machine.name);
    const server = machine.process;
    let answered = false;
    const answer = (then: () => void): void => {
      if (answered) return;
      answered = true;
      then();
    };
    const refused = !server.alive && !machine.poweredOff;
    const way = link.send();
    if (way !== undefined && refused)
      world.scheduler.after(2 * way, this.#process, () => answer(() => this.#connect(undefined)));
    else if (way !== undefined && server.alive) {
      world.scheduler.after(way, server, () => {
        const node = machine.running?.node;
        const leads = node?.sequencer !== undefined;
        const leader = node?.view.leader?.nodeId;
        const back = link.receive();
        if (back === undefined) return;
        world.scheduler.after(back, this.#process, () =>
          answer(() => {
            if (leads) this.#welcome(machine, server, link);
            else this.#connect(leader === machine.name ? undefined : leader);
          }),
        );
      });
    }
    world.scheduler.after(WELCOME_MS, this.#process, () => answer(() => this.#connect(undefined)));
  }

  #welcome(machine: Machine, server: Process, link: Link): void {
    const { nowMs } = this.#world.scheduler;
    const connection: Connection = {
      machine,
      server,
      link,
      pending: new Set(),
      thereMs: nowMs,
      backMs: nowMs,
      brokenThere: false,
      brokenBack: false,
      heardMs: nowMs,
      open: true,
    };
    this.#connection = connection;
    this.#listen(connection);
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  /** Notices a peer that is gone at once, and one that is silent after some seconds. */
  #listen(connection: Connection): void {
    const { scheduler } = this.#world;
    scheduler.after(100, this.#process, () => {
      if (!connection.open) return;
      const { server, machine, link } = connection;
      const reset = !server.alive && !machine.poweredOff && !link.cut;
      const silent = connection.pending.size > 0 && scheduler.nowMs - connection.heardMs > SILENCE_MS;
      if (reset || silent) this.#lose(connection);
      else if (this.#connection === connection || connection.pending.size > 0) this.#listen(connection);
    });
  }

  #sendThere(connection: Connection, deliver: () => void): void {
    const way = connection.link.send();
    if (way === undefined || connection.brokenThere) connection.brokenThere = true;
    else {
      const { scheduler } = this.#world;
      connection.thereMs = Math.max(connection.thereMs + 1e-6, scheduler.nowMs + way);
      scheduler.after(connection.thereMs - scheduler.nowMs, connection.server, deliver);
    }
  }

  #sendBack(connection: Connection, deliver: () => void): void {
    if (!connection.server.alive) return;
    const way = connection.link.receive();
    if (way === undefined || connection.brokenBack) connection.brokenBack = true;
    else {
      const { scheduler } = this.#world;
      connection.backMs = Math.max(connection.backMs + 1e-6, scheduler.nowMs + way);
      scheduler.after(connection.backMs - scheduler.nowMs, this.#process, deliver);
    }
  }
}

/** What goes over the wire for a refusal. */
function toldOf(fault: unknown): Error {
  if (fault instanceof NotLeader) return new IntakeUnavailable(fault.message);
  if (
    fault instanceof IntakeUnavailable ||
    fault instanceof IntakeOutcomeUnknown ||
    fault instanceof IntakeHandingOver ||
    fault instanceof IntakeOverloaded ||
    fault instanceof IntakePaused
  )
    return fault;
  throw fault;
}
