import { Type } from 'typebox';
import { LOG_LEVELS, type LogLevel } from './createLogger.ts';
import { readConfig } from './readConfig.ts';
import { choiceSetting } from './setting.ts';

const schema = Type.Object({ KEEL_LOG_LEVEL: choiceSetting('how much is logged', LOG_LEVELS, 'info') });

/** The one setting that every process has before it has any other. Throws ConfigError. */
export function logLevelOf(env: Readonly<Record<string, string | undefined>>): LogLevel {
  return readConfig(schema, env).KEEL_LOG_LEVEL;
}

/** The log level of this process. */
export function ownLogLevel(): LogLevel {
  return logLevelOf(process.env);
}
