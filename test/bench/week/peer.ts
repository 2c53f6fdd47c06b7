import { type EngineState, readAccount, readMarket } from '@keel/engine';
import type { AccountId, Event } from '@keel/types';
import { wholeNotionalAtoms } from './stageSums.ts';
import { MARKET } from './weekTerms.ts';

type LiquidationStarted = Extract<Event, { readonly kind: 'liquidationStarted' }>;

/**
 * What an exchange would have done that closes whole positions at the zero price as soon as an account is below
 * maintenance: at that price all equity goes with the position, and a bankrupt's shortfall is insurance's. Reckoned at the moment at which
 * the engine begins, once for each visit of a trader: afterwards he would have had nothing to be closed.
 */
export class Peer {
  liquidations = 0;
  notionalAtoms = 0n;
  /** All the equity of those who had any: what lies between mark and the zero price of their positions. */
  costAtoms = 0n;
  /** Notional of those who had equity. */
  solventNotionalAtoms = 0n;
  insuranceAtoms = 0n;
  readonly #closed = new Set<AccountId>();

  /** A trader comes anew. */
  readonly onVisit = (accountId: AccountId): void => {
    this.#closed.delete(accountId);
  };

  /** `wholeAtoms`: notional at mark of all that the account held when its liquidation began. */
  add({ accountId, equityAtoms }: LiquidationStarted, wholeAtoms: bigint): void {
    if (this.#closed.has(accountId)) return;
    this.#closed.add(accountId);
    this.liquidations += 1;
    this.notionalAtoms += wholeAtoms;
    if (equityAtoms < 0) {
      this.insuranceAtoms += BigInt(-equityAtoms);
      return;
    }
    this.costAtoms += BigInt(equityAtoms);
    this.solventNotionalAtoms += wholeAtoms;
  }
}

/**
 * Notional at mark of what an account held when its liquidation began, from all events of that command: a certificate tells
 * the position as it was; where nothing was closed in the command, it is still that.
 */
export function wholeAtomsOf(
  state: EngineState,
  { accountId, liquidationId }: LiquidationStarted,
  events: readonly Event[],
): bigint {
  for (const event of events) {
    if (event.kind !== 'closeOutCertified' || event.certificate.liquidationId !== liquidationId) continue;
    if (event.certificate.accountId === accountId) return wholeNotionalAtoms(event.certificate);
  }
  const { spec, markTicks } = readMarket(state, MARKET)!;
  const heldLots = readAccount(state, accountId)?.positions[0]?.sizeLots ?? 0;
  return BigInt(Math.abs(heldLots)) * BigInt(markTicks) * BigInt(spec.atomsPerTickLot);
}
