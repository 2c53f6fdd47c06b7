-- The newest certificates of a liquidation, of the account that was closed, or of the other side.
--
-- KEYS[1] head  KEYS[2] certificates  KEYS[3] sorted set of their names by that number  KEYS[4] another such set, or the same
-- ARGV[1] the number: of the liquidation, or the account's id; '' = the one of the address
-- ARGV[2] certificates wanted, at most 1000 (the arguments of one HMGET go over Lua's stack)
--
-- With an address: KEYS[5] owners  KEYS[6] agents  ARGV[3] address  ARGV[4] sub-account  ARGV[5] beginning of the key of an
-- owner's sub-accounts (see readAccount.lua).
--
-- Answers { head as field, value, ...; documents, newest first }.

local number = ARGV[1]
if number == '' then
  number = subaccountIdOf(KEYS[1], KEYS[5], KEYS[6], ARGV[3], ARGV[4], ARGV[5]) or ''
end
local names = {}
if number ~= '' then
  local seen = {}
  for index = 3, 4 do
    for _, name in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[index], number, number, 'LIMIT', 0, ARGV[2])) do
      if not seen[name] then
        seen[name] = true
        names[#names + 1] = name
      end
    end
  end
  -- Names have leading zeros: the order of texts is that of ids.
  table.sort(names, function(left, right)
    return left > right
  end)
end
local wanted = {}
for index = 1, math.min(#names, tonumber(ARGV[2])) do
  wanted[index] = names[index]
end
local documents = {}
if #wanted > 0 then
  documents = redis.call('HMGET', KEYS[2], unpack(wanted))
end
return { redis.call('HGETALL', KEYS[1]), documents }
