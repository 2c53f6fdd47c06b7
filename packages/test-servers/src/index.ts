export { endLeftovers, endWithFile } from './endWithFile.ts';
export { freePort } from './freePort.ts';
export { type OwnRedis, startRedis } from './startRedis.ts';
