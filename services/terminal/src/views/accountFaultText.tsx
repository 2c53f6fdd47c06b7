import { Fragment } from 'preact';
import { accountAddress, accountFault, status } from '../feed/store.ts';

/** Chain id of the L1 that `npm run devnet` starts. */
const DEVNET_CHAIN_ID = 31_337;

/** Why the account cannot be shown and, where a deposit would open it, how to make one. */
export function AccountFaultText() {
  const fault = accountFault.value;
  if (fault === undefined) return null;
  const command = `npm run -s deposit -- --account ${accountAddress.value} --usdc 1000`;
  const unknown = fault.code === 'ACCOUNT_UNKNOWN';
  return (
    <div class="fault empty" role="alert" data-testid="account-fault">
      <p>{unknown ? 'This address has no account here yet. The first deposit opens one.' : fault.message}</p>
      {unknown && status.value?.network.chainId === DEVNET_CHAIN_ID && (
        <p class="quiet">
          This is a devnet: test USDC is deposited from the folder of the repository with{' '}
          <code class="command">
            {command.split(' ').map((word) => (
              // A line may end between two words, never inside of `--usdc`.
              <Fragment key={word}>
                <span>{word}</span>{' '}
              </Fragment>
            ))}
          </code>
        </p>
      )}
    </div>
  );
}
