import type { Chance } from './chance.ts';
import type { Link } from './link.ts';
import type { Machine } from './machine.ts';
import type { Process } from './scheduler.ts';
import type { World } from './world.ts';

/** What may go wrong; each run draws the kinds that it has. */
const KINDS = [
  'kill',
  'powerLoss',
  'blackout',
  'stopped',
  'storeCut',
  'storeSlow',
  'storeLossy',
  'storeNoQuorum',
  'storeLeaderChange',
  'storeFull',
  'storeCompacted',
  'watchBreaks',
  'nodesCut',
  'gatewayCut',
  'gatewayLossy',
  'gatewayTwice',
  'wallJump',
  'diskSlow',
  'diskFails',
  'diskFull',
  'diskLost',
  'handOver',
  'pause',
  'rollingRestart',
  'redisEmptied',
  'redisFailedOver',
  'redisAway',
  'redisSlow',
] as const;
export type FaultKind = (typeof KINDS)[number];

const HOUR_MS = 3_600_000;

/** Brings faults over a world at random until it is told to stop, and then takes all of them back. */
export class Faults {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #gateways: readonly Process[];
  readonly #kinds: readonly FaultKind[];
  readonly #everyMs: number;
  /** What takes a fault back that lasts. */
  readonly #mends = new Set<() => void>();
  #over = false;

  /** `kinds` = these and no others; drawn unless told. */
  constructor(world: World, gateways: readonly Process[], kinds?: readonly FaultKind[]) {
    this.#world = world;
    this.#chance = world.chance.fork();
    this.#gateways = gateways;
    const share = this.#chance.pick([0.2, 0.4, 0.7]);
    const drawn = KINDS.filter(() => this.#chance.happens(share));
    this.#kinds = kinds ?? (drawn.length === 0 ? ['kill'] : drawn);
    this.#everyMs = this.#chance.pick([700, 1_500, 3_000]);
  }

  start(): void {
    this.#world.trace(`faults: ${this.#kinds.join(' ')}, one in ${this.#everyMs} ms`);
    this.#next();
  }

  /** Everything is well from now on; what is off is started. */
  heal(): void {
    this.#over = true;
    const world = this.#world;
    for (const mend of [...this.#mends]) mend();
    for (const link of world.network.links) link.heal();
    for (const machine of world.machines) {
      machine.clock.setRight();
      machine.poweredOff = false;
      Object.assign(machine.disk.mood, { syncMs: 0.3, syncFails: 0, full: false });
      if (machine.process.stopped) world.scheduler.release(machine.process);
      if (!machine.alive) world.startLater(machine);
    }
    world.redis.away = false;
    world.trace('all faults have ended');
    void this.#resume();
  }

  #next(): void {
    this.#world.scheduler.worldAfter(this.#everyMs * this.#chance.within(0.2, 1.8), () => {
      if (this.#over) return;
      const kind = this.#chance.pick(this.#kinds);
      const machine = this.#chance.pick(this.#world.machines);
      if (this.#bring(kind, machine)) {
        this.#world.count(kind);
        this.#world.trace(`fault ${kind} ${machine.name}`);
      }
      this.#next();
    });
  }

  /** False = it makes no sense just now. */
  #bring(kind: FaultKind, machine: Machine): boolean {
    switch (kind) {
      case 'kill':
      case 'powerLoss':
      case 'blackout':
      case 'stopped':
      case 'diskLost':
      case 'wallJump':
      case 'handOver':
      case 'pause':
      case 'rollingRestart':
        return this.#bringToMachine(kind, machine);
      case 'diskSlow':
      case 'diskFails':
      case 'diskFull':
        return this.#bringToDisk(kind, machine);
      case 'storeCut':
      case 'storeSlow':
      case 'storeLossy':
      case 'nodesCut':
      case 'gatewayCut':
      case 'gatewayLossy':
      case 'gatewayTwice':
      case 'redisSlow':
        return this.#bringToNetwork(kind, machine);
      case 'redisEmptied':
      case 'redisFailedOver':
      case 'redisAway':
        return this.#bringToRedis(kind);
      default:
        return this.#bringToStore(kind);
    }
  }

  #bringToMachine(kind: FaultKind, machine: Machine): boolean {
    const world = this.#world;
    const chance = this.#chance;
    if (kind === 'wallJump') {
      machine.clock.jump(chance.pick([-HOUR_MS, -5_000, -1_000, 1_000, 5_000, HOUR_MS]));
      return true;
    }
    if (kind === 'blackout') {
      for (const each of world.machines) this.#losePower(each);
      return true;
    }
    if (!machine.alive || machine.process.stopped) return false;
    if (kind === 'stopped') {
      const { process } = machine;
      process.stop();
      this.#lasts(chance.pick([chance.within(50, 1_000), chance.within(1_000, 20_000)]), () =>
        world.scheduler.release(process),
      );
      return true;
    }
    if (kind === 'handOver' || kind === 'pause' || kind === 'rollingRestart') {
      // An operator's word comes into the node's process like any other event.
      world.scheduler.after(0.1, machine.process, () => void this.#operate(kind, machine));
      return true;
    }
    if (kind === 'diskLost' && !world.mayLoseDisk(machine)) return false;
    world.counts.crashes += 1;
    machine.kill();
    if (kind === 'diskLost') world.loseDisk(machine);
    if (kind === 'powerLoss') this.#losePower(machine);
    else world.startLater(machine);
    return true;
  }

  #losePower(machine: Machine): void {
    if (machine.process.stopped) this.#world.scheduler.release(machine.process);
    machine.kill();
    machine.disk.losePower();
    machine.poweredOff = true;
    this.#world.startLater(machine);
  }

  async #operate(kind: 'handOver' | 'pause' | 'rollingRestart', machine: Machine): Promise<void> {
    const world = this.#world;
    const { running, process } = machine;
    if (running === undefined) return;
    if (kind === 'handOver') {
      const result = await running.node.handOver(
        this.#chance.happens(0.5) ? undefined : this.#chance.pick(['a', 'b', 'c']),
      );
      world.trace(`${machine.name} hand-over: ${JSON.stringify(result)}`);
    } else if (kind === 'pause') {
      await running.node.setPause('the simulation says so').catch(() => undefined);
      this.#lasts(this.#chance.within(100, 3_000), () => void this.#resume());
    } else {
      await machine.stop().catch((fault: unknown) => world.trace(`${machine.name} stop failed: ${String(fault)}`));
      if (machine.process !== process) return;
      machine.kill();
      world.startLater(machine);
    }
  }

  /** The operator resumes, as often as it takes. */
  async #resume(): Promise<void> {
    const { world, keys } = { world: this.#world, keys: this.#world.keys };
    const store = world.store.of(this.#gateways[0] as Process, world.storeLink('operator'));
    for (;;) {
      try {
        await store.transact([], [{ kind: 'delete', key: keys.pause }]);
        return;
      } catch {
        await new Promise<void>((resolve) => world.scheduler.after(200, this.#gateways[0] as Process, resolve));
      }
    }
  }

  #bringToDisk(kind: 'diskSlow' | 'diskFails' | 'diskFull', { disk }: Machine): boolean {
    const { mood } = disk;
    const chance = this.#chance;
    if (kind === 'diskSlow') {
      mood.syncMs = chance.within(5, 400);
      this.#lasts(chance.within(500, 8_000), () => {
        mood.syncMs = 0.3;
      });
    } else if (kind === 'diskFails') {
      mood.syncFails = chance.within(0.01, 0.2);
      this.#lasts(chance.within(200, 2_000), () => {
        mood.syncFails = 0;
      });
    } else {
      mood.full = true;
      this.#lasts(chance.within(200, 6_000), () => {
        mood.full = false;
      });
    }
    return true;
  }

  #bringToNetwork(kind: FaultKind, machine: Machine): boolean {
    const chance = this.#chance;
    const { network } = this.#world;
    const gateway = chance.pick(this.#gateways).name;
    const other = chance.pick(this.#world.machines).name;
    const link = kind.startsWith('store')
      ? this.#world.storeLink(machine.name)
      : kind === 'redisSlow'
        ? network.link(machine.name, 'redis')
        : network.link(kind === 'nodesCut' ? other : gateway, machine.name);
    const change = this.#moodOf(kind);
    Object.assign(link.mood, change);
    this.#lasts(chance.pick([chance.within(100, 1_500), chance.within(1_000, 9_000)]), () => link.heal());
    return true;
  }

  #moodOf(kind: FaultKind): Partial<Link['mood']> {
    const chance = this.#chance;
    if (kind.endsWith('Slow')) return { late: chance.within(0.05, 0.6), lateMs: chance.pick([50, 600, 2_500]) };
    if (kind.endsWith('Lossy')) return { lost: chance.within(0.01, 0.3), late: 0.1, lateMs: 1_500 };
    if (kind.endsWith('Twice')) return { twice: chance.within(0.05, 0.5) };
    const ways = chance.pick(['there', 'back', 'both'] as const);
    return { cutThere: ways !== 'back', cutBack: ways !== 'there' };
  }

  #bringToRedis(kind: 'redisEmptied' | 'redisFailedOver' | 'redisAway'): boolean {
    const { redis } = this.#world;
    if (kind === 'redisEmptied') redis.empty();
    else if (kind === 'redisFailedOver') this.#world.failRedisOver();
    else {
      redis.away = true;
      this.#lasts(this.#chance.within(500, 5_000), () => {
        redis.away = false;
      });
    }
    this.#world.judgeRedis();
    return true;
  }

  #bringToStore(kind: FaultKind): boolean {
    const { store } = this.#world;
    const chance = this.#chance;
    if (kind === 'storeNoQuorum') {
      if (!store.mood.quorum) return false;
      store.loseQuorum();
      this.#lasts(chance.pick([chance.within(50, 900), chance.within(900, 6_000)]), () => store.gainQuorum());
    } else if (kind === 'storeLeaderChange') store.changeLeader();
    else if (kind === 'storeFull') {
      store.mood.full = true;
      this.#lasts(chance.within(200, 5_000), () => {
        store.mood.full = false;
      });
    } else if (kind === 'storeCompacted') store.compactNow();
    else {
      store.mood.watchBreaks = chance.within(0.01, 0.3);
      this.#lasts(chance.within(1_000, 8_000), () => {
        store.mood.watchBreaks = 0;
      });
    }
    return true;
  }

  #lasts(ms: number, mend: () => void): void {
    const once = (): void => {
      if (this.#mends.delete(once)) mend();
    };
    this.#mends.add(once);
    this.#world.scheduler.worldAfter(ms, once);
  }
}
