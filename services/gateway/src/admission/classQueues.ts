import { REQUEST_CLASSES, type RequestClass } from './requestClass.ts';

/** Taken items are let go of in one cut once there are so many: cutting each off by itself would move the rest each time. */
const TAKEN_MAX = 1_024;

interface Line<Item> {
  items: (Item | undefined)[];
  /** The first that waits. */
  at: number;
}

/** One line per class: within a class who came first goes first, and no class goes before a more urgent one is empty. */
export class ClassQueues<Item> {
  readonly #lines: Readonly<Record<RequestClass, Line<Item>>> = {
    cancel: { items: [], at: 0 },
    reduce: { items: [], at: 0 },
    change: { items: [], at: 0 },
    open: { items: [], at: 0 },
  };
  #length = 0;

  get length(): number {
    return this.#length;
  }

  lengthOf(requestClass: RequestClass): number {
    const { items, at } = this.#lines[requestClass];
    return items.length - at;
  }

  push(requestClass: RequestClass, item: Item): void {
    this.#lines[requestClass].items.push(item);
    this.#length += 1;
  }

  /** The class whose turn it is; undefined when nothing waits. */
  next(): RequestClass | undefined {
    return REQUEST_CLASSES.find((one) => this.lengthOf(one) > 0);
  }

  /** The first of the most urgent class, still in its place. */
  peek(requestClass: RequestClass | undefined = this.next()): Item | undefined {
    if (requestClass === undefined) return undefined;
    const { items, at } = this.#lines[requestClass];
    return items[at];
  }

  shift(requestClass: RequestClass | undefined = this.next()): Item | undefined {
    if (requestClass === undefined) return undefined;
    const line = this.#lines[requestClass];
    const item = line.items[line.at];
    if (line.at >= line.items.length) return undefined;
    line.items[line.at] = undefined;
    line.at += 1;
    this.#length -= 1;
    if (line.at === line.items.length || line.at >= TAKEN_MAX) {
      line.items.splice(0, line.at);
      line.at = 0;
    }
    return item;
  }
}
