import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { ApiError } from './errors.ts';

/** What the validator says of one fault. */
interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: {
    readonly additionalProperties?: readonly string[];
    readonly requiredProperties?: readonly string[];
  };
}

export type Check<Schema extends TSchema> = (value: unknown) => Static<Schema>;

/**
 * A function that gives a value back when it fits and throws the ApiError that says where it does not: UNKNOWN_FIELD for a
 * field too much, BAD_REQUEST for everything else, each with `details.path` as a JSON pointer.
 * `texts` for what arrives in a URL: numbers and booleans are texts there.
 */
export function compileSchema<Schema extends TSchema>(schema: Schema, source: 'json' | 'texts'): Check<Schema> {
  const validator = Compile(schema);
  return (value) => {
    const candidate = source === 'texts' ? Value.Convert(schema, value) : value;
    if (validator.Check(candidate)) return candidate as Static<Schema>;
    throw toError(validator.Errors(candidate) as unknown as SchemaFault[], candidate);
  };
}

function toError(faults: readonly SchemaFault[], value: unknown): ApiError {
  const unknownFields = faults.find((fault) => fault.keyword === 'additionalProperties');
  const field = unknownFields?.params.additionalProperties?.[0];
  if (unknownFields !== undefined && field !== undefined)
    return new ApiError('UNKNOWN_FIELD', { path: `${unknownFields.instancePath}/${field.slice(0, 64)}` });
  const fault = faults[0];
  if (fault === undefined) return new ApiError('BAD_REQUEST', { path: '' });
  if (fault.keyword === 'required') {
    const missing = fault.params.requiredProperties?.find((name) => !Object.hasOwn(Object(value), name));
    return new ApiError('BAD_REQUEST', { path: `${fault.instancePath}/${missing}`, fault: 'is missing' });
  }
  return new ApiError('BAD_REQUEST', { path: fault.instancePath, fault: fault.message });
}
