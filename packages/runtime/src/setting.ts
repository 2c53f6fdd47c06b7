import { type TBoolean, type TEnum, type TInteger, type TNumber, type TString, Type } from 'typebox';

/**
 * What a setting is, as one JSON schema per environment variable. `description` completes the sentence "it must be ...",
 * `examples` shows a value that works, `secret` keeps the value out of every message. A setting without a default must
 * be given, unless it stands inside `Type.Optional`.
 */

/** A TCP port; 0 asks the system for a free one. */
export function portSetting(defaultPort: number): TInteger {
  return Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: defaultPort,
    description: 'a port from 0 to 65535',
    examples: [defaultPort],
  });
}

/** A whole number between two bounds, both included. `meaning` says what is counted and in which unit. */
export function integerSetting(
  meaning: string,
  bounds: { readonly minimum: number; readonly maximum: number; readonly default: number },
): TInteger {
  return Type.Integer({
    ...bounds,
    description: `${meaning}, a whole number from ${bounds.minimum} to ${bounds.maximum}`,
    examples: [bounds.default],
  });
}

/** A number with a fraction between two bounds, both included. */
export function numberSetting(
  meaning: string,
  bounds: { readonly minimum: number; readonly maximum: number; readonly default: number },
): TNumber {
  return Type.Number({
    ...bounds,
    description: `${meaning}, a number from ${bounds.minimum} to ${bounds.maximum}`,
    examples: [bounds.default],
  });
}

/** Any text that is not empty. */
export function textSetting(meaning: string, example: string, defaultText?: string): TString {
  return Type.String({ minLength: 1, description: meaning, examples: [example], ...defaultOf(defaultText) });
}

/** An address with one of the given schemes, for example `urlSetting('Redis', ['redis', 'rediss'], 'redis://...')`. */
export function urlSetting(what: string, schemes: readonly string[], example: string, defaultUrl?: string): TString {
  return Type.String({
    pattern: `^(${schemes.join('|')})://[^\\s/]+.*$`,
    description: `the address of ${what}, beginning with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    examples: [example],
    ...defaultOf(defaultUrl),
  });
}

/** Where Redis is: its own address, or its Sentinels' with the name that they know the primary by. */
export function redisUrlSetting(): TString {
  const standard = 'redis://127.0.0.1:6390';
  return Type.String({
    pattern: '^(rediss?://[^\\s/]+.*|rediss?-sentinel://[^\\s/]+/[^\\s/]+)$',
    description:
      'the address of Redis, beginning with redis:// or rediss://, or its Sentinels, redis-sentinel://host:port,host:port/name',
    examples: [standard],
    default: standard,
  });
}

/** One address or several with commas between; at most 16. `splitUrls` takes them apart. */
export function urlsSetting(what: string, schemes: readonly string[], example: string, defaultUrls?: string): TString {
  // One way to read each address, or a long list that does not fit would be read in more ways than time allows.
  const url = `(${schemes.join('|')})://[^\\s/,][^\\s,]*`;
  return Type.String({
    pattern: `^${url}( *, *${url}){0,15}$`,
    description: `the address of ${what}, or several with commas between, each beginning with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    examples: [example],
    ...defaultOf(defaultUrls),
  });
}

/** The addresses of a `urlsSetting`, each once. */
export function splitUrls(text: string): readonly string[] {
  return [...new Set(text.split(',').map((url) => url.trim()))];
}

/** A shared secret in hex, at least 128 bits; never printed, so it has no example. */
export function secretSetting(meaning: string): TString {
  return Type.String({
    pattern: '^[0-9a-f]{32,128}$',
    description: `${meaning}, 32 to 128 characters of 0-9 and a-f; make one with: openssl rand -hex 32`,
    secret: true,
  });
}

/** A 32-byte private key; never printed. */
export function privateKeySetting(meaning: string): TString {
  return Type.String({
    pattern: '^0x[0-9a-f]{64}$',
    description: `${meaning}, 0x and 64 characters of 0-9 and a-f`,
    secret: true,
  });
}

/** A 20-byte address in lower-case hex. */
export function addressSetting(meaning: string): TString {
  return Type.String({
    pattern: '^0x[0-9a-f]{40}$',
    description: `${meaning}, 0x and 40 characters of 0-9 and a-f`,
    examples: ['0x5fbdb2315678afecb367f032d93f642f64180aa3'],
  });
}

/** One of a few words. */
export function choiceSetting<Word extends string>(
  meaning: string,
  words: readonly Word[],
  defaultWord: Word,
): TEnum<Word[]> {
  return Type.Enum([...words], {
    default: defaultWord,
    description: `${meaning}, one of ${words.join(', ')}`,
    examples: [defaultWord],
  });
}

/** `true` or `false`. */
export function booleanSetting(meaning: string, defaultValue: boolean): TBoolean {
  return Type.Boolean({
    default: defaultValue,
    description: `${meaning}, true or false`,
    examples: [String(defaultValue)],
  });
}

function defaultOf(text: string | undefined): { default?: string } {
  return text === undefined ? {} : { default: text };
}
