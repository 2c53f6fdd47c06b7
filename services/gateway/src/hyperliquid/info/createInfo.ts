import { type AccountTypeParts, accountTypes } from './accountTypes.ts';
import { InfoRefused } from './infoRefused.ts';
import { MarketFigures } from './marketFigures.ts';
import { type MarketTypeParts, marketTypes } from './marketTypes.ts';

export type InfoParts = Omit<AccountTypeParts & MarketTypeParts, 'figures'> & {
  /** Shared with whoever else tells prices of all markets; one of its own otherwise. */
  readonly figures?: MarketFigures;
};

/** The questions of the surface that clients of Hyperliquid speak, over REST and as `post` over WebSocket. */
export interface Info {
  /**
   * `body` as it was parsed from JSON. What it resolves to goes out as JSON; it may be a text, a number or null. Rejects with
   * InfoRefused for what cannot be answered, ReadModelUnavailable.
   */
  run(body: unknown): Promise<unknown>;
}

export function createInfo(parts: InfoParts): Info {
  const figures = parts.figures ?? new MarketFigures(parts.readModel);
  const all = [...marketTypes({ ...parts, figures }), ...accountTypes({ ...parts, figures })];
  const byType = new Map(all.map((entry) => [entry.type, entry]));
  return {
    run: async (body) => {
      const { type } = (typeof body === 'object' && body !== null ? body : {}) as { readonly type?: unknown };
      const entry = typeof type === 'string' ? byType.get(type) : undefined;
      if (entry === undefined)
        throw new InfoRefused('Failed to deserialize the JSON body into the target type: unknown type');
      return await entry.run(body as object);
    },
  };
}
