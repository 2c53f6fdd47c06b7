import { ConfigError } from '@keel/runtime';
import { type Address, PRICE_FEEDER_WEIGHT_MAX, PRICE_FEEDERS_MAX, type PriceFeeder } from '@keel/types';

const FEEDER = /^(0x[0-9a-f]{40})(?::([1-9][0-9]{0,3}))?$/;

/** `0x…,0x…:2`: addresses with their weights, 1 when none is said; in the order that the engine wants. Throws ConfigError. */
export function parseFeeders(text: string): readonly PriceFeeder[] {
  const feeders = text.split(',').map((part) => {
    const [, feeder, weight = '1'] = FEEDER.exec(part.trim()) ?? [];
    if (feeder === undefined || Number(weight) > PRICE_FEEDER_WEIGHT_MAX)
      throw new ConfigError(
        `configuration: KEEL_PRICE_FEEDERS has "${part}": write 0x and 40 characters of 0-9 and a-f, with :WEIGHT up to ${PRICE_FEEDER_WEIGHT_MAX} if it is not 1, and commas between`,
      );
    return { feeder: feeder as Address, weight: Number(weight) };
  });
  if (feeders.length > PRICE_FEEDERS_MAX || new Set(feeders.map(({ feeder }) => feeder)).size < feeders.length)
    throw new ConfigError(`configuration: KEEL_PRICE_FEEDERS must be at most ${PRICE_FEEDERS_MAX} different addresses`);
  return feeders.sort((a, b) => (a.feeder < b.feeder ? -1 : 1));
}
