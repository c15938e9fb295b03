#!/bin/bash
# The end of a request: no server in front of this one ever finds a different end.
. "$(dirname "$0")/lib.sh"
demo
serve --trust-proxy --base http://ai.gimhae.example
get /ko/
check "by http nobody is told to come by https" is "" "$(header Strict-Transport-Security)"
before=$(sql "SELECT count(*) FROM feedback")

each_is_ok() { # address, mode
	python3 tests/http/framing.py "$1" "$2" >"$work/framing" 2>&1
	! grep -vE '^ok - ' "$work/framing" && [ "$(grep -c '^ok - ' "$work/framing")" -ge 90 ]
}
check "each of 90 ways to say two things at once is refused, and the connection ends" each_is_ok "${url#http://}" direct
check "no question was smuggled in" is "$before" "$(sql "SELECT count(*) FROM feedback")"

# --- behind a proxy, set up as docs/operate.md has it ---
guide() { # language of the block -> what is in it, for this server
	sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" docs/operate.md | sed '/^```/d' | sed "s/127.0.0.1:8080/${url#http://}/"
}
free_port() { # below those that the kernel gives to clients, for one of these may have it before the proxy does
	python3 -c 'import random, socket
while True:
	try:
		with socket.socket() as s:
			s.bind(("", random.randrange(20000, 32000)))
			print(s.getsockname()[1])
			break
	except OSError:
		pass'
}
proxied() { # command …: starts it, and sends it everything
	local proxy
	"$@" >"$work/proxy.log" 2>&1 &
	proxy=$!
	servers="$servers $proxy"
	for _ in {1..2400}; do
		curl -s -o "$work/body" "http://127.0.0.1:$port/healthz" && break
		kill -0 "$proxy" || { cat "$work/proxy.log"; return 1; }
		pause
	done
	each_is_ok "127.0.0.1:$port" proxied
	local all_ok=$?
	kill "$proxy"
	wait "$proxy" 2>/dev/null
	return $all_ok
}
if command -v nginx >/dev/null; then
	port=$(free_port)
	mkdir "$work/nginx"
	{
		echo "daemon off; pid $work/nginx/pid; error_log $work/nginx/errors; events {} http { access_log off; keepalive_timeout 1s;"
		for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $work/nginx/$kind;"; done
		guide nginx | sed "s/listen 443 ssl http2/listen 127.0.0.1:$port/; /ssl_certificate/d"
		echo "}"
	} >"$work/nginx/conf"
	check "behind nginx, too, nobody's request becomes part of another's" \
		proxied nginx -e "$work/nginx/errors" -p "$work/nginx" -c "$work/nginx/conf"
else
	echo "skipped: nginx is not installed"
fi
if command -v caddy >/dev/null; then
	port=$(free_port)
	guide caddy | sed "s/^ai.gimhae.go.kr/http:\/\/127.0.0.1:$port, http:\/\/x:$port/; 1s/{/{\nadmin off\n/; s/idle 2m/idle 1s/" >"$work/Caddyfile"
	check "nor behind Caddy" proxied env HOME="$work" XDG_CONFIG_HOME="$work" XDG_DATA_HOME="$work" \
		caddy run --config "$work/Caddyfile" --adapter caddyfile
else
	echo "skipped: Caddy is not installed"
fi
all_done
