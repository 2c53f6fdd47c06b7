import {
  type Address,
  type Authorization,
  type CollateralSpec,
  type Command,
  type Event,
  type MarketSpec,
  type PriceReport,
  toAssetId,
  toMarketId,
  toSequence,
  type UpdateIndexPrice,
} from '@keel/types';
import { apply, assertInvariants, createState, type EngineState } from '../src/index.ts';
import { amountOf, subaccountOf } from './scenarioOrder.ts';
import { testCollateral } from './testCollateral.ts';

/** A whole hour, so that funding times are easy to read. */
export const START_MS = 1_800_000_000_000;

export const FEEDER: Address = `0x${'fe'.repeat(20)}`;

/** A price update of `FEEDER` alone. Its sequence is its time, so that a later report always counts up. */
export function indexUpdate(
  marketId: number,
  priceTicks: number,
  publishTimeMs: number,
  changes: Partial<PriceReport> = {},
): UpdateIndexPrice {
  const report: PriceReport = {
    feeder: FEEDER,
    priceTicks,
    perpTicks: 0,
    publishTimeMs,
    reportSequence: publishTimeMs,
    signature: '0x',
    ...changes,
  };
  return { kind: 'updateIndexPrice', marketId: toMarketId(marketId), reports: [report] };
}

/** The engine with a clock, nonces and deposit indexes: what the sequencer and the customers would add. */
export class Exchange {
  readonly state: EngineState;
  timeMs = START_MS;
  readonly log: { timeMs: number; command: Command }[] = [];
  readonly #names = new Map<string, Address>();
  #nonce = 0;

  /** Whatever tests do not say for themselves has one price feeder, `FEEDER`, set with the first command. */
  constructor(state?: EngineState) {
    this.state = state ?? createState();
    if (state === undefined) this.run({ kind: 'setPriceFeeders', feeders: [{ feeder: FEEDER, weight: 1 }] });
  }

  /** Applies a command and checks everything that must always hold. */
  run(command: Command): Event[] {
    const { state, timeMs } = this;
    this.log.push({ timeMs, command });
    const events = apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
    assertInvariants(state);
    return events;
  }

  /** The address of a name: the same name has the same address in every test. */
  address(name: string): Address {
    let address = this.#names.get(name);
    if (address === undefined) {
      const digits = [...name].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('');
      address = `0x${digits.padEnd(40, '0')}`;
      this.#names.set(name, address);
    }
    return address;
  }

  /** `ann`, or `ann/1` for another account of hers; see `subaccountOf`. */
  auth(account: string, changes: Partial<Authorization> = {}): Authorization {
    this.#nonce += 1;
    const [owner = '', number = '0'] = account.split('/');
    const address = this.address(owner);
    return {
      owner: address,
      subaccount: subaccountOf(number),
      signer: address,
      nonce: this.timeMs + this.#nonce,
      expiresAfterMs: 0,
      signature: '0x',
      ...changes,
    };
  }

  list(spec: MarketSpec): Event[] {
    return this.run({ kind: 'listMarket', spec });
  }

  deposit(owner: string, amount: number, asset = 'USDC'): Event[] {
    return this.run({
      kind: 'creditDeposit',
      depositIndex: this.state.nextDepositIndex,
      owner: this.address(owner),
      ...amountOf([String(amount), asset]),
      l1BlockNumber: 1,
      l1TxHash: '0x',
    });
  }

  index(marketId: number, priceTicks: number): Event[] {
    this.timeMs += 1;
    return this.run(indexUpdate(marketId, priceTicks, this.timeMs));
  }

  /** Lets an asset be collateral that counts `countedPercent` of its price. */
  listCollateral(symbol: string, countedPercent: number, changes: Partial<CollateralSpec> = {}): Event[] {
    return this.run({ kind: 'listCollateral', spec: testCollateral(symbol, countedPercent, changes) });
  }

  collateralPrice(assetId: number, priceTicks: number): Event[] {
    this.timeMs += 1;
    const { reports } = indexUpdate(1, priceTicks, this.timeMs);
    return this.run({ kind: 'updateCollateralPrice', assetId: toAssetId(assetId), reports });
  }

  wait(ms: number): Event[] {
    this.timeMs += ms;
    return this.run({ kind: 'advanceTime' });
  }
}
