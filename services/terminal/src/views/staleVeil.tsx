import { link, silentForMs } from '../feed/store.ts';
import { isStale } from './isStale.ts';

/** The band over a page whose figures are old. */
export function StaleVeil() {
  if (!isStale.value) return null;
  const seconds = silentForMs.value / 1000;
  return (
    <p class="veil-band" role="alert" data-testid="stale-veil">
      {link.value === 'reconnecting' ? 'Connection lost, trying again' : 'Nothing new from the exchange'}
      {seconds > 0 && <span aria-hidden="true"> for {seconds} s</span>}. The figures below are old.
    </p>
  );
}
