-- An account with its open orders and every market, of one sequence number.
--
-- KEYS[1] head  KEYS[2] markets  KEYS[3] accounts  KEYS[4] owners  KEYS[5] agents
-- ARGV[1] address of the owner or of an agent, or ''   ARGV[2] account id, when there is no address
-- ARGV[3] beginning of the key of an account's orders; the account is only known here, so its key is made here
--         (one Redis, not a cluster)
--
-- Answers { head as field, value, ...; market documents; account document or ''; order documents }.

local accountId = ARGV[2]
if ARGV[1] ~= '' then
  accountId = redis.call('HGET', KEYS[4], ARGV[1]) or redis.call('HGET', KEYS[5], ARGV[1]) or ''
end
local account = ''
local orders = {}
if accountId ~= '' then
  account = redis.call('HGET', KEYS[3], accountId) or ''
  orders = redis.call('HVALS', ARGV[3] .. accountId)
end
return { redis.call('HGETALL', KEYS[1]), redis.call('HVALS', KEYS[2]), account, orders }
