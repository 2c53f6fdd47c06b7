import {
  type Account,
  type AuctionChange,
  type Frame,
  KeelClient,
  type Liquidation,
  type MarginEvent,
} from '@keel/client';
import { IntakeClient } from '@keel/intake';
import { addressOfKey, keelDomain, marketFeed, recoverPriceFeeder } from '@keel/signing';
import { checkCertificate, type Hex } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { marketSpec } from './specs.ts';
import { CHAIN_ID, type Door, SETTLEMENT, startDoor } from './startDoor.ts';

/** A position that nobody's bid takes, from the margin call to the liquidator, as those outside see it. */
const USDC = 1_000_000;
const keyOf = (digits: string): Hex => `0x${digits.repeat(32)}`;
const SPEC = marketSpec(4, 'TST-USD');
const { symbol: market } = SPEC;

let door: Door;
let ann: KeelClient;
let bob: KeelClient;
let cat: KeelClient;

beforeAll(async () => {
  door = await startDoor();
  const client = (digits: string, subaccount = 0) =>
    new KeelClient({ url: door.url, privateKey: keyOf(digits), subaccount });
  [ann, bob, cat] = [client('c1'), client('c2'), client('c3', 3)];
  const url = door.env.KEEL_INTAKE_URL ?? '';
  const operator = new IntakeClient({ url, token: door.env.KEEL_INTAKE_TOKEN ?? '', role: 'operator' });
  await operator.ready();
  await operator.submit({ kind: 'listMarket', spec: SPEC });
  await operator.close();
  for (const { address } of [ann, bob, cat]) await door.deposit(address, 2_000 * USDC);
  await door.price(SPEC.marketId, 10_000);
  await waitFor('the market', async () => ((await ann.markets()).length === SPEC.marketId ? true : undefined));
});
afterAll(async () => {
  for (const client of [ann, bob, cat]) client?.close();
  await door?.stop();
});

test('a sub-account is warned, goes to auction, and a liquidator takes it; everybody can look it up and check it', async () => {
  await cat.transfer({ toSubaccount: 3, amount: '111' }, { subaccount: 0 });
  await waitFor('the account', () => cat.account().catch(() => undefined));
  const heard: (Account & {
    readonly marginEvents: readonly MarginEvent[];
    readonly liquidations: readonly Liquidation[];
  })[] = [];
  cat.subscribe({ channel: 'account', account: cat.address, subaccount: 3 }, ({ data }) =>
    heard.push(data as (typeof heard)[number]),
  );
  const auctionFrames: AuctionChange[] = [];
  ann.subscribe({ channel: 'auctions' }, ({ data }: Frame) => auctionFrames.push(data as AuctionChange));
  await waitFor('the channels', async () => (heard.length > 0 && auctionFrames.length > 0 ? true : undefined));

  await bob.placeOrder({ market, side: 'sell', size: '1', price: '1000' });
  await cat.placeOrder({ market, side: 'buy', size: '1', price: '1000' });
  // 50 lost of 110.50: 47.50 of 60.50 is 78 %.
  await door.price(SPEC.marketId, 9_500);
  await waitFor('the margin call', async () => heard.find(({ marginCall }) => marginCall === 75));
  expect(heard.flatMap(({ marginEvents }) => marginEvents)).toMatchObject([
    { kind: 'marginCall', levelPercent: 75, equity: '60.5', suggestedOrder: { market, side: 'sell' } },
  ]);
  expect(await cat.marginEvents()).toMatchObject([{ levelPercent: 75 }]);

  // 70 lost: 46.50 is more than 40.50, two thirds of it less.
  await door.price(SPEC.marketId, 9_300);
  const auction = await waitFor('the auction', async () => (await ann.auctions())[0]);
  expect(auction).toMatchObject({
    account: cat.address,
    subaccount: 3,
    market,
    side: 'sell',
    takerSide: 'buy',
    mark: '930',
  });
  await ann.registerLiquidator(true);
  const taken = await ann.takeAuction(
    { market, auctionId: auction.auctionId, size: '1', price: '930' },
    { over: 'ws' },
  );
  expect(taken.takenSize).toBe(auction.size);
  expect(Number(taken.averagePrice)).toBeLessThanOrEqual(930);
  await waitFor('its end', async () => auctionFrames.find(({ ended }) => ended[0]?.auctionId === auction.auctionId));

  const steps = await waitFor('the step', async () => {
    const found = (await ann.liquidations(10, cat.address, 3)).filter(({ stage }) => stage === 'positionCloseOut');
    return found.length > 0 ? found : undefined;
  });
  const step = steps[0]!;
  expect(step).toMatchObject({
    closeOutStage: 'auction',
    auctionId: auction.auctionId,
    account: cat.address,
    subaccount: 3,
    counterparty: ann.address,
    filledSize: taken.takenSize,
    certificateId: taken.certificateId,
  });
  await waitFor('the step on the channel', async () =>
    heard.flatMap(({ liquidations }) => liquidations).find(({ stage }) => stage === 'positionCloseOut'),
  );

  const file = await ann.certificate(taken.certificateId!);
  expect(file.domain).toEqual({ chainId: CHAIN_ID, verifyingContract: SETTLEMENT });
  expect(checkCertificate(file.certificate)).toEqual([]);
  expect(file.certificate).toMatchObject({ owner: cat.address, subaccount: 3, stage: 'auction' });
  const own = await ann.certificates({ account: cat.address, subaccount: 3 });
  expect(own.map(({ certificate }) => certificate.certificateId)).toContain(taken.certificateId);
  expect(await ann.certificates({ account: ann.address })).toEqual([file]);
  // The price it was decided by was signed by the feeder, and the same signature stands at the market.
  const [report] = file.certificate.markets[0]!.reports;
  expect(recoverPriceFeeder(keelDomain(CHAIN_ID, SETTLEMENT), marketFeed(SPEC), report!)).toBe(report!.feeder);
  const { reports, feeders } = await ann.priceReports(market);
  expect(reports.map(({ signature }) => signature)).toEqual([report!.signature]);
  expect(feeders).toEqual([{ feeder: addressOfKey(keyOf('fe')), weight: 1 }]);

  expect((await cat.accounts()).map(({ subaccount }) => subaccount)).toEqual([0, 3]);
  expect((await cat.account(cat.address, 0)).collateral).toBe('1889');
});
