import {
  type AccountAddress,
  accountsOfLiquidation,
  FILLS_PER_ACCOUNT_MAX,
  type FillDoc,
  FUNDING_PAYMENTS_PER_ACCOUNT_MAX,
  type FundingPaymentDoc,
  LEDGER_PER_ACCOUNT_MAX,
  type LedgerDoc,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  type LiquidationDoc,
  MARGIN_EVENTS_PER_ACCOUNT_MAX,
  type MarginEventDoc,
  type OrderUpdateDoc,
  type Publication,
  type ReadModel,
} from '@keel/redis';
import type { AccountId } from '@keel/types';

/** Of the 2,000 that are kept; more have not ended while a client reconnects. */
const CLOSED_ORDERS_LOOKED_AT = 500;

/** What happened to an account, oldest first. */
export interface Happened {
  readonly fills: readonly FillDoc[];
  readonly orderUpdates: readonly OrderUpdateDoc[];
  readonly fundingPayments: readonly FundingPaymentDoc[];
  readonly ledger: readonly LedgerDoc[];
  readonly marginEvents: readonly MarginEventDoc[];
  readonly liquidations: readonly LiquidationDoc[];
}

export const NOTHING: Happened = {
  fills: [],
  orderUpdates: [],
  fundingPayments: [],
  ledger: [],
  marginEvents: [],
  liquidations: [],
};

/** `before`, and what one flush did to the account. */
export function withFlush(before: Happened, publication: Publication, accountId: AccountId): Happened {
  const own = <Doc extends { readonly accountId: AccountId }>(held: readonly Doc[], docs: readonly Doc[]) => [
    ...held,
    ...docs.filter((doc) => doc.accountId === accountId),
  ];
  const { fills, orderUpdates, fundingPayments, ledger, marginEvents, liquidations } = publication;
  return {
    fills: own(before.fills, fills),
    orderUpdates: own(before.orderUpdates, orderUpdates),
    fundingPayments: own(before.fundingPayments, fundingPayments),
    ledger: own(before.ledger, ledger),
    marginEvents: [...before.marginEvents, ...marginEvents.filter((doc) => doc.event.accountId === accountId)],
    liquidations: [
      ...before.liquidations,
      ...liquidations.filter((doc) => accountsOfLiquidation(doc).includes(accountId)),
    ],
  };
}

export function partOf(happened: Happened, takes: (sequence: number) => boolean): Happened {
  const part = <Doc extends { readonly sequence: number }>(docs: readonly Doc[]) =>
    docs.filter(({ sequence }) => takes(sequence));
  return {
    fills: part(happened.fills),
    orderUpdates: part(happened.orderUpdates),
    fundingPayments: part(happened.fundingPayments),
    ledger: part(happened.ledger),
    marginEvents: part(happened.marginEvents),
    liquidations: part(happened.liquidations),
  };
}

/**
 * What happened to an account after one sequence and up to another, or undefined where the read model does not keep enough of
 * it. Of orders that is how they ended: those that are open are in the account itself.
 */
export async function readHappened(
  readModel: ReadModel,
  account: AccountAddress,
  afterSeq: number,
  toSeq: number,
): Promise<Happened | undefined> {
  const [fills, orders, funding, ledger, margin, liquidations] = await Promise.all([
    readModel.fills(account, FILLS_PER_ACCOUNT_MAX),
    readModel.orderHistory(account, CLOSED_ORDERS_LOOKED_AT),
    readModel.fundingPayments(account, FUNDING_PAYMENTS_PER_ACCOUNT_MAX),
    readModel.ledger(account, LEDGER_PER_ACCOUNT_MAX),
    readModel.marginEvents(account, MARGIN_EVENTS_PER_ACCOUNT_MAX),
    readModel.accountLiquidations(account, LIQUIDATIONS_PER_ACCOUNT_MAX),
  ]);
  const reaches = (docs: readonly { readonly sequence: number }[], max: number): boolean =>
    docs.length < max || (docs.at(-1)?.sequence ?? 0) <= afterSeq;
  const complete =
    reaches(fills.fills, FILLS_PER_ACCOUNT_MAX) &&
    reaches(orders.orders, CLOSED_ORDERS_LOOKED_AT) &&
    reaches(funding.fundingPayments, FUNDING_PAYMENTS_PER_ACCOUNT_MAX) &&
    reaches(ledger.ledger, LEDGER_PER_ACCOUNT_MAX) &&
    reaches(margin.marginEvents, MARGIN_EVENTS_PER_ACCOUNT_MAX) &&
    reaches(liquidations.liquidations, LIQUIDATIONS_PER_ACCOUNT_MAX);
  if (!complete) return undefined;
  const all: Happened = {
    fills: fills.fills.toReversed(),
    orderUpdates: orders.orders.toReversed(),
    fundingPayments: funding.fundingPayments.toReversed(),
    ledger: ledger.ledger.toReversed(),
    marginEvents: margin.marginEvents.toReversed(),
    liquidations: liquidations.liquidations.toReversed(),
  };
  return partOf(all, (sequence) => sequence > afterSeq && sequence <= toSeq);
}
