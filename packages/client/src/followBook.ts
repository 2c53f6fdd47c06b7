import type { Listener, Subscription } from './channelSet.ts';
import type { KeelError } from './keelError.ts';
import { LocalBook } from './localBook.ts';
import type { KeelSocket } from './socket.ts';

export interface BookListener {
  /** After every frame that was applied; the book is complete at `book.sequence`. */
  readonly onBook: (book: LocalBook) => void;
  /** A frame was missing or wrong, or the connection lost; the book is empty until `onBook` comes. */
  readonly onGap?: () => void;
  /** An attempt to connect failed; the next one comes by itself. */
  readonly onUnreachable?: (error: KeelError) => void;
  readonly onError?: (error: KeelError) => void;
}

/**
 * Keeps a market's book: applies frames, checks their chain and their checksums, asks for a snapshot where something does not
 * fit. After a lost connection it goes on with what was missed, where the gateway still has that.
 */
export function followBook(socket: KeelSocket, market: string, listener: BookListener): Subscription {
  const channel = { channel: 'book', market } as const;
  const book = new LocalBook();
  const frames: Listener = {
    onFrame: (frame) => {
      const outcome = book.apply(frame);
      if (outcome === 'applied') listener.onBook(book);
      if (outcome !== 'gap' && outcome !== 'mismatch') return;
      listener.onGap?.();
      socket.resync(channel);
    },
    onLost: () => {
      book.suspend();
      listener.onGap?.();
    },
    onResumed: () => {
      // Where a missed frame came first, the book is told already.
      if (book.sequence !== undefined) return;
      book.restore();
      if (book.sequence !== undefined) listener.onBook(book);
    },
    ...(listener.onUnreachable === undefined ? {} : { onUnreachable: listener.onUnreachable }),
    ...(listener.onError === undefined ? {} : { onError: listener.onError }),
  };
  return socket.subscribe(channel, frames);
}
