import type { Address } from '@keel/types';
import { shortHex } from '../address.ts';
import { openAccount } from '../feed/followAccount.ts';

/** An address that leads to its account. */
export function AccountLink({ address }: { readonly address: Address }) {
  return (
    <button
      type="button"
      class="link"
      title={address}
      aria-label={`Show account ${address}`}
      onClick={() => openAccount(address)}
    >
      {shortHex(address)}
    </button>
  );
}
