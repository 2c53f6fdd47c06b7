import type { Exchange } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import type { Command, PriceFeeder } from '@keel/types';

/**
 * Says whose price reports count, in an exchange where nobody has said so. Later on the journal has the word, and
 * configuration cannot overrule it: the operator's command does (npm run -s market -- feeders set).
 */
export async function setGenesisFeeders(
  feeders: readonly PriceFeeder[],
  exchange: Exchange,
  sequencer: { submit(command: Command): Promise<unknown> },
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const present = exchange.state.feeders;
  if (present.length === 0 && feeders.length > 0) await sequencer.submit({ kind: 'setPriceFeeders', feeders });
  else if (present.length === 0)
    log.warn('there are no price feeders, so no price moves: npm run -s market -- feeders set');
  else if (feeders.length > 0 && JSON.stringify(feeders) !== JSON.stringify(present))
    log.warn({ feeders: present }, 'the price feeders of the journal count, not those of KEEL_PRICE_FEEDERS');
}
