import {
  HttpTransport,
  InfoClient,
  SubscriptionClient,
  type UserFundingsWsEvent,
  WebSocketTransport,
} from '@nktkas/hyperliquid';
import { afterAll, beforeAll, expect } from 'vitest';
import { callTable } from './callTable.ts';
import { type Ccxt, ccxtOf } from './ccxtOf.ts';
import { soon } from './soon.ts';
import { startVenue, type Trader, type Venue } from './startVenue.ts';

const BTC = 'BTC/USDC:USDC';
const { check, holdReadme } = callTable('Money in, out and by the hour');

/** Bob is long 0.4 BTC, Ann short; then an hour passes. */
let venue: Venue;
let ann: Trader;
let bob: Trader;
let maker: Ccxt;
let taker: Ccxt;

beforeAll(async () => {
  venue = await startVenue();
  ann = await venue.trader('ann', '1000000');
  bob = await venue.trader('bob', '1000000');
  maker = await ccxtOf(venue, ann);
  taker = await ccxtOf(venue, bob);
  await ann.native.placeOrder({ market: 'BTC-USD', side: 'sell', price: '60000', size: '0.4' });
  await bob.native.placeOrder({ market: 'BTC-USD', side: 'buy', price: '60000', size: '0.4' });
});
afterAll(async () => {
  await Promise.all([maker?.close(), taker?.close()]);
  await venue?.stop();
});

check('fetchLedger', 'the deposit', async () => {
  await soon(async () => expect(await taker.fetchLedger()).toMatchObject([{ type: 'deposit', amount: 1_000_000 }]));
});

check('fetchDeposits', 'amount and time; a second one', async () => {
  const [deposit] = await taker.fetchDeposits();
  expect(deposit).toMatchObject({ amount: 1_000_000 });
  expect(Math.abs(Number(deposit?.timestamp) - Date.now())).toBeLessThan(120_000);
  await venue.deposit(bob.owner, '12.5');
  await soon(async () => {
    const amounts = (await taker.fetchDeposits()).map(({ amount }) => amount);
    expect(new Set(amounts)).toEqual(new Set([12.5, 1_000_000]));
  });
});

check('fetchWithdrawals', 'one that the owner made natively', async () => {
  expect(await taker.fetchWithdrawals()).toEqual([]);
  await bob.native.withdraw({ amount: '250', recipient: bob.owner });
  await soon(async () => expect(await taker.fetchWithdrawals()).toMatchObject([{ amount: 250 }]));
});

check('fetchFundingRateHistory', 'nothing before the hour; then its rate', async () => {
  expect(await taker.fetchFundingRateHistory(BTC)).toEqual([]);
  await venue.skipToTheHour();
  const [rate] = await soon(async () => {
    const found = await taker.fetchFundingRateHistory(BTC);
    expect(found).toHaveLength(1);
    return found;
  });
  expect(rate?.symbol).toBe(BTC);
  expect(Number(rate?.timestamp) % 3_600_000).toBeLessThan(10_000);
  // No premium in an empty book: an eighth of 0.01 %, the interest of eight hours.
  expect(rate?.fundingRate).toBe(0.0000125);
});

check('fetchFundingHistory', 'what the long paid and the short got, once their positions were touched', async () => {
  expect(await taker.fetchFundingHistory(BTC)).toEqual([]);
  await venue.reopen();
  await ann.native.placeOrder({ market: 'BTC-USD', side: 'sell', price: '60000', size: '0.1' });
  await bob.native.placeOrder({ market: 'BTC-USD', side: 'buy', price: '60000', size: '0.1' });
  const [paid] = await soon(async () => {
    const found = await taker.fetchFundingHistory(BTC);
    expect(found).toHaveLength(1);
    return found;
  });
  const [received] = await maker.fetchFundingHistory(BTC);
  // 0.0000125 of 0.4 BTC at 60,000.
  expect(paid).toMatchObject({ symbol: BTC, amount: -0.3, rate: 0.0000125 });
  expect(received?.amount).toBe(0.3);
});

check('userFunding, fundingHistory, userFundings', '@nktkas sees the same', async () => {
  const info = new InfoClient({ transport: new HttpTransport({ apiUrl: venue.url, isTestnet: true }) });
  const [paid] = await taker.fetchFundingHistory(BTC);
  const [own] = await info.userFunding({ user: bob.owner });
  expect(own).toMatchObject({ delta: { type: 'funding', coin: 'BTC', szi: '0.4' } });
  expect(Number(own?.delta.usdc)).toBe(paid?.amount);
  const rates = await info.fundingHistory({ coin: 'BTC', startTime: Date.now() - 7_200_000 });
  expect(rates).toMatchObject([{ coin: 'BTC', fundingRate: own?.delta.fundingRate }]);
  const socket = new WebSocketTransport({ url: venue.wsUrl, isTestnet: true });
  const frames: UserFundingsWsEvent[] = [];
  await new SubscriptionClient({ transport: socket }).userFundings({ user: bob.owner }, (frame) => frames.push(frame));
  await soon(async () => expect(frames[0]?.fundings).toMatchObject([{ coin: 'BTC', szi: '0.4' }]));
  socket.close();
});

holdReadme();
