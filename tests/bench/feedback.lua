-- wrk: each request asks another question about one system of the demo city.
local n, path = 0, "/ko/systems/civil-chatbot/feedback"
local head = {["Content-Type"] = "application/x-www-form-urlencoded"}
local text = "text=%EC%A3%BC%EB%A7%90%EC%97%90%EB%8F%84+%EB%8B%B5%ED%95%98%EB%82%98%EC%9A%94%3F" ..
	"+Is+what+it+says+about+opening+hours+checked+by+a+person%3F+%28"

request = function()
	n = n + 1
	return wrk.format("POST", path, head, text .. n .. "%29&lang=ko&name=&email=&leave_empty=")
end

-- The answer to a question that was taken is 303, See Other: anything else fails the measurement.
local threads = {}
other = 0
setup = function(thread) table.insert(threads, thread) end
response = function(status) if status ~= 303 then other = other + 1 end end
done = function()
	local all = 0
	for _, thread in ipairs(threads) do all = all + thread:get("other") end
	if all > 0 then print("Non-2xx or 3xx responses: " .. all) end
end
