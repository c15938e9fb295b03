#!/bin/bash
# With few descriptors, readers may not use up those that the office, the disk and proofs need.
. "$(dirname "$0")/lib.sh"
demo
cat >"$work/few" <<END
#!/bin/bash
ulimit -S -n 600
ulimit -H -n 800
exec "$GAYA" "\$@"
END
chmod +x "$work/few"
GAYA=$work/few
serve --metrics 127.0.0.1:0 --base https://ai.gimhae.example
metrics=$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")

metric() { # name -> its value
	fetch "$metrics" | sed -n "s/^$1 //p"
}
check "the server raises its limit to the hard one" \
	grep -qE '^Max open files +800 +800 ' "/proc/$server/limits"
check "and has room for half of what is left beside its reserve: each may need a file" \
	is 272 "$(metric gaya_connections_max)"

# --- where the register is reached by https, browsers come by nothing else from then on ---
for path in /ko/ /static/style.css /log/checkpoint /data/dcat-ap.jsonld /nothing; do
	get $path
	check "$path says for how long: a year, of this name alone" header_is Strict-Transport-Security max-age=31536000
done
get /ko/
get /ko/ -H "If-None-Match: $(header ETag)"
check "a page that did not change says it, too" all "status_is 304" "header_is Strict-Transport-Security max-age=31536000"
printf 'GET /ko/ HTTP/1.1\r\n\r\n' | raw >"$work/raw"
check "and so does what is refused for its form" grep -q '^Strict-Transport-Security: max-age=31536000.$' "$work/raw"

# 40 addresses of the loopback's network, 15 idle connections each: 600 where 272 have room.
crowd() {
	python3 - "${url##*:}" 3<&0 <<'END'
import os, socket, sys
idle, kept = [], 0
for n in range(600):
    s = socket.socket()
    s.bind((f"127.0.3.{n % 40 + 1}", 0))
    s.connect(("127.0.0.1", int(sys.argv[1])))
    idle.append(s)
print("there", flush=True)
os.read(3, 1)
END
}
coproc crowd { crowd 2>&1; }
read -r line <&"${crowd[0]}"
check "600 connections that wait come from 40 addresses" is there "$line"
until [ "$(metric gaya_connections)" -ge 272 ]; do pause; done
get /ko/systems/smart-water
check "with all places taken by who waits a reader gets a page" status_is 200
get /log/proof/3
check "and a proof" status_is 200
ask /ko/systems/smart-water/feedback "text=모두 찼을 때의 질문"
check "and may ask" status_is 303
run office --data "$data" department-add water --name ko=물 --name en=Water
check "and the office decides" is 0 "$status"
check "no more came in than the limit, and some on their way out" [ "$(metric gaya_connections)" -le 336 ]
echo >&"${crowd[1]}"
all_done
