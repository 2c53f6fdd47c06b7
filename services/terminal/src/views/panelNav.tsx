import type { Signal } from '@preact/signals';

const PANELS = [
  ['chart', 'Chart'],
  ['book', 'Book'],
  ['trades', 'Trades'],
  ['account', 'Account'],
  ['liquidations', 'Liquid.'],
  ['batches', 'Batches'],
] as const;

/** The phone's way between panels; a wide screen shows them all and hides this. */
export function PanelNav({ shown }: { readonly shown: Signal<string> }) {
  return (
    <nav class="panel-nav" aria-label="Panels" data-testid="panel-nav">
      {PANELS.map(([panel, label]) => (
        <button
          key={panel}
          type="button"
          aria-label={panel === 'liquidations' ? 'Liquidations' : undefined}
          aria-current={shown.value === panel ? 'true' : undefined}
          onClick={() => {
            shown.value = panel;
            scrollTo(0, 0);
          }}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
