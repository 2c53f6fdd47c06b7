import {
  accountMargin,
  type Event,
  formatDecimal,
  type MarketSpec,
  parentSubaccount,
  rejectName,
  type TradingStatus,
  toMarketId,
} from '@keel/types';
import { expect } from 'vitest';
import { readAccountIdOf, readBook, readMarginBalances, readMarginPositions } from '../src/index.ts';
import { marginOf } from '../src/margin/accountFigures.ts';
import { accountOf } from '../src/state.ts';
import { Exchange } from './exchange.ts';
import { ASSETS, commandOf, fundOf, SYMBOLS, subaccountOf } from './scenarioOrder.ts';
import { testMarket } from './testMarket.ts';

const MARKETS = ['BTC-USD', 'ETH-USD'];

/**
 * Runs a table: each line is `command | what happens ; what happens`. Accepted orders, index updates and money moved in
 * are not repeated on the right. Every order is named by its id in order of acceptance, #1 first. After every command
 * all invariants are checked.
 */
export function scenario(table: string, changes: Partial<MarketSpec> = {}): Exchange {
  const exchange = new Exchange();
  for (const [place, symbol] of MARKETS.entries()) exchange.list(testMarket(place + 1, symbol, changes));
  exchange.timeMs += 1;
  play(exchange, table);
  return exchange;
}

/** Runs such a table on an exchange that is there already. */
export function play(exchange: Exchange, table: string): void {
  const asked: string[] = [];
  const got: string[] = [];
  for (const line of table.split('\n')) {
    const [left = '', right = ''] = line.split('|');
    const command = left.trim();
    if (command === '' || command.startsWith('#')) continue;
    const outcome = runLine(exchange, command.split(/\s+/));
    asked.push(row(command, tidy(right)));
    got.push(row(command, tidy(outcome.join(' ; '))));
  }
  expect(got).toEqual(asked);
}

function row(command: string, outcome: string): string {
  return `${command.replace(/\s+/g, ' ')} | ${outcome}`;
}

function tidy(text: string): string {
  return text
    .split(';')
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .filter((part) => part !== '')
    .join(' ; ');
}

function runLine(exchange: Exchange, words: string[]): string[] {
  const [first = '', second = '', third = ''] = words;
  const market = SYMBOLS[second] ?? 1;
  if (first === 'deposit') return tell(exchange, exchange.deposit(second, Number(third), words[3]));
  if (first === 'collateral') return tell(exchange, exchange.listCollateral(second, Number(third)));
  if (first === 'price') return tell(exchange, exchange.collateralPrice(ASSETS[second] ?? 99, Number(third) * 100));
  if (first === 'allocate') return tell(exchange, exchange.run({ kind: 'allocateFees', ...fundOf(words.slice(1)) }));
  if (first === 'upgrade')
    return tell(exchange, exchange.run({ kind: 'upgradeEngine', engineVersion: Number(second) }));
  if (first === 'index') return tell(exchange, exchange.index(market, Number(third)));
  if (first === 'wait') return tell(exchange, exchange.wait(Number(second) * 1_000));
  if (first === 'status') {
    const status = third as TradingStatus;
    return tell(exchange, exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(market), status }));
  }
  if (first === 'book') return [bookText(exchange, market)];
  if (first === 'account') return [accountText(exchange, second)];
  if (first === 'fund') return [`insurance ${usdc(exchange.state.markets[market - 1]!.insuranceFundAtoms)}`];
  if (first === 'vault') return [vaultText(exchange, market)];
  if (first === 'treasury')
    return [`treasury ${coins(exchange.state.collaterals[ASSETS[second]! - 1]!.treasuryAtoms)}`];
  if (first === 'fees') return [`fees ${usdc(exchange.state.feesAtoms)}`];
  if (first === 'pool') return [`pool ${usdc(exchange.state.markets[market - 1]!.fundingPoolAtoms)}`];
  return tell(exchange, ownersCommand(exchange, words));
}

/** `ann buy BTC 0.5 @ 50000 [flags]`, `ann cancel #3`, and the rest of what an owner may ask; see `scenarioOrder.ts`. */
function ownersCommand(exchange: Exchange, [owner = '', verb = '', ...rest]: string[]): Event[] {
  return exchange.run(commandOf(exchange, exchange.auth(owner), verb, rest));
}

function tell(exchange: Exchange, events: readonly Event[]): string[] {
  return events.map((event) => eventText(exchange, event)).filter((text) => text !== '');
}

function eventText(exchange: Exchange, event: Event): string {
  const name = (accountId: number) => nameOf(exchange, accountId);
  switch (event.kind) {
    case 'orderFilled':
      return `#${event.takerOrderId} ${event.takerSide}s ${lots(event.sizeLots)} at ${event.priceTicks} from #${event.makerOrderId}`;
    case 'orderRested':
      return `#${event.orderId} rests ${lots(event.remainingLots)}`;
    case 'orderClosed': {
      if (event.reason === 'filled') return `#${event.orderId} filled`;
      const why = event.code === 0 ? '' : ` ${rejectName(event.code)}`;
      return `#${event.orderId} ${event.reason}${why} ${lots(event.remainingLots)}`;
    }
    case 'orderDuplicated':
      return `duplicate of #${event.orderId}`;
    case 'orderReplenished':
      return `#${event.orderId} shows ${lots(event.shownLots)}`;
    case 'orderWaiting':
      return `#${event.orderId} waits for ${event.triggerTicks}`;
    case 'orderTriggered':
      return `#${event.orderId} fires at ${event.markTicks}`;
    case 'orderAmended': {
      const place = event.keptPlace ? 'keeps its place' : 'goes behind';
      return `#${event.orderId} now ${lots(event.remainingLots)} at ${event.priceTicks}, ${place}`;
    }
    case 'twapStarted':
      return `#${event.orderId} runs`;
    case 'twapSlice': {
      const why = event.code === 0 ? '' : ` ${rejectName(event.code)}`;
      return `#${event.orderId} slice ${event.slice}: ${lots(event.filledLots)} of ${lots(event.sizeLots)}${why}`;
    }
    case 'batchItem':
      return `item ${event.item} ${event.code === 0 ? `#${event.orderId}` : rejectName(event.code)}`;
    case 'cancelAllAfterSet':
      return event.deadlineMs === 0
        ? `${name(event.accountId)} disarmed`
        : `${name(event.accountId)} armed for ${(event.deadlineMs - exchange.timeMs) / 1_000} s`;
    case 'cancelAllAfterFired':
      return `${name(event.accountId)} timed out`;
    case 'marketMakerProtectionSet':
      return `${name(event.accountId)} protected`;
    case 'marketMakerProtectionFired':
      return `${name(event.accountId)} frozen by ${event.cause}`;
    case 'marketMakerProtectionReset':
      return `${name(event.accountId)} reset`;
    case 'priceBandTripped':
      return `${feedOf(event)} stays at ${event.fromTicks}, reported ${event.reportedTicks}`;
    case 'priceBandReleased':
      return `${feedOf(event)} believed at ${event.priceTicks}`;
    case 'marketResuming': {
      const until = event.untilMs === 0 ? '' : ` for ${(event.untilMs - exchange.timeMs) / 1_000} s`;
      return `market ${event.marketId} resumes: ${event.stage}${until}`;
    }
    case 'tradingStatusChanged':
      return `market ${event.marketId} ${event.status}`;
    case 'engineUpgraded':
      return `rules of version ${event.engineVersion}`;
    case 'commandRejected':
      return `refused ${rejectName(event.code)}`;
    case 'markPriceUpdated':
      return `mark ${event.markTicks}`;
    case 'fundingRateSettled':
      return `rate ${event.ratePpb} of market ${event.marketId}`;
    case 'fundingPaid':
      return `${name(event.accountId)} pays funding ${usdc(event.amountAtoms)}`;
    case 'liquidationStarted':
      return `${name(event.accountId)} liquidated at EQ ${usdc(event.equityAtoms)} MM ${usdc(event.maintenanceMarginAtoms)}`;
    case 'positionCloseOut':
      return closeOutText(event, name);
    case 'auctionStarted':
      return `auction ${event.auctionId} ${event.side}s ${lots(event.sizeLots)} from ${event.fillableTicks} to ${event.zeroTicks}`;
    case 'auctionStepped':
      return `auction ${event.auctionId} at ${event.limitTicks}, ${lots(event.remainingLots)} left`;
    case 'auctionEnded':
      return `auction ${event.auctionId} ${event.reason} ${lots(event.remainingLots)}`;
    case 'liquidatorRegistered':
      return `${name(event.accountId)} ${event.active ? 'takes' : 'leaves'} auctions`;
    case 'insurancePaid':
      return `insurance pays ${usdc(event.amountAtoms)}`;
    case 'positionDeleveraged':
      return `${name(event.deleveragedAccountId)} deleveraged ${lots(event.sizeLots)} for ${usdc(event.quoteAtoms)}`;
    case 'liquidationEnded':
      return `ended at EQ ${usdc(event.equityAtoms)} MM ${usdc(event.maintenanceMarginAtoms)}`;
    case 'withdrawalRequested':
      return `withdrawal ${event.withdrawalIndex} of ${amountText(exchange, event)}`;
    case 'accountOpened':
      return event.subaccount === 0 ? '' : `${name(event.accountId)} opened`;
    case 'transferred':
      return `${name(event.fromAccountId)} gives ${amountText(exchange, event)} to ${name(event.toAccountId)}`;
    case 'safetyFunded':
      return `${event.fund} of market ${event.marketId} holds ${usdc(event.balanceAtoms)}`;
    case 'collateralConverted':
      return `${name(event.accountId)} pays ${usdc(event.valueAtoms)} with ${amountText(exchange, event)}`;
    default:
      return '';
  }
}

/** The price that an event is about. */
function feedOf({ marketId, assetId }: { readonly marketId: number; readonly assetId: number }): string {
  return assetId === 0 ? `market ${marketId}` : `asset ${assetId}`;
}

/** In the book `close-out sells ...`, else who took it and for how much. */
function closeOutText(
  event: Extract<Event, { kind: 'positionCloseOut' }>,
  name: (accountId: number) => string,
): string {
  const { side, counterpartyId, limitTicks } = event;
  const size = `${lots(event.filledLots)} of ${lots(event.sizeLots)}`;
  const fee = `fee ${usdc(event.feeAtoms)}`;
  if (counterpartyId === 0) return `close-out ${side}s ${size} limit ${limitTicks} ${fee}`;
  return `${name(counterpartyId)} takes ${size} for ${usdc(Math.abs(event.quoteAtoms))} ${fee}`;
}

function nameOf(exchange: Exchange, accountId: number): string {
  const { owner, subaccount, backstopOf, isolatedIn } = exchange.state.accounts[accountId - 1]!;
  if (backstopOf !== undefined) return `backstop ${backstopOf.spec.marketId}`;
  const digits = owner.slice(2).replace(/(00)+$/, '');
  const name = Buffer.from(digits, 'hex').toString('latin1');
  if (subaccount === 0) return name;
  if (isolatedIn === undefined) return `${name}/${subaccount}`;
  const parent = parentSubaccount(subaccount);
  return `${name}/${parent === 0 ? '' : `${parent}.`}${isolatedIn.spec.baseAsset}`;
}

/** USDC goes without its name. */
function amountText(exchange: Exchange, { assetId, amountAtoms }: { assetId: number; amountAtoms: number }): string {
  if (assetId === 0) return usdc(amountAtoms);
  return `${coins(amountAtoms)} ${exchange.state.collaterals[assetId - 1]!.spec.symbol}`;
}

function bookText(exchange: Exchange, market: number): string {
  const { bids, asks } = readBook(exchange.state, toMarketId(market));
  const side = (levels: typeof bids) =>
    levels.map((level) => `${lots(level.lots)}@${level.priceTicks}`).join(' ') || '-';
  return `bids ${side(bids)} asks ${side(asks)}`;
}

function accountText(exchange: Exchange, name: string): string {
  const [owner = '', number = '0'] = name.split('/');
  const accountId = readAccountIdOf(exchange.state, exchange.address(owner), subaccountOf(number))!;
  const account = accountOf(exchange.state, accountId);
  const positions = account.holdings
    .filter((holding) => holding.sizeLots !== 0)
    .map(({ market, sizeLots, entryNotionalAtoms }) => {
      return `${market.spec.baseAsset} ${lots(sizeLots)} for ${usdc(entryNotionalAtoms)}`;
    });
  const assets = account.balances.map(({ collateral, amountAtoms }) => {
    return `${coins(amountAtoms)} ${collateral.spec.symbol}`;
  });
  const { state } = exchange;
  const figures = accountMargin(
    account.collateralAtoms,
    readMarginPositions(state, accountId),
    readMarginBalances(state, accountId),
  );
  const margin = `EQ ${usdc(figures.equityAtoms)} IM ${usdc(figures.initialMarginAtoms)}`;
  return [`${usdc(account.collateralAtoms)} USDC`, ...assets, ...positions, margin].join(', ');
}

function coins(value: number | bigint): string {
  return formatDecimal(value, 8);
}

/** What a market's backstop vault has, and what is left of what was put into it. */
function vaultText(exchange: Exchange, market: number): string {
  const { backstop, backstopContributedAtoms, spec } = exchange.state.markets[market - 1]!;
  const held = backstop?.holdings.find(({ sizeLots }) => sizeLots !== 0);
  const position = held === undefined ? 'flat' : `${spec.baseAsset} ${lots(held.sizeLots)}`;
  const equity = backstop === undefined ? 0 : marginOf(backstop).equityAtoms;
  return `${position}, EQ ${usdc(equity)} of ${usdc(backstopContributedAtoms)}`;
}

function lots(value: number): string {
  return formatDecimal(value, 3);
}

function usdc(value: number | bigint): string {
  return formatDecimal(value, 6);
}
