-- The newest entries of a list of the account of an address: its fills, its liquidations.
--
-- KEYS[1] head  KEYS[2] owners  KEYS[3] agents
-- ARGV[1] address  ARGV[2] entries wanted  ARGV[3] beginning of the key of an account's list (see readAccount.lua)
--
-- Answers { head as field, value, ...; documents, newest first }.

local accountId = redis.call('HGET', KEYS[2], ARGV[1]) or redis.call('HGET', KEYS[3], ARGV[1])
local documents = {}
if accountId then
  documents = redis.call('LRANGE', ARGV[3] .. accountId, 0, ARGV[2] - 1)
end
return { redis.call('HGETALL', KEYS[1]), documents }
