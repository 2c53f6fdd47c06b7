-- Whose main account an agent acts for: that of the owner who approved it first of those whose approval has not expired at the
-- head's time. False = nobody's.
local function approverIdOf(head, agents, agent)
  local approvals = redis.call('HGET', agents, agent)
  if approvals then
    local timeMs = tonumber(redis.call('HGET', head, 'timeMs') or 0)
    for accountId, expiresAtMs in string.gmatch(approvals, '(%d+):(%d+)') do
      if expiresAtMs == '0' or timeMs <= tonumber(expiresAtMs) then
        return accountId
      end
    end
  end
  return false
end

-- Whose main account an address leads to: its own, or that for which it acts. False = nobody's.
local function accountIdOf(head, owners, agents, address)
  return redis.call('HGET', owners, address) or approverIdOf(head, agents, address)
end

-- One of the accounts of that owner; number '0' = the main one. False = there is none.
local function subaccountIdOf(head, owners, agents, address, number, subaccountsKeyPrefix)
  local mainId = accountIdOf(head, owners, agents, address)
  if mainId and number ~= '0' then
    return redis.call('HGET', subaccountsKeyPrefix .. mainId, number)
  end
  return mainId
end
