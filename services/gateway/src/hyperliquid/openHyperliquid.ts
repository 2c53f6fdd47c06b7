import type { WebSocket } from 'ws';
import type { CommandDoor } from '../commands/signedCommand.ts';
import type { HyperliquidSources } from '../config.ts';
import type { GatewayApp } from '../routes/gatewayApp.ts';
import type { Connection } from '../socket/socketServer.ts';
import { createExchange } from './exchange/createExchange.ts';
import { exchangeRoutes } from './exchange/exchangeRoutes.ts';
import { createInfo, type InfoParts } from './info/createInfo.ts';
import { infoRoutes } from './info/infoRoutes.ts';
import { MarketFigures } from './info/marketFigures.ts';
import {
  createHyperliquidSocket,
  HYPERLIQUID_SOCKET_PATH,
  type HyperliquidSocketParts,
} from './socket/createHyperliquidSocket.ts';

export interface HyperliquidParts
  extends Omit<InfoParts, 'figures' | 'feed'>,
    Omit<HyperliquidSocketParts, 'figures' | 'info' | 'exchange'> {
  readonly door: CommandDoor;
}

/** What the surface adds to the gateway besides its routes. */
export interface HyperliquidSurface {
  /** What it serves over WebSocket, by path. */
  readonly paths: ReadonlyMap<string, (socket: WebSocket, address: string) => Connection>;
  close(): void;
}

/** `/info`, `/exchange` and `/ws` as clients of Hyperliquid know them, or nothing where `sources` is off. */
export async function openHyperliquid(
  app: GatewayApp,
  sources: HyperliquidSources,
  parts: HyperliquidParts,
): Promise<HyperliquidSurface> {
  if (sources === 'off') return { paths: new Map(), close: () => undefined };
  const { door, readModel, markets, log } = parts;
  const figures = new MarketFigures(readModel);
  const info = createInfo({ ...parts, figures });
  const exchange = createExchange({
    door,
    markets,
    readModel,
    now: Date.now,
    sources,
    onFault: (fault) => log.error({ err: fault }, 'Hyperliquid request failed'),
  });
  await infoRoutes(app, info);
  await exchangeRoutes(app, exchange);
  const socket = createHyperliquidSocket({ ...parts, figures, info, exchange });
  return {
    paths: new Map([[HYPERLIQUID_SOCKET_PATH, (webSocket, address) => socket.accept(webSocket, address)]]),
    close: () => socket.close(),
  };
}
