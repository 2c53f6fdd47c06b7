import type { Address } from '@keel/types';
import { parseAddress } from '../address.ts';

/** What the part of the URL after # asks to be shown: `#market=ETH-USD&account=0x…`. */
export interface PageLocation {
  readonly market: string | undefined;
  readonly account: Address | undefined;
}

export function readLocation(): PageLocation {
  const asked = new URLSearchParams(location.hash.slice(1));
  return { market: asked.get('market') ?? undefined, account: parseAddress(asked.get('account') ?? '') };
}

/** Replaces the current history entry: looking at another market is not a step that Back should undo. */
export function writeLocation(shown: PageLocation): void {
  const asked = new URLSearchParams();
  if (shown.market !== undefined) asked.set('market', shown.market);
  if (shown.account !== undefined) asked.set('account', shown.account);
  history.replaceState(null, '', `#${asked}`);
}
