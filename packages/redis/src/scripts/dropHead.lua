-- Takes away the head of a rebuild that failed half-way, unless another one stands there already. The epoch stays.
--
-- KEYS[1] head
-- ARGV[1] generation of the rebuild

if redis.call('HGET', KEYS[1], 'generation') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'generation', 'sequence')
end
