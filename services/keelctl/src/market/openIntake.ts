import {
  IntakeClient,
  IntakeHandingOver,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeUnavailable,
} from '@keel/intake';
import { splitUrls } from '@keel/runtime';
import { type Command, type EventBlock, type MarketStatus, rejectName } from '@keel/types';
import { CommandFault } from '../commandFault.ts';
import { EXIT } from '../exitCodes.ts';

/** A sequencer that is there welcomes a client within milliseconds. */
const CONNECT_MS = 5_000;

/** Where the sequencer takes commands, and the secret that it shares. */
export interface IntakeDoor {
  /** One address, or several with commas between. */
  readonly url: string;
  readonly token: string;
}

/** Does `work` as the operator. Throws CommandFault when nobody answers or the secret is wrong. */
export async function asOperator<Result>(
  door: IntakeDoor,
  work: (client: IntakeClient) => Promise<Result>,
): Promise<Result> {
  const client = new IntakeClient({ url: splitUrls(door.url), token: door.token, role: 'operator' });
  try {
    await connected(client, door.url);
    return await work(client);
  } catch (fault) {
    if (fault instanceof IntakePaused)
      throw new CommandFault(
        `${fault.message}, which holds for operators too: nothing has changed; keelctl leader resume, then say it again`,
      );
    if ([IntakeUnavailable, IntakeOverloaded, IntakeHandingOver].some((kind) => fault instanceof kind))
      throw new CommandFault(
        `${(fault as Error).message}: nothing has changed; say it again, and look with keelctl status`,
      );
    throw fault;
  } finally {
    await client.close();
  }
}

/**
 * Resolves when the command is acked: on stable storage and in force. Throws CommandFault when it was refused, or when
 * nobody knows whether it was taken.
 */
export async function submitOrFault(client: IntakeClient, command: Command): Promise<EventBlock> {
  const block = await client.submit(command).catch((fault: unknown) => {
    if (!(fault instanceof IntakeOutcomeUnknown)) throw fault;
    const advice = 'look with keelctl market list, then say it again if need be';
    throw new CommandFault(`${fault.message}: it may have been done; ${advice}`, EXIT.timedOut);
  });
  const refusal = block.events.find((event) => event.kind === 'commandRejected');
  if (refusal !== undefined)
    throw new CommandFault(`the exchange refused it: ${rejectName(refusal.code)}; nothing has changed`);
  return block;
}

/** The market of that symbol. Throws CommandFault naming those that there are. */
export async function findMarket(client: IntakeClient, symbol: string): Promise<MarketStatus> {
  const { markets } = await client.status();
  const market = markets.find((listed) => listed.symbol === symbol);
  if (market !== undefined) return market;
  throw new CommandFault(
    `there is no market ${symbol}; there are ${markets.map((listed) => listed.symbol).join(', ')}`,
  );
}

async function connected(client: IntakeClient, url: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fault = new CommandFault(
      `no sequencer takes commands at ${url}: keelctl status shows who leads; without --nodes or --cluster local the devnet of npm start is meant`,
      EXIT.nobodyReached,
    );
    timer = setTimeout(() => reject(fault), CONNECT_MS);
  });
  try {
    await Promise.race([client.ready(), late]);
  } catch (fault) {
    if (fault instanceof IntakeNotAllowed)
      throw new CommandFault(
        `the sequencer at ${url} refused: ${fault.message}; compare KEEL_INTAKE_TOKEN with the sequencer's`,
      );
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}
