import type { WebSocket } from 'ws';
import { HyperliquidConnection, type HyperliquidConnectionParts } from './hyperliquidConnection.ts';
import { HyperliquidFeed, type HyperliquidFeedParts } from './hyperliquidFeed.ts';
import { createPost, type PostParts } from './runPost.ts';

/** Where clients of Hyperliquid's WebSocket look for it. */
export const HYPERLIQUID_SOCKET_PATH = '/ws';

export type HyperliquidSocketParts = HyperliquidFeedParts &
  PostParts &
  Pick<HyperliquidConnectionParts, 'admission' | 'metrics' | 'messagesPerSecond'>;

export interface HyperliquidSocket {
  /** Serves one socket of this network address. */
  accept(socket: WebSocket, address: string): HyperliquidConnection;
  /** Ends its channels; connections are closed before. */
  close(): void;
}

/** The WebSocket of the surface that clients of Hyperliquid speak. */
export function createHyperliquidSocket(parts: HyperliquidSocketParts): HyperliquidSocket {
  const channels = new HyperliquidFeed(parts);
  const runPost = createPost(parts);
  return {
    accept: (socket, address) =>
      new HyperliquidConnection(socket, { ...parts, channels, runPost: (request) => runPost(request, address) }),
    close: () => channels.close(),
  };
}
