import type { Static, TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** What stands in the environment does not make a configuration; the message is one sentence for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Each setting that is wrong, with what it must be. */
  readonly faults: readonly string[];

  constructor(message: string, faults: readonly string[] = [message.replace(/^configuration: /, '')]) {
    super(message);
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The annotations of one setting that its message is made of; see setting.ts. */
interface SettingSchema extends TSchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly secret?: boolean;
  readonly '~optional'?: unknown;
}

/**
 * The settings that `schema` names, taken from `env` as numbers, booleans and texts. An empty variable counts as not
 * set. Throws one ConfigError that lists every fault at once: variable, what is wrong, what it must be, an example.
 * The value of a setting marked `secret` is in no message.
 */
export function readConfig<Schema extends TObject>(schema: Schema, env: Environment): Static<Schema> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, setting] of Object.entries(schema.properties as Record<string, SettingSchema>)) {
    const text = env[name]?.trim() ?? '';
    if (text === '') {
      if (setting.default !== undefined) values[name] = setting.default;
      else if (setting['~optional'] === undefined)
        faults.push(`${name} is missing: it must be ${expectation(setting)}`);
      continue;
    }
    const value = parseValue(text, setting);
    if (Value.Check(setting, value)) values[name] = value;
    else faults.push(`${name} ${shown(text, setting)} does not fit: it must be ${expectation(setting)}`);
  }
  if (faults.length > 0) throw new ConfigError(`configuration: ${faults.join('; ')}`, faults);
  return values as Static<Schema>;
}

/** Numbers only in plain decimal spelling, so that `0x10`, `1e3` and a blank are faults and not surprises. */
function parseValue(text: string, setting: SettingSchema): unknown {
  if (setting.type === 'integer' && /^-?[0-9]+$/.test(text)) return Number(text);
  if (setting.type === 'number' && /^-?[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  if (setting.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function expectation(setting: SettingSchema): string {
  const description = setting.description ?? 'a value of its schema';
  const example = setting.secret === true ? undefined : setting.examples?.[0];
  return example === undefined ? description : `${description}, for example ${String(example)}`;
}

function shown(text: string, setting: SettingSchema): string {
  if (setting.secret === true) return `(a secret of ${text.length} characters)`;
  return `"${text.length > 80 ? `${text.slice(0, 80)}...` : text}"`;
}
