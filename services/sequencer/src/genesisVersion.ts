import type { NodeReport } from '@keel/codec';
import type { Exchange } from '@keel/replica';
import type { Command } from '@keel/types';
import { lowestEngineVersion } from './lowestEngineVersion.ts';

/**
 * A new exchange goes on by the newest rules that all its nodes know, and its log says so from the beginning. One that has a
 * market is not new: there the operator decides.
 */
export async function upgradeGenesis(
  exchange: Exchange,
  sequencer: { submit(command: Command): Promise<unknown> },
  nodes: () => readonly NodeReport[],
): Promise<void> {
  const { state } = exchange;
  if (state.markets.length > 0) return;
  const newest = lowestEngineVersion(nodes());
  for (let engineVersion = state.engineVersion + 1; engineVersion <= newest; engineVersion += 1)
    await sequencer.submit({ kind: 'upgradeEngine', engineVersion });
}
