import { apply, assertInvariants, createState, type EngineState } from '@keel/engine';
import {
  type Address,
  type AssetId,
  type Authorization,
  assert,
  type Command,
  checkCertificate,
  type Event,
  type OrderRequest,
  type SafetyFund,
  type TimeMs,
  toSequence,
} from '@keel/types';
import { MARKET } from './weekTerms.ts';

const SIGNATURE = `0x${'00'.repeat(65)}` as const;
const L1_TX_HASH = `0x${'00'.repeat(32)}` as const;

export type WeekOrder = Pick<OrderRequest, 'side' | 'timeInForce' | 'priceTicks' | 'sizeLots'> & {
  readonly reduceOnly?: boolean;
};

/** Number `place` of a group of owners; two groups never share an address. */
export function ownerOf(group: 'treasury' | 'maker' | 'liquidator' | 'trader', place: number): Address {
  const digits = [...group.slice(0, 6)].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return `0x${digits}${place.toString(16).padStart(40 - digits.length, '0')}`;
}

/** The engine with a clock, nonces and deposits; after every command every invariant is asserted and every certificate recomputed. */
export class CheckedExchange {
  readonly state: EngineState = createState();
  timeMs: TimeMs = 0;
  commands = 0;
  certificates = 0;
  readonly certificateFaults: string[] = [];
  /** Nanoseconds of wall time within `apply`, and within the checks. */
  applyNs = 0n;
  checkNs = 0n;
  /** Hears the events of every command: close-outs happen with whatever comes next. */
  listen: (events: readonly Event[]) => void = () => undefined;
  #nonce = 0;

  /** @throws AssertionError when an invariant of the whole exchange does not hold after the command. */
  run(command: Command): readonly Event[] {
    const { state, timeMs } = this;
    const startNs = process.hrtime.bigint();
    const events = apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
    const appliedNs = process.hrtime.bigint();
    assertInvariants(state);
    this.commands += 1;
    for (const event of events) {
      if (event.kind !== 'closeOutCertified') continue;
      this.certificates += 1;
      const { certificateId } = event.certificate;
      for (const fault of checkCertificate(event.certificate))
        this.certificateFaults.push(`${certificateId}: ${fault}`);
    }
    this.applyNs += appliedNs - startNs;
    this.checkNs += process.hrtime.bigint() - appliedNs;
    this.listen(events);
    return events;
  }

  /** For what the play itself needs: a refusal is a fault of the play. */
  must(command: Command): void {
    const refused = this.run(command).find(({ kind }) => kind === 'commandRejected');
    assert(refused === undefined, `${command.kind} was refused: ${JSON.stringify(refused)}`);
  }

  deposit(owner: Address, amountAtoms: number, assetId: AssetId | 0 = 0): void {
    const depositIndex = this.state.nextDepositIndex;
    this.must({
      kind: 'creditDeposit',
      depositIndex,
      owner,
      assetId,
      amountAtoms,
      l1BlockNumber: 0,
      l1TxHash: L1_TX_HASH,
    });
  }

  fund(fund: SafetyFund, amountAtoms: number): void {
    const owner = ownerOf('treasury', 0);
    this.deposit(owner, amountAtoms);
    this.must({ kind: 'fundSafety', auth: this.auth(owner), marketId: MARKET, fund, amountAtoms });
  }

  order(owner: Address, order: WeekOrder): readonly Event[] {
    return this.run({ kind: 'placeOrder', auth: this.auth(owner), ...requestOf(order) });
  }

  orders(owner: Address, orders: readonly WeekOrder[]): readonly Event[] {
    return this.run({ kind: 'placeOrders', auth: this.auth(owner), orders: orders.map(requestOf), grouping: 'none' });
  }

  cancelAll(owner: Address): void {
    this.run({ kind: 'cancelAllOrders', auth: this.auth(owner), marketId: MARKET });
  }

  auth(owner: Address): Authorization {
    this.#nonce += 1;
    const nonce = this.timeMs + this.#nonce;
    return { owner, subaccount: 0, signer: owner, nonce, expiresAfterMs: 0, signature: SIGNATURE };
  }
}

function requestOf({ side, timeInForce, priceTicks, sizeLots, reduceOnly = false }: WeekOrder): OrderRequest {
  return {
    marketId: MARKET,
    side,
    orderType: 'limit',
    timeInForce,
    priceTicks,
    sizeLots,
    reduceOnly,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  };
}
