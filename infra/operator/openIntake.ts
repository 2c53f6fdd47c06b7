import { IntakeClient, IntakeNotAllowed } from '@keel/intake';
import { type Command, type EventBlock, type MarketStatus, rejectName } from '@keel/types';
import { DevnetFault } from '../devnet/devnetFault.ts';

/** A sequencer that is there welcomes a client within milliseconds. */
const CONNECT_MS = 5_000;

/** Where the sequencer takes commands, and the secret that it shares. */
export interface IntakeDoor {
  readonly url: string;
  readonly token: string;
}

/** Does `work` as the operator. Throws DevnetFault when nobody answers or the secret is wrong. */
export async function asOperator<Result>(
  door: IntakeDoor,
  work: (client: IntakeClient) => Promise<Result>,
): Promise<Result> {
  const client = new IntakeClient({ ...door, role: 'operator' });
  try {
    await connected(client, door.url);
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Resolves when the command is acked: on stable storage and in force. Throws DevnetFault when it was refused. */
export async function submitOrFault(client: IntakeClient, command: Command): Promise<EventBlock> {
  const block = await client.submit(command);
  const refusal = block.events.find((event) => event.kind === 'commandRejected');
  if (refusal !== undefined) throw new DevnetFault(`The exchange refused it: ${rejectName(refusal.code)}.`);
  return block;
}

/** The market of that symbol. Throws DevnetFault naming those that there are. */
export async function findMarket(client: IntakeClient, symbol: string): Promise<MarketStatus> {
  const { markets } = await client.status();
  const market = markets.find((listed) => listed.symbol === symbol);
  if (market !== undefined) return market;
  throw new DevnetFault(
    `There is no market ${symbol}; there are ${markets.map((listed) => listed.symbol).join(', ')}.`,
  );
}

async function connected(client: IntakeClient, url: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fault = new DevnetFault(`No sequencer answers at ${url}; start one with npm start.`);
    timer = setTimeout(() => reject(fault), CONNECT_MS);
  });
  try {
    await Promise.race([client.ready(), late]);
  } catch (fault) {
    if (fault instanceof IntakeNotAllowed) throw new DevnetFault(`The sequencer at ${url} refused: ${fault.message}.`);
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}
