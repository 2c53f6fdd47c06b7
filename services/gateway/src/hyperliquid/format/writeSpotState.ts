import type { AccountView, CollateralDoc } from '@keel/redis';
import { formatDecimal, type Hex, parseDecimal, QUOTE_DECIMALS } from '@keel/types';
import { formatBalances, heldBy } from '../../format/formatAccount.ts';

export interface SpotBalance {
  readonly coin: string;
  readonly token: number;
  readonly total: string;
  /** What may not be withdrawn now. */
  readonly hold: string;
  readonly entryNtl: string;
}

export interface SpotState {
  readonly balances: readonly SpotBalance[];
}

export interface SpotMeta {
  readonly universe: readonly never[];
  readonly tokens: readonly {
    readonly name: string;
    readonly szDecimals: number;
    readonly weiDecimals: number;
    readonly index: number;
    readonly tokenId: Hex;
    readonly isCanonical: boolean;
    readonly evmContract: null;
    readonly fullName: null;
    readonly deployerTradingFeeShare: string;
  }[];
}

/**
 * Collateral other than USDC, which is where clients look for tokens. USDC stands in the clearinghouse only: whoever adds the
 * two up must not count it twice.
 */
export function writeSpotState({ account, orders, markets, collaterals }: AccountView): SpotState {
  if (account === undefined) return { balances: [] };
  const marketById = new Map(markets.map((market) => [market.spec.marketId, market]));
  const held = heldBy(account, orders, marketById, collaterals);
  const balances = formatBalances(held).map(({ asset, withdrawable }, at): SpotBalance[] => {
    const balance = held.balances[at];
    if (balance === undefined) return [];
    const { spec, amountAtoms } = balance;
    const leaving = Number(parseDecimal(withdrawable, spec.decimals));
    return [
      {
        coin: asset,
        token: spec.assetId,
        total: formatDecimal(amountAtoms, spec.decimals),
        hold: formatDecimal(amountAtoms - leaving, spec.decimals),
        entryNtl: '0',
      },
    ];
  });
  return { balances: balances.flat() };
}

/** USDC and the other collateral. Nothing is traded against another here: there are no pairs. */
export function writeSpotMeta(collaterals: readonly CollateralDoc[]): SpotMeta {
  const tokens = [
    { symbol: 'USDC', decimals: QUOTE_DECIMALS, assetId: 0 },
    ...collaterals.map(({ spec }) => ({ symbol: spec.symbol, decimals: spec.decimals, assetId: spec.assetId })),
  ];
  return {
    universe: [],
    tokens: tokens.map(({ symbol, decimals, assetId }) => ({
      name: symbol,
      szDecimals: decimals,
      weiDecimals: decimals,
      index: assetId,
      tokenId: `0x${assetId.toString(16).padStart(32, '0')}`,
      isCanonical: true,
      evmContract: null,
      fullName: null,
      deployerTradingFeeShare: '0',
    })),
  };
}
