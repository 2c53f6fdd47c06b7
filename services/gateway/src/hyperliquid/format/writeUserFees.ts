import { formatDecimal, type MarketSpec } from '@keel/types';

const PPM_DECIMALS = 6;

/** Fees as clients ask for them: one rate for everything. Of several markets the highest, so that none costs more than told. */
export function writeUserFees(specs: readonly MarketSpec[]) {
  const highest = (feePpm: (spec: MarketSpec) => number): string =>
    formatDecimal(specs.length === 0 ? 0 : Math.max(...specs.map(feePpm)), PPM_DECIMALS);
  const cross = highest(({ takerFeePpm }) => takerFeePpm);
  const add = highest(({ makerFeePpm }) => makerFeePpm);
  return {
    dailyUserVlm: [],
    feeSchedule: {
      cross,
      add,
      spotCross: '0',
      spotAdd: '0',
      tiers: { vip: [], mm: [] },
      referralDiscount: '0',
      stakingDiscountTiers: [],
    },
    userCrossRate: cross,
    userAddRate: add,
    userSpotCrossRate: '0',
    userSpotAddRate: '0',
    activeReferralDiscount: '0',
    trial: null,
    feeTrialEscrow: '0',
    nextTrialAvailableTimestamp: null,
    stakingLink: null,
    activeStakingDiscount: { bpsOfMaxSupply: '0', discount: '0' },
  };
}
