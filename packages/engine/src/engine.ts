import { type AccountId, assert, type Command, type Event, type RejectCode, type SequencedCommand } from '@keel/types';
import { allocateFees } from './commands/allocateFees.ts';
import { amendOrder } from './commands/amendOrder.ts';
import { amendOrders } from './commands/amendOrders.ts';
import { approveAgent } from './commands/approveAgent.ts';
import { cancelAllAfter } from './commands/cancelAllAfter.ts';
import { cancelAllOrders } from './commands/cancelAllOrders.ts';
import { cancelOrder } from './commands/cancelOrder.ts';
import { cancelOrders } from './commands/cancelOrders.ts';
import { creditDeposit } from './commands/creditDeposit.ts';
import { fundSafety } from './commands/fundSafety.ts';
import { listCollateral } from './commands/listCollateral.ts';
import { listMarket } from './commands/listMarket.ts';
import { placeOrder } from './commands/placeOrder.ts';
import { placeOrders } from './commands/placeOrders.ts';
import { placeScale } from './commands/placeScale.ts';
import { placeTwap } from './commands/placeTwap.ts';
import { registerLiquidator } from './commands/registerLiquidator.ts';
import { replaceOrder } from './commands/replaceOrder.ts';
import { resetMarketMakerProtection } from './commands/resetMarketMakerProtection.ts';
import { revokeAgent } from './commands/revokeAgent.ts';
import { sealBatch } from './commands/sealBatch.ts';
import { setLeverage } from './commands/setLeverage.ts';
import { setMarketMakerProtection } from './commands/setMarketMakerProtection.ts';
import { setPriceFeeders } from './commands/setPriceFeeders.ts';
import { setTradingStatus } from './commands/setTradingStatus.ts';
import { takeAuction } from './commands/takeAuction.ts';
import { transfer } from './commands/transfer.ts';
import { updateCollateralPrice } from './commands/updateCollateralPrice.ts';
import { updateIndexPrice } from './commands/updateIndexPrice.ts';
import { upgradeEngine } from './commands/upgradeEngine.ts';
import { withdraw } from './commands/withdraw.ts';
import { assertVersionKnown } from './engineVersion.ts';
import { dropEmptyHoldings } from './holdings.ts';
import { assertAfterCommand } from './invariants.ts';
import { letTimePass } from './letTimePass.ts';
import { liquidateSuspects } from './liquidation/liquidateSuspects.ts';
import { convertCollateral } from './margin/convertCollateral.ts';
import { freeOverRecords } from './orders/orderRecord.ts';
import { type EngineState, findAccount } from './state.ts';
import { fireTriggers } from './triggers/fireTriggers.ts';

/**
 * Applies one command: time passes first (expiries, funding, marks, triggers, slices), then the command is refused or
 * carried out, then triggers that it met fire, then the accounts that may have become too weak are looked at, then flat
 * accounts pay what they owe with other collateral. Changes `state`, returns what happened in order.
 * @throws EngineVersionUnknown when the log goes on by rules that this program does not have; nothing has changed then.
 * @throws AssertionError for a fault of ours, never for a customer's; the state is then not to be used any more.
 */
export function apply(state: EngineState, sequenced: SequencedCommand): Event[] {
  const { sequence, timeMs, command } = sequenced;
  assert(sequence === state.sequence + 1, 'a command out of sequence, and the last one', sequence, state.sequence);
  assert(timeMs >= state.timeMs, 'time runs back, from and to', state.timeMs, timeMs);
  assertVersionKnown(state, sequenced);
  const events: Event[] = [];
  state.sequence = sequence;
  if (command.kind !== 'sealBatch') state.unsealedCommands += 1;

  letTimePass(state, timeMs, events);
  const code = carryOut(state, command, events);
  if (code !== undefined) events.push({ kind: 'commandRejected', code, accountId: askingAccount(state, command) });
  fireTriggers(state, events);
  liquidateSuspects(state, events);
  convertCollateral(state, events);

  dropEmptyHoldings(state);
  freeOverRecords(state);
  assertAfterCommand(state);
  return events;
}

/** The refusal of a command, or undefined when it was carried out. A refused one changed nothing but nonces. */
function carryOut(state: EngineState, command: Command, events: Event[]): RejectCode | undefined {
  switch (command.kind) {
    case 'listMarket':
      return listMarket(state, command, events);
    case 'listCollateral':
      return listCollateral(state, command, events);
    case 'creditDeposit':
      return creditDeposit(state, command, events);
    case 'updateIndexPrice':
      return updateIndexPrice(state, command, events);
    case 'updateCollateralPrice':
      return updateCollateralPrice(state, command, events);
    case 'setPriceFeeders':
      return setPriceFeeders(state, command, events);
    case 'upgradeEngine':
      return upgradeEngine(state, command, events);
    case 'advanceTime':
      return undefined;
    case 'placeOrder':
      return placeOrder(state, command, events);
    case 'placeOrders':
      return placeOrders(state, command, events);
    case 'placeScale':
      return placeScale(state, command, events);
    case 'amendOrder':
      return amendOrder(state, command, events);
    case 'amendOrders':
      return amendOrders(state, command, events);
    case 'replaceOrder':
      return replaceOrder(state, command, events);
    case 'cancelOrders':
      return cancelOrders(state, command, events);
    case 'cancelOrder':
      return cancelOrder(state, command, events);
    case 'cancelAllOrders':
      return cancelAllOrders(state, command, events);
    case 'placeTwap':
      return placeTwap(state, command, events);
    case 'cancelAllAfter':
      return cancelAllAfter(state, command, events);
    case 'setMarketMakerProtection':
      return setMarketMakerProtection(state, command, events);
    case 'resetMarketMakerProtection':
      return resetMarketMakerProtection(state, command, events);
    case 'setTradingStatus':
      return setTradingStatus(state, command, events);
    case 'approveAgent':
      return approveAgent(state, command, events);
    case 'revokeAgent':
      return revokeAgent(state, command, events);
    case 'withdraw':
      return withdraw(state, command, events);
    case 'transfer':
      return transfer(state, command, events);
    case 'setLeverage':
      return setLeverage(state, command, events);
    case 'fundSafety':
      return fundSafety(state, command, events);
    case 'allocateFees':
      return allocateFees(state, command, events);
    case 'registerLiquidator':
      return registerLiquidator(state, command, events);
    case 'takeAuction':
      return takeAuction(state, command, events);
    case 'sealBatch':
      return sealBatch(state, events);
  }
}

function askingAccount(state: EngineState, command: Command): AccountId | 0 {
  if (!('auth' in command)) return 0;
  return findAccount(state, command.auth.owner, command.auth.subaccount)?.accountId ?? 0;
}
