import { join } from 'node:path';
import { formatDecimal, type PriceFeeder, QUOTE_DECIMALS, quorumOf, type TimeMs } from '@keel/types';
import { readJson } from '../devnet/dataFolder.ts';
import { DevnetFault } from '../devnet/devnetFault.ts';
import { choosePorts } from '../devnet/ports.ts';
import { allocateFees } from './allocateFees.ts';
import type { IntakeDoor } from './openIntake.ts';
import { listPriceFeeders, setPriceFeeders } from './priceFeeders.ts';
import { type MarketWish, readMarketOptions } from './readMarketOptions.ts';
import { setTradingStatus } from './setTradingStatus.ts';

const GATEWAY_PORT = 8080;

/** What was done: for programs, and in words. */
interface Answer {
  readonly facts: object;
  readonly text: string;
}

/** npm run -s market -- halt ETH-USD: what the operator of a running exchange does to its markets and their prices. */
try {
  const { wish, data, json } = readMarketOptions(process.argv.slice(2), join(import.meta.dirname, '../..'));
  const { facts, text } = await carryOut(wish, () => intakeDoor(data));
  process.stdout.write(`${json ? JSON.stringify(facts) : text}\n`);
} catch (fault) {
  if (!(fault instanceof DevnetFault)) throw fault;
  process.stderr.write(`keel: ${fault.message}\n`);
  process.exitCode = 1;
}

async function carryOut(wish: MarketWish, door: () => IntakeDoor): Promise<Answer> {
  switch (wish.kind) {
    case 'help':
      return { facts: { help: wish.text }, text: wish.text };
    case 'setStatus': {
      const set = await setTradingStatus(door(), wish.symbol, wish.status);
      const how = set.resuming ? 'comes back by stages' : `is ${set.status}`;
      return { facts: set, text: `${set.symbol} ${how} ${since(set)}` };
    }
    case 'listFeeders': {
      const feeders = await listPriceFeeders(door());
      return { facts: { feeders, quorum: quorumOf(feeders.length) }, text: feederLines(feeders) };
    }
    case 'setFeeders': {
      const set = await setPriceFeeders(door(), wish.feeders);
      return { facts: set, text: `${feederLines(set.feeders)}\nthese count ${since(set)}` };
    }
    case 'allocateFees': {
      const moved = await allocateFees(door(), wish.symbol, wish.fund, wish.amountAtoms);
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

/** As the services are told in the environment, else the devnet's own: its secret lies in its folder. */
function intakeDoor(data: string): IntakeDoor {
  const { KEEL_INTAKE_URL, KEEL_INTAKE_TOKEN } = process.env;
  const url = KEEL_INTAKE_URL ?? `ws://127.0.0.1:${choosePorts(GATEWAY_PORT, process.env).intake}`;
  const secret = readJson<{ readonly intakeToken: string }>(join(data, 'secrets.json'));
  const token = KEEL_INTAKE_TOKEN ?? secret?.intakeToken;
  if (token === undefined) {
    throw new DevnetFault(`There is no secrets.json of a devnet in ${data}; name its folder with --data.`);
  }
  return { url, token };
}
