-- Orders of the account of an address that are over.
--
-- KEYS[1] head  KEYS[2] owners  KEYS[3] agents
-- ARGV[1] address  ARGV[2] number of the sub-account; '0' = the main account  ARGV[3] orders wanted
-- ARGV[4], ARGV[5] beginnings of the keys of an account's closed orders and of an owner's sub-accounts (see readAccount.lua)
-- ARGV[6] below which sequence: then whole sequences are answered, see pageOf.lua; or ''
--
-- Answers { head as field, value, ...; documents, newest first }. At most 2000 (the arguments of one HMGET go over Lua's stack).

local accountId = subaccountIdOf(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[5])
local documents = {}
if accountId then
  local key = ARGV[4] .. accountId
  local index = key .. ':index'
  local below = '+inf'
  if ARGV[6] ~= '' then
    below = '(' .. ARGV[6]
  end
  local members = redis.call('ZREVRANGEBYSCORE', index, below, '-inf', 'LIMIT', 0, ARGV[3])
  if ARGV[6] ~= '' and #members > 0 then
    local lowest = redis.call('ZSCORE', index, members[#members])
    members = redis.call('ZREVRANGEBYSCORE', index, below, lowest)
  end
  local names = {}
  for at, member in ipairs(members) do
    names[at] = string.sub(member, 1, 16)
  end
  if #names > 0 then
    documents = redis.call('HMGET', key, unpack(names))
  end
end
return { redis.call('HGETALL', KEYS[1]), documents }
