import { anvilPath } from './anvilPath.ts';
import type { DataFolder } from './dataFolder.ts';
import { CHAIN_ID, l1NotReady, PUBLIC_MNEMONIC } from './l1.ts';
import type { ProcessSpec } from './supervisor.ts';

/** The chain is written down this often; a chain killed hard loses no more than that. */
const CHAIN_STATE_SECONDS = 2;

/** The private L1. Its blocks come every second, like a fast chain's, whether or not there are transactions. */
export function anvilSpec(port: number, { chainState }: Pick<DataFolder, 'chainState'>): ProcessSpec {
  const args = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(CHAIN_ID), '--block-time', '1'];
  args.push('--state', chainState, '--state-interval', String(CHAIN_STATE_SECONDS), '--mnemonic', PUBLIC_MNEMONIC);
  // Two-block epochs: "finalised" arrives within seconds, as a person at a devnet expects.
  args.push('--slots-in-an-epoch', '1', '--quiet');
  return {
    name: 'anvil',
    command: anvilPath(),
    args,
    ports: { rpc: port },
    env: process.env,
    notReady: () => l1NotReady(`http://127.0.0.1:${port}`),
  };
}
