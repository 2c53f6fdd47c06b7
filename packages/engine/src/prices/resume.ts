import type { Event, TimeMs, TradingStatus } from '@keel/types';
import { OUTAGE_MS, RESUME_CANCEL_ONLY_MS, RESUME_POST_ONLY_MS } from '../limits.ts';
import { unpark } from '../liquidation/unpark.ts';
import type { EngineState, MarketState } from '../state.ts';
import { sortFired } from '../triggers/firedQueue.ts';
import { qualityOf } from './permissions.ts';
import { AWAITING_PRICE, CANCEL_ONLY, DONE, GRACE, isOpening, POST_ONLY, triggersWait } from './resumeStage.ts';

type StageName = Extract<Event, { readonly kind: 'marketResuming' }>['stage'];

/** `status` undefined = as it is. */
interface Stage {
  readonly name: StageName;
  readonly status: TradingStatus | undefined;
}

/**
 * The way back from a halt by `MarketState.resumeStage`. It takes a price of after the halt to leave the first, and then
 * time; meanwhile makers and whoever wants out come first. Nobody is liquidated before it is over.
 */
const STAGES: readonly Stage[] = [
  { name: 'done', status: undefined },
  { name: 'awaitingPrice', status: 'cancelOnly' },
  { name: 'cancelOnly', status: 'cancelOnly' },
  { name: 'postOnly', status: 'postOnly' },
  { name: 'grace', status: 'open' },
];
/** Puts a market on its way back: from an operator's halt, or from time that nobody was there. */
export function startResume(state: EngineState, market: MarketState, events: Event[]): void {
  enterStage(state, market, AWAITING_PRICE, events);
}

/** Ends the way back where it is: the operator gives the market another status. */
export function endResume(market: MarketState): void {
  market.resumeStage = DONE;
  market.resumeSinceMs = 0;
}

/** After time that no command was seen in, nobody knows what the prices did: every market with a time of grace starts anew. */
export function resumeAfterOutage(state: EngineState, gapMs: TimeMs, events: Event[]): void {
  if (gapMs <= OUTAGE_MS) return;
  for (const market of state.markets) {
    const runs = market.tradingStatus === 'open' || isOpening(market);
    if (market.spec.resumeGraceMs > 0 && runs) startResume(state, market, events);
  }
}

/** A market that waits for a price goes on when one was agreed on and published since it began to wait. */
export function resumeWithPrice(state: EngineState, market: MarketState, events: Event[]): void {
  if (market.resumeStage !== AWAITING_PRICE || market.indexTimeMs < market.resumeSinceMs) return;
  if (qualityOf(state, market) === 'fresh') enterStage(state, market, CANCEL_ONLY, events);
}

/**
 * Moves markets on whose stage has lasted long enough, one stage at a time however late, so that there is room for
 * commands in each. Nothing opens on a price that is not fresh.
 */
export function advanceResumes(state: EngineState, events: Event[]): void {
  if (state.timeMs < state.nextResumeDueMs) return;
  state.nextResumeDueMs = Number.POSITIVE_INFINITY;
  for (const market of state.markets) {
    const { resumeStage } = market;
    if (resumeStage < CANCEL_ONLY) continue;
    const mayOpen = resumeStage === GRACE || qualityOf(state, market) === 'fresh';
    if (state.timeMs < stageEndMs(market) || !mayOpen) noteDue(state, market);
    else enterStage(state, market, resumeStage === GRACE ? DONE : resumeStage + 1, events);
  }
}

/** When the stage ends at the earliest; 0 = time does not end it. */
function stageEndMs({ resumeStage, resumeSinceMs, spec }: MarketState): TimeMs {
  if (resumeStage === CANCEL_ONLY) return resumeSinceMs + RESUME_CANCEL_ONLY_MS;
  if (resumeStage === POST_ONLY) return resumeSinceMs + RESUME_POST_ONLY_MS;
  return resumeStage === GRACE ? resumeSinceMs + spec.resumeGraceMs : 0;
}

function noteDue(state: EngineState, market: MarketState): void {
  state.nextResumeDueMs = Math.min(state.nextResumeDueMs, stageEndMs(market));
}

function enterStage(state: EngineState, market: MarketState, resumeStage: number, events: Event[]): void {
  const { marketId } = market.spec;
  const { name, status } = STAGES[resumeStage]!;
  const waited = triggersWait(market);
  market.resumeStage = resumeStage;
  market.resumeSinceMs = resumeStage === DONE ? 0 : state.timeMs;
  state.dirty.markets.add(marketId);
  events.push({ kind: 'marketResuming', marketId, stage: name, untilMs: stageEndMs(market) });
  if (status !== undefined && status !== market.tradingStatus) {
    market.tradingStatus = status;
    events.push({ kind: 'tradingStatusChanged', marketId, status });
  }
  if (triggersWait(market) !== waited) sortFired(state);
  if (resumeStage === DONE) unpark(state);
  else if (resumeStage !== AWAITING_PRICE) noteDue(state, market);
}
