import type { Account, Fill, Fills, Liquidation } from '@keel/client';
import type { Address } from '@keel/types';
import { mergeNewest } from './mergeNewest.ts';
import { getJson, RestError } from './rest.ts';
import {
  account,
  accountAddress,
  accountFault,
  accountLiquidations,
  equityHistory,
  fills,
  LIMITS,
  link,
  shownPanel,
} from './store.ts';
import type { WireError } from './wireError.ts';

/** Marks move between an account's own events, and equity with them; a read this often keeps the figures true. */
const REFRESH_MS = 2_000;

/** Takes a document of the shown account unless a newer one is already there. */
export function acceptAccount(document: Account): void {
  const shown = account.peek();
  if (shown !== undefined && document.sequence < shown.sequence) return;
  account.value = document;
  accountFault.value = undefined;
  const point = { time: Date.now() / 1000, value: Number(document.equity) };
  equityHistory.value = [...equityHistory.peek(), point].slice(-LIMITS.graphPoints);
}

/** Adds fills of the shown account; one that is there already stays as it is. */
export function acceptFills(rows: readonly Fill[]): void {
  fills.value = mergeNewest(
    fills.peek(),
    rows,
    (row) => row.tradeId,
    (a, b) => Number(b.tradeId) - Number(a.tradeId),
    LIMITS.fills,
  );
}

/** Shows another account (undefined: none) from nothing. */
export function showAccount(address: Address | undefined): void {
  accountAddress.value = address;
  account.value = undefined;
  accountFault.value = undefined;
  fills.value = [];
  accountLiquidations.value = [];
  equityHistory.value = [];
  accountLiquidationsChanged();
}

/** Shows an account that was asked for by its address; a phone turns to its panel. */
export function openAccount(address: Address): void {
  shownPanel.value = 'account';
  if (address !== accountAddress.peek()) showAccount(address);
}

/** The shown account's own liquidations are read again, but only when there may be something new. */
let liquidationsDue = false;

/** Says that a step may have come that concerns the shown account. */
export function accountLiquidationsChanged(): void {
  liquidationsDue = true;
  void refreshAccount();
}

/** Reads the shown account while it is shown, the page is visible and the exchange answers. */
export function keepAccountFresh(): void {
  setInterval(() => {
    if (!document.hidden && link.peek() === 'connected') void refreshAccount();
  }, REFRESH_MS);
}

let reading = false;

async function refreshAccount(): Promise<void> {
  const address = accountAddress.peek();
  if (address === undefined || reading) return;
  reading = true;
  const withLiquidations = liquidationsDue;
  liquidationsDue = false;
  try {
    const [document, history, own] = await Promise.all([
      getJson<Account>(`/v1/accounts/${address}`),
      getJson<Fills>(`/v1/accounts/${address}/fills?limit=${LIMITS.fills}`),
      withLiquidations ? readLiquidations(address) : undefined,
    ]);
    if (accountAddress.peek() !== address) return;
    acceptAccount(document);
    acceptFills(history.fills);
    if (own !== undefined) accountLiquidations.value = own;
  } catch (error) {
    liquidationsDue ||= withLiquidations;
    if (accountAddress.peek() === address) accountFault.value = faultOf(error);
  } finally {
    reading = false;
    // The address changed while the answer was under way: the new one must not wait for the next round.
    if (accountAddress.peek() !== address) accountLiquidationsChanged();
  }
}

async function readLiquidations(address: Address): Promise<readonly Liquidation[]> {
  const path = `/v1/liquidations?account=${address}&limit=${LIMITS.accountLiquidations}`;
  return (await getJson<{ liquidations: readonly Liquidation[] }>(path)).liquidations;
}

function faultOf(error: unknown): WireError {
  if (error instanceof RestError) return { code: error.code, message: error.message };
  return { code: 'UNREACHABLE', message: 'The exchange did not answer. Trying again.' };
}
