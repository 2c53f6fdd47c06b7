import { type Static, type TObject, Type } from 'typebox';
import { compileSchema } from '../../compileSchema.ts';
import { ApiError } from '../../errors.ts';
import { InfoRefused } from './infoRefused.ts';

/** One value of `type`: takes the whole body and answers what goes out as JSON. */
export interface InfoType {
  readonly type: string;
  /** Throws InfoRefused for a body that does not fit, ReadModelUnavailable. */
  run(body: object): Promise<unknown>;
}

/** Fields beyond those of `schema` are let pass: clients send more than they need, and each its own. */
export function infoType<Schema extends TObject>(
  type: string,
  schema: Schema,
  answer: (request: Static<Schema>) => Promise<unknown>,
): InfoType {
  const check = compileSchema(schema, 'json');
  return {
    type,
    run: (body) => {
      try {
        return answer(check(body));
      } catch (fault) {
        if (fault instanceof ApiError) throw new InfoRefused(sentence(type, fault));
        throw fault;
      }
    },
  };
}

function sentence(type: string, { details }: ApiError): string {
  return `Failed to deserialize the JSON body into the target type: ${type}: ${details.path} ${details.fault}`;
}

/** Fields that many types have. */
export const coin = Type.String({ maxLength: 32 });
export const user = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' });
const time = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const startTime = time;
/** Left out by some clients, null from others. */
export const endTime = Type.Optional(Type.Union([time, Type.Null()]));
/** Exchanges within the exchange; there is the one, without a name. */
export const dex = Type.Optional(Type.Union([Type.String({ maxLength: 32 }), Type.Null()]));

/** Whether `dex` names the one there is. */
export const isMainDex = (name: string | null | undefined): boolean =>
  name === undefined || name === null || name === '';
