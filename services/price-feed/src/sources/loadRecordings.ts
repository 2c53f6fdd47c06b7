import type { RecordingConfig, RecordingsConfig } from '../config.ts';
import { candlePath } from './candlePath.ts';
import { parseCandles } from './parseCandles.ts';
import { parseOrderMessages } from './parseOrderMessages.ts';
import type { Recording } from './playPath.ts';
import { readTextFile } from './readTextFile.ts';

/** Reads the recorded files at once, so that a file that does not fit is a fault of the start and not of some later turn. */
export function loadRecordings({ candles, orders }: RecordingsConfig): readonly Recording[] {
  const recordings: Recording[] = [];
  if (candles !== undefined) recordings.push(candlesOf(candles));
  if (orders !== undefined) recordings.push(ordersOf(orders));
  return recordings;
}

function candlesOf(config: RecordingConfig): Recording {
  const { file } = config;
  return { ...config, source: 'candles', path: candlePath(parseCandles(readTextFile(file), file)) };
}

function ordersOf(config: RecordingConfig): Recording {
  const { file } = config;
  return { ...config, source: 'orders', path: parseOrderMessages(readTextFile(file), file) };
}
