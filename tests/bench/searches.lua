-- wrk: asks for each line of a file in turn; wrk's first argument after the address is the file.
local paths, n = {}, 0
local takes = { ["Accept-Encoding"] = "gzip, br" }

init = function(args)
	for line in io.lines(args[1]) do table.insert(paths, line) end
end

request = function()
	n = n % #paths + 1
	return wrk.format("GET", paths[n], takes)
end
