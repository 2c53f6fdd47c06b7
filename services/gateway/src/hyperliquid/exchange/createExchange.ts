import type { ReadModel } from '@keel/redis';
import type { CommandDoor } from '../../commands/signedCommand.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';

export interface ExchangeParts {
  readonly door: CommandDoor;
  readonly markets: MarketDirectory;
  readonly readModel: ReadModel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `b`: only what is signed for Hyperliquid's testnet. `ab`: its mainnet, too, which is dangerous; see the README. */
  readonly sources: 'b' | 'ab';
}

/** Signed actions of the surface that clients of Hyperliquid speak, over REST and as `post` over WebSocket. */
export interface HyperliquidExchange {
  /**
   * `body` as it was parsed from JSON, keys in the order in which they came. Resolves to what goes out as JSON, refusals of
   * every kind included ({status: 'err', response}). Rejects with BodyUnreadable for what is no exchange request.
   */
  run(body: unknown): Promise<object>;
}

export function createExchange(_parts: ExchangeParts): HyperliquidExchange {
  return {
    run: async () => ({ status: 'err', response: 'Not ready yet.' }),
  };
}
