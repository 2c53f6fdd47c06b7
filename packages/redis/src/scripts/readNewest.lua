-- The newest documents of a hash whose fields stand in a sorted set: candles by time, batches and withdrawals by index.
--
-- KEYS[1] head  KEYS[2] documents  KEYS[3] index of their fields
-- ARGV[1] entries wanted, at most 5000 (the arguments of one HMGET go over Lua's stack)
--
-- Answers { head as field, value, ...; documents, oldest first }.

local fields = redis.call('ZRANGE', KEYS[3], -ARGV[1], -1)
local documents = {}
if #fields > 0 then
  documents = redis.call('HMGET', KEYS[2], unpack(fields))
end
return { redis.call('HGETALL', KEYS[1]), documents }
