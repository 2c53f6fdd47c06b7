import type { Liquidation } from '@keel/client';
import type { Address } from '@keel/types';
import { addDecimals } from '../decimal.ts';
import { concernsAccount } from '../feed/announceLiquidations.ts';
import { groupLiquidations, type LiquidationGroup } from '../feed/groupLiquidations.ts';
import { subaccountText } from '../subaccountText.ts';
import { AccountLink } from './accountLink.tsx';
import { clockText, dateText } from './clockText.ts';
import { type Column, DataTable } from './dataTable.tsx';
import { LiquidationSteps } from './liquidationSteps.tsx';
import { NumberText } from './numberText.tsx';

const COLUMNS: readonly Column<LiquidationGroup>[] = [
  {
    // One column for both leaves the lines beside them the room to stay whole.
    label: 'Account, time',
    wide: true,
    cell: ({ newest }) => (
      <span class="liquidation-head">
        <AccountLink address={newest.account} />
        {newest.subaccount !== 0 && <span class="subaccount">{subaccountText(newest.subaccount)}</span>}
        <time class="num quiet" title={`${dateText(newest.time)} UTC`}>
          {clockText(newest.time)}
        </time>
      </span>
    ),
  },
  { label: 'What happened', wide: true, cell: ({ steps }) => <LiquidationSteps steps={steps} /> },
  { label: 'Fee', numeric: true, cell: ({ steps }) => <Fee steps={steps} /> },
];

/** What the close-outs cost the account, USDC. */
function Fee({ steps }: Pick<LiquidationGroup, 'steps'>) {
  const fees = steps.map((step) => (step.stage === 'positionCloseOut' ? (step.amount ?? '0') : '0'));
  return <NumberText value={fees.reduce(addDecimals)} />;
}

interface LiquidationsTableProps {
  readonly label: string;
  readonly testId: string;
  /** The account whose liquidations stand out among the others'. */
  readonly marked: Address | undefined;
  /** Newest first. */
  readonly rows: readonly Liquidation[];
  readonly empty: string;
}

/** One row for each liquidation, with the steps it went through. */
export function LiquidationsTable({ label, testId, marked, rows, empty }: LiquidationsTableProps) {
  return (
    <DataTable
      label={label}
      testId={testId}
      columns={COLUMNS}
      rows={groupLiquidations(rows)}
      rowKey={(row) => row.liquidationId}
      rowData={({ newest, steps }) => ({
        'data-account': newest.account,
        'data-stage': newest.stage,
        'data-shown': String(steps.some((step) => concernsAccount(step, marked))),
      })}
      empty={empty}
    />
  );
}
