-- A page of a list that is not an account's: trades, liquidations, funding rates.
--
-- KEYS[1] head  KEYS[2] list
-- ARGV[1] entries wanted  ARGV[2] below which sequence, or '' (see pageOf.lua)
--
-- Answers { head as field, value, ...; documents, newest first }.

return { redis.call('HGETALL', KEYS[1]), pageOf(KEYS[2], ARGV[1], ARGV[2]) }
