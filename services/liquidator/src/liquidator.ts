import { type Account, type KeelClient, KeelError, type Subscription } from '@keel/client';
import type { Logger } from '@keel/runtime';
import { formatDecimal, QUOTE_DECIMALS, type TimeMs } from '@keel/types';
import { AuctionBoard } from './auctionBoard.ts';
import { createAuctionTaker } from './auctionTaker.ts';
import { createBooks } from './books.ts';
import type { LiquidatorConfig } from './config.ts';
import { type MarketView, marketView } from './marketView.ts';
import { count, createTally, type Tally } from './tally.ts';
import { createUnwinder } from './unwinder.ts';

/** Why it takes nothing just now; undefined while it does. */
type Waiting = 'gateway' | 'deposit' | 'registration' | undefined;

/** Takes auctions and unwinds what it took, in rounds. Each begins with what the exchange says the account has. */
export interface Liquidator {
  readonly tally: Tally;
  /** One look at everything. Throws KeelError when the gateway does not answer; the next round is the repair. */
  round(): Promise<void>;
  /** Is told of each frame of the auctions channel: time for a round. */
  onAuctions: () => void;
  /** Why it is not of use; empty when it is. */
  notReady(): readonly string[];
  status(): object;
  /** Takes its orders off the book, as far as the gateway answers, and ends the connection. */
  close(): Promise<void>;
}

export function createLiquidator(
  config: LiquidatorConfig,
  client: KeelClient,
  log: Logger,
  now: () => TimeMs = () => Math.floor(performance.now()),
): Liquidator {
  const tally = createTally();
  const board = new AuctionBoard(tally);
  const books = createBooks(client);
  const shared = { client, books, rules: config.rules, tally, log, now };
  const taker = createAuctionTaker(shared);
  const unwinder = createUnwinder(shared);
  let waiting: Waiting = 'gateway';
  let isFollowed = false;
  let account: Account | undefined;

  const wait = (reason: Waiting): void => {
    if (waiting === reason) return;
    waiting = reason;
    if (reason === undefined) log.info({ account: client.address, subaccount: client.subaccount }, 'taking auctions');
    else if (reason === 'deposit') log.info({ account: client.address }, 'waits for a deposit to its account');
  };

  const readAccount = async (): Promise<Account | undefined> => {
    try {
      return await client.account();
    } catch (fault) {
      if (fault instanceof KeelError && fault.code === 'ACCOUNT_UNKNOWN') return undefined;
      throw fault;
    }
  };

  /** The account, registered as a liquidator unless that is refused; undefined while there is none. */
  const register = async (found: Account | undefined): Promise<Account | undefined> => {
    if (found === undefined) {
      wait('deposit');
      return undefined;
    }
    if (found.liquidator) return found;
    try {
      await client.registerLiquidator(true);
      log.info({ account: client.address, subaccount: client.subaccount }, 'registered');
      return await readAccount();
    } catch (fault) {
      if (!(fault instanceof KeelError) || fault.retryable) throw fault;
      count(tally.refusedByCode, fault.code);
      wait('registration');
      // It takes nothing, and what it holds has to go all the same.
      return found;
    }
  };

  const follow = (): Subscription =>
    client.followAuctions({
      onAuctions: (running, ended) => {
        isFollowed = true;
        board.update(running.values(), ended);
        liquidator.onAuctions();
      },
      onLost: () => {
        // Nothing is known to have ended: REST tells until the channel is back.
        isFollowed = false;
        tally.losses += 1;
      },
    });

  const takeAll = async (markets: ReadonlyMap<string, MarketView>): Promise<void> => {
    for (const record of board.running()) {
      if (account === undefined) return;
      if (await taker.look(record, { markets, account })) account = await readAccount();
    }
  };

  const liquidator: Liquidator = {
    tally,
    onAuctions: () => undefined,
    round: async () => {
      const [listed, found] = await Promise.all([client.markets(), readAccount()]);
      const positionAtomsMax = config.rules.positionAtomsMax;
      const markets = new Map(listed.map((market) => [market.symbol, marketView(market, positionAtomsMax)]));
      books.follow(markets.keys());
      if (!isFollowed) board.update(await client.auctions(1_000));
      account = await register(found);
      if (account === undefined) return;
      if (account.liquidator) wait(undefined);
      await takeAll(markets);
      board.settle();
      if (account !== undefined) await unwinder.turn(account, markets);
    },
    notReady: () => {
      if (waiting === 'gateway') return [`${config.gatewayUrl} has not answered`];
      return isFollowed ? [] : ['the auctions channel is away'];
    },
    status: () => ({
      account: client.address,
      subaccount: client.subaccount,
      waitingFor: waiting ?? null,
      connected: isFollowed,
      running: board.running().map(({ auction, reason }) => ({ ...auction, left: reason ?? null })),
      equity: account?.equity ?? null,
      positions: account?.positions ?? [],
      openOrders: account?.openOrders.length ?? 0,
      ...shown(tally),
    }),
    close: async () => {
      auctions.close();
      books.close();
      const held = account?.positions.length ?? 0;
      if ((account?.openOrders.length ?? 0) > 0 || held > 0) {
        const cancelled = await client.cancelAll().then(
          () => true,
          () => false,
        );
        log.info({ positions: held, ordersCancelled: cancelled }, 'leaves positions to its next life');
      }
      client.close();
    },
  };
  const auctions = follow();
  return liquidator;
}

function shown({ takenAtoms, pnlAtoms, unwoundLots: _, ...rest }: Tally): object {
  return {
    ...rest,
    takenNotional: formatDecimal(takenAtoms, QUOTE_DECIMALS),
    realisedPnl: formatDecimal(pnlAtoms, QUOTE_DECIMALS),
  };
}
