-- The newest candles of one market.
--
-- KEYS[1] head  KEYS[2] candles  KEYS[3] index of candles
-- ARGV[1] entries wanted, at most 5000 (the arguments of one HMGET go over Lua's stack)
--
-- Answers { head as field, value, ...; candle documents, oldest first }.

local times = redis.call('ZRANGE', KEYS[3], -ARGV[1], -1)
local candles = {}
if #times > 0 then
  candles = redis.call('HMGET', KEYS[2], unpack(times))
end
return { redis.call('HGETALL', KEYS[1]), candles }
