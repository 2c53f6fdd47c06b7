import { IntakeClient, IntakeNotAllowed } from '@keel/intake';
import { rejectName, type TimeMs, type TradingStatus } from '@keel/types';
import { DevnetFault } from '../devnet/devnetFault.ts';

/** A sequencer that is there welcomes a client within milliseconds. */
const CONNECT_MS = 5_000;

export interface TradingStatusSet {
  readonly symbol: string;
  readonly status: TradingStatus;
  /** Place and time of the command in the log: from there on it holds. */
  readonly sequence: number;
  readonly timeMs: TimeMs;
}

/** Where the sequencer takes commands, and the secret that it shares. */
export interface IntakeDoor {
  readonly url: string;
  readonly token: string;
}

/**
 * Hands the sequencer the operator's command and resolves when it is acked: on stable storage and in force. Throws
 * DevnetFault when nobody answers, the secret is wrong or the market is not listed.
 */
export async function setTradingStatus(
  door: IntakeDoor,
  symbol: string,
  status: TradingStatus,
): Promise<TradingStatusSet> {
  const client = new IntakeClient({ ...door, role: 'operator' });
  try {
    await connected(client, door.url);
    const { markets } = await client.status();
    const market = markets.find((listed) => listed.symbol === symbol);
    if (market === undefined) {
      const symbols = markets.map((listed) => listed.symbol).join(', ');
      throw new DevnetFault(`There is no market ${symbol}; there are ${symbols}.`);
    }
    const command = { kind: 'setTradingStatus', marketId: market.marketId, status } as const;
    const { sequence, timeMs, events } = await client.submit(command);
    const refusal = events.find((event) => event.kind === 'commandRejected');
    if (refusal !== undefined) throw new DevnetFault(`The exchange refused it: ${rejectName(refusal.code)}.`);
    return { symbol, status, sequence, timeMs };
  } finally {
    await client.close();
  }
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
