import type { Chance } from './chance.ts';
import { Link } from './link.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** Bytes of one packet; a large answer loses time for each of them. */
const MS_PER_MEGABYTE = 8;

/** The ways between machines. Each pair has one link; the store's links are the store's own. */
export class SimNetwork {
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #links = new Map<string, Link>();

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler;
    this.#chance = chance;
  }

  /** From one machine to another; its far end is the other's near end. */
  link(from: string, to: string): Link {
    const name = `${from}>${to}`;
    let link = this.#links.get(name);
    if (link === undefined) {
      link = new Link(this.#chance.fork());
      this.#links.set(name, link);
    }
    return link;
  }

  get links(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** A message into a process, once, twice or never. */
  send(link: Link, from: Process, to: Process, bytes: number, deliver: () => void): void {
    if (!from.alive) return;
    const way = link.send();
    if (way === undefined) return;
    const ms = way + (bytes / 2 ** 20) * MS_PER_MEGABYTE;
    this.#scheduler.after(ms, to, deliver);
    if (link.twice()) this.#scheduler.after(ms + this.#chance.within(0, 50), to, deliver);
  }
}
