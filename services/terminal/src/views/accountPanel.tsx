import type { Account } from '@keel/client';
import { signal } from '@preact/signals';
import { showAccount } from '../feed/followAccount.ts';
import { groupLiquidations } from '../feed/groupLiquidations.ts';
import { account, accountAddress, accountFault, accountLiquidations, equityHistory, fills } from '../feed/store.ts';
import { subaccountText } from '../subaccountText.ts';
import { AccountFaultText } from './accountFaultText.tsx';
import { AccountForm } from './accountForm.tsx';
import { dateText } from './clockText.ts';
import { CopyHash } from './copyHash.tsx';
import { FillsTable } from './fillsTable.tsx';
import { LiquidationsTable } from './liquidationsTable.tsx';
import { MarginBar } from './marginBar.tsx';
import { NumberText } from './numberText.tsx';
import { OpenOrdersTable } from './openOrdersTable.tsx';
import { PositionsTable } from './positionsTable.tsx';
import { Tabs } from './tabs.tsx';
import { TimeGraph } from './timeGraph.tsx';

const shownTable = signal('positions');

export function AccountPanel() {
  const address = accountAddress.value;
  const document = account.value;
  return (
    <section class="panel panel-account" aria-labelledby="account-title" data-panel="account" data-testid="account">
      <header class="panel-header">
        <h2 id="account-title">Account</h2>
        {address !== undefined && (
          <span class="account-name">
            <span data-testid="account-address" data-address={address}>
              <CopyHash hash={address} name="account address" />
            </span>
            <button type="button" class="small" onClick={() => showAccount(undefined)}>
              Close
            </button>
          </span>
        )}
      </header>
      {address === undefined && <AccountForm />}
      <AccountFaultText />
      {address !== undefined && document === undefined && accountFault.value === undefined && (
        <p class="empty">Loading…</p>
      )}
      {document !== undefined && <AccountBody document={document} />}
    </section>
  );
}

const FIGURES = [
  ['Collateral', 'collateral'],
  ['Equity', 'equity'],
  ['Initial margin', 'initialMargin'],
  ['Maintenance margin', 'maintenanceMargin'],
  ['Withdrawable', 'withdrawable'],
] as const;

function AccountBody({ document }: { readonly document: Account }) {
  const name = subaccountText(document.subaccount, document.isolatedMarket);
  return (
    <>
      {name !== undefined && (
        <p class="quiet" data-testid="subaccount">
          {name}
        </p>
      )}
      {document.marginCall !== null && !document.inLiquidation && (
        <p class="banner" role="alert" data-testid="margin-call">
          Margin call: maintenance margin passed {document.marginCall} % of equity. At 100 % the account is liquidated.
        </p>
      )}
      {document.inLiquidation && (
        <p class="liquidation-banner" role="alert" data-testid="in-liquidation">
          This account is being liquidated.
        </p>
      )}
      {document.cancelAllAfter > 0 && (
        <p class="quiet account-switch" data-testid="cancel-all-after">
          Dead-man switch: orders go at {dateText(document.cancelAllAfter)} unless it is renewed.
        </p>
      )}
      {document.protections
        .filter((protection) => protection.frozen)
        .map(({ market }) => (
          <p class="banner" role="status" key={market} data-testid="protection-fired">
            Market-maker protection fired in {market}: new orders are refused there until it is reset.
          </p>
        ))}
      <div class="account-summary">
        <dl class="account-figures" aria-label="Margin in USDC">
          {FIGURES.map(([label, name]) => (
            <div class="figure" key={name}>
              <dt>{label}</dt>
              <dd>
                <NumberText value={document[name]} testId={`account-${name}`} />
              </dd>
            </div>
          ))}
        </dl>
        <TimeGraph label="Equity over time" points={equityHistory} height={56} />
      </div>
      <MarginBar account={document} />
      <Tabs
        label="Account tables"
        testId="account-tabs"
        controls="account-table"
        items={[
          { key: 'positions', label: `Positions ${document.positions.length}` },
          { key: 'orders', label: `Open orders ${document.openOrders.length}` },
          { key: 'fills', label: `Fills ${fills.value.length}` },
          { key: 'liquidations', label: `Liquidations ${groupLiquidations(accountLiquidations.value).length}` },
        ]}
        selected={shownTable.value}
        onSelect={(key) => {
          shownTable.value = key;
        }}
      />
      <div id="account-table" role="tabpanel" aria-label="Account table">
        {shownTable.value === 'positions' && <PositionsTable positions={document.positions} />}
        {shownTable.value === 'orders' && <OpenOrdersTable orders={document.openOrders} />}
        {shownTable.value === 'fills' && <FillsTable />}
        {shownTable.value === 'liquidations' && (
          <LiquidationsTable
            label="Liquidations of the account, newest first"
            testId="account-liquidations"
            marked={undefined}
            rows={accountLiquidations.value}
            empty="Neither liquidated nor deleveraged."
          />
        )}
      </div>
    </>
  );
}
