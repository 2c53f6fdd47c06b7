import { useSignal } from '@preact/signals';
import { parseAddress } from '../address.ts';
import { showAccount } from '../feed/followAccount.ts';

/** Asks whose account to show. Nothing is signed and nothing is sent but the address. */
export function AccountForm() {
  const text = useSignal('');
  const refused = useSignal(false);

  function onSubmit(event: Event): void {
    event.preventDefault();
    const address = parseAddress(text.value);
    refused.value = address === undefined;
    if (address !== undefined) showAccount(address);
  }

  return (
    <form class="account-form" onSubmit={onSubmit} data-testid="account-form">
      <label for="account-address">Account address</label>
      <div class="account-entry">
        <input
          id="account-address"
          name="account"
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder="0x…"
          value={text}
          aria-invalid={refused.value}
          aria-describedby="account-hint"
          onInput={(event) => {
            text.value = event.currentTarget.value;
            refused.value = false;
          }}
        />
        <button type="submit">Show</button>
      </div>
      <p id="account-hint" class={refused.value ? 'fault' : 'quiet'} role={refused.value ? 'alert' : undefined}>
        {refused.value
          ? 'That is not an address: 0x and 40 hexadecimal digits.'
          : 'Shows positions, margin and liquidation prices of any account. Accounts are public; looking needs no key.'}
      </p>
    </form>
  );
}
