import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ApiError } from './errors.ts';

/** What the validator says of one fault. */
interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: {
    readonly additionalProperties?: readonly string[];
    /** Those of them that are missing. */
    readonly requiredProperties?: readonly string[];
    /** Of an enumeration. */
    readonly allowedValues?: readonly unknown[];
  };
}

export type Check<Schema extends TSchema> = (value: unknown) => Static<Schema>;

/**
 * A function that gives a value back when it fits and throws the ApiError that says where it does not: UNKNOWN_FIELD for a
 * field too much, BAD_REQUEST for everything else, each with `details.path` as a JSON pointer.
 * `texts` for what arrives in a URL, where integers are texts: `5`, not `5.0`, ` 5` or `true`.
 */
export function compileSchema<Schema extends TSchema>(schema: Schema, source: 'json' | 'texts'): Check<Schema> {
  const validator = Compile(schema);
  return (value) => {
    const candidate = source === 'texts' ? withIntegers(schema, value) : value;
    if (validator.Check(candidate)) return candidate as Static<Schema>;
    throw toError(validator.Errors(candidate) as unknown as SchemaFault[]);
  };
}

const INTEGER_TEXT = /^(0|-?[1-9][0-9]*)$/;

/** The same fields, with numbers for those texts that spell an integer where the schema wants one. */
function withIntegers(schema: TSchema, value: unknown): unknown {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, { readonly type?: string }>> };
  const wanted = (name: string): boolean => Object.hasOwn(properties, name) && properties[name]?.type === 'integer';
  const fields = Object.entries(Object(value) as Record<string, unknown>).map(([name, text]) => {
    const isInteger = typeof text === 'string' && INTEGER_TEXT.test(text) && wanted(name);
    return [name, isInteger ? Number(text) : text] as const;
  });
  return Object.fromEntries(fields);
}

function toError(faults: readonly SchemaFault[]): ApiError {
  const unknownFields = faults.find((fault) => fault.keyword === 'additionalProperties');
  const field = unknownFields?.params.additionalProperties?.[0];
  if (unknownFields !== undefined && field !== undefined)
    return new ApiError('UNKNOWN_FIELD', { path: `${unknownFields.instancePath}/${field.slice(0, 64)}` });
  const fault = faults[0];
  if (fault === undefined) return new ApiError('BAD_REQUEST', { path: '' });
  if (fault.keyword === 'required') {
    const missing = fault.params.requiredProperties?.[0];
    return new ApiError('BAD_REQUEST', { path: `${fault.instancePath}/${missing}`, fault: 'is missing' });
  }
  const { allowedValues } = fault.params;
  const what = allowedValues === undefined ? fault.message : `must be one of ${JSON.stringify(allowedValues)}`;
  return new ApiError('BAD_REQUEST', { path: fault.instancePath, fault: what });
}
