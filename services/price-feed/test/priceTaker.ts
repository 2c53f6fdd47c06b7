import { IntakeServer } from '@keel/intake';
import { addressOfKey, keelDomain, recoverPriceFeeder } from '@keel/signing';
import {
  agreePrice,
  type Command,
  type Event,
  type Hex,
  type MarketStatus,
  type PriceFeeder,
  type PriceReport,
  type SequencerStatus,
  toAccountId,
  toAssetId,
  toMarketId,
  toSequence,
} from '@keel/types';

export const TOKEN = 'ab'.repeat(16);
export const SETTLEMENT = `0x${'5e'.repeat(20)}` as const;
export const DOMAIN = keelDomain(31_337, SETTLEMENT);
export const keyOf = (feeder: number): Hex => `0x${String(feeder + 1).repeat(64)}`;
export const FEEDERS: readonly PriceFeeder[] = [0, 1, 2, 3]
  .map((feeder) => ({ feeder: addressOfKey(keyOf(feeder)), weight: 1 }))
  .sort((a, b) => (a.feeder < b.feeder ? -1 : 1));

const NO_SUCH_ACCOUNT = toAccountId(0) as never;
const SPECS = [
  { name: 'BTC-USD', priceDecimals: 1 },
  { name: 'ETH-USD', priceDecimals: 2 },
] as const;
const WETH = { name: 'collateral:WETH', priceDecimals: 2 };

interface Taken {
  /** Feed name. */
  readonly feed: string;
  readonly priceTicks: number;
  readonly reports: readonly PriceReport[];
  readonly timeMs: number;
}

/**
 * Stands where the exchange stands: agrees on prices by the exchange's own rule and checks every signature. Keeps its
 * prices over a restart.
 */
export class PriceTaker {
  readonly ticks = new Map<string, number>();
  readonly taken: Taken[] = [];
  /** Whatever it had to refuse: the collector should have known. */
  readonly refused: (string | number)[] = [];
  feeders = FEEDERS;
  port = 0;
  #sequence = 0;
  #server: IntakeServer | undefined;
  readonly #last = new Map<string, { reports: readonly PriceReport[]; publishTimeMs: number }>();

  async listen(): Promise<void> {
    this.#server = new IntakeServer({ host: '127.0.0.1', port: this.port, token: TOKEN, handler: this });
    this.port = await this.#server.listen();
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  pricesOf(feed: string): number[] {
    return this.taken.filter((one) => one.feed === feed).map(({ priceTicks }) => priceTicks);
  }

  async submit(_role: string, command: Command) {
    this.#sequence += 1;
    return { sequence: toSequence(this.#sequence), timeMs: Date.now(), events: this.#carryOut(command) };
  }

  #carryOut(command: Command): Event[] {
    if (command.kind !== 'updateIndexPrice' && command.kind !== 'updateCollateralPrice') throw new Error(command.kind);
    const feed = command.kind === 'updateIndexPrice' ? SPECS[command.marketId - 1] : WETH;
    if (feed === undefined) throw new Error('no such market');
    const { reports } = command;
    const forged = reports.find((report) => recoverPriceFeeder(DOMAIN, feed, report) !== report.feeder);
    if (forged !== undefined) this.refused.push(`forged by ${forged.feeder}`);
    const last = this.#last.get(feed.name) ?? { reports: [], publishTimeMs: 0 };
    const agreed = agreePrice({
      feeders: this.feeders,
      reports,
      nowMs: Date.now(),
      maxPriceTicks: 10_000_000,
      staleMs: 5_000,
      lastReports: last.reports,
      lastPublishTimeMs: last.publishTimeMs,
    });
    if (typeof agreed === 'number') {
      this.refused.push(agreed);
      return [{ kind: 'commandRejected', code: agreed, accountId: NO_SUCH_ACCOUNT }];
    }
    const { priceTicks, publishTimeMs, counted, dropped } = agreed;
    this.#last.set(feed.name, { reports, publishTimeMs });
    this.ticks.set(feed.name, priceTicks);
    this.taken.push({ feed: feed.name, priceTicks, reports, timeMs: Date.now() });
    if (command.kind === 'updateCollateralPrice')
      return [{ kind: 'collateralPriceUpdated', assetId: command.assetId, priceTicks, publishTimeMs }];
    const reportCounts = { countedReports: counted.length, droppedReports: dropped.length };
    const { marketId } = command;
    return [{ kind: 'indexPriceUpdated', marketId, indexTicks: priceTicks, publishTimeMs, ...reportCounts }];
  }

  async batch() {
    return undefined;
  }

  status(): SequencerStatus {
    return {
      sequence: toSequence(this.#sequence),
      timeMs: 0,
      stateRoot: `0x${'0'.repeat(64)}`,
      lastBatchIndex: -1,
      nextDepositIndex: 0,
      nextWithdrawalIndex: 0,
      accounts: 0,
      openOrders: 0,
      markets: SPECS.map(({ name, priceDecimals }, place) => this.#market(place + 1, name, priceDecimals)),
      collaterals: [
        {
          assetId: toAssetId(1),
          symbol: 'WETH',
          decimals: 8,
          priceDecimals: 2,
          maxPriceTicks: 10_000_000,
          priceJumpPpm: 200_000,
          priceTicks: this.ticks.get(WETH.name) ?? 0,
        },
      ],
      feeders: this.feeders,
    };
  }

  #market(id: number, symbol: string, priceDecimals: number): MarketStatus {
    return {
      marketId: toMarketId(id),
      symbol,
      priceDecimals,
      maxPriceTicks: 10_000_000,
      indexJumpPpm: 200_000,
      indexTicks: this.ticks.get(symbol) ?? 0,
    };
  }
}
