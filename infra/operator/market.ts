import { join } from 'node:path';
import { readJson } from '../devnet/dataFolder.ts';
import { DevnetFault } from '../devnet/devnetFault.ts';
import { choosePorts } from '../devnet/ports.ts';
import { readMarketOptions } from './readMarketOptions.ts';
import { type IntakeDoor, setTradingStatus } from './setTradingStatus.ts';

const GATEWAY_PORT = 8080;

/** npm run -s market -- halt ETH-USD: sets what may be done in a market of a running exchange. */
try {
  const { status, symbol, data, json } = readMarketOptions(process.argv.slice(2), join(import.meta.dirname, '../..'));
  const set = await setTradingStatus(intakeDoor(data), symbol, status);
  const text = `${set.symbol} is ${set.status} from command ${set.sequence} on (${new Date(set.timeMs).toISOString()})`;
  process.stdout.write(`${json ? JSON.stringify(set) : text}\n`);
} catch (fault) {
  if (!(fault instanceof DevnetFault)) throw fault;
  process.stderr.write(`keel: ${fault.message}\n`);
  process.exitCode = 1;
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
