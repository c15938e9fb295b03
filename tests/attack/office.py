"""Attacks on the office in the browser, as far as HTTP goes: office.py GAYA URL people.db PASSWORD-FILE PAGES.

Prints "ok - …" for each sentence that holds. PAGES gets the addresses that show the payloads, with the session
that sees them, for the Chromium that tests/browser/hostile_pages.mjs opens them in."""
import base64
import hashlib
import hmac
import html.parser
import http.client
import json
import os
import re
import sqlite3
import struct
import subprocess
import sys
import time
import traceback
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../http"))
from form_browser import Browser  # noqa: E402
from payloads import PAYLOADS  # noqa: E402

GAYA, BASE, PEOPLE, PASSWORD, PAGES = sys.argv[1:]
PASSWORD = open(PASSWORD, encoding="utf-8").read().rstrip("\n")
db = sqlite3.connect(PEOPLE)
tests, shown = [], []


def test(function):
    tests.append(function)
    return function


def sign_in(login):
    b = Browser(BASE)
    b.send(b.get("/ko/office/sign-in").form("password"), login=login, password=PASSWORD)
    assert "__Host-gaya=" in b.headers.get("Cookie", ""), login
    return b


def token(b):
    return re.search(r'name="csrf" value="([0-9a-f]{64})"', b.get("/ko/office/account").text)[1]


def post(path, fields, headers=None, body=None):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(BASE).netloc, timeout=60)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, body if body is not None else urllib.parse.urlencode(fields), {**kind, **(headers or {})})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode(errors="replace")


def show(name):
    return subprocess.run([GAYA, "show", name], capture_output=True, text=True, check=True).stdout.splitlines()[1:]


VALUES = {"lang": "ko", "n": "999999", "act": "approve", "id": "0" * 32, "token": "0" * 64, "group": "0", "step": "identity"}
POSTS = [re.sub(r"{(\w+)\.?}", lambda x: VALUES.get(x[1], "0" * 32), path) for method, path, *_ in map(str.split, show("routes"))
         if method == "POST" and path.startswith("/{lang}/office")]


class Marks(html.parser.HTMLParser):
    """What of a page is more than text: payloads must be in none of it."""

    def __init__(self, text):
        super().__init__()
        self.wrong, self.raw = [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.raw = tag
        for name, value in attrs:
            at = "pwned" in name or "evil.example" in name or name.startswith("on") or name == "srcdoc"
            if name in ("href", "src", "action", "formaction", "data") and value:
                at |= bool(re.match(r"[\s\x00-\x20]*(javascript|data|vbscript):", value, re.I)) or "//evil.example" in value
            if at:
                self.wrong.append(f"<{tag} {name}={value!r}>"[:160])
        if tag in ("iframe", "object", "embed", "base", "math", "animate", "marquee", "xss", "template", "audio", "video"):
            self.wrong.append(f"<{tag}>")

    def handle_endtag(self, tag):
        self.raw = None

    def handle_data(self, data):
        if self.raw and "pwned" in data:
            self.wrong.append(f"in <{self.raw}>: {data[:80]}")

    def handle_comment(self, data):
        if "pwned" in data:
            self.wrong.append(f"<!--{data[:80]}")


def numbered(payloads):
    return sum("pwned=" in p for p in payloads)


def harmless(b, path, page, least):
    """Holds `least` numbered payloads, and all of them as text."""
    wrong = Marks(page.text).wrong
    assert not wrong, (path, wrong[:5])
    found = len(set(re.findall(r"pwned=(\d+)", page.text)))
    assert found >= least, f"{path} shows {found} payloads, not {least}"
    shown.append([path, b.headers["Cookie"]])


# --- scripts in every field ---


@test
def the_check_itself_finds_each_payload_that_a_page_would_run():
    found = [p for p in PAYLOADS if Marks(f"<p>{p}</p>").wrong]
    assert len(found) >= 200, len(found)


def text_fields(page):
    """Names of the inputs of a draft's form that take any text."""
    names = []
    for tag, attributes in re.findall(r"<(input|textarea)\b([^>]*)>", page.text):
        name, kind = re.search(r'name="([^"]+)"', attributes), re.search(r'type="([^"]+)"', attributes)
        if name and (tag == "textarea" or not kind or kind[1] in ("text", "url", "email", "tel", "search")):
            names.append(name[1])
    return [n for n in names if n not in ("find", "csrf", "revision", "seen")]


@test
def every_text_of_a_draft_holds_every_payload_and_its_pages_none_as_code():
    page = minji.get("/ko/office/drafts")
    form = [f for f in page.forms if ["system", ""] in f["fields"]][0]
    page = minji.send(form, system="hostile-words", copy="civil-chatbot")
    at = page.location.split("?")[0]
    steps = re.findall(rf'href="({re.escape(at)}/[a-z0-9-]+)">', page.text.split('<ol class="steps">')[1].split("</ol>")[0])
    fields = 0
    for path in steps:
        page = minji.get(path)
        names = text_fields(page)
        fields += len(names)
        for part in range(16 if names else 1):
            some = " ".join(PAYLOADS[part::16])
            again = minji.send(page.form("revision"), "save", follow=False, **{n.replace(".", "__"): some for n in names})
            assert again.status in (200, 303, 400, 422), (path, again.status)
            page = minji.get(path)
            if names:
                harmless(minji, path, page, numbered(PAYLOADS[part::16]))
    assert fields > 30, fields
    for path in (at, f"{at}?find=" + urllib.parse.quote(PAYLOADS[0]), f"{at}/sign", "/ko/office/drafts"):
        page = minji.get(path)
        assert not Marks(page.text).wrong, (path, Marks(page.text).wrong[:3])
        shown.append([path, minji.headers["Cookie"]])


@test
def what_is_refused_comes_back_as_text_from_every_form():
    csrf = token(sora)
    for n in range(0, len(PAYLOADS), 20):
        some = " ".join(PAYLOADS[n:n + 20])
        for path, fields in (("/ko/office/sign-in", {"login": some, "password": some, "to": some}), ("/ko/office/code", {"code": some, "to": some}),
                             ("/ko/office/people", {"csrf": csrf, "do": "add", "login": some[:1000], "email": some[:1000], "name": some[:1000]}),
                             ("/ko/office/account", {"csrf": csrf, "do": "passkey", "name": some, "challenge": some}),
                             ("/ko/office/account", {"csrf": csrf, "do": "key", "vkey": some}),
                             ("/ko/office/rules", {"csrf": csrf, "from": some, "reason.ko": some, "reason.en": some}),
                             ("/ko/office/rules", {"csrf": csrf, "from": "2099-01-01", "reason.ko": some[:1000], "two_approvals." + some[:99]: some}),
                             ("/ko/office/duties/civil-kiosk/kr-public-ai-act/krp.32.1", {"csrf": csrf, "person": some, "day": some}),
                             ("/ko/office/account", {"csrf": csrf, "do": some})):
            status, _, text = post(path, fields, sora.headers if "csrf" in fields else None)
            assert status != 500 and not Marks(text).wrong, (path, status, Marks(text).wrong[:3])  # 503: too many sign in


@test
def every_payload_is_a_comment_and_stands_as_text():
    at = db.execute("SELECT id FROM draft WHERE system = 'hostile-words'").fetchone()[0]
    path, csrf = f"/ko/office/drafts/{at}", token(minji)
    for part in range(12):
        status, _, text = post(path, {"csrf": csrf, "do": "comment", "field": "name" if part else "name\r\nSet-Cookie: a=b", "text": " ".join(PAYLOADS[part::12])[:1900],
                                      "comment": " ".join(PAYLOADS[part::12])[:1900]}, minji.headers)
        assert status < 500 and not Marks(text).wrong, (status, Marks(text).wrong[:3])
    page = minji.get(path)
    assert not Marks(page.text).wrong, Marks(page.text).wrong[:3]


@test
def every_payload_is_a_person_s_name_a_passkey_s_and_a_browser_s_key_s_and_stands_as_text():
    csrf, least, made = token(sora), numbered(PAYLOADS), 0
    db.execute("PRAGMA foreign_keys = ON")
    for n, payload in enumerate(PAYLOADS):
        status, _, text = post("/ko/office/people", {"csrf": csrf, "do": "add", "login": f"by-form{n}", "email": "n@city.example", "name": payload}, sora.headers)
        wrong = Marks(text).wrong if status != 200 or n % 80 == 0 else ()  # the page shows those of before, too
        assert status < 500 and not wrong, (payload, status, wrong[:3])
        if status == 200 and n % 80 == 0:  # or each page from here on would show hundreds that were just looked at
            with db:
                made += db.execute("DELETE FROM account WHERE login LIKE 'by-form%'").rowcount
    made += db.execute("SELECT count(*) FROM account WHERE login LIKE 'by-form%'").fetchone()[0]
    assert made > 200, made
    # What no form takes may be there all the same: from a backup, an earlier version, a machine's hand.
    me = db.execute("SELECT id FROM account WHERE login = 'minji'").fetchone()[0]
    with db:
        for n, payload in enumerate(PAYLOADS):
            db.execute("INSERT OR IGNORE INTO account (id, login, name, email, language, made) VALUES (?, ?, ?, ?, 'ko', 0)",
                       (f"{n:032x}", f"named{n}", payload, payload))
            db.execute("INSERT INTO passkey (credential, account, algorithm, key, count, name, made) VALUES (?, ?, -7, x'00', 0, ?, 0)",
                       (b"hostile" + bytes([n >> 8, n & 255]), me, payload))
            db.execute("INSERT INTO asked_key (vkey, account, at, browser) VALUES (?, ?, 0, ?)", (f"{payload}+{n:08x}+AA==", me, payload))
        db.execute("UPDATE account SET name = ? WHERE id = ?", (" ".join(PAYLOADS[:2]), me))
    for b, path, some in ((sora, "/ko/office/people", least), (minji, "/ko/office/account", least), (minji, "/ko/office", 0), (sora, "/ko/office", 0),
                          (jiho, "/ko/office", 0)):
        b.connection.close()  # idle for as long as the posts above took
        harmless(b, path, b.get(path), some)
    with db:
        db.execute("UPDATE account SET name = '김민지' WHERE id = ?", (me,))


@test
def every_payload_is_a_supplier_s_name_and_answer_and_stands_as_text():
    at = db.execute("SELECT id FROM draft WHERE system = 'hostile-words'").fetchone()[0]
    path, csrf = f"/ko/office/drafts/{at}/supplier", token(minji)
    status, _, text = post(path, {"csrf": csrf, "do": "link", "supplier": PAYLOADS[0][:190], "days": "3"}, minji.headers)
    link = re.search(r"/ko/supplier/[0-9a-f]{64}", text)[0]
    stranger = Browser(BASE)
    for part in range(16):
        some = " ".join(PAYLOADS[part::16])
        page = stranger.get(link)
        names = text_fields(page)
        page = stranger.send([f for f in page.forms if f["method"] == "post"][0], "save", **{n.replace(".", "__"): some for n in names})
        assert len(names) > 10 and page.status == 200 and not Marks(page.text).wrong, (page.status, Marks(page.text).wrong[:3])
        page = minji.get(path)
        assert numbered(PAYLOADS[part::16]) <= len(set(re.findall(r"pwned=(\d+)", page.text))) and not Marks(page.text).wrong, Marks(page.text).wrong[:3]
    take = [f for f in page.forms if ("do", "take") in f["buttons"]][0]
    page = minji.send(take, "take", **{"take." + n: "1" for n in ("limitations", "performance", "provider")})
    assert page.status == 200 and not Marks(page.text).wrong
    for step in ("technology", "metadata", "data"):
        page = minji.get(f"/ko/office/drafts/{at}/{step}")
        assert not Marks(page.text).wrong, (step, Marks(page.text).wrong[:3])
    shown.append([path, minji.headers["Cookie"]])


def with_payloads(value, payload):
    """A file about a model in which every text but those by which its format is known is a payload."""
    if isinstance(value, dict):
        known = ("bomFormat", "specVersion", "type", "@type", "spdxId", "@id", "@context", "@graph", "from", "relationshipType", "bom-ref", "ref")
        return {k: v if k in known and not isinstance(v, (dict, list)) else with_payloads(v, payload) for k, v in value.items()}
    if isinstance(value, list):
        return [with_payloads(one, payload) for one in value]
    return payload if isinstance(value, str) else value


def card_bodies():
    """Each payload in a file of each format, in few files: every file costs a process that compiles a program."""
    for format in ("cyclonedx", "spdx", "huggingface"):
        with open(os.path.join(os.path.dirname(__file__), f"../../policies/modelcards/{format}/cases.json"), encoding="utf-8") as f:
            file = json.load(f)[0]["file"]
        for n in range(0, len(PAYLOADS), 20):
            some = " ".join(PAYLOADS[n:n + 20])
            if format != "huggingface":
                yield format, json.dumps(with_payloads(file, some))
            else:
                line = re.sub(r"[\r\n]+", " ", some)
                yield format, f"---\npipeline_tag: {line}\nmodel_name: {line}\ndatasets:\n- {line}\n---\n# {line}\n" + "".join(
                    f"## {title}\n{line}\n- {line}\n" for title in ("Limitations", "Bias", "Training Data", "Evaluation", "Uses", "Model Description"))


def send_card(link, file):
    part = '--b0\r\nContent-Disposition: form-data; name='
    body = f'{part}"do"\r\n\r\nfile\r\n{part}"file"; filename="card"\r\n\r\n'.encode() + file + b"\r\n--b0--\r\n"
    return post(link, None, {"Content-Type": "multipart/form-data; boundary=b0"}, body=body)


@test
def every_payload_stands_in_a_file_about_a_model_and_comes_back_as_text():
    at = db.execute("SELECT id FROM draft WHERE system = 'hostile-words'").fetchone()[0]
    _, _, text = post(f"/ko/office/drafts/{at}/supplier", {"csrf": token(minji), "do": "link", "supplier": "ACME", "days": "3"}, minji.headers)
    link, found = re.search(r"/ko/supplier/[0-9a-f]{64}", text)[0], set()
    for format, body in card_bodies():
        status, _, text = send_card(link, body.encode())
        assert status == 200 and not Marks(text).wrong, (status, body[:80], Marks(text).wrong[:3])
        found |= {(format, n) for n in re.findall(r"pwned=(\d+)", text)}
    assert len(found) == 3 * numbered(PAYLOADS), len(found)


@test
def a_file_about_a_model_of_another_kind_or_size_or_a_bomb_is_refused():
    at = db.execute("SELECT id FROM draft WHERE system = 'hostile-words'").fetchone()[0]
    _, _, text = post(f"/ko/office/drafts/{at}/supplier", {"csrf": token(minji), "do": "link", "supplier": "ACME", "days": "3"}, minji.headers)
    link = re.search(r"/ko/supplier/[0-9a-f]{64}", text)[0]
    components = [{"type": "data", "bom-ref": "d", "data": [{"description": "x" * 20, "sensitiveData": ["y"] * 50}]}] * 1500
    bomb = {"bomFormat": "CycloneDX", "components": components + [{"type": "machine-learning-model", "name": "m", "modelCard": {
        "modelParameters": {"datasets": [{"ref": "d"}] * 1500}}}]}
    graph = [{"type": "ai_AIPackage", "spdxId": "m", "name": "m"}] + [{"type": "Relationship", "relationshipType": "trainedOn", "from": "m", "to": ["m"] * 900}] * 12
    for name, file, statuses in (("a program", b"\x7fELF" + b"\0" * 99, (400,)), ("a picture", b"\x89PNG\r\n\x1a\n", (400,)), ("a ZIP", b"PK\x03\x04" + b"\0" * 99, (400,)),
                                 ("gzip", b"\x1f\x8b\x08\0" + b"\xff" * 99, (400,)), ("a page", b"<!doctype html><script>alert(1)</script>", (400,)),
                                 ("too large", b"{" + b" " * (1 << 20) + b"}", (413,)), ("far too large", b"x" * (5 << 20), (413,)),
                                 ("nested lists", b'{"bomFormat": "CycloneDX", "a": ' + b"[" * 200000 + b"]" * 200000 + b"}", (400,)),
                                 ("nested components", b'{"bomFormat": "CycloneDX", "components": [' + b'{"components": [' * 5000 + b"]}" * 5000 + b"]}", (400,)),
                                 ("a product of references", json.dumps(bomb).encode()[:1 << 20], (400, 413)), ("a product of relations", json.dumps({"@graph": graph * 8}).encode(), (400, 413)),
                                 ("a long line of stars", b"---\na: b\n---\n## Limitations\n" + b"*" * 900000, (200, 400, 413)),
                                 ("comments that do not end", b"---\na: b\n---\n## Limitations\n" + b"<!--" * 200000, (400, 413)),
                                 ("a YAML anchor that doubles", b"---\na: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(2000)) + b"---\n", (400, 413)),
                                 ("a number beyond all", b'{"bomFormat": "CycloneDX", "version": 1e999999999}', (400,)), ("half a pair", b'{"bomFormat": "CycloneDX", "a": "\\ud800"}', (400,))):
        status, _, text = send_card(link, file)
        assert status in statuses and not Marks(text).wrong, (name, status)
    assert db.execute("SELECT count(*) FROM supplier_link WHERE supplier = 'ACME' AND answer IS NOT NULL").fetchone() == (0,)


# --- forms of other sites ---


@test
def no_post_of_the_office_is_taken_from_another_site_s_page():
    assert len(POSTS) > 9, POSTS
    for path in POSTS:
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
                        {"Origin": BASE.replace("http:", "https:")[:-1] + "0"}):
            status, _, _ = post(path, {"csrf": token(sora)}, {**sora.headers, **headers})
            assert status == 403, (path, headers, status)


@test
def no_post_of_the_office_is_taken_without_its_session_s_token():
    for path in POSTS:
        if "/sign-in" in path or "/code" in path or "/invitation" in path:
            continue  # nobody is signed in there yet
        for fields in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": token(minji)}, {"csrf": token(sora)[:-1]}):
            status, _, _ = post(path, fields, sora.headers)
            assert status == 403, (path, fields, status)


# --- sessions, codes, links ---


@test
def a_session_that_was_brought_along_is_not_the_one_that_is_signed_in():
    brought = "__Host-gaya=" + "ab" * 32
    status, headers, _ = post("/ko/office/sign-in", {"login": "minji", "password": PASSWORD}, {"Cookie": brought})
    given = re.search(r"__Host-gaya=[0-9a-f]{64}", headers["Set-Cookie"])[0]
    assert status == 303 and given != brought
    page = Browser(BASE)
    page.headers["Cookie"] = brought
    assert page.ask("GET", "/ko/office/account", follow=False).status == 303
    for forged in (given[:-1], given + "0", given.upper(), given.replace("__Host-gaya", "__host-gaya"), f"{brought}; {given}"):
        page.headers["Cookie"] = forged
        assert page.ask("GET", "/ko/office/account", follow=False).status == 303, forged


def code_of(secret, step=0):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff) % 1000000)


@test
def codes_of_an_app_and_recovery_codes_let_in_once_and_no_drifted_one_does():
    b = sign_in("coder")
    csrf = token(b)
    _, _, text = post("/ko/office/account", {"csrf": csrf, "do": "totp"}, b.headers)
    secret = re.sub(r"\s", "", re.search(r'<code class="secret">([^<]+)</code>', text)[1]).upper()
    status, _, text = post("/ko/office/account", {"csrf": csrf, "do": "totp-confirm", "code": code_of(secret)}, b.headers)
    recovery = re.findall(r"<li><code>([a-z2-7-]{19})</code>", text)
    assert status == 200 and len(recovery) == 10, (status, len(recovery))

    def half():
        one = Browser(BASE)
        answer = one.send(one.get("/ko/office/sign-in").form("password"), login="coder", password=PASSWORD)
        assert answer.path.endswith("/office/code") and answer.form("code"), answer.path
        assert one.ask("GET", "/ko/office/account", follow=False).status == 303, "half a session is a session"
        return one, answer

    one, page = half()
    used = code_of(secret)
    for wrong in (used, code_of(secret, -4), code_of(secret, 4), "000000", "", "1" * 2000):
        if one.send(page.form("code"), code=wrong, follow=False).status == 303:
            raise AssertionError(f"{wrong[:8]} let in")
    answer = one.send(page.form("code"), code=recovery[0], follow=False)
    assert answer.status in (303, 429), answer.status
    if answer.status == 303:
        two, page = half()
        assert two.send(page.form("code"), code=recovery[0], follow=False).status != 303, "a recovery code let in twice"


@test
def an_invitation_sets_a_password_once():
    _, _, text = post("/ko/office/people", {"csrf": token(sora), "do": "add", "login": "once", "email": "o@city.example", "name": "한번만"}, sora.headers)
    link = re.search(r"/ko/office/invitation/[0-9a-f]{64}", text)[0]
    fields = {"password": "seven boats in a row", "again": "seven boats in a row"}
    assert post(link, fields)[0] == 303
    assert post(link, fields)[0] in (404, 410)
    assert post(link[:-1] + ("0" if link[-1] != "0" else "1"), fields)[0] == 404


@test
def no_address_of_the_office_leads_elsewhere():
    for to in ("https://evil.example/", "//evil.example", "/\\evil.example", "/ko/office/../../../evil", "/ko/office/%2e%2e/x", "/en/office/x",
               "javascript:alert(1)", "/ko/office//evil.example", "/ko/office/x\r\nSet-Cookie: a=b", " /ko/office/people", "/ko/office/people?x=//evil.example"):
        for lang_path in ("/ko/office/sign-in", ):
            _, headers, _ = post(lang_path, {"login": "minji", "password": PASSWORD, "to": to})
            went = headers["Location"] or ""
            assert re.fullmatch(r"/ko/office(/[a-z0-9/_-]+)?", went) and "evil" not in went.split("office", 1)[0], (to, went)
        page = Browser(BASE).get("/ko/office/sign-in?to=" + urllib.parse.quote(to, safe=""))
        hidden = re.search(r'name="to" value="([^"]*)"', page.text)
        assert not hidden or re.fullmatch(r"/ko/office/[a-z0-9/_-]+", hidden[1]), (to, hidden)


# --- more than was asked for ---


@test
def members_that_a_form_does_not_ask_for_change_nothing():
    rows = "SELECT id, login, name, email, disabled, made_by FROM account WHERE login IN ('minji', 'sora') ORDER BY login"
    before, csrf = db.execute(rows).fetchall(), token(minji)
    more = {"id": "0" * 32, "account": before[1][0], "login": "root", "role": "administrator", "department": "ai-city-policy", "disabled": "1",
            "made_by": "", "passkeys": "9", "person": before[1][0], "way": "3", "proved": "99999999999", "session": "1"}
    for do in ("end-all", "codes", "totp", "password", "prove", "key"):
        post("/ko/office/account", {**more, "csrf": csrf, "do": do}, minji.headers)
    assert db.execute(rows).fetchall() == before
    assert minji.ask("GET", "/ko/office/people", follow=False).status == 403
    status, _, _ = post("/ko/office/people", {**more, "csrf": token(sora), "do": "add", "login": "newone", "email": "n@city.example", "name": "새 사람"}, sora.headers)
    made = db.execute("SELECT id, disabled, password, totp, made_by FROM account WHERE login = 'newone'").fetchone()
    assert status == 200 and made[0] != "0" * 32 and made[1:4] == (0, None, None) and made[4] == before[1][0], made


@test
def a_body_of_another_kind_or_too_large_is_refused():
    large = "x" * 40000
    for path in POSTS:
        if path.endswith("/identity"):
            continue  # a step of a draft has room for a record
        status, _, _ = post(path, None, sora.headers, body=f"csrf={token(sora)}&text={large * 16}")
        assert status in (400, 413), (path, status)
    for kind in ("multipart/form-data; boundary=x", "text/plain", "application/json"):
        status, _, _ = post("/ko/office/account", None, {**sora.headers, "Content-Type": kind}, body=json.dumps({"csrf": token(sora), "do": "end-all"}))
        assert status in (400, 403, 415), (kind, status)
    for path, body, kind in (("/api/v1/files", "GIF89a", "image/gif"), ("/api/v1/files", "<script>", "application/pdf"), ("/api/v1/events", "{}", "text/plain"),
                             ("/api/v1/events", "{" * 5000, "application/json")):
        status, _, _ = post(path, None, {"Content-Type": kind}, body=body)
        assert 400 <= status < 500, (path, kind, status)


@test
def a_file_of_records_is_taken_of_its_kind_and_size_and_of_its_department_alone():
    def send(b, *parts, kind="multipart/form-data; boundary=b0", csrf=None):
        body = b"".join(b"--b0\r\nContent-Disposition: form-data; name=" + name + b"\r\n\r\n" + data + b"\r\n" for name, data in
                        [(b'"csrf"', (csrf or token(b)).encode()), *parts])
        return post("/ko/office/import", None, {**b.headers, "Content-Type": kind}, body=body + b"--b0--\r\n")

    csv, partial = (b'"profile"', b"csv"), (b'"partial"', b"1")
    counted = "SELECT count(*) FROM draft"
    before = db.execute(counted).fetchone()
    for file, status in ((b"%PDF-1.7", 400), (b"PK\x03\x04" + b"\0" * 99, 400), (b"GIF89a\0", 400), (b"\x7fELF\0", 400), (b"<script>alert(1)</script>", 400),
                         (b"a,b\n" * (700 << 10), 413), (b"x" * (5 << 20), 413)):
        assert send(minji, csv, (b'"file"; filename="a.csv"', file))[0] == status, file[:9]
    assert send(auditor, csv, (b'"table"', b"name.ko\nx"))[0] == 403
    assert send(minji, csv, partial, (b'"table"', b"name.ko\nx"), csrf=token(sora))[0] == 403
    for profile in (b"../../etc", b"./profile", b"/tmp", b"dcat-ap", b"", b"csv\0"):
        assert send(minji, (b'"profile"', profile), (b'"table"', b"name.ko\nx"))[0] == 400, profile
    for n in range(0, len(PAYLOADS), 20):
        table = "name.ko\tgoal.ko\tid\t" + re.sub(r"[\s\"]", " ", PAYLOADS[n]) + "\n"
        table += "\n".join('"%s"\t"%s"\t\tx' % (p.replace('"', '""'), p.replace('"', '""')) for p in PAYLOADS[n:n + 20]) + "\n"
        name = re.sub(r'[\r\n"]', "", PAYLOADS[n])
        status, _, text = send(minji, csv, partial, (b'"file"; filename="%s"' % name.encode(), table.encode()))
        assert status in (200, 400) and not Marks(text).wrong, (status, Marks(text).wrong[:3])
    # A name in addresses is no path, and a department is the sender's own.
    kept = base64.b64encode("name.ko,id,register\n가,civil-chatbot,ai.gimhae.example/log\n나,,".encode())
    status, _, text = send(minji, (b'"do"', b"drafts"), csv, partial, (b'"department"', b"transport"), (b'"kept"', kept), (b'"row"', b"3"),
                           (b'"system.3"', b"../../x"))
    assert status == 400, status
    assert db.execute(counted).fetchone() == before


@test
def what_is_prepared_to_be_signed_is_for_roles_that_may_sign_it():
    may = {row.split()[0]: row.split()[1:] for row in show("access")}
    roles = subprocess.run([GAYA, "show", "access"], capture_output=True, text=True, check=True).stdout.splitlines()[0].split()[1:]
    acts = {"file": "system.filed", "attach": "file.attached", "approve": "system.published", "return": "system.returned", "grant": "key.granted", "revoke": "key.revoked",
            "appoint": "person.appointed", "dismiss": "person.dismissed", "publish": "feedback.published", "withhold": "feedback.withheld",
            "answer": "feedback.answered"}
    for b, role in ((minji, "officer"), (head, "head"), (jiho, "reviewer"), (sora, "administrator"), (auditor, "auditor")):
        for act, type in acts.items():
            yes = dict(zip(roles, may[type]))[role] == "yes"
            status = b.get(f"/ko/office/prepare/{act}/{'0' * 32}").status
            assert (status != 403) == yes, (role, act, status)


minji, head, jiho, sora, auditor = map(sign_in, ("minji", "head", "jiho", "sora", "auditor"))
for one in tests:
    if not one.__name__.startswith(tuple(os.environ.get("ONLY", "").split()) or ""):
        continue
    for b in (minji, head, jiho, sora, auditor):
        b.connection.close()  # the server ends one that was idle meanwhile; the next request opens another
    sentence = one.__name__.replace("_s_", "'s ").replace("_", " ")
    try:
        one()
        print("ok -", sentence)
    except Exception:
        print("not ok -", sentence)
        print("    " + traceback.format_exc()[-1500:].replace("\n", "\n    "))
    sys.stdout.flush()
with open(PAGES, "w", encoding="utf-8") as out:
    json.dump(shown, out)
