import { apply, type EngineState, readOpenOrderCount, takeDirty } from '@keel/engine';
import {
  assert,
  type Event,
  type EventBlock,
  type Hex,
  type RejectCode,
  type SealedBatch,
  type SealedWithdrawal,
  type SequencedCommand,
  type SequencerStatus,
  toSequence,
} from '@keel/types';
import { type Changes, createChanges, noteDirty } from './changes.ts';
import { type EngineView, engineViewOf } from './engineView.ts';
import type { History } from './history.ts';
import type { RecentOutcomes } from './recentOutcomes.ts';
import { recordEvents } from './recordEvents.ts';
import { StateTree } from './stateTree.ts';

/** 32 bytes of zeros, for what does not exist yet. */
export const ZERO_HASH: Hex = `0x${'0'.repeat(64)}`;

/** The batch that is not sealed yet. */
export interface OpenBatch {
  /** Journal record hashes of its commands so far. */
  readonly commandHashes: Hex[];
  readonly withdrawals: SealedWithdrawal[];
}

/** All that a snapshot holds besides the engine's state. */
export interface ExchangeParts {
  readonly state: EngineState;
  readonly history: History;
  readonly recentOutcomes: RecentOutcomes;
  readonly openBatch: OpenBatch;
  /** Root of the last sealed batch; zeros before the first. */
  readonly sealedRoot: Hex;
  /** Journal record hash of the last applied command; zeros before the first. */
  readonly recordHash: Hex;
}

export interface Applied {
  readonly events: readonly Event[];
  /** Set when the command sealed a batch. */
  readonly sealed: SealedBatch | undefined;
}

/**
 * The engine's state with everything that is derived from it command by command: state tree, open batch, history, and
 * what the read model does not know yet. The same code runs live and in recovery, so both come to the same roots.
 */
export class Exchange {
  readonly state: EngineState;
  readonly history: History;
  readonly recentOutcomes: RecentOutcomes;
  /** Told when newer rules of the engine are in force, right after the command that put them there. */
  onUpgraded: (engineVersion: number) => void = () => undefined;
  readonly #tree: StateTree;
  readonly #view: EngineView;
  #openBatch: OpenBatch;
  #sealedRoot: Hex;
  #recordHash: Hex;
  #changes: Changes = createChanges();

  constructor(parts: ExchangeParts) {
    this.state = parts.state;
    this.history = parts.history;
    this.recentOutcomes = parts.recentOutcomes;
    this.#openBatch = parts.openBatch;
    this.#sealedRoot = parts.sealedRoot;
    this.#recordHash = parts.recordHash;
    this.#tree = new StateTree(parts.state);
    this.#view = engineViewOf(parts.state);
    takeDirty(parts.state);
  }

  get parts(): ExchangeParts {
    return {
      state: this.state,
      history: this.history,
      recentOutcomes: this.recentOutcomes,
      openBatch: this.#openBatch,
      sealedRoot: this.#sealedRoot,
      recordHash: this.#recordHash,
    };
  }

  /** Root of the last sealed batch. */
  get sealedRoot(): Hex {
    return this.#sealedRoot;
  }

  /** -1 before the first. */
  get lastBatchIndex(): number {
    return this.state.nextBatchIndex - 1;
  }

  get openBatchCommands(): number {
    return this.#openBatch.commandHashes.length;
  }

  /**
   * Applies the command whose journal record has `recordHash`.
   * @throws EngineVersionUnknown when the log goes on by rules that this program does not have; nothing has changed then.
   * @throws AssertionError for a fault of ours.
   */
  apply(sequenced: SequencedCommand, recordHash: Hex): Applied {
    const events = apply(this.state, sequenced);
    const { sequence, timeMs } = sequenced;
    const block: EventBlock = { sequence, timeMs, events };
    recordEvents(this.history, block, this.#view, this.#changes.docs);
    this.#recordHash = recordHash;
    this.#openBatch.commandHashes.push(recordHash);
    let sealed: SealedBatch | undefined;
    let refusal: RejectCode | undefined;
    for (const event of events) {
      if (event.kind === 'withdrawalRequested') {
        const { withdrawalIndex, recipient, assetId, amountAtoms } = event;
        this.#openBatch.withdrawals.push({ withdrawalIndex, recipient, assetId, amountAtoms });
      } else if (event.kind === 'batchSealed') {
        sealed = this.#seal(event, timeMs);
      } else if (event.kind === 'commandRejected') {
        refusal = event.code;
      } else if (event.kind === 'engineUpgraded') {
        this.onUpgraded(event.engineVersion);
      }
    }
    this.recentOutcomes.note(sequenced.command, block, refusal);
    return { events, sealed };
  }

  /** The root of the state as it is now. */
  stateRoot(): Hex {
    this.#collectDirty();
    return this.#tree.root();
  }

  /** What waits to be taken, as far as it was collected. */
  get pendingChanges(): Changes {
    return this.#changes;
  }

  /** What changed since the last call; the caller writes it to the read model or writes that anew. */
  takeChanges(): Changes {
    this.#collectDirty();
    const taken = this.#changes;
    this.#changes = createChanges();
    return taken;
  }

  status(): SequencerStatus {
    const { state } = this;
    return {
      sequence: toSequence(state.sequence),
      timeMs: state.timeMs,
      stateRoot: this.#sealedRoot,
      lastBatchIndex: this.lastBatchIndex,
      nextDepositIndex: state.nextDepositIndex,
      nextWithdrawalIndex: state.nextWithdrawalIndex,
      accounts: state.accounts.length,
      openOrders: readOpenOrderCount(state),
      markets: state.markets.map(({ spec, indexTicks }) => ({
        marketId: spec.marketId,
        symbol: spec.symbol,
        priceDecimals: spec.priceDecimals,
        maxPriceTicks: spec.maxPriceTicks,
        indexJumpPpm: spec.indexJumpPpm,
        indexTicks,
      })),
      collaterals: state.collaterals.map(({ spec, priceTicks }) => ({
        assetId: spec.assetId,
        symbol: spec.symbol,
        decimals: spec.decimals,
        priceDecimals: spec.priceDecimals,
        maxPriceTicks: spec.maxPriceTicks,
        priceJumpPpm: spec.priceJumpPpm,
        priceTicks,
      })),
      feeders: state.feeders,
    };
  }

  #collectDirty(): void {
    const dirty = takeDirty(this.state);
    this.#tree.note(dirty);
    noteDirty(this.#changes, dirty);
  }

  #seal(event: Extract<Event, { kind: 'batchSealed' }>, timeMs: number): SealedBatch {
    const { batchIndex, firstSequence, lastSequence, firstWithdrawalIndex, nextWithdrawalIndex } = event;
    const { commandHashes, withdrawals } = this.#openBatch;
    assert(commandHashes.length === lastSequence - firstSequence + 1, `batch ${batchIndex} misses command hashes`);
    assert(withdrawals.length === nextWithdrawalIndex - firstWithdrawalIndex, `batch ${batchIndex} misses withdrawals`);
    this.#openBatch = { commandHashes: [], withdrawals: [] };
    this.#sealedRoot = this.stateRoot();
    return {
      batchIndex,
      firstSequence,
      lastSequence,
      timeMs,
      stateRoot: this.#sealedRoot,
      commandHashes,
      withdrawals,
      nextDepositIndex: event.nextDepositIndex,
      firstWithdrawalIndex,
      nextWithdrawalIndex,
    };
  }
}
