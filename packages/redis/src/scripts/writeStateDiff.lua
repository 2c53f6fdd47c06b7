-- Steps on the read model, all or nothing: a flush, a part of a rebuild, or documents of the settler.
--
-- KEYS[1] head   KEYS[2] event stream   KEYS[3..] what the steps touch
-- ARGV[1] generation the writer last saw; '' outside of a flush: then neither fence, nor head, nor stream entry
-- ARGV[2] sequence the writer last wrote
-- ARGV[3] sequence  ARGV[4] timeMs  ARGV[5] stateRoot  ARGV[6] batchIndex   the new head
-- ARGV[7] stream entry   ARGV[8] stream entries kept
-- ARGV[9] epoch of the writer, decimal; '0' = one node that is fenced by nobody
-- ARGV[10..] steps: name, place of its key in KEYS, number of arguments, arguments
--
-- Answers 'written'; 'fenced' when a writer of a higher epoch has the head; 'rebuildNeeded' when the head is not where the
-- writer left it. Unless written, nothing was changed.

-- Decimals without leading zeros, so that nothing is lost beyond 2^53.
local function higher(left, right)
  if #left ~= #right then
    return #left > #right
  end
  return left > right
end

local stepsOnly = ARGV[1] == ''
if not stepsOnly then
  local head = redis.call('HMGET', KEYS[1], 'generation', 'sequence', 'epoch')
  if head[3] and ARGV[9] ~= '0' and higher(head[3], ARGV[9]) then
    return 'fenced'
  end
  if head[1] ~= ARGV[1] or head[2] ~= ARGV[2] then
    return 'rebuildNeeded'
  end
end

local steps = {}

-- field, value, field, value, ...
function steps.setFields(key, from, to)
  for i = from, to, 2 do
    redis.call('HSET', KEYS[key], ARGV[i], ARGV[i + 1])
  end
end

-- field, field, ...
function steps.deleteFields(key, from, to)
  for i = from, to do
    redis.call('HDEL', KEYS[key], ARGV[i])
  end
end

-- ticks, lots, ticks, lots, ...; the index of the levels is the key after
function steps.setLevels(key, from, to)
  for i = from, to, 2 do
    if ARGV[i + 1] == '0' then
      redis.call('HDEL', KEYS[key], ARGV[i])
      redis.call('ZREM', KEYS[key + 1], ARGV[i])
    else
      redis.call('HSET', KEYS[key], ARGV[i], ARGV[i + 1])
      redis.call('ZADD', KEYS[key + 1], ARGV[i], ARGV[i])
    end
  end
end

-- entries kept, number, document, number, document, ...; the index of the numbers is the key after
function steps.setNumbered(key, from, to)
  for i = from + 1, to, 2 do
    redis.call('HSET', KEYS[key], ARGV[i], ARGV[i + 1])
    redis.call('ZADD', KEYS[key + 1], ARGV[i], ARGV[i])
  end
  local excess = redis.call('ZCARD', KEYS[key + 1]) - tonumber(ARGV[from])
  if excess > 0 then
    local oldest = redis.call('ZPOPMIN', KEYS[key + 1], excess)
    for i = 1, #oldest, 2 do
      redis.call('HDEL', KEYS[key], oldest[i])
    end
  end
end

-- certificates kept, then of each: name, document, id, liquidation, account closed, other side (0 = none). The keys after
-- are sorted sets of the names by these four numbers
function steps.setCertificates(key, from, to)
  for i = from + 1, to, 6 do
    redis.call('HSET', KEYS[key], ARGV[i], ARGV[i + 1])
    for index = 1, 4 do
      if ARGV[i + 1 + index] ~= '0' then
        redis.call('ZADD', KEYS[key + index], ARGV[i + 1 + index], ARGV[i])
      end
    end
  end
  local excess = redis.call('ZCARD', KEYS[key + 1]) - tonumber(ARGV[from])
  if excess > 0 then
    local oldest = redis.call('ZPOPMIN', KEYS[key + 1], excess)
    for i = 1, #oldest, 2 do
      redis.call('HDEL', KEYS[key], oldest[i])
      for index = 2, 4 do
        redis.call('ZREM', KEYS[key + index], oldest[i])
      end
    end
  end
end

-- A closed order out of its account's: `member` is its name (16 characters) and the client's name for it.
local function forgetClosedOrder(key, member)
  local name = string.sub(member, 1, 16)
  redis.call('HDEL', key, name)
  local clientOrderId = string.sub(member, 17)
  if clientOrderId ~= '' and redis.call('HGET', key .. ':names', clientOrderId) == name then
    redis.call('HDEL', key .. ':names', clientOrderId)
  end
end

-- orders kept of an account, orders kept of all, beginning of the key of an account's closed orders; then of each order:
-- account, name, the client's name or '', sequence, document. The key is the list of all. An account's are a hash of documents
-- by name, `:index` a sorted set of `name clientName` by sequence, `:names` a hash of names by the client's.
function steps.setClosedOrders(key, from, to)
  for i = from + 3, to, 5 do
    local account = ARGV[from + 2] .. ARGV[i]
    local name = ARGV[i + 1]
    local clientOrderId = ARGV[i + 2]
    redis.call('HSET', account, name, ARGV[i + 4])
    redis.call('ZADD', account .. ':index', ARGV[i + 3], name .. clientOrderId)
    if clientOrderId ~= '' then
      redis.call('HSET', account .. ':names', clientOrderId, name)
    end
    if redis.call('ZCARD', account .. ':index') > tonumber(ARGV[from]) then
      forgetClosedOrder(account, redis.call('ZPOPMIN', account .. ':index')[1])
    end
    redis.call('LPUSH', KEYS[key], account .. ' ' .. name .. clientOrderId)
  end
  for _ = 1, redis.call('LLEN', KEYS[key]) - tonumber(ARGV[from + 1]) do
    local account, member = string.match(redis.call('RPOP', KEYS[key]), '^(%S+) (.*)$')
    if redis.call('ZREM', account .. ':index', member) == 1 then
      forgetClosedOrder(account, member)
    end
  end
end

-- entries kept, entry, entry, ... oldest first
function steps.pushNewest(key, from, to)
  for i = from + 1, to do
    redis.call('LPUSH', KEYS[key], ARGV[i])
  end
  redis.call('LTRIM', KEYS[key], 0, ARGV[from] - 1)
end

-- entries kept, field, value
function steps.appendEntry(key, from)
  redis.call('XADD', KEYS[key], 'MAXLEN', '~', ARGV[from], '*', ARGV[from + 1], ARGV[from + 2])
end

-- value
function steps.setText(key, from)
  redis.call('SET', KEYS[key], ARGV[from])
end

local at = 10
while at <= #ARGV do
  local key = tonumber(ARGV[at + 1])
  local count = tonumber(ARGV[at + 2])
  steps[ARGV[at]](key, at + 3, at + 2 + count)
  at = at + 3 + count
end

if not stepsOnly then
  redis.call('HSET', KEYS[1], 'sequence', ARGV[3], 'timeMs', ARGV[4], 'stateRoot', ARGV[5], 'batchIndex', ARGV[6])
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[8], '*', 'publication', ARGV[7])
end
return 'written'
