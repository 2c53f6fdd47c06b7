import { StartupFault } from '@keel/runtime';
import type { MarketStatus } from '@keel/types';
import { candlePath } from './candlePath.ts';
import type { PriceFeedConfig, RecordingConfig } from './config.ts';
import { createSimulation } from './createSimulation.ts';
import { parseCandles } from './parseCandles.ts';
import { parseOrderMessages } from './parseOrderMessages.ts';
import { playPath } from './playPath.ts';
import type { PricePath } from './pricePath.ts';
import type { PriceSource } from './priceSource.ts';
import { readTextFile } from './readTextFile.ts';

interface Recording extends RecordingConfig {
  readonly source: 'candles' | 'orders';
  readonly path: PricePath;
}

/** Reads the recorded files at once, so that a file that does not fit is a fault of the start and not of some later turn. */
export function loadRecordings(config: PriceFeedConfig): readonly Recording[] {
  const recordings: Recording[] = [];
  if (config.candles !== undefined) {
    const { file } = config.candles;
    recordings.push({
      ...config.candles,
      source: 'candles',
      path: candlePath(parseCandles(readTextFile(file), file)),
    });
  }
  if (config.orders !== undefined) {
    const { file } = config.orders;
    recordings.push({ ...config.orders, source: 'orders', path: parseOrderMessages(readTextFile(file), file) });
  }
  return recordings;
}

/** The source of one market: its recording if there is one, else the simulation. */
export function sourceOfMarket(
  market: MarketStatus,
  recordings: readonly Recording[],
  config: PriceFeedConfig,
): PriceSource {
  const recording = recordings.find((candidate) => candidate.symbol === market.symbol);
  return recording === undefined ? createSimulation(market, config) : playPath(recording.path, market, recording);
}

/** A recording of a market that the exchange does not list would never be played. Throws StartupFault. */
export function assertListed(recordings: readonly Recording[], markets: readonly MarketStatus[]): void {
  for (const { file, symbol } of recordings) {
    if (!markets.some((market) => market.symbol === symbol))
      throw new StartupFault(
        `${file} is meant for ${symbol}, but the exchange lists ${markets.map((market) => market.symbol).join(', ')}`,
      );
  }
}
