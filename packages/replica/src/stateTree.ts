import {
  accountLeaf,
  type DirtySet,
  type EngineState,
  globalsLeaf,
  listOrders,
  marketLeaf,
  orderLeaf,
} from '@keel/engine';
import { ACCOUNTS_DEPTH, MARKETS_DEPTH, ORDERS_DEPTH, SparseTree, stateRoot } from '@keel/state-tree';
import type { AccountId, Hex, MarketId, OrderId } from '@keel/types';

/**
 * The Merkle trees of the engine's state. Changes are only noted as they happen; leaves are hashed when a root is asked
 * for, so an order that comes and goes within one batch costs one empty leaf.
 */
export class StateTree {
  readonly #state: EngineState;
  readonly #accounts = new SparseTree(ACCOUNTS_DEPTH);
  readonly #orders = new SparseTree(ORDERS_DEPTH);
  readonly #markets = new SparseTree(MARKETS_DEPTH);
  readonly #changedAccounts = new Set<AccountId>();
  readonly #changedOrders = new Set<OrderId>();
  readonly #changedMarkets = new Set<MarketId>();

  /** Starts with all that `state` holds. */
  constructor(state: EngineState) {
    this.#state = state;
    for (const { accountId } of state.accounts) this.#changedAccounts.add(accountId);
    for (const { orderId } of listOrders(state)) this.#changedOrders.add(orderId);
    for (const { spec } of state.markets) this.#changedMarkets.add(spec.marketId);
  }

  /** Notes what changed in the state. */
  note(dirty: DirtySet): void {
    for (const accountId of dirty.accounts) this.#changedAccounts.add(accountId);
    for (const orderId of dirty.orders) this.#changedOrders.add(orderId);
    for (const marketId of dirty.markets) this.#changedMarkets.add(marketId);
  }

  /** The root of the state as it is now; everything that changed must have been noted. */
  root(): Hex {
    const state = this.#state;
    for (const accountId of this.#changedAccounts) this.#accounts.set(accountId, accountLeaf(state, accountId));
    for (const orderId of this.#changedOrders) this.#orders.set(orderId, orderLeaf(state, orderId));
    for (const marketId of this.#changedMarkets) this.#markets.set(marketId, marketLeaf(state, marketId));
    this.#changedAccounts.clear();
    this.#changedOrders.clear();
    this.#changedMarkets.clear();
    return stateRoot({
      accountsRoot: this.#accounts.root(),
      ordersRoot: this.#orders.root(),
      marketsRoot: this.#markets.root(),
      globals: globalsLeaf(state),
    });
  }
}
