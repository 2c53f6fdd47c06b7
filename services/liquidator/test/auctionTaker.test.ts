import { type Account, type Auction, KeelError, type TakenAuction } from '@keel/client';
import { createLogger } from '@keel/runtime';
import { beforeEach, expect, test } from 'vitest';
import { AuctionBoard } from '../src/auctionBoard.ts';
import { createAuctionTaker } from '../src/auctionTaker.ts';
import type { MarketView } from '../src/marketView.ts';
import { createTally, type Tally } from '../src/tally.ts';

const OWN = `0x${'aa'.repeat(20)}` as const;
const ANN = `0x${'bb'.repeat(20)}` as const;

const AUCTION: Auction = {
  auctionId: 7,
  liquidationId: '1',
  account: ANN,
  subaccount: 0,
  market: 'ETH-USD',
  side: 'sell',
  takerSide: 'buy',
  size: '4',
  remainingSize: '4',
  limitPrice: '990',
  fillablePrice: '995',
  zeroPrice: '980',
  mark: '1000',
  startTime: 0,
  endsAt: 10_000,
};
const ETH: MarketView = {
  symbol: 'ETH-USD',
  priceDecimals: 2,
  sizeDecimals: 2,
  atomsPerTickLot: 100,
  isOpen: true,
  isFresh: true,
  markTicks: 100_000,
  indexTicks: 100_000,
  takerFeePpm: 400,
  initialMarginPpm: 40_000,
};
const ACCOUNT = {
  address: OWN,
  equity: '10000',
  initialMargin: '0',
  positions: [],
  liquidator: true,
  inLiquidation: false,
  isolatedMarket: null,
} as unknown as Account;
const LIMIT = 1_000_000_000_000;
const RULES = {
  minEdgePpm: 2_000,
  bandPpm: 5_000,
  auctionAtomsMax: LIMIT,
  positionAtomsMax: LIMIT,
  budgetAtoms: LIMIT,
  marginUsePpm: 1_000_000,
};

let tally: Tally;
let board: AuctionBoard;
/** What was asked for, and what each next request is answered with. */
let asked: { size: string; price: string; nonce: number | undefined }[];
let answers: (Partial<TakenAuction> | KeelError)[];
let nonce: number;

beforeEach(() => {
  tally = createTally();
  board = new AuctionBoard(tally);
  [asked, answers, nonce] = [[], [], 100];
});

/** One look at the auction, with an exchange that answers as the test says. */
async function look(auction: Partial<Auction> = {}, market: Partial<MarketView> = {}, account: Partial<Account> = {}) {
  const taker = createAuctionTaker({
    client: {
      nextNonce: () => ++nonce,
      takeAuction: async ({ size, price }, options) => {
        asked.push({ size, price, nonce: options?.nonce });
        const answer = answers.shift();
        if (answer instanceof KeelError) throw answer;
        return { takenSize: size, limitPrice: '990', realisedPnl: '0', ...answer } as TakenAuction;
      },
    },
    books: { quotes: () => [] },
    rules: RULES,
    tally,
    log: createLogger({ service: 'test', level: 'silent' }),
  });
  board.update([{ ...AUCTION, ...auction }]);
  const [record] = board.running();
  const sight = {
    markets: new Map([['ETH-USD', { ...ETH, ...market }]]),
    account: { ...ACCOUNT, ...account },
  };
  return { record: record!, changed: await taker.look(record!, sight) };
}

const refusal = (code: string) => new KeelError(code, 'no', false);

test('taken whole, at a price that leaves the edge', async () => {
  expect((await look()).changed).toBe(true);
  expect(asked).toEqual([{ size: '4', price: '992.6', nonce: 101 }]);
  board.update([]);
  expect(tally).toMatchObject({ seen: 1, taken: 1, takes: 1, takenAtoms: 3_960_000_000, skippedByReason: {} });
  expect(tally.recent).toMatchObject([{ auctionId: 7, takenSize: '4', price: '990', skipped: null }]);
});

test.each([
  ['one of its own owner', { account: OWN }, {}, {}, 'own'],
  ['without registration', {}, {}, { liquidator: false }, 'notRegistered'],
  ['while it is liquidated itself', {}, {}, { inLiquidation: true }, 'inLiquidation'],
  ['of another market than its account trades', {}, {}, { isolatedMarket: 'BTC-USD' }, 'otherMarket'],
  ['of a market it does not know', { market: 'SOL-USD' }, {}, {}, 'noPrice'],
  ['on a stale price', {}, { isFresh: false }, {}, 'noPrice'],
  ['before the first price', {}, { indexTicks: 0 }, {}, 'noPrice'],
  ['in a market that is not open', {}, { isOpen: false }, {}, 'notOpen'],
  ['too near to mark', { limitPrice: '993' }, {}, {}, 'edge'],
  ['without margin', {}, {}, { equity: '0' }, 'margin'],
] as const)('%s: nothing is asked for', async (_, auction, market, account, reason) => {
  expect((await look(auction, market, account)).changed).toBe(false);
  board.update([]);
  expect([asked, tally.skippedByReason]).toEqual([[], { [reason]: 1 }]);
});

test.each(['AUCTION_OVER', 'AUCTION_UNKNOWN', 'AUCTION_PRICE_WORSE', 'LIQUIDATOR_NOT_REGISTERED', 'MARKET_HALTED'])(
  '%s is a skip by that name',
  async (code) => {
    answers = [refusal(code)];
    expect((await look()).changed).toBe(false);
    board.update([], [{ auctionId: 7, market: 'ETH-USD', reason: 'filled', remainingSize: '0' }]);
    expect(tally).toMatchObject({ taken: 0, skippedByReason: { [code]: 1 }, refusedByCode: { [code]: 1 }, faults: 0 });
  },
);

test('the book had enough for all: nothing taken, and no fault', async () => {
  answers = [{ takenSize: '0', limitPrice: null }];
  expect((await look()).changed).toBe(false);
  board.update([]);
  expect(tally.skippedByReason).toEqual({ bookWasFirst: 1 });
});

test('margin does not cover it: half of it the next time, and so on', async () => {
  answers = [refusal('LIQUIDATOR_MARGIN_INSUFFICIENT'), refusal('LIQUIDATOR_MARGIN_INSUFFICIENT')];
  await look();
  await look();
  await look();
  expect(asked.map(({ size }) => size)).toEqual(['4', '2', '1']);
  board.update([]);
  expect(tally.recent).toMatchObject([{ takenSize: '1', skipped: null }]);
});

test('an answer that is lost: the same nonce again, so that it is taken at most once', async () => {
  answers = [refusal('OUTCOME_UNKNOWN'), refusal('NONCE_ALREADY_USED')];
  expect((await look()).changed).toBe(false);
  // The account tells what came of it.
  expect((await look()).changed).toBe(true);
  await look();
  expect(asked.map((request) => request.nonce)).toEqual([101, 101, 102]);
});

test('an auction that ends while its take is on the way is reported with what the take brings', async () => {
  const { record } = await look({ limitPrice: '993' });
  record.isAsked = true;
  board.update([]);
  expect([board.running(), tally.recent]).toEqual([[], []]);
  Object.assign(record, { isAsked: false, takenLots: 400, takenSize: '4', takenPrice: '990' });
  board.settle();
  expect(tally.recent).toMatchObject([{ takenSize: '4', skipped: null }]);
});

test('one that ends before it was looked at says how it ended', () => {
  board.update([AUCTION]);
  board.update([], [{ auctionId: 7, market: 'ETH-USD', reason: 'healthy', remainingSize: '4' }]);
  board.update([{ ...AUCTION, auctionId: 8 }]);
  board.update([]);
  expect(tally.skippedByReason).toEqual({ healthy: 1, overUnseen: 1 });
});
