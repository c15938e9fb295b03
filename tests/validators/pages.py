"""Saves a page of every kind, as every kind of reader has it: pages.py GAYA URL DATA OUT KEY.

Follows links from the start pages, in each language, as nobody and as four people of the office, and takes
a page of each route (gaya show routes) and reader. What no link leads to is asked for and sent here:
forms with what is wrong in them, receipts, a supplier's page, an import, a consultation, which jiho's KEY signs. Prints the routes of pages
that it found no page of; the names of the files say whose and of which route they are."""
import base64
import collections
import datetime
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "http"))
from form_browser import Browser, Page  # noqa: E402

GAYA, BASE, DATA, OUT, KEY = sys.argv[1:]
LANGUAGES = ["ko", "en"]
# What answers with something else than a page of its own, or only redirects.
NO_PAGES = r"/(feed\.atom|sheet\.csv|receipt\.tlog-proof|passkey|files/\{sha256\})$|/prepare/|/$"
saved = collections.Counter()
seen = set()
covered = set()


def routes():
    told = subprocess.run([GAYA, "show", "routes"], capture_output=True, check=True).stdout.decode()
    patterns = [line.split()[1] for line in told.splitlines() if line.startswith("GET")]
    return [(p, re.compile(re.sub(r"\\\{[a-z0-9]+\\?\.?\\\}", "[^/]+", re.escape(p)) + "$"))
            for p in patterns if p.startswith("/{lang}/") and (p == "/{lang}/" or not re.search(NO_PAGES, p))]


ROUTES = routes()


def route_of(path):
    """The most exact one: the one with the most words of its own."""
    fitting = [p for p, fits in ROUTES if fits.match(urllib.parse.unquote(path))]
    return max(fitting, key=lambda p: (-p.count("{"), len(p))) if fitting else None


def save(page, who, said=""):
    """Keeps a page unless it has enough of its kind."""
    if "<!doctype html>" not in page.text[:20]:
        return
    path, _, query = page.path.partition("?")
    route = route_of(path) or "none"
    lang = path.split("/")[1]
    kind = (who, lang, route, "&".join(sorted(urllib.parse.parse_qs(query))), page.status, said)
    if page.status == 200:
        covered.add(route)
    if saved[kind] and not said:
        return
    saved[kind] += 1
    name = re.sub(r"[^a-z0-9]+", "-", " ".join(str(k) for k in kind)).strip("-") + f"-{saved[kind]}"
    with open(os.path.join(OUT, name + ".html"), "w", encoding="utf-8", newline="") as file:
        file.write(page.text)


def crawl(b, who, starts):
    """What links lead to from there, two of a kind: the first may be another's, and not found. Who is signed in
    has a public page like everybody, but for the bar on top of it: one is enough."""
    asked = collections.Counter()
    waiting = collections.deque(starts)
    known = set(starts)
    while waiting:
        path = waiting.popleft()
        kind = (route_of(path.split("?")[0]), path.split("/")[1], "&".join(sorted(urllib.parse.parse_qs(path.partition("?")[2]))))
        if asked[kind] >= 2:
            continue
        asked[kind] += 1
        page = b.get(path)
        save(page, who)
        for link in page.links:
            to = urllib.parse.urljoin(path, link).split("#")[0]
            route = route_of(to.split("?")[0]) if to.startswith("/") and to not in known else None
            if route and (who == "nobody" or "/office" in route):
                known.add(to)
                waiting.append(to)


def sign_in(login):
    b = Browser(BASE)
    b.send(b.get("/ko/office/sign-in").form("password"), login=login, password=f"four {login}s on a tram")
    assert "__Host-gaya=" in b.headers.get("Cookie", ""), login
    return b


def multipart(b, path, fields, file):
    body = b"".join(f'--b0\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields)
    body += b'--b0\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n' + file + b"\r\n--b0--\r\n"
    b.connection.request("POST", path, body, {**b.headers, "Content-Type": "multipart/form-data; boundary=b0"})
    answer = b.connection.getresponse()
    return Page(answer.status, path, answer.read().decode())


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def signed(text):
    """The text as a C2SP note by KEY, as web/static/sign.js makes it; openssl signs."""
    with open(KEY, encoding="ascii") as file:
        _, _, name, id, secret = file.read().strip().split("+", 4)
    der = bytes.fromhex("302e020100300506032b657004220420") + base64.b64decode(secret)[1:]
    with tempfile.TemporaryDirectory() as folder:
        for part, content in (("key", der), ("text", text.encode())):
            with open(f"{folder}/{part}", "wb") as file:
                file.write(content)
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", f"{folder}/key",
                                    "-in", f"{folder}/text"], capture_output=True, check=True).stdout
    return f"{text}\n— {name} {base64.b64encode(bytes.fromhex(id) + signature).decode()}\n"


def consultation(b):
    """The public is asked about a planned system, and somebody answers."""
    systems = json.loads(b.get("/api/v1/systems?status=planned").text)["systems"]
    slug = systems[0]["slug"]
    closes = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()
    shown = re.search(r'data-shown="(\d+)"', b.get(f"/ko/office/systems/{slug}").text).group(1)
    prepared = json.loads(b.get(f"/ko/office/prepare/consult/{slug}?closes={closes}&shown={shown}").text)
    content = canonical({"question": {"ko": "밤에 멈추어도 됩니까?", "en": "May it stop at night?"}, "salt": "0" * 32}).encode()
    event = {**prepared["event"], "content": {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
                                              "type": "application/json"}}
    b.connection.request("POST", "/api/v1/events", json.dumps({"entry": signed(canonical(event) + "\n"), "content": content.decode()}),
                         b.headers)
    answer = b.connection.getresponse()
    assert answer.read() and answer.status < 300, (answer.status, prepared)
    citizen = Browser(BASE)
    citizen.send(citizen.get(f"/ko/systems/{slug}/consultation").form("text"), text="밤에는 괜찮습니다.")
    return slug


def citizens(lang):
    b = Browser(BASE)
    for at in (f"/{lang}/feedback", f"/{lang}/systems/civil-chatbot/feedback"):
        save(b.send(b.get(at).form("text"), text="", email="no address"), "nobody", "wrong")
    page = b.send(b.get(f"/{lang}/systems/civil-chatbot/feedback").form("text"), text="누가 제 글을 읽습니까?", name="홍길동")
    save(page, "nobody")
    save(b.send(page.form("code"), code="") if any(n == "code" for f in page.forms for n, _ in f["fields"]) else page, "nobody")
    api = "/api/v1/systems?limit=100", "/api/v1/departments"
    systems, departments = (json.loads(b.get(at).text)[at.split("/")[3].split("?")[0]] for at in api)
    for status in sorted({s["status"] for s in systems}):
        save(b.get(f"/{lang}/systems/" + [s["slug"] for s in systems if s["status"] == status][0]), "nobody", status)
    for coverage in sorted({d["coverage"] for d in departments}):
        save(b.get(f"/{lang}/departments/" + [d["slug"] for d in departments if d["coverage"] == coverage][0]), "nobody", coverage)
    for at in ("systems?q=zzzz", "systems?q=챗봇", "nothing-of-the-sort", "systems?page=99", "systems?sort=none", "systems/none",
               "systems/civil-chatbot?as-of=2026-06-01", "systems/civil-chatbot/versions/2/changes",
               "systems/civil-chatbot/versions/1", "systems/civil-chatbot/versions/9"):
        save(b.get(f"/{lang}/{at}"), "nobody", re.sub("[^a-z0-9]+", "-", at))
    page = b.get(f"/{lang}/office/sign-in")
    save(page, "nobody")
    save(b.send(page.form("password"), login="minji", password="wrong"), "nobody", "wrong")
    save(b.get(f"/{lang}/office/code"), "nobody")
    told = subprocess.run([GAYA, "account", "add", "--data", DATA, "--login", f"new-{lang}", "--name", "한새봄", "--email",
                           "new@gimhae.example", "--clock-is-right"], capture_output=True, check=True).stdout.decode()
    path = re.search(r"/office/invitation/[0-9a-f]{64}", told)[0]
    page = b.get(f"/{lang}{path}")
    save(page, "nobody")
    save(b.send(page.forms[-1]), "nobody", "wrong")


def writers(b, lang):
    """Drafts, with all steps, what is wrong in them, their supplier's page; an import."""
    people = sqlite3.connect(os.path.join(DATA, "people.db"))
    page = b.get(f"/{lang}/office/drafts")
    form = [f for f in page.forms if ["system", ""] in f["fields"]][0]
    save(b.send(form, system="Not A Name"), "minji", "wrong")
    for system in (f"new-{lang}", "smart-water"):
        answer = b.send(form, system=system)
        if answer.status == 409:  # it is published already: the page leads to its correction
            save(answer, "minji", "published")
            b.send([f for f in answer.forms if ["copy", system] in f["fields"]][0])
        id, = people.execute("SELECT id FROM draft WHERE system = ?", (system,)).fetchone()
        at = f"/{lang}/office/drafts/{id}"
        page = b.get(at)
        save(page, "minji", "draft")
        steps = sorted(set(re.findall(rf'href="{at}/([a-z0-9-]+)["#]', page.text)) - {"sign", "supplier"})
        for step in steps:
            page = b.get(f"{at}/{step}")
            save(page, "minji", f"{system}-{step}")
            if system != "smart-water":
                names = [n for n, _ in page.form("revision")["fields"] if n not in ("csrf", "revision")]
                page = b.send(page.form("revision"), "preview", **{n.replace(".", "__"): "2026-13-99 x@" for n in names[:40]})
                save(page, "minji", f"wrong-{step}")
        save(b.get(f"{at}/sign"), "minji", f"sign-{system}")
        page = b.get(f"{at}/supplier")
        page = b.send(page.form("days"), "link", supplier="ACME", days="3")
        save(page, "minji", f"supplier-{system}")
        link = re.search(rf"/{lang}/supplier/[0-9a-f]{{64}}", page.text)
        supplier = Browser(BASE)
        page = supplier.get(link[0])
        save(page, "supplier", system)
        form_ = [f for f in page.forms if f["method"] == "post"][0]
        save(supplier.send(form_, "save", limitations__ko="밤에 틀립니다.", limitations__en="Wrong at **night**."), "supplier", "saved")
        save(supplier.send(form_, "preview", limitations__ko="**밤**", website="no address"), "supplier", "wrong")
        save(b.get(f"{at}/supplier"), "minji", f"answered-{system}")
        save(b.get(at), "minji", "answered")
    page = b.get(f"/{lang}/office/import")
    fields = [(k, v) for k, v in page.form("profile")["fields"] if k != "file"]
    rows = subprocess.run([GAYA, "export", "--data", DATA, "--profile", "csv"], capture_output=True, check=True).stdout
    save(multipart(b, f"/{lang}/office/import", fields, rows.replace(b"Waterworks", b"Water works")), "minji", "import")
    save(multipart(b, f"/{lang}/office/import", fields, b"no,such,columns\r\n1,2\r\n"), "minji", "import-wrong")
    for kind, text in (("figures", "values"), ("incidents", "text")):
        page = b.get(f"/{lang}/office/reports/smart-water/{kind}")
        save(page, "minji", kind)
        for form_ in [f for f in page.forms if f["action"].endswith(kind) and f["method"] == "post"][:3]:
            save(b.send(form_), "minji", f"{kind}-wrong")


def answers(b, who, lang):
    """Sends an answer with a telephone number, which comes back marked. GET shows the question's page at that address."""
    listed = b.get(f"/{lang}/office/lists/questions").text
    for at in sorted(set(re.findall(rf"/{lang}/office/questions/[0-9a-f]{{32}}", listed))):
        save(b.get(f"{at}/answer"), who)
        for form in [f for f in b.get(at).forms if "/answer" in f["action"]]:
            save(b.send(form, **{"text.ko": "010-1234-5678로 전화하십시오.", "text.en": "Call 010-1234-5678."}), who, "personal")


def account(b, who, lang):
    page = b.get(f"/{lang}/office/account")
    save(page, who, "account")
    for form in page.forms:
        # Not those that end sessions, this one too.
        if form["action"].endswith("/account") and any("password" in name for name, _ in form["fields"]):
            save(b.send(form), who, "account-sent")


def administrator(b, lang):
    for at, what in (("rules", "rules"), ("people", "people")):
        for form in b.get(f"/{lang}/office/{at}").forms:
            if form["action"].endswith(f"/{at}"):
                save(b.send(form), "sora", what)


def main():
    os.makedirs(OUT, exist_ok=True)
    desk = {who: sign_in(who) for who in ("minji", "jiho", "sora", "narae")}
    asked = consultation(desk["jiho"])
    for lang in LANGUAGES:
        citizens(lang)
        save(Browser(BASE).get(f"/{lang}/systems/{asked}/consultation"), "nobody")
        save(desk["jiho"].get(f"/{lang}/office/consultations/{asked}"), "jiho", "open")
        crawl(Browser(BASE), "nobody", [f"/{lang}/", f"/{lang}/withholding"])
        writers(desk["minji"], lang)
        for who, b in desk.items():
            crawl(b, who, [f"/{lang}/{at}" for at in ("", "office", "office/lists/duties", "office/lists/questions")])
            answers(b, who, lang)
            account(b, who, lang)
        administrator(desk["sora"], lang)
    missing = sorted({p for p, _ in ROUTES} - covered)
    print(json.dumps({"pages": sum(saved.values()), "routes": len(covered - {"none"}), "missing": missing}))


main()
