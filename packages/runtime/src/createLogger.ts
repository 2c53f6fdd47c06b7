import { type DestinationStream, type Logger, pino } from 'pino';
import { logDestination } from './logDestination.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What lines carry beside their own fields; a line's own field of the same name goes before it. */
export type LogFields = Record<string, string | number | boolean>;

/** Field names whose value is a secret or lets somebody act for a customer, at the top and one or two levels down. */
const SECRET_FIELDS = [
  'authorization',
  'intakeToken',
  'mnemonic',
  'operatorKey',
  'password',
  'privateKey',
  'secret',
  'signature',
  'token',
];
const SECRET_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/**
 * JSON lines on stdout: `level` as a word, `time` as ISO 8601, `service`, `message`, and fields named as in the code.
 * A line about one command carries its `seq`. Secrets are replaced by `[redacted]`. Writes are synchronous, so the line
 * that says why a process stops is not left in memory; one that cannot be written is counted in
 * `keel_log_lines_lost_total` and given up.
 */
export function createLogger(options: {
  readonly service: string;
  readonly level: LogLevel;
  /** Asked at each line for what the process is just then, for example its role; a new object each time. */
  readonly fields?: () => LogFields;
  readonly destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service, pid: process.pid },
    ...(options.fields === undefined ? {} : { mixin: options.fields }),
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
  };
  return pino(settings, options.destination ?? logDestination(process.stdout.fd));
}

export type { Logger };
