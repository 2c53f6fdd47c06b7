import type { Account } from '@keel/client';
import { percentOf, signOf } from '../decimal.ts';

/**
 * Equity as a bar, with the line it must not fall behind. Lengths are drawing, so floating point will do; the
 * percentage in words is exact.
 */
export function MarginBar({ account }: { readonly account: Account }) {
  const equity = Math.max(0, Number(account.equity));
  const maintenance = Number(account.maintenanceMargin);
  const initial = Number(account.initialMargin);
  const scale = Math.max(equity, initial, maintenance) * 1.08 || 1;
  const part = (amount: number): string => `${(amount / scale) * 100}%`;
  const used = signOf(account.equity) > 0 ? percentOf(account.maintenanceMargin, account.equity) : undefined;
  const words =
    signOf(account.maintenanceMargin) === 0
      ? 'No margin in use'
      : used === undefined
        ? 'Equity is used up'
        : `Maintenance margin is ${used} % of equity; liquidation at 100 %`;
  return (
    <div class="margin" data-testid="margin-bar">
      {/* biome-ignore lint/a11y/useSemanticElements: a native meter cannot carry the lines drawn on it */}
      <div
        class={Number(used ?? 100) >= 80 && maintenance > 0 ? 'margin-track near-track' : 'margin-track'}
        role="meter"
        aria-label="Maintenance margin as a part of equity"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Number(used ?? (maintenance > 0 ? 100 : 0)))}
        aria-valuetext={words}
      >
        <span class="margin-equity" style={{ width: part(equity) }} />
        {initial > 0 && <span class="margin-line margin-initial" style={{ left: part(initial) }} />}
        {maintenance > 0 && <span class="margin-line margin-maintenance" style={{ left: part(maintenance) }} />}
      </div>
      <p class="margin-words">
        <span>{words}</span>
        <span class="margin-key" aria-hidden="true">
          <i class="key key-equity" /> equity <i class="key key-initial" /> initial <i class="key key-maintenance" />{' '}
          maintenance
        </span>
      </p>
    </div>
  );
}
