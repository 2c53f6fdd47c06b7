import { type Finding, findingsOf, type Rule, type Source } from './sources.ts';

interface WordRule {
  readonly name: string;
  /** Which files it holds for. */
  readonly where: RegExp;
  readonly except?: RegExp;
  /** Where in the file the words must not be. */
  readonly layer: 'code' | 'comments' | 'text';
  readonly pattern: RegExp;
  readonly mend: string;
}

const PURE = /^packages\/(types|engine)\/src\//;
const SCRIPT = /\.(ts|tsx|mjs|cjs)$/;
const ANY_FILE = /./;

/** Words that must not be written, each with what to write instead. */
export const WORD_RULES: readonly WordRule[] = [
  pure('Date', /\bDate\b/, 'time comes in with the command: use its timeMs'),
  pure(
    'Math.random',
    /\bMath\.random\b/,
    'chance would make two machines disagree: take what you need from the command',
  ),
  pure('performance', /\bperformance\b/, 'measure outside: the engine has no clock'),
  pure('Intl', /\bIntl\b|\btoLocale\w+/, 'locales differ between machines: use formatDecimal'),
  pure('parseFloat', /\bparseFloat\b/, 'numbers are integers in units: use parseDecimal'),
  pure(
    'timers',
    /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
    'nothing happens later in the engine: a command says when',
  ),
  pure('promises', /\basync\b|\bawait\b|\bPromise\b/, 'apply is one step: do the waiting in a service'),
  {
    name: 'node: in the engine',
    where: PURE,
    layer: 'text',
    pattern: /from 'node:|import\('node:/,
    mend: 'no I/O here: let a service do it and pass the result in',
  },
  {
    name: 'bare division',
    where: PURE,
    except: /^packages\/types\/src\/units\.ts$/,
    layer: 'code',
    pattern: /\//,
    mend: 'say who keeps the remainder: divFloor, divCeil or divExact',
  },
  pure('fractions', /(?<![\w.])\d[\d_]*\.\d/, 'rates are integers in ppm or ppb'),
  script('default exports', /\bexport\s+default\b/, 'name it: export function …', /(vite|vitest)\.config\.ts$/),
  script('export *', /\bexport\s+\*/, 'spell the names out in src/index.ts'),
  script('any', /(:\s*any\b|\bas\s+any\b|<any\b)/, 'use the type, or unknown and a check'),
  script(
    'enum',
    /^[ \t]*(export\s+)?(declare\s+)?(const\s+)?enum\s+\w/m,
    'use an object "as const" and the union of its values',
  ),
  script('namespace', /^[ \t]*(export\s+)?(declare\s+)?namespace\s+\w/m, 'a file is the namespace'),
  {
    name: 'open ends',
    where: ANY_FILE,
    layer: 'text',
    pattern: /\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/,
    mend: 'do it, or file an issue and say nothing here',
  },
  {
    name: 'makeshift',
    where: SCRIPT,
    layer: 'comments',
    pattern: /\bfor [n]ow\b|\bplace[h]older\b|\bstop[g]ap\b/i,
    mend: 'build the real thing, or say which limit holds and why',
  },
  {
    name: 'process.env',
    where: /^(packages|services)\/[^/]+\/src\//,
    except: /\/src\/config\.ts$/,
    layer: 'code',
    pattern: /\bprocess\.env\b/,
    mend: 'src/config.ts is the only reader of the environment: take it as an argument',
  },
  {
    name: 'machine paths',
    where: ANY_FILE,
    layer: 'text',
    pattern: /(?<![\w.-])\/(work|home|Users|root)\/[\w.]/,
    mend: 'paths are relative to the repository',
  },
  {
    name: 'registry hosts',
    where: ANY_FILE,
    layer: 'text',
    pattern: /registry\.(npm|yarn)\w*\.\w+|\b(deb|security)\.debian\.org|binaries\.solidity\w*\.\w+/i,
    mend: 'say what is fetched, not from where: a machine may be set up with another source',
  },
];

function pure(name: string, pattern: RegExp, mend: string): WordRule {
  return { name: `${name} in the engine`, where: PURE, layer: 'code', pattern, mend };
}

function script(name: string, pattern: RegExp, mend: string, except?: RegExp): WordRule {
  return { name, where: SCRIPT, layer: 'code', pattern, mend, ...(except === undefined ? {} : { except }) };
}

/** The rule as a function from files to findings. */
export function ruleOf(rule: WordRule): Rule {
  return (sources) => sources.filter((source) => applies(rule, source)).flatMap((source) => broken(rule, source));
}

function applies(rule: WordRule, source: Source): boolean {
  return rule.where.test(source.path) && rule.except?.test(source.path) !== true;
}

function broken(rule: WordRule, source: Source): readonly Finding[] {
  return findingsOf(source, source[rule.layer], rule.pattern, `${rule.name}: ${rule.mend}`);
}
