import {
  COLLATERAL_ASSETS_MAX,
  COLLATERAL_ATOMS_MAX,
  COLLATERAL_DECIMALS_MAX,
  type CollateralSpec,
  collateralValueAtoms,
  type Event,
  type ListCollateral,
  PPM,
  QUOTE_DECIMALS,
  type QuoteAtoms,
  REJECT_CODES,
  type RejectCode,
} from '@keel/types';
import { PRICE_TICKS_MAX } from '../limits.ts';
import { isCount } from '../orders/checkFit.ts';
import { createCollateral, type EngineState } from '../state.ts';

const SYMBOL = /^[A-Z0-9]{1,12}$/;
/** USDC itself counts in full and is never listed. */
const QUOTE_SYMBOL = 'USDC';

/** Lets another asset be collateral. It counts once it has a price. Ids are given in order, so `spec.assetId` must be the next. */
export function listCollateral(state: EngineState, { spec }: ListCollateral, events: Event[]): RejectCode | undefined {
  const { collaterals } = state;
  const listed = collaterals.some((collateral) => collateral.spec.symbol === spec.symbol);
  if (listed || collaterals[spec.assetId - 1] !== undefined) return REJECT_CODES.COLLATERAL_ALREADY_LISTED;
  const isNext = spec.assetId === collaterals.length + 1 && spec.assetId <= COLLATERAL_ASSETS_MAX;
  if (!isNext || !isSound(spec) || !staysCountable(state, spec)) return REJECT_CODES.COLLATERAL_SPEC_INVALID;

  collaterals.push(createCollateral(spec));
  events.push({ kind: 'collateralListed', spec });
  return undefined;
}

/** Whether every amount and value of the asset stays exact, and its rates make sense. */
function isSound(spec: CollateralSpec): boolean {
  if (!SYMBOL.test(spec.symbol) || spec.symbol === QUOTE_SYMBOL) return false;
  if (!isCount(spec.decimals, 0, COLLATERAL_DECIMALS_MAX)) return false;
  if (!isCount(spec.priceDecimals, 0, QUOTE_DECIMALS)) return false;
  if (!isCount(spec.maxPriceTicks, 1, PRICE_TICKS_MAX)) return false;
  if (!isCount(spec.haircutPpm, 0, PPM) || !isCount(spec.priceJumpPpm, 1, PPM - 1)) return false;
  if (!isCount(spec.maxDepositedAtoms, 1, COLLATERAL_ATOMS_MAX)) return false;
  if (!isCount(spec.priceStaleMs, 1, Number.MAX_SAFE_INTEGER)) return false;
  return true;
}

/** One account may hold all there is of every asset, at the highest prices: even then its equity is an exact sum. */
function staysCountable({ collaterals }: EngineState, spec: CollateralSpec): boolean {
  let atoms = mostAtoms(spec);
  for (const listed of collaterals) atoms += mostAtoms(listed.spec);
  return atoms <= COLLATERAL_ATOMS_MAX;
}

function mostAtoms(spec: CollateralSpec): QuoteAtoms {
  return collateralValueAtoms(spec, spec.maxPriceTicks, spec.maxDepositedAtoms);
}
