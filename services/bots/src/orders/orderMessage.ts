import type { Side } from '@keel/types';

/** What one line of a LOBSTER file asks of the player. */
export type MessageKind = 'newOrder' | 'partialCancel' | 'cancel' | 'execution' | 'hiddenExecution' | 'cross' | 'halt';

export interface OrderMessage {
  /** From 1. */
  readonly lineNumber: number;
  /** Milliseconds after midnight, with a fraction. */
  readonly timeMs: number;
  readonly kind: MessageKind;
  readonly orderId: string;
  readonly shares: number;
  /** USD times 10^4. */
  readonly price: number;
  /** Side of the resting order. */
  readonly side: Side;
}
