-- An account with its open orders, every market and every collateral asset, of one sequence number.
--
-- KEYS[1] head  KEYS[2] markets  KEYS[3] accounts  KEYS[4] owners  KEYS[5] agents  KEYS[6] collateral assets
-- ARGV[1] address of the owner or of an agent, or ''   ARGV[2] account id, when there is no address
-- ARGV[3] number of the sub-account of an address; '0' = the main account
-- ARGV[4], ARGV[5] beginnings of the keys of an account's orders and of an owner's sub-accounts; the account is only known
--         here, so its keys are made here (one Redis, not a cluster)
-- ARGV[6] '1': the address is an agent's, and an account of its own is passed over
--
-- Answers { head as field, value, ...; market documents; account document or ''; order documents; main account's document
-- or '' where that is the account itself; collateral documents }.

local accountId = ARGV[2]
local main = ''
if ARGV[1] ~= '' then
  if ARGV[6] == '1' then
    accountId = approverIdOf(KEYS[1], KEYS[5], ARGV[1]) or ''
  else
    accountId = accountIdOf(KEYS[1], KEYS[4], KEYS[5], ARGV[1]) or ''
  end
  if accountId ~= '' and ARGV[3] ~= '0' then
    main = redis.call('HGET', KEYS[3], accountId) or ''
    accountId = redis.call('HGET', ARGV[5] .. accountId, ARGV[3]) or ''
  end
end
local account = ''
local orders = {}
if accountId ~= '' then
  account = redis.call('HGET', KEYS[3], accountId) or ''
  orders = redis.call('HVALS', ARGV[4] .. accountId)
end
return {
  redis.call('HGETALL', KEYS[1]),
  redis.call('HVALS', KEYS[2]),
  account,
  orders,
  main,
  redis.call('HVALS', KEYS[6]),
}
