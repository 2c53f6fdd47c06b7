/** Kept lines; the last ones of a run that failed are what people read. */
const LINES_MAX = 20_000;

/** What happened in a run: a hash of all of it, and the lines themselves if they are wanted. */
export class Trace {
  readonly #keep: boolean;
  readonly #now: () => number;
  #lines: string[] = [];
  #low = 0x811c9dc5;
  #high = 0x1b873593;

  constructor(keep: boolean, now: () => number) {
    this.#keep = keep;
    this.#now = now;
  }

  get hash(): string {
    return (this.#high >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0');
  }

  get lines(): readonly string[] {
    return this.#lines.slice(-LINES_MAX);
  }

  note(text: string): void {
    const line = `${this.#now().toFixed(3)} ${text}`;
    let [low, high] = [this.#low, this.#high];
    for (let place = 0; place < line.length; place += 1) {
      low = Math.imul(low ^ line.charCodeAt(place), 0x01000193);
      high = Math.imul(high ^ low, 0x85ebca6b) + place;
    }
    this.#low = low;
    this.#high = high | 0;
    if (!this.#keep) return;
    this.#lines.push(line);
    if (this.#lines.length > 2 * LINES_MAX) this.#lines = this.#lines.slice(-LINES_MAX);
  }
}
