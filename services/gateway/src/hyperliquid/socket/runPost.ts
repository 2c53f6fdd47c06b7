import type { Logger } from '@keel/runtime';
import { toApiError } from '../../toApiError.ts';
import { BodyUnreadable } from '../exchange/bodyUnreadable.ts';
import type { HyperliquidExchange } from '../exchange/createExchange.ts';
import type { Info } from '../info/createInfo.ts';
import { InfoRefused } from '../info/infoRefused.ts';

export interface PostParts {
  readonly info: Info;
  readonly exchange: HyperliquidExchange;
  readonly log: Logger;
}

/** What the answer to a `post` holds as its `response`. */
export interface PostResponse {
  readonly type: 'info' | 'action' | 'error';
  readonly payload: unknown;
}

export type Post = (request: unknown, from: string) => Promise<PostResponse>;

/**
 * Requests of `/info` and `/exchange` over the socket; never rejects. What is refused of an action is its payload, as clients
 * tell it to the caller alone; what is refused of a question has the type `error`.
 */
export function createPost({ info, exchange, log }: PostParts): Post {
  const told = (fault: unknown): string => {
    if (fault instanceof InfoRefused || fault instanceof BodyUnreadable) return fault.message;
    const error = toApiError(fault);
    if (error.code === 'INTERNAL') log.error({ err: error.cause }, 'Hyperliquid post failed');
    return error.message;
  };
  return async (request, from) => {
    const { type, payload } = Object(request) as { readonly type?: unknown; readonly payload?: unknown };
    try {
      if (type === 'action') return { type, payload: await exchange.run(payload, from) };
      if (type !== 'info') return { type: 'error', payload: 'The type of a post is info or action' };
      // Only what has a text for its type is answered.
      const data = await info.run(payload);
      return { type, payload: { type: (payload as { readonly type: string }).type, data } };
    } catch (fault) {
      return type === 'action' ? refusedAction(told(fault)) : { type: 'error', payload: told(fault) };
    }
  };
}

export function refusedAction(text: string): PostResponse {
  return { type: 'action', payload: { status: 'err', response: text } };
}
