import type { Listener, Subscription } from './channelSet.ts';
import type { KeelError } from './keelError.ts';
import type { Auction, AuctionChange, EndedAuction } from './riskWire.ts';
import type { KeelSocket } from './socket.ts';

export interface AuctionListener {
  /** After every frame: the auctions that run, by id, and those that this frame ended. */
  readonly onAuctions: (running: ReadonlyMap<number, Auction>, ended: readonly EndedAuction[]) => void;
  /** The connection is gone: nothing is known to run until a snapshot comes. */
  readonly onLost?: () => void;
  /** An attempt to connect failed; the next one comes by itself. */
  readonly onUnreachable?: (error: KeelError) => void;
  readonly onError?: (error: KeelError) => void;
}

/** Keeps the running close-out auctions: a snapshot replaces them, an update changes some and ends others. */
export function followAuctions(socket: KeelSocket, listener: AuctionListener): Subscription {
  const running = new Map<number, Auction>();
  const frames: Listener = {
    onFrame: (frame) => {
      const { auctions, ended } = frame.data as AuctionChange;
      if (frame.type === 'snapshot') running.clear();
      for (const auction of auctions) running.set(auction.auctionId, auction);
      for (const { auctionId } of ended) running.delete(auctionId);
      listener.onAuctions(running, ended);
    },
    onLost: () => {
      running.clear();
      listener.onLost?.();
    },
    ...(listener.onUnreachable === undefined ? {} : { onUnreachable: listener.onUnreachable }),
    ...(listener.onError === undefined ? {} : { onError: listener.onError }),
  };
  return socket.subscribe({ channel: 'auctions' }, frames);
}
