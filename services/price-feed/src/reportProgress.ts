import type { Logger } from '@keel/runtime';
import type { PriceSource } from './priceSource.ts';

/** A line at every tenth of a recording, and one when it is over. */
const LINE_EVERY_PERCENT = 10;

/** The same source; what it plays is also told to the log. A simulation has nothing to tell. */
export function reportProgress(source: PriceSource, symbol: string, log: Logger): PriceSource {
  let toldPercent = -LINE_EVERY_PERCENT;
  let toldEnd = false;
  return {
    advance(passedMs) {
      const prices = source.advance(passedMs);
      const progress = source.progress();
      if (progress.source === 'simulation' || toldEnd) return prices;
      if (progress.ended) {
        toldEnd = true;
        log.info({ market: symbol, ...progress }, 'the recording is over; its last price is held');
      } else if (progress.playedPercent >= toldPercent + LINE_EVERY_PERCENT) {
        toldPercent = progress.playedPercent - (progress.playedPercent % LINE_EVERY_PERCENT);
        log.info({ market: symbol, ...progress }, 'playing a recording');
      }
      return prices;
    },
    progress: () => source.progress(),
  };
}
