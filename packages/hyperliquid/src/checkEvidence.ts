import { recoverSigner, type SignatureFault } from '@keel/signing';
import type { Address, AmendOrders, Hex, OrderName, SequencedCommand, SizeLots, TimeMs } from '@keel/types';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { HyperliquidAction } from './action.ts';
import { decodeAction } from './encodeAction.ts';
import { hashAction } from './hashAction.ts';
import { parseAction } from './parseAction.ts';
import { type CommandRequest, type TranslationFacts, translateAction } from './translateAction.ts';
import { lotsOf, ticksOf } from './translateOrder.ts';
import { Unreadable } from './unreadable.ts';

/** What a checker of the log knows of the moment at which the command was sequenced. */
export interface EvidenceFacts extends Pick<TranslationFacts, 'specOf'> {
  /**
   * What had traded of an open order of the account: its size less what was left. Undefined where the checker keeps no orders: then a size that was changed
   * in a batch is only held to be no less than was asked for.
   */
  readonly filledLotsOf?: ((name: OrderName) => SizeLots) | undefined;
  /** As `recoverSigner`, the default; a server has a faster one. */
  readonly recover?: (hash: Uint8Array, signature: string) => Address | SignatureFault;
}

/**
 * none: the command was signed in our own words. holds: the signer signed this action, and the action asks for this command.
 * Otherwise what does not fit.
 */
export type EvidenceVerdict =
  | 'none'
  | 'holds'
  | 'actionUnreadable'
  | 'signerDiffers'
  | 'subaccountIsNotTheMainOne'
  | 'commandDiffers';

/** A dead-man switch is set for a time of the clock and logged as a span; the way into the log takes less than this. */
export const SCHEDULE_TOLERANCE_MS: TimeMs = 10_000;

/** Holds a command of the log to the evidence that it carries. Whether the signer might act for the owner is the engine's. */
export function checkEvidence({ command, timeMs }: SequencedCommand, facts: EvidenceFacts): EvidenceVerdict {
  if (!('auth' in command) || command.auth.hyperliquid === undefined) return 'none';
  const { auth, ...request } = command;
  const { action: hex, source } = auth.hyperliquid as { readonly action: Hex; readonly source: 'a' | 'b' };
  if (auth.subaccount !== 0) return 'subaccountIsNotTheMainOne';
  const bytes = hexToBytes(hex.slice(2));
  const guard = { nonce: auth.nonce, ...(auth.expiresAfterMs === 0 ? {} : { expiresAfter: auth.expiresAfterMs }) };
  const recover = facts.recover ?? recoverSigner;
  if (recover(hashAction(bytes, guard, source), auth.signature) !== auth.signer) return 'signerDiffers';
  const action = readOrNothing(bytes);
  if (action === undefined) return 'actionUnreadable';
  return asksFor(action, request as CommandRequest, timeMs, facts) ? 'holds' : 'commandDiffers';
}

function readOrNothing(bytes: Uint8Array): HyperliquidAction | undefined {
  try {
    return parseAction(decodeAction(bytes));
  } catch (fault) {
    if (fault instanceof Unreadable) return undefined;
    throw fault;
  }
}

function asksFor(action: HyperliquidAction, request: CommandRequest, timeMs: TimeMs, facts: EvidenceFacts): boolean {
  if (action.type === 'scheduleCancel') {
    if (request.kind !== 'cancelAllAfter') return false;
    if (action.timeMs === undefined || request.timeoutMs === 0)
      return action.timeMs === undefined && request.timeoutMs === 0;
    return Math.abs(timeMs + request.timeoutMs - action.timeMs) <= SCHEDULE_TOLERANCE_MS;
  }
  if (request.kind === 'amendOrders') return amendsNoMore(action, request.amendments, facts);
  const again = translateAction(action, { ...facts, nowMs: timeMs, openOrder: () => undefined });
  return again.kind === 'translated' && sameValue(again.request, request);
}

/** Every amendment is one that was asked for, in the same order; some may be missing, which had nothing to change. */
function amendsNoMore(
  action: HyperliquidAction,
  amendments: AmendOrders['amendments'],
  { specOf, filledLotsOf }: EvidenceFacts,
): boolean {
  if (action.type !== 'batchModify' || action.modifies.length < 2) return false;
  let next = 0;
  return amendments.every((amendment) => {
    const spec = specOf(amendment.marketId);
    if (spec === undefined) return false;
    const found = action.modifies.findIndex(({ oid, order }, at) => {
      const isIt = typeof oid === 'string' ? amendment.clientOrderId === oid : amendment.orderId === oid;
      const lots = lotsOf(order.size, spec);
      if (at < next || !isIt || order.asset !== amendment.marketId - 1 || typeof lots === 'string') return false;
      const filledLots = filledLotsOf?.(amendment) ?? Infinity;
      const fits = amendment.sizeLots >= lots && amendment.sizeLots <= filledLots + lots;
      return fits && ticksOf(order.price, spec) === amendment.priceTicks;
    });
    next = found + 1;
    return found >= 0;
  });
}

/** Values as JSON has them, a field that is undefined being the same as none. */
function sameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const left = one as Readonly<Record<string, unknown>>;
  const right = other as Readonly<Record<string, unknown>>;
  return Array.isArray(one) === Array.isArray(other) && [...names].every((name) => sameValue(left[name], right[name]));
}
