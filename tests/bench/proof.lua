-- Inclusion proofs of entries anywhere in the log; `size` comes as an argument.
local size
function init(args)
	size = tonumber(args[1])
	math.randomseed(os.time())
end
function request()
	return wrk.format("GET", "/log/proof/" .. math.random(0, size - 1))
end
