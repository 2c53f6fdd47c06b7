export { endLeftovers, endWithFile } from './endWithFile.ts';
export { freePort } from './freePort.ts';
export { type OwnEtcd, type OwnEtcdMember, type OwnEtcdOptions, type OwnEtcdTls, startEtcd } from './startEtcd.ts';
export { type OwnRedis, startRedis } from './startRedis.ts';
export { type RedisNode, type RedisSet, type RedisSetOptions, startRedisSet } from './startRedisSet.ts';
