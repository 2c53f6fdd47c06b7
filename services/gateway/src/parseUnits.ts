import { type DecimalFault, formatDecimal, type MarketSpec, parseDecimal } from '@keel/types';
import { ApiError, type ErrorCode } from './errors.ts';

/** The codes that differ between prices, sizes and amounts. */
interface UnitCodes {
  readonly offGrid: ErrorCode;
  readonly outOfRange: ErrorCode;
}

/** `0` means none where it is allowed; elsewhere it is out of range. */
export type Zero = 'allowed' | 'refused';

/** Ticks of a price text; `path` names the field. Throws ApiError. */
export function parsePrice(text: string, spec: MarketSpec, path: string, zero: Zero): number {
  const codes = { offGrid: 'PRICE_OFF_TICK', outOfRange: 'PRICE_OUT_OF_RANGE' } as const;
  const ticks = parse(text, spec.priceDecimals, path, codes, { tickSize: formatDecimal(1, spec.priceDecimals) });
  if (ticks === 0 && zero === 'refused') throw new ApiError('PRICE_OUT_OF_RANGE', { path });
  return ticks;
}

/** Lots of a size text; `path` names the field. Throws ApiError. */
export function parseSize(text: string, spec: MarketSpec, path: string, zero: Zero): number {
  const codes = { offGrid: 'SIZE_OFF_LOT', outOfRange: 'SIZE_OUT_OF_RANGE' } as const;
  const lots = parse(text, spec.sizeDecimals, path, codes, { lotSize: formatDecimal(1, spec.sizeDecimals) });
  if (lots === 0 && zero === 'refused') throw new ApiError('SIZE_OUT_OF_RANGE', { path });
  return lots;
}

/** Atoms of a text in units of an asset with so many decimals, > 0. Throws ApiError. */
export function parseAmount(text: string, decimals: number): number {
  const codes = { offGrid: 'AMOUNT_OFF_GRID', outOfRange: 'AMOUNT_OUT_OF_RANGE' } as const;
  const atoms = parse(text, decimals, '/amount', codes, { decimals: String(decimals) });
  if (atoms === 0) throw new ApiError('AMOUNT_OUT_OF_RANGE', { path: '/amount' });
  return atoms;
}

function parse(text: string, decimals: number, path: string, codes: UnitCodes, facts: Record<string, string>): number {
  const units = parseDecimal(text, decimals);
  if (typeof units === 'number') return units;
  throw new ApiError(codeOf(units, codes), { path, ...(units === 'offGrid' ? facts : {}) });
}

function codeOf(fault: DecimalFault, codes: UnitCodes): ErrorCode {
  switch (fault) {
    case 'notADecimal':
      return 'NOT_A_DECIMAL';
    case 'notCanonical':
      return 'NOT_CANONICAL_DECIMAL';
    case 'offGrid':
      return codes.offGrid;
    case 'outOfRange':
      return codes.outOfRange;
  }
}
