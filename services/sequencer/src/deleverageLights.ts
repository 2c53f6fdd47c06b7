import { type EngineState, equityOf } from '@keel/engine';
import { type DeleverageDoc, type DeleverageSide, deleverageScore } from '@keel/redis';
import { type MarketId, notionalAtoms, type TimeMs } from '@keel/types';

/** A market's positions are looked at again after so much sequenced time. */
const SAMPLE_EVERY_MS = 30_000;
/** Positions looked at in one market, spread over all of them; each costs its account's equity. */
const SAMPLED_MAX = 4_000;

const EMPTY_SIDE: DeleverageSide = { sampled: 0, quintiles: [] };
const NOT_SAMPLED: DeleverageDoc = { sampledMs: 0, longs: EMPTY_SIDE, shorts: EMPTY_SIDE };

type MarketState = EngineState['markets'][number];

/**
 * Where the quintiles of the queue for auto-deleverage lie, market by market. Sampled apart from the commands, one market at
 * a time: a light for people, in no state root. The receipt of a deleveraging says what was.
 */
export class DeleverageLights {
  readonly #docs = new Map<MarketId, DeleverageDoc>();
  #samples = 0;

  of(marketId: MarketId): DeleverageDoc {
    return this.#docs.get(marketId) ?? NOT_SAMPLED;
  }

  /** Looks at the market whose sample is oldest, if one is due; its document then changed. */
  refresh(state: EngineState): MarketId | undefined {
    let due: MarketState | undefined;
    let dueMs = state.timeMs - SAMPLE_EVERY_MS;
    for (const market of state.markets) {
      const { sampledMs } = this.of(market.spec.marketId);
      if (sampledMs > dueMs) continue;
      dueMs = sampledMs - 1;
      due = market;
    }
    if (due === undefined) return undefined;
    this.#docs.set(due.spec.marketId, this.#sample(due, state.timeMs));
    return due.spec.marketId;
  }

  #sample(market: MarketState, timeMs: TimeMs): DeleverageDoc {
    const { holders, spec, markTicks } = market;
    const step = Math.max(1, Math.ceil(holders.length / SAMPLED_MAX));
    this.#samples += 1;
    const longs: bigint[] = [];
    const shorts: bigint[] = [];
    for (let at = this.#samples % step; at < holders.length; at += step) {
      const { account, sizeLots, entryNotionalAtoms } = holders[at]!;
      const score = deleverageScore(spec.deleverageRule, {
        sizeLots,
        notionalAtoms: notionalAtoms(spec, markTicks, Math.abs(sizeLots)),
        entryNotionalAtoms: Math.abs(entryNotionalAtoms),
        equityAtoms: equityOf(account),
      });
      (sizeLots > 0 ? longs : shorts).push(score);
    }
    return { sampledMs: timeMs, longs: sideOf(longs), shorts: sideOf(shorts) };
  }
}

/** A few positions fill the upper quintiles: the one that would go first always stands in the fifth. */
function sideOf(scores: bigint[]): DeleverageSide {
  if (scores.length === 0) return EMPTY_SIDE;
  scores.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const quintiles = [1, 2, 3, 4].map((fifths) => String(scores[Math.floor((fifths * scores.length) / 5)]));
  return { sampled: scores.length, quintiles };
}
