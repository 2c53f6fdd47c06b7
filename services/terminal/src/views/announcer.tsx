import { announcement } from '../feed/store.ts';

/** Read out, not drawn. Always in the page, because a live region that appears with its text stays silent. */
export function Announcer() {
  return (
    <div class="sr-only" aria-live="assertive" aria-atomic="true" data-testid="announcer">
      {announcement}
    </div>
  );
}
