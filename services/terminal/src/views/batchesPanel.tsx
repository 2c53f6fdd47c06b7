import type { Batch } from '@keel/client';
import { batches, heard } from '../feed/store.ts';
import { dateText } from './clockText.ts';
import { CopyHash } from './copyHash.tsx';
import { type Column, DataTable } from './dataTable.tsx';

/** The steps of a batch on its way to L1, in order; what each promises is in the title. */
const L1_STATES: readonly { readonly name: Batch['status']; readonly promise: string }[] = [
  { name: 'sealed', promise: 'Closed by the sequencer; not on L1 yet' },
  { name: 'submitted', promise: 'Its L1 transaction is sent' },
  { name: 'committed', promise: 'On L1 with the confirmations asked for: survives the loss of the operator' },
  { name: 'finalised', promise: 'L1 finalised it: survives an L1 reorganisation' },
];

function L1State({ state }: { readonly state: Batch['status'] }) {
  const reached = L1_STATES.findIndex((step) => step.name === state);
  return (
    <span class="l1-state" data-testid="batch-status" data-status={state} title={L1_STATES[reached]?.promise ?? ''}>
      <span class="l1-steps" aria-hidden="true">
        {L1_STATES.map((step, at) => (
          <i key={step.name} class={at <= reached ? 'on' : ''} />
        ))}
      </span>
      {state}
    </span>
  );
}

const COLUMNS: readonly Column<Batch>[] = [
  {
    label: 'Batch',
    cell: (row) => (
      <span class="num" title={`${dateText(row.time)} UTC`}>
        {row.batchIndex}
      </span>
    ),
  },
  { label: 'L1', cell: (row) => <L1State state={row.status} /> },
  {
    label: 'Sequences',
    wide: true,
    cell: (row) => (
      <span class="num">
        {row.firstSequence}–{row.lastSequence}
      </span>
    ),
  },
  {
    label: 'State root',
    wide: true,
    cell: (row) => <CopyHash hash={row.stateRoot} name={`state root of batch ${row.batchIndex}`} />,
  },
  {
    label: 'Transaction',
    wide: true,
    cell: (row) =>
      row.l1TxHash === null ? null : (
        <CopyHash hash={row.l1TxHash} name={`L1 transaction of batch ${row.batchIndex}`} />
      ),
  },
];

export function BatchesPanel() {
  return (
    <section class="panel panel-batches" aria-labelledby="batches-title" data-panel="batches" data-testid="batch-list">
      <header class="panel-header">
        <h2 id="batches-title">Batches on L1</h2>
      </header>
      <DataTable
        label="Batches, newest first"
        testId="batches"
        columns={COLUMNS}
        rows={batches.value}
        rowKey={(row) => String(row.batchIndex)}
        rowData={(row) => ({ 'data-batch': String(row.batchIndex) })}
        empty={heard.value.has('batches') ? 'No batch has been sealed yet.' : 'Loading…'}
      />
    </section>
  );
}
