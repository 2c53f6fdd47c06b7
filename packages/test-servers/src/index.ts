export { endWithProcess } from './endWithProcess.ts';
export { freePort } from './freePort.ts';
export { type OwnRedis, startRedis } from './startRedis.ts';
