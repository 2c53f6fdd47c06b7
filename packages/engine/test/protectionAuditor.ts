import type { Event, EventKind, OrderFilled } from '@keel/types';
import { expect } from 'vitest';

type EventOf<Kind extends EventKind> = Extract<Event, { readonly kind: Kind }>;
type Cause = EventOf<'marketMakerProtectionFired'>['cause'];

interface AuditedProtection {
  bounds: EventOf<'marketMakerProtectionSet'>;
  /** Fills of the window that is under way, with lots bought > 0. */
  fills: { timeMs: number; lots: number }[];
  frozen: boolean;
}

/** Counts the fills of protected makers a second time, as lists, and says when a protection must fire. */
export class ProtectionAuditor {
  readonly #protections = new Map<string, AuditedProtection>();
  #due: { key: string; cause: Cause } | undefined;

  isFrozen(accountId: number, marketId: number): boolean {
    return this.#protections.get(keyOf(accountId, marketId))?.frozen === true;
  }

  /** Setting again forgets what was counted, and keeps the freeze. */
  set(event: EventOf<'marketMakerProtectionSet'>): void {
    const key = keyOf(event.accountId, event.marketId);
    const frozen = this.#protections.get(key)?.frozen === true;
    if (event.windowMs === 0) this.#protections.delete(key);
    else this.#protections.set(key, { bounds: event, fills: [], frozen });
  }

  reset({ accountId, marketId }: EventOf<'marketMakerProtectionReset'>): void {
    const protection = this.#protections.get(keyOf(accountId, marketId));
    if (protection === undefined) return;
    protection.fills = [];
    protection.frozen = false;
  }

  fired({ accountId, marketId, cause }: EventOf<'marketMakerProtectionFired'>): void {
    const key = keyOf(accountId, marketId);
    expect(this.#due, 'a protection that fires').toEqual({ key, cause });
    this.#due = undefined;
    this.#protections.get(key)!.frozen = true;
  }

  /** A fill of a maker's: nothing trades before the protection that it sets off has fired. */
  fill({ makerAccountId, marketId, takerSide, sizeLots }: OrderFilled, timeMs: number): void {
    this.expectNoneDue();
    const key = keyOf(makerAccountId, marketId);
    const protection = this.#protections.get(key);
    if (protection === undefined || protection.frozen) return;
    const { bounds, fills } = protection;
    const first = fills[0];
    if (first !== undefined && timeMs - first.timeMs >= bounds.windowMs) fills.length = 0;
    fills.push({ timeMs, lots: takerSide === 'sell' ? sizeLots : -sizeLots });
    const cause = causeOf(protection);
    if (cause !== undefined) this.#due = { key, cause };
  }

  expectNoneDue(): void {
    expect(this.#due, 'a protection that did not fire').toBe(undefined);
  }
}

function causeOf({ bounds, fills }: AuditedProtection): Cause | undefined {
  const { quantityLots, deltaLots, fillCount } = bounds;
  const bought = fills.reduce((sum, { lots }) => sum + Math.max(0, lots), 0);
  const sold = fills.reduce((sum, { lots }) => sum + Math.max(0, -lots), 0);
  if (quantityLots !== 0 && bought + sold > quantityLots) return 'quantity';
  if (deltaLots !== 0 && Math.abs(bought - sold) > deltaLots) return 'delta';
  if (fillCount !== 0 && fills.length > fillCount) return 'count';
  return undefined;
}

function keyOf(accountId: number, marketId: number): string {
  return `account ${accountId} in market ${marketId}`;
}
