-- The best levels of both sides of one book.
--
-- KEYS[1] head  KEYS[2] bids  KEYS[3] index of bids  KEYS[4] asks  KEYS[5] index of asks
-- ARGV[1] levels wanted of each side, at most 5000 (the arguments of one HMGET go over Lua's stack)
--
-- Answers { head as field, value, ...; bid ticks, best first; their lots; ask ticks, best first; their lots }.

local function lotsOf(key, ticks)
  if #ticks == 0 then
    return {}
  end
  return redis.call('HMGET', key, unpack(ticks))
end

local bids = redis.call('ZREVRANGE', KEYS[3], 0, ARGV[1] - 1)
local asks = redis.call('ZRANGE', KEYS[5], 0, ARGV[1] - 1)
return { redis.call('HGETALL', KEYS[1]), bids, lotsOf(KEYS[2], bids), asks, lotsOf(KEYS[4], asks) }
