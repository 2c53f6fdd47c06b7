-- One order of the account of an address: open, or over and kept.
--
-- KEYS[1] head  KEYS[2] owners  KEYS[3] agents
-- ARGV[1] address  ARGV[2] number of the sub-account; '0' = the main account
-- ARGV[3], ARGV[4], ARGV[5] beginnings of the keys of an account's open orders, of its closed ones and of an owner's sub-accounts
-- ARGV[6] order id, or '' = by the client's name: ARGV[7], as a JSON text
-- ARGV[8] name of the closed order (its id with leading zeros), or the client's name as it is
--
-- Answers { head as field, value, ...; document of the open order or ''; document of the closed order or '' }.

local accountId = subaccountIdOf(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[5])
local open = ''
local closed = ''
if accountId then
  local openKey = ARGV[3] .. accountId
  local closedKey = ARGV[4] .. accountId
  local name = ARGV[8]
  if ARGV[6] ~= '' then
    open = redis.call('HGET', openKey, ARGV[6]) or ''
  else
    -- At most 200; quotes inside of a text are escaped, so this is no part of another one.
    local wanted = '"clientOrderId":' .. ARGV[7]
    for _, document in ipairs(redis.call('HVALS', openKey)) do
      if string.find(document, wanted, 1, true) then
        open = document
      end
    end
    name = redis.call('HGET', closedKey .. ':names', name)
  end
  if open == '' and name then
    closed = redis.call('HGET', closedKey, name) or ''
  end
end
return { redis.call('HGETALL', KEYS[1]), open, closed }
