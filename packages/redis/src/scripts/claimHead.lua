-- Takes the head over for an epoch, before a rebuild: from now on writers of lower epochs change nothing, neither by a flush
-- nor by a rebuild that they have begun (they watch the head).
--
-- KEYS[1] head
-- ARGV[1] epoch of the writer, decimal; '0' = one node that is fenced by nobody
--
-- Answers 'claimed', or 'fenced' when a higher epoch has the head.

-- Decimals without leading zeros, so that nothing is lost beyond 2^53.
local function higher(left, right)
  if #left ~= #right then
    return #left > #right
  end
  return left > right
end

local held = redis.call('HGET', KEYS[1], 'epoch')
if held and ARGV[1] ~= '0' and higher(held, ARGV[1]) then
  return 'fenced'
end
if held ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
end
return 'claimed'
