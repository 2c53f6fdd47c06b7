import type {
  AuctionEnded as AuctionEndedMessage,
  AuctionStarted as AuctionStartedMessage,
  AuctionStepped as AuctionSteppedMessage,
  CloseOutCertified as CloseOutCertifiedMessage,
  InsurancePaid as InsurancePaidMessage,
  LiquidationEnded as LiquidationEndedMessage,
  LiquidationStarted as LiquidationStartedMessage,
  MarginCall as MarginCallMessage,
  PositionCloseOut as PositionCloseOutMessage,
  PositionDeleveraged as PositionDeleveragedMessage,
  PreLiquidation as PreLiquidationMessage,
} from '@keel/proto/liquidation_event';
import { type Event, toAccountId, toMarketId } from '@keel/types';
import { certificateFromMessage, certificateToMessage, rankFromMessage, rankToMessage } from './certificateMessages.ts';
import {
  AUCTION_END_REASON_NUMBERS,
  CLOSE_OUT_STAGE_NUMBERS,
  fromAuctionEndReason,
  fromCloseOutStage,
  fromMarginCallLevel,
  fromSide,
  SIDE_NUMBERS,
} from './enums.ts';
import { fromSint64, fromUint64, toSint64, toUint32, toUint64 } from './integers.ts';
import { known } from './message.ts';

/* The steps of a liquidation, both ways. Reading throws CodecError. */

type EventOf<Kind extends Event['kind']> = Extract<Event, { readonly kind: Kind }>;

export function marginCallToMessage(event: EventOf<'marginCall'>): MarginCallMessage {
  return {
    $typeName: 'keel.v1.MarginCall',
    accountId: toUint32(event.accountId, 'accountId'),
    levelPercent: event.levelPercent,
    equityAtoms: toSint64(event.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: toSint64(event.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
    shortageAtoms: toSint64(event.shortageAtoms, 'shortageAtoms'),
    marketId: toUint32(event.marketId, 'marketId'),
    side: SIDE_NUMBERS[event.side],
    sizeLots: toUint64(event.sizeLots, 'sizeLots'),
  };
}

export function marginCallFromMessage(wire: MarginCallMessage): EventOf<'marginCall'> {
  const message = known(wire, 'marginCall');
  return {
    kind: 'marginCall',
    accountId: toAccountId(message.accountId),
    levelPercent: fromMarginCallLevel(message.levelPercent, 'levelPercent'),
    equityAtoms: fromSint64(message.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: fromSint64(message.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
    shortageAtoms: fromSint64(message.shortageAtoms, 'shortageAtoms'),
    marketId: message.marketId === 0 ? 0 : toMarketId(message.marketId),
    side: fromSide(message.side, 'side'),
    sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
  };
}

export function preLiquidationToMessage(event: EventOf<'preLiquidation'>): PreLiquidationMessage {
  return {
    $typeName: 'keel.v1.PreLiquidation',
    accountId: toUint32(event.accountId, 'accountId'),
    equityAtoms: toSint64(event.equityAtoms, 'equityAtoms'),
    initialMarginAtoms: toSint64(event.initialMarginAtoms, 'initialMarginAtoms'),
    closedOrders: toUint32(event.closedOrders, 'closedOrders'),
  };
}

export function preLiquidationFromMessage(wire: PreLiquidationMessage): EventOf<'preLiquidation'> {
  const message = known(wire, 'preLiquidation');
  return {
    kind: 'preLiquidation',
    accountId: toAccountId(message.accountId),
    equityAtoms: fromSint64(message.equityAtoms, 'equityAtoms'),
    initialMarginAtoms: fromSint64(message.initialMarginAtoms, 'initialMarginAtoms'),
    closedOrders: message.closedOrders,
  };
}

export function liquidationStartedToMessage(event: EventOf<'liquidationStarted'>): LiquidationStartedMessage {
  return {
    $typeName: 'keel.v1.LiquidationStarted',
    liquidationId: toUint64(event.liquidationId, 'liquidationId'),
    accountId: toUint32(event.accountId, 'accountId'),
    equityAtoms: toSint64(event.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: toSint64(event.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
    initialMarginAtoms: toSint64(event.initialMarginAtoms, 'initialMarginAtoms'),
  };
}

export function liquidationStartedFromMessage(wire: LiquidationStartedMessage): EventOf<'liquidationStarted'> {
  const message = known(wire, 'liquidationStarted');
  return {
    kind: 'liquidationStarted',
    liquidationId: fromUint64(message.liquidationId, 'liquidationId'),
    accountId: toAccountId(message.accountId),
    equityAtoms: fromSint64(message.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: fromSint64(message.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
    initialMarginAtoms: fromSint64(message.initialMarginAtoms, 'initialMarginAtoms'),
  };
}

export function positionCloseOutToMessage(event: EventOf<'positionCloseOut'>): PositionCloseOutMessage {
  return {
    $typeName: 'keel.v1.PositionCloseOut',
    liquidationId: toUint64(event.liquidationId, 'liquidationId'),
    stage: CLOSE_OUT_STAGE_NUMBERS[event.stage],
    auctionId: toUint64(event.auctionId, 'auctionId'),
    accountId: toUint32(event.accountId, 'accountId'),
    marketId: toUint32(event.marketId, 'marketId'),
    side: SIDE_NUMBERS[event.side],
    sizeLots: toUint64(event.sizeLots, 'sizeLots'),
    filledLots: toUint64(event.filledLots, 'filledLots'),
    quoteAtoms: toSint64(event.quoteAtoms, 'quoteAtoms'),
    limitTicks: toSint64(event.limitTicks, 'limitTicks'),
    markTicks: toUint64(event.markTicks, 'markTicks'),
    equityAtoms: toSint64(event.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: toSint64(event.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
    feeAtoms: toSint64(event.feeAtoms, 'feeAtoms'),
    counterpartyId: toUint32(event.counterpartyId, 'counterpartyId'),
    counterpartyPnlAtoms: toSint64(event.counterpartyPnlAtoms, 'counterpartyPnlAtoms'),
  };
}

export function positionCloseOutFromMessage(wire: PositionCloseOutMessage): EventOf<'positionCloseOut'> {
  const message = known(wire, 'positionCloseOut');
  return {
    kind: 'positionCloseOut',
    liquidationId: fromUint64(message.liquidationId, 'liquidationId'),
    stage: fromCloseOutStage(message.stage, 'stage'),
    auctionId: fromUint64(message.auctionId, 'auctionId'),
    accountId: toAccountId(message.accountId),
    marketId: toMarketId(message.marketId),
    side: fromSide(message.side, 'side'),
    sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
    filledLots: fromUint64(message.filledLots, 'filledLots'),
    quoteAtoms: fromSint64(message.quoteAtoms, 'quoteAtoms'),
    limitTicks: fromSint64(message.limitTicks, 'limitTicks'),
    markTicks: fromUint64(message.markTicks, 'markTicks'),
    equityAtoms: fromSint64(message.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: fromSint64(message.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
    feeAtoms: fromSint64(message.feeAtoms, 'feeAtoms'),
    counterpartyId: message.counterpartyId === 0 ? 0 : toAccountId(message.counterpartyId),
    counterpartyPnlAtoms: fromSint64(message.counterpartyPnlAtoms, 'counterpartyPnlAtoms'),
  };
}

export function auctionStartedToMessage(event: EventOf<'auctionStarted'>): AuctionStartedMessage {
  return {
    $typeName: 'keel.v1.AuctionStarted',
    auctionId: toUint64(event.auctionId, 'auctionId'),
    liquidationId: toUint64(event.liquidationId, 'liquidationId'),
    accountId: toUint32(event.accountId, 'accountId'),
    marketId: toUint32(event.marketId, 'marketId'),
    side: SIDE_NUMBERS[event.side],
    sizeLots: toUint64(event.sizeLots, 'sizeLots'),
    fillableTicks: toSint64(event.fillableTicks, 'fillableTicks'),
    zeroTicks: toSint64(event.zeroTicks, 'zeroTicks'),
    endsAtMs: toUint64(event.endsAtMs, 'endsAtMs'),
  };
}

export function auctionStartedFromMessage(wire: AuctionStartedMessage): EventOf<'auctionStarted'> {
  const message = known(wire, 'auctionStarted');
  return {
    kind: 'auctionStarted',
    auctionId: fromUint64(message.auctionId, 'auctionId'),
    liquidationId: fromUint64(message.liquidationId, 'liquidationId'),
    accountId: toAccountId(message.accountId),
    marketId: toMarketId(message.marketId),
    side: fromSide(message.side, 'side'),
    sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
    fillableTicks: fromSint64(message.fillableTicks, 'fillableTicks'),
    zeroTicks: fromSint64(message.zeroTicks, 'zeroTicks'),
    endsAtMs: fromUint64(message.endsAtMs, 'endsAtMs'),
  };
}

export function auctionSteppedToMessage(event: EventOf<'auctionStepped'>): AuctionSteppedMessage {
  return {
    $typeName: 'keel.v1.AuctionStepped',
    auctionId: toUint64(event.auctionId, 'auctionId'),
    limitTicks: toSint64(event.limitTicks, 'limitTicks'),
    remainingLots: toUint64(event.remainingLots, 'remainingLots'),
  };
}

export function auctionSteppedFromMessage(wire: AuctionSteppedMessage): EventOf<'auctionStepped'> {
  const message = known(wire, 'auctionStepped');
  return {
    kind: 'auctionStepped',
    auctionId: fromUint64(message.auctionId, 'auctionId'),
    limitTicks: fromSint64(message.limitTicks, 'limitTicks'),
    remainingLots: fromUint64(message.remainingLots, 'remainingLots'),
  };
}

export function auctionEndedToMessage(event: EventOf<'auctionEnded'>): AuctionEndedMessage {
  return {
    $typeName: 'keel.v1.AuctionEnded',
    auctionId: toUint64(event.auctionId, 'auctionId'),
    reason: AUCTION_END_REASON_NUMBERS[event.reason],
    remainingLots: toUint64(event.remainingLots, 'remainingLots'),
  };
}

export function auctionEndedFromMessage(wire: AuctionEndedMessage): EventOf<'auctionEnded'> {
  const message = known(wire, 'auctionEnded');
  return {
    kind: 'auctionEnded',
    auctionId: fromUint64(message.auctionId, 'auctionId'),
    reason: fromAuctionEndReason(message.reason, 'reason'),
    remainingLots: fromUint64(message.remainingLots, 'remainingLots'),
  };
}

export function closeOutCertifiedToMessage(event: EventOf<'closeOutCertified'>): CloseOutCertifiedMessage {
  return { $typeName: 'keel.v1.CloseOutCertified', certificate: certificateToMessage(event.certificate) };
}

export function closeOutCertifiedFromMessage(wire: CloseOutCertifiedMessage): EventOf<'closeOutCertified'> {
  const message = known(wire, 'closeOutCertified');
  return { kind: 'closeOutCertified', certificate: certificateFromMessage(message.certificate) };
}

export function insurancePaidToMessage(event: EventOf<'insurancePaid'>): InsurancePaidMessage {
  return {
    $typeName: 'keel.v1.InsurancePaid',
    liquidationId: toUint64(event.liquidationId, 'liquidationId'),
    marketId: toUint32(event.marketId, 'marketId'),
    accountId: toUint32(event.accountId, 'accountId'),
    amountAtoms: toSint64(event.amountAtoms, 'amountAtoms'),
    insuranceFundAtoms: toSint64(event.insuranceFundAtoms, 'insuranceFundAtoms'),
  };
}

export function insurancePaidFromMessage(wire: InsurancePaidMessage): EventOf<'insurancePaid'> {
  const message = known(wire, 'insurancePaid');
  return {
    kind: 'insurancePaid',
    liquidationId: fromUint64(message.liquidationId, 'liquidationId'),
    marketId: toMarketId(message.marketId),
    accountId: toAccountId(message.accountId),
    amountAtoms: fromSint64(message.amountAtoms, 'amountAtoms'),
    insuranceFundAtoms: fromSint64(message.insuranceFundAtoms, 'insuranceFundAtoms'),
  };
}

export function positionDeleveragedToMessage(event: EventOf<'positionDeleveraged'>): PositionDeleveragedMessage {
  return {
    $typeName: 'keel.v1.PositionDeleveraged',
    liquidationId: toUint64(event.liquidationId, 'liquidationId'),
    marketId: toUint32(event.marketId, 'marketId'),
    bankruptAccountId: toUint32(event.bankruptAccountId, 'bankruptAccountId'),
    deleveragedAccountId: toUint32(event.deleveragedAccountId, 'deleveragedAccountId'),
    sizeLots: toUint64(event.sizeLots, 'sizeLots'),
    quoteAtoms: toSint64(event.quoteAtoms, 'quoteAtoms'),
    priceTicks: toSint64(event.priceTicks, 'priceTicks'),
    realisedPnlAtoms: toSint64(event.realisedPnlAtoms, 'realisedPnlAtoms'),
    rank: rankToMessage(event.rank),
  };
}

export function positionDeleveragedFromMessage(wire: PositionDeleveragedMessage): EventOf<'positionDeleveraged'> {
  const message = known(wire, 'positionDeleveraged');
  return {
    kind: 'positionDeleveraged',
    liquidationId: fromUint64(message.liquidationId, 'liquidationId'),
    marketId: toMarketId(message.marketId),
    bankruptAccountId: toAccountId(message.bankruptAccountId),
    deleveragedAccountId: toAccountId(message.deleveragedAccountId),
    sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
    quoteAtoms: fromSint64(message.quoteAtoms, 'quoteAtoms'),
    priceTicks: fromSint64(message.priceTicks, 'priceTicks'),
    realisedPnlAtoms: fromSint64(message.realisedPnlAtoms, 'realisedPnlAtoms'),
    rank: rankFromMessage(message.rank),
  };
}

export function liquidationEndedToMessage(event: EventOf<'liquidationEnded'>): LiquidationEndedMessage {
  return {
    $typeName: 'keel.v1.LiquidationEnded',
    liquidationId: toUint64(event.liquidationId, 'liquidationId'),
    accountId: toUint32(event.accountId, 'accountId'),
    equityAtoms: toSint64(event.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: toSint64(event.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
  };
}

export function liquidationEndedFromMessage(wire: LiquidationEndedMessage): EventOf<'liquidationEnded'> {
  const message = known(wire, 'liquidationEnded');
  return {
    kind: 'liquidationEnded',
    liquidationId: fromUint64(message.liquidationId, 'liquidationId'),
    accountId: toAccountId(message.accountId),
    equityAtoms: fromSint64(message.equityAtoms, 'equityAtoms'),
    maintenanceMarginAtoms: fromSint64(message.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
  };
}
