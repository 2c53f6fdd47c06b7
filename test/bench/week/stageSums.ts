import {
  type AccountId,
  type Certificate,
  type CertifiedMarket,
  type CertifiedPosition,
  divFloorBig,
  PPM,
  type SizeLots,
} from '@keel/types';

/** Where a forced trade found its other side; `vault` = what the backstop vault gave away by deleveraging. */
export const STAGES = ['book', 'auctionBook', 'auctionLiquidator', 'backstop', 'deleverage', 'vault'] as const;
export type Stage = (typeof STAGES)[number];

/** Sums over the certificates of one stage; USDC amounts in quote atoms. */
export class StageSums {
  steps = 0;
  readonly accounts = new Set<AccountId>();
  lots = 0n;
  notionalAtoms = 0n;
  feeAtoms = 0n;
  insuranceAtoms = 0n;
  /** Of accounts with equity above 0: what the trades brought above the zero price, whoever got it. */
  improvementAtoms = 0n;
  /** Of accounts with equity above 0: notional, and what they brought less than mark, fees included. */
  solventNotionalAtoms = 0n;
  costAtoms = 0n;
  /** Of bankrupts: the same against their zero price; below 0 = it fell short, and insurance paid. */
  bankruptSurplusAtoms = 0n;

  add(certificate: Certificate): void {
    const { accountId, filledLots, feeAtoms, insuranceAtoms, quoteAtoms, zeroQuoteAtoms } = certificate;
    const { atoms, markQuoteAtoms } = atMark(certificate);
    this.steps += 1;
    this.accounts.add(accountId);
    this.lots += BigInt(filledLots);
    this.notionalAtoms += atoms;
    this.feeAtoms += BigInt(feeAtoms);
    this.insuranceAtoms += BigInt(insuranceAtoms);
    const surplusAtoms = BigInt(quoteAtoms) - BigInt(zeroQuoteAtoms);
    if (certificate.before.equityAtoms < 0) {
      this.bankruptSurplusAtoms += surplusAtoms;
      return;
    }
    this.improvementAtoms += surplusAtoms;
    this.solventNotionalAtoms += atoms;
    this.costAtoms += markQuoteAtoms - BigInt(quoteAtoms) + BigInt(feeAtoms);
  }

  /** Price improvement in hundredths of a basis point of notional, rounded down. */
  improvementPpm(): number {
    return partPpm(this.improvementAtoms, this.solventNotionalAtoms);
  }
}

/** Sums of some stages together. */
export function totalOf(sums: readonly StageSums[]): StageSums {
  const total = new StageSums();
  for (const part of sums) {
    total.steps += part.steps;
    for (const accountId of part.accounts) total.accounts.add(accountId);
    total.lots += part.lots;
    total.notionalAtoms += part.notionalAtoms;
    total.feeAtoms += part.feeAtoms;
    total.insuranceAtoms += part.insuranceAtoms;
    total.improvementAtoms += part.improvementAtoms;
    total.solventNotionalAtoms += part.solventNotionalAtoms;
    total.costAtoms += part.costAtoms;
    total.bankruptSurplusAtoms += part.bankruptSurplusAtoms;
  }
  return total;
}

/** A part of a whole in parts of a million, rounded down; 0 of nothing. */
export function partPpm(atoms: bigint, wholeAtoms: bigint): number {
  return wholeAtoms === 0n ? 0 : Number(divFloorBig(atoms * BigInt(PPM), wholeAtoms));
}

/** The stage of a certificate. */
export function stageOf({ stage, counterpartyId, accountId }: Certificate, vaultId: AccountId | 0): Stage {
  if (accountId === vaultId) return 'vault';
  if (stage !== 'auction') return stage;
  return counterpartyId === 0 ? 'auctionBook' : 'auctionLiquidator';
}

/** Notional at mark of what traded, and what the account would have received (+) or paid (-) for it at mark. */
function atMark(certificate: Certificate): { readonly atoms: bigint; readonly markQuoteAtoms: bigint } {
  const { markets, marketId, filledLots, side } = certificate;
  const market = markets.find((one) => one.marketId === marketId)!;
  const atoms = notionalOf(market, filledLots);
  return { atoms, markQuoteAtoms: side === 'sell' ? atoms : -atoms };
}

/** Notional at mark of the whole position that a certificate closes a part of. */
export function wholeNotionalAtoms({ markets, positions, marketId }: Certificate): bigint {
  const isIt = (one: CertifiedMarket | CertifiedPosition) => one.marketId === marketId;
  return notionalOf(markets.find(isIt)!, Math.abs(positions.find(isIt)?.sizeLots ?? 0));
}

function notionalOf({ markTicks, atomsPerTickLot }: CertifiedMarket, lots: SizeLots): bigint {
  return BigInt(lots) * BigInt(markTicks) * BigInt(atomsPerTickLot);
}
