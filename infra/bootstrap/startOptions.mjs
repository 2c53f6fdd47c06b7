import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const START_HELP = `npm start -- [options]

  --replay FILE    drive an index price from recorded candles (csv or csv.gz: open_time,open,high,low,close,volume)
  --orders FILE    feed recorded order messages (LOBSTER csv or csv.gz) into a market as signed orders
  --market SYMBOL  the market that the recording moves (--replay: BTC-USD, --orders: ETH-USD)
  --speed N        recorded seconds per second (--replay: 60, --orders: 10)
  --no-bots        start without makers and takers (recorded orders are played all the same)
  --no-liquidator  start without the liquidator: auctions that the book does not take go to the backstop
  --port N         the gateway's port (8080)
  --data DIR       where this devnet lives (.keel/devnet)
  --fresh          forget this devnet first: journal, chain, accounts
  --for SECONDS    stop by itself so long after everything runs
  --once           stop by itself after the first trade
  --json           status as JSON lines instead of the screen
  --help           this text

Ctrl-C stops everything; starting again goes on where it stopped.
`;

export const CLUSTER_HELP = `npm run cluster -- [options]

The exchange as a cluster of real processes on this machine: three sequencers (a, b, c), three etcd, two Redis with three
Sentinels, two gateways, and what npm start has beside them. What dies is started again 2 s later, so that you can kill it.

  --no-restart     what dies stays dead until npm run -s cluster -- start NAME
  --replay FILE    drive an index price from recorded candles (csv or csv.gz: open_time,open,high,low,close,volume)
  --orders FILE    feed recorded order messages (LOBSTER csv or csv.gz) into a market as signed orders
  --market SYMBOL  the market that the recording moves (--replay: BTC-USD, --orders: ETH-USD)
  --speed N        recorded seconds per second (--replay: 60, --orders: 10)
  --no-bots        start without makers and takers (recorded orders are played all the same)
  --no-liquidator  start without the liquidator: auctions that the book does not take go to the backstop
  --port N         the first gateway's port (8180)
  --data DIR       where this cluster lives (.keel/cluster)
  --fresh          forget this cluster first: log, journals, chain, accounts
  --for SECONDS    stop by itself so long after everything runs
  --once           stop by itself after the first trade
  --json           status as JSON lines instead of the screen
  --help           this text

While it runs, from another terminal (with --data DIR for another cluster, --json for ps as JSON):

  npm run -s cluster -- ps            who runs: name, process id, ports
  npm run -s cluster -- stop NAME     ask one process to stop, and hold it
  npm run -s cluster -- start NAME    let it be started again
  npm run -s keelctl -- status --cluster local

Ctrl-C stops everything; starting again goes on where it stopped.
`;

const START = { command: 'npm start', port: 8080 };
const CLUSTER = { command: 'npm run cluster', port: 8180 };

const OPTIONS = {
  replay: { type: 'string' },
  orders: { type: 'string' },
  market: { type: 'string' },
  speed: { type: 'string' },
  'no-bots': { type: 'boolean' },
  'no-liquidator': { type: 'boolean' },
  port: { type: 'string' },
  data: { type: 'string' },
  fresh: { type: 'boolean' },
  for: { type: 'string' },
  once: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
};
const CLUSTER_OPTIONS = { ...OPTIONS, 'no-restart': { type: 'boolean' } };

/** What stands behind an option that needs something, in the words of the help text. */
const NEEDS = { replay: 'FILE', orders: 'FILE', market: 'SYMBOL', speed: 'N', port: 'N', data: 'DIR', for: 'SECONDS' };

/** The markets that the sequencer lists on an empty journal. */
const MARKETS = ['BTC-USD', 'ETH-USD', 'SOL-USD'];

/**
 * Reads the command line of `npm start`. Returns the options, or the sentence that says what is wrong with them: it is
 * said before minutes are spent on installing. `look` says what a path is: 'file', 'folder' or undefined.
 */
export function readStartOptions(args, folder, look) {
  return readOptions(args, folder, look, OPTIONS, START);
}

/** Like `readStartOptions`, for `npm run cluster`. */
export function readClusterOptions(args, folder, look) {
  return readOptions(args, folder, look, CLUSTER_OPTIONS, CLUSTER);
}

function readOptions(args, folder, look, known, { command, port }) {
  const incomplete = findIncomplete(args);
  if (incomplete !== undefined) return `--${incomplete} needs ${NEEDS[incomplete]}.`;
  let values;
  try {
    values = parseArgs({ args: joinNegatives(args), options: known }).values;
  } catch (fault) {
    return `${fault.message.split('.')[0]}; ${command} -- --help lists the options.`;
  }
  const number = (name, least, most, whole) => readNumber(name, values[name], { least, most, whole });
  const numbers = {
    port: number('port', 1, 65_535, true),
    speed: number('speed', 0.1, 3600, false),
    for: number('for', 1, 1e6, false),
  };
  const wrong = Object.values(numbers).find((value) => typeof value === 'string');
  if (wrong !== undefined) return wrong;
  const file = (name) => (values[name] === undefined ? undefined : resolve(folder, values[name]));
  for (const name of ['replay', 'orders']) {
    if (file(name) === undefined) continue;
    const kind = look(file(name));
    if (kind === undefined) return `There is no file ${file(name)} (--${name}).`;
    if (kind !== 'file') return `${file(name)} is a ${kind}, not a file (--${name}).`;
  }
  if (values.market !== undefined && !MARKETS.includes(values.market)) {
    return `There is no market ${values.market} (--market); there are ${MARKETS.join(', ')}.`;
  }
  if (values.replay !== undefined && values.orders !== undefined && values.market !== undefined) {
    return '--market names the market of one recording; with both, --replay moves BTC-USD and --orders trades ETH-USD.';
  }
  if (values.replay === undefined && values.orders === undefined) {
    if (values.speed !== undefined)
      return '--speed says how fast a recording runs; it needs --replay FILE or --orders FILE.';
    if (values.market !== undefined)
      return '--market says what a recording moves; it needs --replay FILE or --orders FILE.';
  }
  return {
    help: values.help ?? false,
    replay: file('replay'),
    orders: file('orders'),
    market: values.market,
    speed: numbers.speed,
    bots: !(values['no-bots'] ?? false),
    liquidator: !(values['no-liquidator'] ?? false),
    port: numbers.port ?? port,
    data: file('data'),
    fresh: values.fresh ?? false,
    seconds: numbers.for,
    once: values.once ?? false,
    json: values.json ?? false,
    ...('no-restart' in known ? { restart: !(values['no-restart'] ?? false) } : {}),
  };
}

/** The first option that needs something and has nothing, or another option, behind it. */
function findIncomplete(args) {
  return Object.keys(NEEDS).find((name) => {
    if (args.includes(`--${name}=`)) return true;
    const place = args.indexOf(`--${name}`);
    if (place === -1) return false;
    const value = args[place + 1] ?? '';
    return value === '' || /^-(?!\d)/.test(value);
  });
}

/** `--port -1` reads as two flags to the parser; joined, it is refused as the number that it is. */
function joinNegatives(args) {
  const joined = [];
  for (const arg of args) {
    const flag = joined.at(-1);
    if (/^-\d/.test(arg) && flag?.startsWith('--') && !flag.includes('=')) joined[joined.length - 1] = `${flag}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function readNumber(name, text, { least, most, whole }) {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  return `--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${text}".`;
}
