-- A page of a list of the account of an address: its fills, its liquidations, its ledger.
--
-- KEYS[1] head  KEYS[2] owners  KEYS[3] agents
-- ARGV[1] address  ARGV[2] number of the sub-account; '0' = the main account  ARGV[3] entries wanted
-- ARGV[4], ARGV[5] beginnings of the keys of an account's list and of an owner's sub-accounts (see readAccount.lua)
-- ARGV[6] below which sequence, or '' (see pageOf.lua)
--
-- Answers { head as field, value, ...; documents, newest first }.

local accountId = subaccountIdOf(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[5])
local documents = {}
if accountId then
  documents = pageOf(ARGV[4] .. accountId, ARGV[3], ARGV[6])
end
return { redis.call('HGETALL', KEYS[1]), documents }
