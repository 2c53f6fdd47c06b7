-- The newest entries of a list of the account of an address: its fills, its liquidations.
--
-- KEYS[1] head  KEYS[2] owners  KEYS[3] agents
-- ARGV[1] address  ARGV[2] number of the sub-account; '0' = the main account  ARGV[3] entries wanted
-- ARGV[4], ARGV[5] beginnings of the keys of an account's list and of an owner's sub-accounts (see readAccount.lua)
--
-- Answers { head as field, value, ...; documents, newest first }.

local accountId = redis.call('HGET', KEYS[2], ARGV[1]) or redis.call('HGET', KEYS[3], ARGV[1])
if accountId and ARGV[2] ~= '0' then
  accountId = redis.call('HGET', ARGV[5] .. accountId, ARGV[2])
end
local documents = {}
if accountId then
  documents = redis.call('LRANGE', ARGV[4] .. accountId, 0, ARGV[3] - 1)
end
return { redis.call('HGETALL', KEYS[1]), documents }
