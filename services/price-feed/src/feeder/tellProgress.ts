import type { Logger } from '@keel/runtime';
import type { FeederReply } from '../feederReply.ts';

/** A line at every tenth of a recording, and one when it is over. */
const LINE_EVERY_PERCENT = 10;

/** Tells the log how far recordings are. What is simulated or live has nothing to tell. */
export function createProgressTeller(log: Logger): (reply: FeederReply) => void {
  const told = new Map<string, number>();
  return ({ feeds }) => {
    for (const { feed, sources } of feeds) {
      const progress = sources.find((each) => 'playedPercent' in each);
      if (progress === undefined) continue;
      const before = told.get(feed) ?? -LINE_EVERY_PERCENT;
      if (progress.ended) {
        if (before !== Number.POSITIVE_INFINITY)
          log.info({ market: feed, ...progress }, 'the recording is over; its last price is held');
        told.set(feed, Number.POSITIVE_INFINITY);
      } else if (progress.playedPercent >= before + LINE_EVERY_PERCENT || before === Number.POSITIVE_INFINITY) {
        told.set(feed, progress.playedPercent - (progress.playedPercent % LINE_EVERY_PERCENT));
        log.info({ market: feed, ...progress }, 'playing a recording');
      }
    }
  };
}
