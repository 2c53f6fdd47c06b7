/**
 * Plays recorded candles as the index of BTC-USD through the engine, with leveraged accounts on both sides and makers
 * in the book, and checks every invariant of the exchange after every command.
 *
 *   npm run -s bench:replay -- --file FILE [--accounts 1000] [--leverage 20] [--seed 1] [--json]
 *
 * Accounts put their whole 1,000 USDC behind one position, long or short by seed, at a random minute of the first six
 * days. A liquidated one deposits again and opens a new one within a day.
 */
import {
  apply,
  assertInvariants,
  createState,
  type EngineState,
  readAccount,
  readAccountIdOf,
  readExchange,
} from '@keel/engine';
import {
  type Address,
  type Command,
  divFloor,
  type Event,
  formatDecimal,
  type MarketSpec,
  mulDivFloor,
  PPM,
  QUOTE_DECIMALS,
  toMarketId,
  toSequence,
} from '@keel/types';
import { ONE_FEEDER, reportOf } from '../oneFeeder.ts';
import { readOptions } from '../readOptions.ts';
import { btcSpec } from './btcSpec.ts';
import { readCandles } from './candles.ts';

const values = readOptions('bench:replay', {
  file: { type: 'string' },
  accounts: { type: 'string', default: '1000' },
  leverage: { type: 'string', default: '20' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});
if (values.file === undefined) {
  process.stderr.write('bench:replay: give --file FILE, a csv or csv.gz of one-minute candles\n');
  process.exit(2);
}
const TRADERS = Number(values.accounts);
const LEVERAGE = Number(values.leverage);
const MAKERS = 2;
const MAKER_ATOMS = 100_000_000_000_000;
const TRADER_ATOMS = 1_000_000_000;
const LEVELS = 5;
/** How far beyond the last price a trader's order may go. */
const TAKER_REACH_PPM = 2_000;
const REPORT_MS = 2_000;
const MARKET = toMarketId(1);
const SIGNATURE = `0x${'00'.repeat(65)}` as const;

interface Tally {
  commands: number;
  fills: number;
  deposits: number;
  liquidated: number;
  closeOuts: number;
  bankruptcies: number;
  insurancePaidAtoms: number;
  feesToInsuranceAtoms: number;
  deleveraged: number;
  rejects: Record<string, number>;
}

const spec: MarketSpec = btcSpec;
const state: EngineState = createState();
const tally: Tally = {
  commands: 0,
  fills: 0,
  deposits: 0,
  liquidated: 0,
  closeOuts: 0,
  bankruptcies: 0,
  insurancePaidAtoms: 0,
  feesToInsuranceAtoms: 0,
  deleveraged: 0,
  rejects: {},
};
let timeMs = 0;
let nonce = 0;
const random = seeded(Number(values.seed));

const candles = readCandles(values.file, spec.priceDecimals);
const first = candles[0];
if (first === undefined) throw new Error(`${values.file} has no candle`);
timeMs = first.openTimeMs;
const began = performance.now();
let engineMs = 0;
let reportedAt = began;

run(ONE_FEEDER);
run({ kind: 'listMarket', spec });
for (let maker = 0; maker < MAKERS; maker += 1) deposit(maker, MAKER_ATOMS);
const opensAt = Array.from({ length: TRADERS }, () => Math.floor(random() * candles.length * (6 / 7)));
const byMinute = new Map<number, number[]>();
for (const [trader, minute] of opensAt.entries()) opensIn(minute, trader);

for (const [minute, candle] of candles.entries()) {
  for (const [step, ticks] of candle.pathTicks.entries()) {
    timeMs = Math.max(timeMs, candle.openTimeMs + step * 15_000);
    quote(ticks);
    run({ kind: 'updateIndexPrice', marketId: MARKET, reports: reportOf(ticks, timeMs) });
  }
  for (const trader of byMinute.get(minute) ?? []) open(trader, candle.pathTicks[3] ?? 0);
  if (performance.now() - reportedAt > REPORT_MS) report(minute);
}
report(candles.length);
const exchange = readExchange(state);
finish();

/** Applies one command and holds the whole exchange against its invariants. */
function run(command: Command): Event[] {
  const start = performance.now();
  const events = apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
  engineMs += performance.now() - start;
  assertInvariants(state);
  tally.commands += 1;
  for (const event of events) count(event);
  return events;
}

function count(event: Event): void {
  if (event.kind === 'orderFilled') tally.fills += 1;
  else if (event.kind === 'liquidationStarted') {
    tally.liquidated += 1;
    if (event.equityAtoms < 0) tally.bankruptcies += 1;
  } else if (event.kind === 'positionCloseOut') {
    tally.closeOuts += 1;
    tally.feesToInsuranceAtoms += event.feeAtoms;
  } else if (event.kind === 'insurancePaid') tally.insurancePaidAtoms += event.amountAtoms;
  else if (event.kind === 'positionDeleveraged') tally.deleveraged += 1;
  else if (event.kind === 'liquidationEnded') reopen(event.accountId);
  else if (event.kind === 'commandRejected') tally.rejects[event.code] = (tally.rejects[event.code] ?? 0) + 1;
}

/** A liquidated trader comes back within a day of play, if the file lasts that long. */
function reopen(accountId: number): void {
  const trader = accountId - 1 - MAKERS;
  const minute = Math.floor((timeMs - (first?.openTimeMs ?? 0)) / 60_000) + 1 + Math.floor(random() * 1_440);
  if (trader < 0 || minute >= candles.length) return;
  opensIn(minute, trader);
}

function opensIn(minute: number, trader: number): void {
  const traders = byMinute.get(minute);
  if (traders === undefined) byMinute.set(minute, [trader]);
  else traders.push(trader);
}

/** All makers take their quotes away, then each quotes anew: LEVELS prices a side around the index, the nearest one basis point away. */
function quote(indexTicks: number): void {
  for (let maker = 0; maker < MAKERS; maker += 1) {
    run({ kind: 'cancelAllOrders', auth: auth(maker), marketId: MARKET });
  }
  for (let maker = 0; maker < MAKERS; maker += 1) {
    for (let level = 1; level <= LEVELS; level += 1) {
      const distance = mulDivFloor(indexTicks, 100 * level * level + 10 * maker, PPM);
      place(maker, 'buy', indexTicks - distance, 400_000 * level, 'postOnly');
      place(maker, 'sell', indexTicks + distance, 400_000 * level, 'postOnly');
    }
  }
}

function open(trader: number, ticks: number): void {
  const account = MAKERS + trader;
  if (!holds(account)) deposit(account, TRADER_ATOMS);
  // One part in twenty stays free for the fee and the spread.
  const notional = mulDivFloor(TRADER_ATOMS * LEVERAGE, 95, 100);
  const lots = divFloor(notional, ticks * spec.atomsPerTickLot);
  const side = random() < 0.5 ? 'buy' : 'sell';
  const reach = mulDivFloor(ticks, TAKER_REACH_PPM, PPM);
  place(account, side, side === 'buy' ? ticks + reach : ticks - reach, lots, 'ioc');
}

/** Whether what a partial close-out left is still open; such a trader adds to it only what its margin allows. */
function holds(account: number): boolean {
  const accountId = readAccountIdOf(state, address(account));
  if (accountId === undefined) return false;
  return readAccount(state, accountId)?.positions.some((position) => position.sizeLots !== 0) ?? false;
}

function place(
  account: number,
  side: 'buy' | 'sell',
  priceTicks: number,
  sizeLots: number,
  timeInForce: 'postOnly' | 'ioc',
): void {
  run({
    kind: 'placeOrder',
    auth: auth(account),
    marketId: MARKET,
    side,
    orderType: 'limit',
    timeInForce,
    priceTicks,
    sizeLots,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  });
}

function deposit(account: number, amountAtoms: number): void {
  tally.deposits += 1;
  const l1TxHash = `0x${'00'.repeat(32)}` as const;
  run({
    kind: 'creditDeposit',
    depositIndex: state.nextDepositIndex,
    owner: address(account),
    assetId: 0,
    amountAtoms,
    l1BlockNumber: 0,
    l1TxHash,
  });
}

function auth(account: number) {
  nonce += 1;
  const owner = address(account);
  return {
    owner,
    subaccount: 0,
    signer: owner,
    nonce: timeMs + (nonce % 1_000),
    expiresAfterMs: 0,
    signature: SIGNATURE,
  };
}

function address(account: number): Address {
  return `0x${(account + 1).toString(16).padStart(40, '0')}`;
}

/** mulberry32: small, good enough to spread traders, the same on every machine. */
function seeded(seed: number): () => number {
  let value = seed >>> 0;
  return () => {
    value = (value + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(value ^ (value >>> 15), 1 | value);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Progress goes to stderr, so that --json stays clean. */
function report(minute: number): void {
  reportedAt = performance.now();
  const seconds = (performance.now() - began) / 1_000;
  const share = Math.floor((minute * 100) / candles.length);
  process.stderr.write(
    `\r${share} %  ${tally.commands} commands  ${tally.fills} fills  ${tally.liquidated} liquidations  ${seconds.toFixed(0)} s `,
  );
}

function finish(): void {
  const usdc = (atoms: number | bigint): string => formatDecimal(atoms, QUOTE_DECIMALS);
  const result = {
    candles: candles.length,
    traders: TRADERS,
    leverage: LEVERAGE,
    seed: Number(values.seed),
    ...tally,
    insurancePaid: usdc(tally.insurancePaidAtoms),
    liquidationFees: usdc(tally.feesToInsuranceAtoms),
    insuranceFund: usdc(exchange.insuranceFundAtoms),
    exchangeFees: usdc(exchange.feesAtoms),
    invariantChecks: tally.commands,
    engineSeconds: engineMs / 1_000,
    commandsPerEngineSecond: Math.round(tally.commands / (engineMs / 1_000)),
    seconds: (performance.now() - began) / 1_000,
  };
  process.stderr.write('\n');
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else
    for (const [name, value] of Object.entries(result))
      process.stdout.write(`${name.padEnd(26)}${JSON.stringify(value)}\n`);
}
