import type { Listener, Subscription } from './channelSet.ts';
import type { KeelError } from './keelError.ts';
import { LocalBook } from './localBook.ts';
import type { KeelSocket } from './socket.ts';

export interface BookListener {
  /** After every frame that was applied; the book is complete at `book.sequence`. */
  readonly onBook: (book: LocalBook) => void;
  /** A frame was missing or the connection lost; the book is empty and a snapshot on its way. */
  readonly onGap?: () => void;
  /** An attempt to connect failed; the next one comes by itself. */
  readonly onUnreachable?: (error: KeelError) => void;
  readonly onError?: (error: KeelError) => void;
}

/** Keeps a market's book: applies frames, checks their chain, asks for a snapshot where it breaks. */
export function followBook(socket: KeelSocket, market: string, listener: BookListener): Subscription {
  const channel = { channel: 'book', market } as const;
  const book = new LocalBook();
  const frames: Listener = {
    onFrame: (frame) => {
      const outcome = book.apply(frame);
      if (outcome === 'applied') listener.onBook(book);
      if (outcome !== 'gap') return;
      listener.onGap?.();
      socket.resync(channel);
    },
    onLost: () => {
      book.clear();
      listener.onGap?.();
    },
    ...(listener.onUnreachable === undefined ? {} : { onUnreachable: listener.onUnreachable }),
    ...(listener.onError === undefined ? {} : { onError: listener.onError }),
  };
  return socket.subscribe(channel, frames);
}
