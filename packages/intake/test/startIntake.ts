import { type Command, type EventBlock, type Hex, type SequencerStatus, toSequence } from '@keel/types';
import { onTestFinished } from 'vitest';
import {
  IntakeClient,
  type IntakeClientOptions,
  type IntakeHandler,
  type IntakeRole,
  IntakeServer,
  type IntakeServerOptions,
} from '../src/index.ts';

export const TOKEN = 'f'.repeat(64);

export const ZERO_HASH: Hex = `0x${'00'.repeat(32)}`;

export const STATUS: SequencerStatus = {
  sequence: toSequence(7),
  timeMs: 1_700_000_000_000,
  stateRoot: ZERO_HASH,
  lastBatchIndex: -1,
  nextDepositIndex: 0,
  nextWithdrawalIndex: 0,
  accounts: 0,
  openOrders: 0,
  markets: [],
  collaterals: [],
  feeders: [],
};

/** A handler that gives each command the next sequence and no events. */
export function countingHandler(): IntakeHandler & { readonly taken: Command[] } {
  const taken: Command[] = [];
  return {
    taken,
    async submit(_role, command): Promise<EventBlock> {
      taken.push(command);
      return { sequence: toSequence(taken.length), timeMs: 1, events: [] };
    },
    async batch() {
      return undefined;
    },
    status: () => STATUS,
  };
}

/** A server on a free loopback port, closed when the test ends. */
export async function startServer(
  options: Partial<IntakeServerOptions> & Pick<IntakeServerOptions, 'handler'>,
): Promise<{ readonly server: IntakeServer; readonly port: number; readonly url: string }> {
  const server = new IntakeServer({ host: '127.0.0.1', port: 0, token: TOKEN, ...options });
  const port = await server.listen();
  onTestFinished(() => server.close());
  return { server, port, url: `ws://127.0.0.1:${port}` };
}

/** A client that is connected, closed when the test ends. */
export async function startClient(
  url: string,
  role: IntakeRole,
  options: Partial<IntakeClientOptions> = {},
): Promise<IntakeClient> {
  const client = new IntakeClient({ url, token: TOKEN, role, ...options });
  onTestFinished(() => client.close());
  await client.ready();
  return client;
}
