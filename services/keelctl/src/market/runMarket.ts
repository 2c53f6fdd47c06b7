import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatDecimal, type PriceFeeder, QUOTE_DECIMALS, quorumOf, type TimeMs } from '@keel/types';
import { CommandFault } from '../commandFault.ts';
import { CommandLineFault } from '../commandLineFault.ts';
import { environment, standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { askAny } from '../nodes/askAny.ts';
import { openDoor } from '../nodes/nodeDoor.ts';
import { clusterSchema } from '../nodes/nodeSchemas.ts';
import type { Terminal } from '../terminal.ts';
import { allocateFees } from './allocateFees.ts';
import { listMarkets } from './listMarkets.ts';
import type { IntakeDoor } from './openIntake.ts';
import { listPriceFeeders, setPriceFeeders } from './priceFeeders.ts';
import { type MarketOptions, readMarketOptions } from './readMarketOptions.ts';
import { setTradingStatus } from './setTradingStatus.ts';

/** Of the devnet's sequencer, unless a variable moves it. */
const INTAKE_PORT = '7070';

/** What was done: for programs, and in words. */
interface Answer {
  readonly facts: object;
  readonly text: string;
}

/** keelctl market ...: what the operator of a running exchange does to its markets and their prices. */
export async function runMarket(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = readMarketOptions(args);
  const { facts, text } = await carryOut(options);
  terminal.write(`${options.json ? JSON.stringify(facts) : text}\n`);
  return EXIT.fine;
}

async function carryOut(options: MarketOptions): Promise<Answer> {
  const { wish } = options;
  switch (wish.kind) {
    case 'help':
      return { facts: { help: wish.text }, text: wish.text };
    case 'list':
      return listMarkets(openDoor(options));
    case 'setStatus': {
      const set = await setTradingStatus(await intakeDoor(options), wish.symbol, wish.status);
      const how = set.resuming ? 'comes back by stages' : `is ${set.status}`;
      return { facts: set, text: `${set.symbol} ${how} ${since(set)}` };
    }
    case 'listFeeders': {
      const feeders = await listPriceFeeders(await intakeDoor(options));
      return { facts: { feeders, quorum: quorumOf(feeders.length) }, text: feederLines(feeders) };
    }
    case 'setFeeders': {
      const set = await setPriceFeeders(await intakeDoor(options), wish.feeders);
      return { facts: set, text: `${feederLines(set.feeders)}\nthese count ${since(set)}` };
    }
    case 'allocateFees': {
      const moved = await allocateFees(await intakeDoor(options), wish.symbol, wish.fund, wish.amountAtoms);
      const usdc = formatDecimal(moved.amountAtoms, QUOTE_DECIMALS);
      return { facts: moved, text: `${usdc} USDC of fees are in the ${moved.fund} of ${moved.symbol} ${since(moved)}` };
    }
  }
}

function since({ sequence, timeMs }: { readonly sequence: number; readonly timeMs: TimeMs }): string {
  return `from command ${sequence} on (${new Date(timeMs).toISOString()})`;
}

function feederLines(feeders: readonly PriceFeeder[]): string {
  if (feeders.length === 0) return 'no feeders: no price moves';
  const lines = feeders.map(({ feeder, weight }) => `${feeder} weight ${weight}`);
  return [...lines, `${quorumOf(feeders.length)} of ${feeders.length} make a price`].join('\n');
}

/**
 * Where commands are taken: the leader's intake where nodes are named; else as the services are told in the environment;
 * else the devnet's own, whose secret lies in its folder.
 */
async function intakeDoor(options: MarketOptions): Promise<IntakeDoor> {
  const { data, nodes, cluster } = options;
  const told = environment('KEEL_INTAKE_URL');
  const named = nodes ?? cluster ?? (told === undefined ? environment('KEEL_NODES') : undefined);
  if (named !== undefined) return leadersIntake(options);
  const url = told ?? `ws://127.0.0.1:${environment('KEEL_DEVNET_INTAKE_PORT') ?? INTAKE_PORT}`;
  return {
    url,
    token: data === undefined ? openDoor(options).token() : (environment('KEEL_INTAKE_TOKEN') ?? tokenIn(data)),
  };
}

async function leadersIntake(options: MarketOptions): Promise<IntakeDoor> {
  const door = openDoor(options);
  const { value } = await askAny(door, '/cluster', clusterSchema);
  // A node that is alone has no leader key; it leads all the same.
  const leading = value.nodes.find(({ role }) => role === 'leading');
  const url = value.leader?.intakeUrl ?? leading?.intakeUrl ?? '';
  if (url === '') throw new CommandFault('no node leads, so nobody takes commands: look with keelctl status');
  return { url, token: door.token() };
}

function tokenIn(data: string): string {
  const folder = resolve(standingFolder(), data);
  try {
    const secrets: unknown = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'));
    const { intakeToken } = secrets as { readonly intakeToken?: unknown };
    if (typeof intakeToken === 'string') return intakeToken;
  } catch {
    // Whatever is the matter with the file, there is no secret to be had from it.
  }
  throw new CommandLineFault(`there is no secrets.json of a devnet in ${folder}: name its folder with --data`);
}
