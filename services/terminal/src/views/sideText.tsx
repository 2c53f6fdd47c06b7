import type { Side } from '@keel/types';

/** Buy or sell, in words and with an arrow. */
export function SideText({ side }: { readonly side: Side }) {
  return (
    <span class={side === 'buy' ? 'up' : 'down'}>
      <span class={side === 'buy' ? 'arrow arrow-up' : 'arrow arrow-down'} aria-hidden="true" />
      {side === 'buy' ? 'Buy' : 'Sell'}
    </span>
  );
}
