-- A page of a list of documents with sequences, newest first. `before` '' = exactly the newest `limit`; else those below that
-- sequence, and as many more as belong to the sequence of the last one.
local function pageOf(key, limit, before)
  if before == '' then
    return redis.call('LRANGE', key, 0, limit - 1)
  end
  local length = redis.call('LLEN', key)
  local function sequenceAt(at)
    return tonumber(string.match(redis.call('LINDEX', key, at), '"sequence":(%d+)'))
  end
  -- Index of the first one below a sequence; sequences fall from the head of the list to its end.
  local function firstBelow(sequence)
    local low, high = 0, length
    while low < high do
      local middle = math.floor((low + high) / 2)
      if sequenceAt(middle) < sequence then
        high = middle
      else
        low = middle + 1
      end
    end
    return low
  end
  local from = firstBelow(tonumber(before))
  if from == length then
    return {}
  end
  local last = math.min(from + limit, length) - 1
  return redis.call('LRANGE', key, from, firstBelow(sequenceAt(last)) - 1)
end
