-- wrk: requests from a file of paths, in turn; METHOD and BODY from the environment, {n} in the body being another number
-- each time. Ends with one line of figures.
local paths, at = {}, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local method, template = os.getenv("METHOD") or "GET", os.getenv("BODY")
local headers = { Cookie = os.getenv("COOKIE"), Origin = os.getenv("ORIGIN"), ["Content-Type"] = "application/json" }
math.randomseed(os.time())
local salt = math.random(1, 1000000000)

function request()
  at = at + 1
  local body = template and template:gsub("{n}", salt .. "_" .. at)
  return wrk.format(method, paths[(at - 1) % #paths + 1], headers, body)
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("FIGURES %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(95), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
