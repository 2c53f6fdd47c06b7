import { Exchange, emptyParts } from '@keel/replica';
import type { Command, Event } from '@keel/types';
import { toSequence } from '@keel/types';
import { expect, test } from 'vitest';
import { GENESIS_COLLATERALS, listGenesisCollaterals } from '../src/genesisCollaterals.ts';

/** An exchange, and what came of the commands it was told. */
function open(): { exchange: Exchange; events: Event[]; submit(command: Command): Promise<unknown> } {
  const exchange = new Exchange(emptyParts());
  const events: Event[] = [];
  return {
    exchange,
    events,
    submit: async (command) => {
      const sequence = toSequence(exchange.state.sequence + 1);
      const block = exchange.apply({ sequence, timeMs: 1_700_000_000_000 + sequence, command }, `0x${'00'.repeat(32)}`);
      events.push(...block.events);
    },
  };
}

test('the engine takes every first collateral, in order of id', async () => {
  const { exchange, events, submit } = open();
  await listGenesisCollaterals(exchange, { submit });
  expect(events).toEqual(GENESIS_COLLATERALS.map((spec) => ({ kind: 'collateralListed', spec })));
  expect(exchange.status().collaterals).toMatchObject([{ assetId: 1, symbol: 'WETH', decimals: 8, priceTicks: 0 }]);
});

test('what is listed already is not listed again', async () => {
  const { exchange, events, submit } = open();
  await listGenesisCollaterals(exchange, { submit });
  await listGenesisCollaterals(exchange, { submit });
  expect(events).toHaveLength(GENESIS_COLLATERALS.length);
});
