"""Requests every address of the office as every role and as nobody: what `gaya show access` says, and no more.

access.py GAYA URL LOGIN=PASSWORD:ROLE …: a line a claim, as tests are counted."""
import http.client
import re
import subprocess
import sys
import urllib.parse

GAYA, URL, *PEOPLE = sys.argv[1:]
HOST = URL.split("://")[1]
PUBLIC = {"/{lang}/office/sign-in", "/{lang}/office/sign-in/passkey", "/{lang}/office/code", "/{lang}/office/invitation/{token}"}
VALUES = {"lang": "ko", "n": "999999", "act": "approve", "id": "0" * 32, "token": "0" * 64, "group": "0"}


def request(method, path, cookie="", body=None, headers=None):
    connection = http.client.HTTPConnection(HOST, timeout=60)
    headers = dict({"Sec-Fetch-Site": "same-origin"} if headers is None else headers)
    if cookie:
        headers["Cookie"] = cookie
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    return answer.status, answer.headers, text


def sign_in(login, password):
    status, headers, text = request("POST", "/ko/office/sign-in", body=urllib.parse.urlencode(
        {"login": login, "password": password}))
    if status != 303:
        sys.exit(f"not ok - {login} signs in: {status}")
    cookies.extend(headers.get_all("Set-Cookie"))
    return re.search(r"__Host-gaya=[0-9a-f]{64}", headers["Set-Cookie"])[0]


cookies = []


def table(name):
    return subprocess.run([GAYA, "show", name], capture_output=True, text=True, check=True).stdout.splitlines()


def claim(sentence, wrong):
    print("not ok -" if wrong else "ok -", sentence)
    for line in wrong[:20]:
        print("   ", line)


actions, roles = {}, table("access")[0].split()[1:]
for line in table("access")[1:]:
    action, *may = line.split()
    actions[action] = {role for role, yes in zip(roles, may) if yes == "yes"}
routes = []
for line in table("routes")[1:]:
    method, path, _, access = line.split()[:4]
    if path.startswith("/{lang}/office"):
        routes.append((method, path, access))

claim("every address of the office has a row that says who may", [f"{m} {p} has none" for m, p, a in routes
    if a not in actions and p not in PUBLIC] + ([] if len(routes) > 12 else ["there are too few"]))
wrong = []
guarded = [(m, re.sub(r"{(\w+)\.?}", lambda x: VALUES.get(x[1], "0" * 32), p), a) for m, p, a in routes if a in actions]
for method, path, _ in guarded:
    status, headers, text = request(method, path, body="csrf=x" if method == "POST" else None)
    # A long form comes back, to be sent again once its writer has signed in.
    kept = status == 403 and method == "POST" and "/office/sign-in" in text
    if not kept and (status != 303 or "/office/sign-in" not in headers.get("Location", "")):
        wrong.append(f"{method} {path} answers {status} to nobody")
claim("nobody is shown anything, and is asked to sign in", wrong)

wrong, without = [], []
for person in PEOPLE:
    login, _, rest = person.partition("=")
    password, _, role = rest.rpartition(":")
    cookie = sign_in(login, password)
    for method, path, access in guarded:
        may = role in actions[access] or access == "account"
        status, _, text = request(method, path, cookie, "csrf=x" if method == "POST" else None)
        if method == "POST" and status != 403:
            without.append(f"{method} {path} answers {status} to {role} without the session's token")
        if method == "GET" and (status == 403) == may and access != "desk":
            wrong.append(f"GET {path} ({access}) answers {status} to {role}")
claim("each role is let in where the table says so, and nowhere else", wrong)
claim("no form is taken without the token of its session", without)

cookie = sign_in(*PEOPLE[0].split(":")[0].split("="))
_, _, page = request("GET", "/ko/office", cookie)
csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)[1]
other = sign_in(*PEOPLE[0].split(":")[0].split("="))
status, _, _ = request("POST", "/ko/office/sign-out", other, f"csrf={csrf}")
claim("a token is of one session alone", [] if status == 403 else [f"another session's is answered {status}"])
status, headers, _ = request("POST", "/ko/office/sign-out", cookie, f"csrf={csrf}")
out = headers.get_all("Set-Cookie") or []
claim("each cookie is of this host alone, by https, hidden from scripts and from other sites' forms",
    [c for c in cookies + out if not re.fullmatch(r"__Host-gaya(-known)?=[0-9a-f]*(; Max-Age=\d+)?; Path=/; Secure; HttpOnly; SameSite=Lax", c)]
    + ([] if len(cookies) >= 2 * len(PEOPLE) else [f"there are {len(cookies)}"]))
claim("who signs out keeps no cookie of the session", [] if any(c.startswith("__Host-gaya=; Max-Age=0;") for c in out) else out or ["none is taken back"])
after, _, _ = request("GET", "/ko/office/account", cookie)
claim("who signs out is out", [] if (status, after) == (303, 303) else [f"{status}, then {after}"])
status, headers, _ = request("GET", "/ko/office/account", "__Host-gaya=" + "a" * 64)
claim("a session that somebody made up is none", [] if status == 303 else [str(status)])
wrong = []
for to in ("https://evil.example/", "//evil.example", "/ko/office/../../x", "/en/systems", "/ko/office/\\evil", "javascript:x"):
    _, headers, _ = request("POST", "/ko/office/sign-in", body=urllib.parse.urlencode(
        {"login": PEOPLE[0].split("=")[0], "password": PEOPLE[0].split("=")[1].split(":")[0], "to": to}))
    if headers["Location"] != "/ko/office":
        wrong.append(f"{to} leads to {headers['Location']}")
claim("a link to the sign-in leads to pages of the office alone", wrong)
_, headers, _ = request("GET", "/ko/office/sign-in")
claim("no page of the office is kept anywhere", [] if headers["Cache-Control"] == "no-store" else [headers["Cache-Control"]])
wrong = []
for host, fetch, told in (("10.0.0.5:8080", None, True), ("ai.gimhae.example", None, True), ("ai.gimhae.example", "none", False),
        ("127.0.0.1:8080", None, False), ("localhost:8080", None, False), ("[::1]:8080", None, False)):
    _, _, text = request("GET", "/en/office/sign-in", headers={"Host": host, **({"Sec-Fetch-Site": fetch} if fetch else {})})
    if ("You cannot sign in at this address" in text) != told:
        wrong.append(f"{host}, {fetch}: {'not told' if told else 'told'}")
claim("over plain http from another machine the sign-in page says that it cannot work, and nowhere else", wrong)
