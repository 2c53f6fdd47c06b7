import type { Frame } from './frame.ts';

/** Frames kept of one channel for whoever comes back, and their bytes as texts. */
export const RING_FRAMES_MAX = 1_024;
export const RING_BYTES_MAX = 1024 * 1024;

/** The newest frames of a chain: each names the one before as its `prevSeq`. */
export class FrameRing {
  #frames: Frame[] = [];
  #bytes = 0;

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.json.length;
    let dropped = 0;
    while (this.#frames.length - dropped > RING_FRAMES_MAX || this.#bytes > RING_BYTES_MAX) {
      this.#bytes -= this.#frames[dropped]?.json.length ?? 0;
      dropped += 1;
    }
    if (dropped > 0) this.#frames.splice(0, dropped);
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }

  /** The frames after the one at `seq`; undefined when it is unknown whether there were others. */
  after(seq: number): readonly Frame[] | undefined {
    if (this.#frames.at(-1)?.position.seq === seq) return [];
    const first = this.#frames.findIndex(({ position }) => position.prevSeq === seq);
    return first === -1 ? undefined : this.#frames.slice(first);
  }
}
