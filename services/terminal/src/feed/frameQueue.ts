import type { Frame } from '@keel/client';
import { batch } from '@preact/signals';

/** A hidden page is given no animation frames; the queue then empties itself at this length. */
const LENGTH_MAX = 256;

/** Gathers frames and handles them together, once per drawn picture: a thousand updates a second cost sixty renders. */
export function createFrameQueue(handle: (frame: Frame) => void): (frame: Frame) => void {
  let waiting: Frame[] = [];
  let scheduled = false;

  function drain(): void {
    scheduled = false;
    const frames = waiting;
    waiting = [];
    batch(() => {
      for (const frame of frames) {
        try {
          handle(frame);
        } catch (error) {
          // A frame that makes no sense is reported, and costs only itself: the next ones bring the page up to date.
          reportError(error);
        }
      }
    });
  }

  return (frame) => {
    waiting.push(frame);
    if (waiting.length >= LENGTH_MAX) drain();
    else if (!scheduled) {
      scheduled = true;
      requestAnimationFrame(drain);
    }
  };
}
