-- All accounts of an owner, every market and every collateral asset, of one sequence number.
--
-- KEYS[1] head  KEYS[2] markets  KEYS[3] accounts  KEYS[4] owners  KEYS[5] agents  KEYS[6] collateral assets
-- ARGV[1] address of the owner or of an agent   ARGV[2] beginning of the key of an owner's sub-accounts
--
-- Answers { head as field, value, ...; market documents; account documents; collateral documents }. An owner has at most
-- 256 accounts.

local mainId = accountIdOf(KEYS[1], KEYS[4], KEYS[5], ARGV[1])
local accounts = {}
if mainId then
  accounts = redis.call('HMGET', KEYS[3], mainId, unpack(redis.call('HVALS', ARGV[2] .. mainId)))
end
return { redis.call('HGETALL', KEYS[1]), redis.call('HVALS', KEYS[2]), accounts, redis.call('HVALS', KEYS[6]) }
