import { getJson, RestError } from './rest.ts';
import { mergeNewest, rowsOf } from './rows.ts';
import { account, accountAddress, accountFault, equityHistory, fills, LIMITS, link } from './store.ts';
import type { AccountDocument, FillRow } from './wire.ts';

/** Marks move between an account's own events, and equity with them; a read this often keeps the figures true. */
const REFRESH_MS = 2_000;
const FILLS_SHOWN = 100;

/** Takes a document of the shown account unless a newer one is already there. */
export function acceptAccount(document: AccountDocument): void {
  const shown = account.peek();
  // A channel may send only what changed; without a document to put it into, the next read brings everything.
  if (shown === undefined && document.equity === undefined) return;
  if (shown !== undefined && document.sequence < shown.sequence) return;
  const next = { ...shown, ...document };
  account.value = next;
  accountFault.value = undefined;
  const point = { time: Date.now() / 1000, value: Number(next.equity) };
  equityHistory.value = [...equityHistory.peek(), point].slice(-LIMITS.graphPoints);
}

/** Shows another account (undefined: none) from nothing. */
export function showAccount(address: string | undefined): void {
  accountAddress.value = address;
  account.value = undefined;
  accountFault.value = undefined;
  fills.value = [];
  equityHistory.value = [];
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
  try {
    const [document, history] = await Promise.all([
      getJson<AccountDocument>(`/v1/accounts/${address}`),
      getJson<unknown>(`/v1/accounts/${address}/fills?limit=${FILLS_SHOWN}`),
    ]);
    if (accountAddress.peek() !== address) return;
    acceptAccount(document);
    const rows = rowsOf<FillRow>(history, 'fills');
    fills.value = mergeNewest(
      [],
      rows,
      (row) => `${row.tradeId}|${row.side}`,
      (a, b) => b.time - a.time || Number(b.tradeId) - Number(a.tradeId),
      LIMITS.fills,
    );
  } catch (error) {
    if (accountAddress.peek() === address) accountFault.value = faultText(error);
  } finally {
    reading = false;
    // The address changed while the answer was under way: the new one must not wait for the next round.
    if (accountAddress.peek() !== address) void refreshAccount();
  }
}

function faultText(error: unknown): string {
  if (error instanceof RestError) {
    return error.status === 404 ? 'This address has no account here yet. The first deposit opens one.' : error.message;
  }
  return 'The exchange did not answer. Trying again.';
}
