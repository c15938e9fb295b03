-- wrk: asks for each line of a file in turn; wrk's first argument after the address is the file, the second the longest
-- pause before a request, in milliseconds: none if it is left out.
local paths, n, pause = {}, 0, 0
local takes = { ["Accept-Encoding"] = "gzip, br" }

init = function(args)
	for line in io.lines(args[1]) do table.insert(paths, line) end
	pause = tonumber(args[2] or 0)
end

request = function()
	n = n % #paths + 1
	return wrk.format("GET", paths[n], takes)
end

delay = function()
	return pause > 0 and math.random(0, pause) or 0
end
