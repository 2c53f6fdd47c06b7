import type { Subscription } from './channelSet.ts';
import { clientError, KeelError } from './keelError.ts';
import type { KeelSocket } from './socket.ts';

/** What the gateway holds for the end of a connection. */
export interface ArmedCancel {
  readonly armed: boolean;
  /** Of the signed cancel: a time that lies ahead. */
  readonly nonce: number;
}

export interface KeepCancelOptions {
  /** Default: of all markets. */
  readonly market?: string;
  /** Default: that of the client. */
  readonly subaccount?: number;
  readonly onArmed?: (armed: ArmedCancel) => void;
  /** The connection is not armed now. */
  readonly onError?: (error: KeelError) => void;
}

/** Armed anew so long before the time of the nonce comes, */
const REARM_BEFORE_MS = 6 * 3_600_000;
/** and after a failure that is not for good so long after. */
const RETRY_MS = 1_000;

/** Arms every connection of the socket; see `KeelClient.keepCancelOnDisconnect`. */
export function keepArmed(
  socket: KeelSocket,
  arm: () => Promise<ArmedCancel>,
  { onArmed, onError }: KeepCancelOptions,
): Subscription {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  /** Counts the connections, so that what an older one brings changes nothing. */
  let connection = 0;
  const armIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void armNow(), ms);
  };
  const armNow = async (): Promise<void> => {
    const mine = connection;
    try {
      const armed = await arm();
      if (closed || mine !== connection) return;
      armIn(Math.max(RETRY_MS, armed.nonce - REARM_BEFORE_MS - Date.now()));
      onArmed?.(armed);
    } catch (fault) {
      if (closed || mine !== connection) return;
      const error = fault instanceof KeelError ? fault : clientError('BAD_REPLY', String(fault));
      onError?.(error);
      if (error.retryable || error.code === 'UNREACHABLE' || error.code === 'OUTCOME_UNKNOWN') armIn(RETRY_MS);
    }
  };
  // A timer of hours would keep a program alive that has closed its client.
  const end = (): void => {
    closed = true;
    clearTimeout(timer);
  };
  const kept = socket.keep(() => {
    connection += 1;
    clearTimeout(timer);
    void armNow();
  }, end);
  return {
    close: () => {
      end();
      kept.close();
      socket.letGo('session.cancelOnDisconnect', null);
    },
  };
}
