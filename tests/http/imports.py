"""Files of records, row by row, and drafts of them: imports.py URL people.db PASSWORD-FILE CSV.

CSV is the register's own export. Prints "ok - …" for each sentence that holds."""
import csv
import io
import json
import os
import re
import sqlite3
import sys
import traceback
import urllib.request

from form_browser import Browser

BASE, PEOPLE, PASSWORD, CSV = sys.argv[1], sys.argv[2], open(sys.argv[3], encoding="utf-8").read().rstrip("\n"), sys.argv[4]
db = sqlite3.connect(PEOPLE)
tests = []
AT = "/ko/office/import"
US = os.path.realpath("policies/profiles/us-federal-2025/profile.json")


def test(function):
    tests.append(function)
    return function


def sign_in(login):
    b = Browser(BASE)
    b.send(b.get("/ko/office/sign-in").form("password"), login=login, password=PASSWORD)
    assert "__Host-gaya=" in b.headers.get("Cookie", ""), login
    return b


def send(b, form, file=None, name="file.csv", ticked=None, **changed):
    """A form with its file, as a browser sends it; `ticked`: rows, else those that the page ticks."""
    fields = [(k, changed.pop(k, v)) for k, v in form["fields"] if k != "file" and (ticked is None or k != "row")]
    fields += [(k, v) for k, v in changed.items()] + [("row", str(n)) for n in ticked or []]
    fields.sort(key=lambda one: one[0] not in ("csrf", "do", "profile", "department"))
    body = b"".join(f'--b0\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields)
    if "file" in dict(form["fields"]):
        body += f'--b0\r\nContent-Disposition: form-data; name="file"; filename="{name if file is not None else ""}"\r\n'.encode()
        body += b"Content-Type: text/csv\r\n\r\n" + (file or b"") + b"\r\n"
    return raw(b, body + b"--b0--\r\n")


def raw(b, body, kind="multipart/form-data; boundary=b0"):
    b.connection.request("POST", AT, body, {**b.headers, "Content-Type": kind})
    answer = b.connection.getresponse()
    text = answer.read().decode()
    page = type(b.get("/healthz"))(answer.status, AT, text)
    page.location = answer.getheader("Location")
    return page


def look(b, file=None, name="file.csv", **changed):
    return send(b, b.get(AT).form("profile"), file, name, **changed)


def sheet(rows, separator=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(rows[0])
    writer.writerows(r.values() if isinstance(r, dict) else r for r in rows[1:])
    return out.getvalue()


def ours():
    with open(CSV, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def drafts():
    return {s: (json.loads(r), f, n, d) for s, r, f, n, d in db.execute(
        "SELECT system, record, file, line, department FROM draft LEFT JOIN draft_source ON draft = id")}


def equal(expected, got):
    assert expected == got, f"{got!r} is not {expected!r}"


def has(text, page):
    assert text in page.text, f"{page.status}: no {text!r} in {re.sub('<[^>]+>', ' ', page.text)[-3000:]}"


def small(*rows):
    return sheet([["name.ko", "goal.ko", "id", "register", "nickname"], *rows])


@test
def the_register_s_own_sheet_tells_what_changes_and_what_is_another_department_s():
    rows = ours()
    mine = [r for r in rows if r["department_slug"] == "waterworks"]
    equal(1, len(mine))
    page = look(minji, sheet([rows[0].keys(), *rows]).encode())
    has("이 부서의 것이 아니어서", page)
    has("공개된 내용과 같은 줄", page)
    assert 'name="row"' not in page.text
    few = ["id", "register", "version", "name.ko", "goal.ko"]
    page = look(minji, sheet([few, [mine[0][c] for c in few]]).encode(), partial="1")
    has("공개된 내용과 같은 줄", page)
    page = look(minji, sheet([few, [*(mine[0][c] for c in few[:-1]), "더 빨리 찾습니다."]]).encode(), partial="1")
    assert "비게 되는 항목:" not in page.text, "a column that is not there empties a field"
    equal(1, len([v for k, v in page.form("kept")["fields"] if k == "row"]))
    mine[0]["goal.ko"] = "더 빨리 찾습니다."
    mine[0]["impact.en"] = ""
    page = look(minji, "\ufeff".encode() + sheet([rows[0].keys(), *rows]).encode(), name="물 기록.csv")
    has("<b>물 기록.csv</b>", page)
    has("비게 되는 항목:", page)
    assert not [v for k, v in page.form("kept")["fields"] if k == "row"], "a row that empties a field is ticked"
    before = drafts()
    made = send(minji, page.form("kept"), ticked=[page.text.split('name="row" value="')[1].split('"')[0]])
    equal(303, made.status)
    equal("/ko/office/drafts?imported=1", made.location)
    (system, (record, file, line, department)), = [d for d in drafts().items() if d[0] not in before]
    equal(("smart-water", "물 기록.csv", "waterworks", "더 빨리 찾습니다."), (system, file, department, record["goal"]["ko"]))
    assert line == int(page.text.split('name="row" value="')[1].split('"')[0])
    has("물 기록.csv", minji.get("/ko/office/drafts"))
    with urllib.request.urlopen(f"{BASE}/api/v1/systems/smart-water") as answer:
        published = json.load(answer)["published"]
    assert published["record"]["goal"]["ko"] != "더 빨리 찾습니다."
    assert "id" not in record and "lang" not in record


@test
def what_is_in_no_record_is_shown_with_its_rows():
    row = {"agency": "DOT", "agency_name": "Transport", "id": "DOT-1", "use_case_name": "Signals", "is_withheld": "No"}
    columns = json.load(urllib.request.urlopen("file://" + US))["export"]["columns"]
    table = sheet([columns, [row.get(c, "") for c in columns]])
    page = look(minji, table=table, profile="us-federal-2025")
    equal(200, page.status)
    has("옮기지 못한 값", page)
    has("<code>is_withheld</code> 1줄: “No” (2행)", page)


@test
def a_pasted_table_makes_drafts_of_the_rows_that_are_ticked_under_the_names_that_are_typed():
    table = small(["관로 점검", "점검합니다", "", "", "x"], ["수질 예측", "예측합니다", "", "", "x"]).replace(",", "\t")
    page = look(minji, table=table, partial="1")
    equal(200, page.status)
    has("<code>nickname</code>", page)
    form = page.form("kept")
    page = send(minji, form, ticked=[3], **{"system.3": "civil-chatbot"})
    equal(400, page.status)
    has("다른 시스템", page)
    equal(["3"], [v for k, v in page.form("kept")["fields"] if k == "row"])
    page = send(minji, page.form("kept"), ticked=[3], **{"system.3": "Not A Name"})
    equal(400, page.status)
    page = send(minji, page.form("kept"), ticked=[3], **{"system.3": "water-quality"})
    equal(303, page.status)
    record, file, line, _ = drafts()["water-quality"]
    equal(({"ko": "수질 예측"}, "", 3), (record["name"], file, line))
    assert not [d for d in drafts().values() if d[0]["name"].get("ko") == "관로 점검"]
    page = look(minji, small(["수질", "x", "smart-water", "ai.gimhae.example/log", ""]).encode(), partial="1")
    has("초안이 이미 있는 줄", page)
    has("초안이 이미 있음 1", page)
    assert "초안으로 만들 수 있음" not in page.text
    assert 'name="row"' not in page.text


@test
def a_new_system_with_the_name_of_another_is_pointed_out_and_not_ticked():
    page = look(minji, small(["스마트  물관리 (예시)", "x", "", "", ""], ["누수 로봇", "x", "", "", ""], ["누수로봇", "x", "", "", ""]).encode(),
        partial="1")
    has("같은 이름의 시스템이 이미 공개되어 있습니다", page)
    has('href="/ko/systems/smart-water"', page)
    has("3행과 이름이 같습니다", page)
    equal(["3"], re.findall('name="row" value="([0-9]+)" checked', page.text))


@test
def all_that_is_wrong_in_a_row_can_be_read():
    wrong = ["revision_date", "use_start", "status", "risk_category", "contact_email"]
    page = look(minji, sheet([["name.ko", *wrong], ["로봇", *["13월"] * len(wrong)]]).encode(), partial="1")
    n = re.search("고칠 곳 ([0-9]+)개", page.text)
    assert n and int(n[1]) > 3, n
    about = re.search('<div class="warn"><p>고칠 곳.*?</div>', page.text, re.S)[0]
    equal(int(n[1]), about.count("<li>"))


@test
def the_number_by_which_excel_keeps_a_day_is_told_as_its_day():
    page = look(minji, sheet([["name.ko", "revision_date"], ["로봇", "46357"]]).encode(), partial="1")
    has("46357은 엑셀이 날짜 대신 내보낸 숫자로, 날짜로는 2026-12-01입니다", page)
    has("날짜(2026-03-01 모양)", page)


@test
def the_fields_that_a_row_leaves_empty_are_named():
    page = look(minji, sheet([["명칭", "목표"], ["관로 점검", "점검합니다"]]).encode())
    said = re.search("아직 쓰지 않은 항목 ([0-9]+)개: ([^<]*)", page.text)
    assert said, "nothing is said of empty fields"
    names = said.group(2).split(", ")
    equal(6, len(names))
    equal(f"그 밖에 {int(said.group(1)) - 5}개", names[-1])
    assert "목표" not in names and "한 줄 설명" in names, names


@test
def characters_that_nobody_sees_are_taken_out_and_told():
    page = look(minji, "명칭,목표\n관로\u200b 점검,점검합니다\n".encode())
    has("보이지 않는 글자를 뺀 칸", page)
    has("<code>name.ko</code> 1줄: “관로 점검” (2행, <code>U+200B</code>)", page)


@test
def no_row_no_file_and_no_format_are_told_at_their_place():
    page = look(minji, small(["가", "나", "", "", ""]).encode(), partial="1")
    again = send(minji, page.form("kept"), ticked=[])
    equal(400, again.status)
    has("줄을 하나 이상", again)
    for changed, why in (({}, "파일을 고르거나"), ({"profile": "../x"}, "파일 형식을"), ({"profile": "./x", "table": "a"}, "파일 형식을"),
                         ({"profile": "dcat-ap"}, "파일 형식을")):
        page = look(minji, **changed)
        equal(400, page.status)
        has(why, page)
        has('id="errors"', page)


@test
def a_title_above_the_header_is_found_and_the_header_s_line_is_named():
    system = {"명칭": "누수 점검 로봇", "상태": "운영 중", "정책 분야": "수도"}
    table = sheet([list(system), list(system.values())])
    for title, line in (("수도과 AI 현황표,,\r\n,,\r\n", 3), ("수도과 AI 현황표\r\n", 2), ("수도과 AI 현황표,,\r\n작성: 김민지,,\r\n", 3),
                        ('"수도과\nAI 현황표",,\r\n\r\n', 3), ("수도과 AI 현황표,,2026\r\n", 2)):
        page = look(minji, (title + table).encode(), partial="1")
        equal((title, 400), (title, page.status))
        has(f"{line}번째 줄이 머리글로 보입니다. 그 위의 줄을 지우고", page)
    equal(200, look(minji, table.encode(), partial="1").status)
    page = look(minji, "명칭,상태,\n로봇,운영 중,값\n".encode(), partial="1")
    has("3번째 열에 이름이 없", page)


@test
def files_of_other_kinds_and_sizes_are_refused_with_the_reason_and_the_form_again():
    for file, status, why in ((b"PK\x03\x04" + b"\0" * 30 + b"xl/workbook.xml", 400, "엑셀"), (b"%PDF-1.7\n", 400, "PDF"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 400, ""),
                              (b"\xff\xfea\0,\0b\0", 400, "UTF-16"), (b"\xa0\xff\xff\xff,\n", 400, "CP949"), (b"a,b\n" + b"x,y\n" * (600 << 10), 413, "2MB"),
                              (b"name.ko\n", 400, ""), (b'"never closed', 400, ""), (b"", 400, "파일이 비어 있습니다")):
        page = look(minji, file, partial="1")
        equal((file[:9], status), (file[:9], page.status))
        has(why, page)
        page.form("profile")
    page = look(minji, sheet([["name.ko"], *[[f"이름 {n}"] for n in range(1001)]]).encode(), partial="1")
    equal(413, page.status)
    has("1001줄", page)
    page = look(minji, small(["가", "나" * 60000, "", "", ""]).encode(), partial="1")
    has("한 칸이 16KB보다 깁니다", page)
    for file, profile in ((b"name.ko\n" + b"x\n" * 900000, "csv"), (b"[]\n" * 600000, "jsonl"), (b"a," * 100000 + b"\n" + b"1," * 150000, "csv"),
                          (b"[" + b"[]," * 600000 + b"[]]", "nl-algoritmeregister")):
        page = look(minji, file, partial="1", profile=profile)
        equal((file[:9], 413), (file[:9], page.status))
    equal(200, look(minji, small(["가", "나", "", "", ""]).encode() + b",,,,\r\n" * 5000, partial="1").status)
    page = look(minji, small(["가", "나", "", "", ""]).encode())
    equal(400, page.status)
    has("다른 설정", page)
    page = raw(minji, b"x" * (5 << 20))
    equal(413, page.status)


@test
def a_form_that_is_malformed_or_not_of_its_page_is_refused():
    csrf = minji.get(AT).form("profile")["fields"][0][1]
    head = f'--b0\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n'.encode()
    equal(403, raw(minji, head.replace(csrf.encode(), b"0" * 64) + b"--b0--\r\n").status)
    equal(400, raw(minji, head + b"--b0").status)
    equal(400, raw(minji, head + b'--b0\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx').status)
    equal(400, raw(minji, f"csrf={csrf}&do=look&profile=csv&table=x".encode(), "application/x-www-form-urlencoded").status)
    for kept in ("****", "gA==", ""):
        page = look(minji, do="drafts", kept=kept)
        equal(400, page.status)


@test
def what_a_korean_spreadsheet_saves_is_read_as_it_is():
    for table in (small(["관로 점검", "뚫습니다", "", "", ""]).encode("cp949"), small(["관로 점검", "뚫습니다", "", "", ""]).replace(",", ";").encode("utf-8-sig"),
                  b"sep=;\r\n" + small(["관로 점검", "뚫습니다", "", "", ""]).replace(",", ";").encode()):
        page = look(minji, table, partial="1")
        equal(200, page.status)
        has("<b>관로 점검</b>", page)
    has("CP949로 읽음", look(minji, small(["관로 점검", "뚫습니다", "", "", ""]).encode("cp949"), partial="1"))


@test
def the_empty_sheet_is_filled_in_by_labels_and_comes_back_as_a_draft():
    for lang, header in (("ko", "명칭"), ("en", "Name")):
        minji.connection.request("GET", f"/{lang}/office/import/sheet.csv", headers=minji.headers)
        answer = minji.connection.getresponse()
        text = answer.read().decode("utf-8-sig")
        equal((200, "text/csv; charset=utf-8"), (answer.status, answer.getheader("Content-Type")))
        assert answer.getheader("Content-Disposition").startswith(f'attachment; filename="sheet-{lang}.csv"')
        head, guide = csv.reader(io.StringIO(text, newline=""))
        equal(header, head[0])
        page = look(minji, text.encode())
        equal(400, page.status)
        has("제목 줄 말고는 줄이 없습니다", page)
    cells = {"명칭": "누수 점검", "상태": "운영 중", "정책 분야": "수도; 안전", "알고리즘 유형": "학습 기반"}
    minji.connection.request("GET", "/ko/office/import/sheet.csv", headers=minji.headers)
    head, guide = csv.reader(io.StringIO(minji.connection.getresponse().read().decode("utf-8-sig"), newline=""))
    file = sheet([head, guide, [cells.get(one, "") for one in head]], ";").encode("cp949", "replace")
    page = look(minji, file, name="서식.csv")
    equal(200, page.status)
    has("2행은 서식의 설명이어서 건너뛰었습니다", page)
    has("<td>명칭</td><td>명칭 <code>name.ko</code></td>", page)
    has("<td>상태: 운영 중</td><td>운영 중 <code>in_use</code></td>", page)
    equal(303, send(minji, page.form("kept"), ticked=[3], **{"system.3": "leak-check"}).status)
    record = drafts()["leak-check"][0]
    equal(("in_use", "self_learning", [{"ko": "수도"}, {"ko": "안전"}]), (record["status"], record["algorithm_type"], record["category"]))
    has("‘상태’에 고를 수 없는 말을 적었습니다: 쓰는 중. 다음 가운데에서 적어 주세요: 계획, 개발,", look(minji, "명칭,상태\n가,쓰는 중\n".encode()))
    page = look(minji, "명칭,사용 시작,도입일\n가,2026-09-01,2027. 6. 30.\n나,Sep-26,2027.6.31\n다,2026-09-26,Sep-26\n".encode())
    for text in ("2026-09-01</td><td><code>2026-09</code>", "<code>2027-06-30</code>", "‘Sep-26’을 읽을 수 없습니다. 엑셀이",
                 "날짜를 읽을 수 없습니다: 2027.6.31", "날까지 적혀 있습니다: 2026-09-26"):
        has(text, page)
    renamed = ["사람들이 부르는 말" if one == "명칭" else one for one in head]
    page = look(minji, sheet([renamed, guide, [cells.get(one, "가") for one in head]]).encode())
    equal(400, page.status)
    has("‘명칭’ 열이 없", page)
    has("사람들이 부르는 말", page)
    page = look(minji, "시스템명,담당부서,도입목적,운영상태,담당자\n가,나,다,운영,라\n".encode())
    for text in ("<td>시스템명</td><td>명칭 <code>name.ko</code></td>", "<td>담당부서</td><td>담당 부서·팀 <code>department.ko</code></td>",
                 "<td>도입목적</td><td>도입 배경·목적 <code>goal.ko</code></td>", "<code>in_use</code>", "담당자"):
        has(text, page)
    page = look(minji, sheet([[*head, "비고"], [*guide, "적지 않음"], [*(cells.get(one, "") for one in head), ""]]).encode())
    has("2행은 서식의 설명이어서 건너뛰었습니다", page)
    for partial in ("", "1"):
        page = look(minji, "누수 점검,운영 중,수도\n수질 예측,운영 중,수도\n".encode(), partial=partial)
        equal(400, page.status)
        has("첫 줄이 서식의 첫 줄(열 이름)이 아닙니다", page)
        has("누수 점검", page)
    page = look(minji, "명칭,name.ko\n가,나\n".encode())
    equal(400, page.status)
    has("하나만 남겨 주십시오", page)


@test
def json_lines_and_other_registers_are_read_by_their_formats():
    with urllib.request.urlopen(f"{BASE}/data/systems.jsonl") as answer:
        lines = answer.read()
    page = look(other, lines, profile="jsonl")
    has("공개된 내용과 같은 줄", page)
    page = look(other, b'{"not": "a record"}\n', profile="jsonl")
    has("받을 수 없는 줄", page)
    page = look(other, b'[{"naam": "Rioolmonitor", "organisatie": "Gemeente", "lars": "1", "doel": "x"}]', name="x.json", profile="nl-algoritmeregister")
    assert page.status in (200, 400), page.status
    page = look(other, b"[" * 100000, profile="nl-algoritmeregister")
    equal(400, page.status)


@test
def the_ai_office_makes_drafts_for_the_department_that_it_chooses_and_cannot_open_them():
    table = small(["버스 안내", "안내합니다", "", "", ""]).encode()
    page = look(reviewer, table, partial="1")
    equal(400, page.status)
    has("어느 부서", page)
    equal(400, look(reviewer, table, partial="1", department="no-such").status)
    page = look(reviewer, table, name="버스.csv", partial="1", department="transport")
    page = send(reviewer, page.form("kept"), ticked=[2], **{"system.2": "bus-guide"})
    equal("/ko/office/import?imported=1", page.location)
    equal("transport", drafts()["bus-guide"][3])
    has("버스.csv", other.get("/ko/office/drafts"))
    id = db.execute("SELECT id FROM draft WHERE system = 'bus-guide'").fetchone()[0]
    equal(403, reviewer.get(f"/ko/office/drafts/{id}").status)
    equal(404, minji.get(f"/ko/office/drafts/{id}").status)
    page = look(minji, table, partial="1", department="transport")
    page = send(minji, page.form("kept"), ticked=[2], department="transport", **{"system.2": "bus-two"})
    equal("waterworks", drafts()["bus-two"][3])


@test
def auditors_and_strangers_send_nothing():
    equal(403, auditor.get(AT).status)
    stranger = Browser(BASE)
    page = raw(stranger, b"--b0--\r\n")
    assert page.status == 303 and "/sign-in" in page.location, page.status


@test
def more_rows_than_a_department_may_have_drafts_are_none():
    rows = [[f"시스템 {n}", "x", "", "", ""] for n in range(210)]
    page = look(minji, small(*rows).encode(), partial="1")
    assert not [v for k, v in page.form("kept")["fields"] if k == "row"]
    before = len(drafts())
    page = send(minji, page.form("kept"), ticked=range(2, 212))
    equal(429, page.status)
    equal(before, len(drafts()))
    page = send(minji, page.form("kept"), ticked=range(2, 32))
    equal("/ko/office/drafts?imported=30", page.location)


minji, other, reviewer, auditor = map(sign_in, ("minji", "other", "reviewer", "auditor"))
for one in tests:
    sentence = one.__name__.replace("_s_", "'s ").replace("_", " ")
    for b in (minji, other, reviewer, auditor):
        b.connection.close()
    try:
        one()
        print("ok -", sentence)
    except Exception:
        print("not ok -", sentence)
        print("    " + traceback.format_exc()[-3500:].replace("\n", "\n    "))
    sys.stdout.flush()
