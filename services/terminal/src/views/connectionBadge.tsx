import { lastSequence, link, roundTripMs } from '../feed/store.ts';
import { isStale } from './isStale.ts';

const WORDS = {
  stale: 'Stale',
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
} as const;

/** State of the line, its round trip, and how far this page has seen the exchange go. */
export function ConnectionBadge() {
  const state = link.value === 'connected' && isStale.value ? 'stale' : link.value;
  return (
    <div class="badge" data-testid="connection" data-state={state}>
      <span class="badge-dot" aria-hidden="true" />
      <span role="status" data-testid="connection-state">
        {WORDS[state]}
      </span>
      {roundTripMs.value !== undefined && state === 'connected' && (
        <span class="quiet wide-only" title="Round trip to the gateway">
          {roundTripMs.value} ms
        </span>
      )}
      <span class="quiet" title="Last sequence seen">
        #<span data-testid="last-sequence">{lastSequence.value ?? '–'}</span>
      </span>
    </div>
  );
}
