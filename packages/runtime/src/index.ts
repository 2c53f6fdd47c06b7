export { Type } from 'typebox';
export {
  type AdminHandler,
  type AdminServer,
  type AdminServerOptions,
  adminServer,
  type JsonRoute,
  type Reasons,
} from './adminServer.ts';
export { checkConfigIfAsked } from './checkConfigIfAsked.ts';
export { createLogger, LOG_LEVELS, type LogFields, type Logger, type LogLevel } from './createLogger.ts';
export { createMetrics, LATENCY_BUCKETS_SECONDS, type Metrics } from './createMetrics.ts';
export { ConfigError, readConfig } from './readConfig.ts';
export { runService, type ServiceContext, STOP_MS_MAX, type StopService } from './runService.ts';
export {
  addressSetting,
  booleanSetting,
  choiceSetting,
  integerSetting,
  numberSetting,
  portSetting,
  privateKeySetting,
  redisUrlSetting,
  secretSetting,
  splitUrls,
  textSetting,
  urlSetting,
  urlsSetting,
} from './setting.ts';
export { type PeriodicTask, startPeriodicTask } from './startPeriodicTask.ts';
export { explainFault, listenFault, StartupFault } from './startupFault.ts';
