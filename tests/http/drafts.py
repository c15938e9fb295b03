"""Officers who write drafts: drafts.py URL people.db PASSWORD-FILE prints "ok - …" for each sentence that holds."""
import html
import json
import os
import re
import sqlite3
import sys
import traceback
import unicodedata
import urllib.parse
import urllib.request

from form_browser import Browser, Page

BASE, PEOPLE, PASSWORD = sys.argv[1], sys.argv[2], open(sys.argv[3], encoding="utf-8").read().rstrip("\n")
db = sqlite3.connect(PEOPLE)
tests = []


def test(function):
    tests.append(function)
    return function


def sign_in(login):
    b = Browser(BASE)
    page = b.get("/ko/office/sign-in")
    page = b.send(page.form("password"), login=login, password=PASSWORD)
    assert "__Host-gaya=" in b.headers.get("Cookie", ""), (page.status, page.text)
    return b


def drafts():
    return dict(db.execute("SELECT system, id FROM draft"))


def record(system):
    return json.loads(db.execute("SELECT record FROM draft WHERE system = ?", (system,)).fetchone()[0])


def begin(b, system, copy=""):
    page = b.get("/ko/office/drafts")
    form = [f for f in page.forms if ["system", ""] in f["fields"]][0]
    return b.send(form, system=system, copy=copy)


def step(b, system, name, query=""):
    page = b.get(f"/ko/office/drafts/{drafts()[system]}/{name}{query}")
    assert page.status == 200, (name, page.status)
    return page


def steps(b, system):
    id = drafts()[system]
    listed = b.get(f"/ko/office/drafts/{id}").text.split('<ol class="steps">')[1].split("</ol>")[0]
    return re.findall(rf'href="/ko/office/drafts/{id}/([a-z0-9-]+)">', listed)


def equal(expected, got):
    assert expected == got, f"{got!r} is not {expected!r}"


# --- what is written is what was there ---


@test
def every_published_record_goes_through_every_page_of_its_form_and_is_the_same():
    with urllib.request.urlopen(f"{BASE}/api/v1/systems?limit=100") as answer:
        systems = [s["slug"] for s in json.load(answer)["systems"]]
    assert len(systems) >= 15
    for slug in systems[::3]:
        begin(minji, f"copy-of-{slug}", f"{BASE}/ko/systems/{slug}?as-of=2030-01-01#why")
        before = record(f"copy-of-{slug}")
        with urllib.request.urlopen(f"{BASE}/api/v1/systems/{slug}") as answer:
            equal(json.load(answer)["published"]["record"], before)
        for name in steps(minji, f"copy-of-{slug}"):
            page = step(minji, f"copy-of-{slug}", name)
            twice = {i for i in page.ids if page.ids.count(i) > 1}
            assert not twice, (name, twice)
            saved = minji.send(page.form("revision"), "save")
            assert saved.status == 200 and saved.location.endswith("?saved=1"), (name, saved.status)
            equal(before, record(f"copy-of-{slug}"))
        page = minji.get(f"/ko/office/drafts/{drafts()['copy-of-' + slug]}")
        minji.send(page.form("revision"))
        assert f"copy-of-{slug}" not in drafts()


@test
def a_published_system_is_edited_and_never_begun_anew():
    for copy in ("", "smart-water"):
        page = begin(minji, "civil-chatbot", copy)
        equal(409, page.status)
        assert "civil-chatbot" not in drafts() and "이미 있는 시스템입니다" in page.text, page.text
        fields = dict([f for f in page.forms if "copy" in dict(f["fields"])][-1]["fields"])
        equal(("civil-chatbot", copy), (fields["system"], fields["copy"]))  # nothing typed is lost
    edit = [f for f in page.forms if ["copy", "civil-chatbot"] in f["fields"]]
    page = minji.send(edit[-1])
    assert drafts()["civil-chatbot"] in page.location and record("civil-chatbot")["name"], page.location
    page = minji.get(f"/ko/office/drafts/{drafts()['civil-chatbot']}")
    minji.send(page.form("revision"))


@test
def a_draft_that_is_published_as_it_is_takes_no_room_and_is_in_no_list():
    begin(minji, "civil-chatbot", copy="civil-chatbot")
    id = drafts()["civil-chatbot"]
    page = minji.get("/ko/office/drafts")
    assert not [to for to in page.links if id in to], "it stands in a list"
    equal(1, len([f for f in page.forms if ["copy", "civil-chatbot"] in f["fields"]]))
    own = db.execute("SELECT department, saved_by FROM draft WHERE id = ?", (id,)).fetchone()
    n = 200 - db.execute("SELECT count(*) FROM draft WHERE department = ?", own[:1]).fetchone()[0]
    with db:
        db.executemany("INSERT INTO draft VALUES (?, ?, ?, 0, 1, ?, 0, 0, '{}')",
            [(f"{i:032x}", own[0], f"filler-{i}", own[1]) for i in range(n)])
    begin(minji, "one-more")
    assert "one-more" in drafts() and "civil-chatbot" not in drafts()
    equal(409, begin(minji, "civil-chatbot").status)
    begin(minji, "two-more")
    assert "two-more" not in drafts(), "what is in work is never discarded"
    with db:
        db.execute("DELETE FROM draft WHERE system LIKE 'filler-%' OR system = 'one-more'")


@test
def the_system_to_copy_from_is_found_by_its_whole_name_in_any_language():
    with urllib.request.urlopen(f"{BASE}/api/v1/systems/smart-water") as answer:
        names = json.load(answer)["published"]["record"]["name"]
    for typed in (names["ko"], f"  {names['ko'].replace(' ', '')} ", unicodedata.normalize("NFD", names["ko"]), names["en"].upper(), "smart-water"):
        equal(200, begin(minji, "by-name", typed).status)
        equal(names, record("by-name")["name"])
        minji.send(minji.get(f"/ko/office/drafts/{drafts()['by-name']}").form("revision"))
    for typed in (names["ko"].split(" (")[0], names["en"].split(" (")[0].lower()):  # "(예시)" need not be typed
        equal(200, begin(minji, "by-name", typed).status)
        equal(names, record("by-name")["name"])
        minji.send(minji.get(f"/ko/office/drafts/{drafts()['by-name']}").form("revision"))
    page = begin(minji, "by-name", "스마트")
    equal(404, page.status)
    said = re.search('이름이 "스마트"로 시작하는 시스템이 여럿입니다.*', html.unescape(page.text))
    assert said and names["ko"] in said[0] and "smart-" not in said[0], said
    for typed in (f"민원 {names['ko']}", "민원 상담 <b>", "-", names["ko"] + " 민원" * 20, '"'):
        page = begin(minji, "by-name", typed)
        equal(404, page.status)
        assert f"이름이 \"{typed}\"인 것이 없습니다" in html.unescape(page.text), (typed, page.text)
        assert "by-name" not in drafts() and ["copy", typed] in [f for form in page.forms for f in form["fields"]]


@test
def what_a_copy_still_has_of_the_other_system_is_said_and_listed_until_it_is_changed():
    begin(minji, "of-water", "smart-water")
    page = minji.get(f"/ko/office/drafts/{drafts()['of-water']}")
    said = re.search(r'<details class="notice" id="copied"><summary>(.*?)</summary>', page.text)[1]
    found = re.fullmatch(r"‘스마트 물관리 \(예시\)’의 내용 그대로인 항목: (\d+)개 가운데 (\d+)개", html.unescape(said))
    assert found and found[1] == found[2], said
    equal(int(found[2]), len([to for to in re.search(r'id="copied".*?</details>', page.text, re.S)[0].split("<li>")[1:]]))
    link = [to for to in page.links if to.endswith("#contact_phone")][0]
    minji.send(minji.get(link).form("revision"), "save", contact_phone="055-000-9999")
    page = minji.get(f"/ko/office/drafts/{drafts()['of-water']}")
    assert f"{found[1]}개 가운데 {int(found[2]) - 1}개" in page.text, page.text
    assert not re.search(r'#contact_phone"', re.search(r'id="copied".*?</details>', page.text, re.S)[0])
    sign = minji.get(f"/en/office/drafts/{drafts()['of-water']}/sign")
    assert f"{int(found[2]) - 1} of {found[1]} fields are the same as in “Smart water management (example)”" in html.unescape(sign.text), sign.text
    equal(1, html.unescape(sign.text).count("signs it"))  # once, not in each language
    begin(minji, "of-nothing")
    for name in ("of-nothing", "smart-water"):
        if name in drafts():
            assert 'id="copied"' not in minji.get(f"/ko/office/drafts/{drafts()[name]}").text
    for name in ("of-water", "of-nothing"):
        minji.send(minji.get(f"/ko/office/drafts/{drafts()[name]}").form("revision"))


@test
def a_telephone_number_is_corrected_in_three_pages():
    page = minji.get("/ko/office/drafts")
    page = minji.send([f for f in page.forms if ["system", "civil-chatbot"] in f["fields"]][0])
    equal(200, page.status)
    assert not [to for to in page.links if to.endswith("/sign")]  # nothing to file yet: it is what is published
    found = minji.get(f"/ko/office/drafts/{drafts()['civil-chatbot']}?find=전화")
    link = [to for to in found.links if to.endswith("#contact_phone")][0]
    by_help = minji.get(f"/ko/office/drafts/{drafts()['civil-chatbot']}?find=사투리")  # no field's name has it
    assert [to for to in by_help.links if to.endswith("#limitations")]
    page = minji.get(link)
    assert "contact_phone" in page.ids
    minji.send(page.form("revision"), "save", contact_phone=" 055-330-9999 ")
    equal("055-330-9999", record("civil-chatbot")["contact_phone"])
    page = minji.get(f"/ko/office/drafts/{drafts()['civil-chatbot']}")
    assert [to for to in page.links if to.endswith("/sign")]


@test
def to_begin_what_a_colleague_is_writing_leads_to_it():
    page = begin(jisoo, "civil-chatbot")
    equal(f"/ko/office/drafts/{drafts()['civil-chatbot']}", page.location)


@test
def a_new_draft_names_the_department_as_the_register_does_and_the_city_as_all_records_do():
    with urllib.request.urlopen(f"{BASE}/api/v1/departments") as answer:
        own = [d["name"] for d in json.load(answer)["departments"] if d["slug"] == "ai-city-operation"]
    begin(minji, "named")
    equal({"department": own[0], "organization": {"ko": "김해시", "en": "Gimhae City"}}, record("named"))
    assert own[0]["ko"] in dict(step(minji, "named", "identity").form("revision")["fields"])["department.ko"]
    minji.send(minji.get(f"/ko/office/drafts/{drafts()['named']}").form("revision"))
    assert "named" not in drafts()


@test
def an_empty_draft_says_what_is_missing_with_links_that_lead_to_the_inputs():
    page = begin(minji, "new-one")
    links = [to for to in page.links if "?missing=1#" in to]
    assert len(links) > 10, links
    for to in links[:4]:
        there = minji.get(to)
        assert to.split("#")[1] in there.ids, to
        assert 'id="errors"' in there.text


# --- wrong input ---


@test
def before_signing_what_is_open_is_said_with_links_to_the_steps_and_what_looks_copied():
    with urllib.request.urlopen(f"{BASE}/api/v1/systems/smart-water") as answer:
        other = json.load(answer)["published"]["record"]["contact_email"]
    minji.send(step(minji, "new-one", "identity").form("revision"), "save", contact_email=other)
    for lang, title in (("ko", "한 번 더 확인할 점"), ("en", "Look twice")):
        page = minji.get(f"/{lang}/office/drafts/{drafts()['new-one']}/sign")
        equal(200, page.status)
        assert [to for to in page.links if f"/{lang}/office/drafts/" in to and "?missing=1#" in to]
        assert "gaya policy" not in page.text and "(primary_users)" not in page.text, page.text
        assert "data-sign=" not in page.text
        doubts = page.text.split('id="doubts">')[1].split("</section>")[0]
        assert title in doubts and other in html.unescape(doubts), doubts
    minji.send(step(minji, "new-one", "identity").form("revision"), "save", contact_email="")


@test
def what_is_wrong_is_saved_and_comes_back_filled_in_with_the_error_on_top_and_at_the_field_in_the_reader_s_language():
    said = {"ko": ("다시 확인해 주세요", "‘문의 전화’에는 \"055-330-1234\"처럼 숫자와 붙임표로 된 전화번호 하나를 써 주세요."),
            "en": ("Please check the following", "“Telephone” must be one telephone number of digits and hyphens, such as \"055-330-1234\".")}
    for lang, (title, sentence) in said.items():
        at = f"/{lang}/office/drafts/{drafts()['new-one']}/identity"
        page = minji.send(minji.get(at).form("revision"), "next", contact_phone="abc", contact_email="x<script>", name__ko="이름")
        equal("abc", record("new-one")["contact_phone"])
        equal(f"{at}?saved=1", page.location)
        top = page.text.split('id="errors"')[1].split("</section>")[0]
        assert title in top and f'<a href="#contact_phone">{sentence}</a>' in html.unescape(top), top
        assert {"contact_phone", "contact_phone-error"} <= set(page.ids) and "<script>" not in page.text
        for field in ("contact_phone", "contact_email"):
            error = html.unescape(page.text.split(f'id="{field}-error"><p>')[1].split("</p>")[0])
            assert error in html.unescape(top) and bool(re.search("[가-힣]", error)) == (lang == "ko"), error
        assert f'id="contact_phone-error"><p>{html.escape(sentence)}</p>' in page.text
        assert "(contact_phone)" not in page.text  # an officer knows no names of JSON
        fields = dict(page.form("revision")["fields"])
        equal(("abc", "x<script>", "이름"), (fields["contact_phone"], fields["contact_email"], fields["name.ko"]))


@test
def a_value_that_is_no_choice_is_said_to_be_none_and_kept_until_another_is_chosen():
    for name, field, first in (("lifecycle", "status", "in_use"),):
        page = minji.send(step(minji, "new-one", name).form("revision"), "save", **{field: "abolished"})
        for lang, words in (("ko", "이전 값 ‘abolished’: 이제 고를 수 없는 값입니다"), ("en", "Was: “abolished”, which is not a choice any more")):
            shown = minji.get(f"/{lang}/office/drafts/{drafts()['new-one']}/{name}")
            assert words in html.unescape(shown.text), shown.text
        minji.send(page.form("revision"), "save")
        equal("abolished", record("new-one")[field])
        page = minji.send(step(minji, "new-one", name).form("revision"), "save", **{field: first})
        assert "abolished" not in page.text
        minji.send(page.form("revision"), "save", **{field: ""})


@test
def what_could_be_easier_to_read_is_pointed_out_at_the_text_and_refused_nowhere():
    page = step(minji, "new-one", "technology")
    page = minji.send(page.form("revision"), "save", limitations__ko="RPA가 <b>ETL</b>", limitations__en="Known limits")
    assert 'id="limitations.ko-advice"><li>' in page.text and 'href="#limitations.en"' in page.text
    assert "RPA(풀이)" in page.text and "<b>" not in page.text
    listed = minji.get(f"/ko/office/drafts/{drafts()['new-one']}").text
    assert '<span class="advised">살펴볼 글 3</span>' in listed, listed
    page = minji.send(step(minji, "new-one", "technology").form("revision"), "next", limitations__ko="RPA")
    assert page.location.endswith("/data"), page.location
    minji.send(step(minji, "new-one", "technology").form("revision"), "save", limitations__ko="", limitations__en="")


@test
def answers_that_hardly_go_together_are_pointed_out_and_saved_all_the_same():
    page = step(minji, "new-one", "lifecycle")
    page = minji.send(page.form("revision"), "save", status="in_use", introduced_on="2199-01-01")
    assert "도입일은 아직 오지 않은 날입니다" in page.text, page.text
    equal("2199-01-01", record("new-one")["introduced_on"])
    page = minji.send(step(minji, "new-one", "lifecycle").form("revision"), "save", status="", introduced_on="")
    assert "아직 오지 않은 날" not in page.text


@test
def markdown_is_shown_as_citizens_will_see_it_saved_and_while_it_is_written():
    page = step(minji, "new-one", "technology")
    page = minji.send(page.form("revision"), "preview", limitations__ko="**밤**에 <script>x</script> [a](javascript:x)")
    assert page.location.endswith("saved=1&preview=1"), page.location
    assert re.search(r"\d\d:\d\d에 저장했습니다. 시민에게 보이는 모습은 아래", page.text), "it says what was done, and what is below"
    shown = page.text.split('data-of="limitations.ko" open>')[1].split("</details>")[0]
    assert "<strong>밤</strong>에 &lt;script&gt;" in shown and "href" not in shown, shown
    csrf = dict(page.form("revision")["fields"])["csrf"]
    sent = lambda csrf, text: minji.ask("POST", "/ko/office/preview", urllib.parse.urlencode({"csrf": csrf, "text": text}))
    answer = sent(csrf, "# 제목\n**밤**\n줄")
    html = json.loads(answer.text)["html"]
    assert answer.status == 200 and "<strong>밤</strong><br />" in html and "<h4>제목</h4>" in html, html
    equal(403, sent("x", "a").status)
    minji.send(step(minji, "new-one", "technology").form("revision"), "save", limitations__ko="")


@test
def every_text_says_in_which_languages_it_is_and_whether_it_is_older_than_its_original():
    def cells(field):
        page = minji.get(f"/ko/office/drafts/{drafts()['civil-chatbot']}").text
        row = page.split(f'#{field}">')[-1].split("</tr>")[0]
        return re.findall(r"<td><\w+[^>]*>([^<]*)<", row)

    begin(minji, "civil-chatbot", copy="civil-chatbot") if "civil-chatbot" not in drafts() else None
    equal(["있음", "있음"], cells("goal"))
    minji.send(step(minji, "civil-chatbot", "purpose").form("revision"), "save", goal__ko="새 목적", impact__en="")
    equal(["있음", "원문이 바뀜"], cells("goal"))
    equal(["있음", "없음"], cells("impact"))


@test
def what_a_supplier_stated_is_the_department_s_own_by_a_tick_or_by_editing_it():
    stated = lambda: [one["field"] for one in record("new-one").get("supplier_statements", [])]
    write = lambda name, **values: minji.send(step(minji, "new-one", name).form("revision"), "save", **values)
    form = step(minji, "new-one", "metadata", "?more=supplier_statements").form("revision")
    for field in ("limitations", "performance", "training_data"):
        n = len(stated())
        form = step(minji, "new-one", "metadata", "?more=supplier_statements").form("revision")
        minji.send(form, "save", **{f"supplier_statements__{n}__field": field, f"supplier_statements__{n}__supplier": "<i>ACME"})
    equal(["limitations", "performance", "training_data"], stated())
    page = step(minji, "new-one", "technology")
    assert page.text.count("공급자(&lt;i&gt;ACME)가 밝힌") == 2 and "<i>" not in page.text
    write("technology")
    equal(["limitations", "performance", "training_data"], stated())
    write("technology", own__limitations="1")
    write("technology", performance__ko="우리가 쟀습니다.")
    equal(["training_data"], stated())
    write("data", own__training_data="1")
    equal([], stated())
    write("technology", performance__ko="")


@test
def what_is_only_missing_holds_nobody_up():
    page = step(minji, "new-one", "identity")
    page = minji.send(page.form("revision"), "next", contact_phone="", contact_email="a@b.kr")
    assert page.location.endswith("/metadata"), page.location


@test
def items_are_added_and_taken_out_without_a_script():
    page = step(minji, "new-one", "identity")
    assert "supervisor.0.phone" not in page.ids
    page = minji.send(page.form("revision"), "add:supervisor")
    assert "supervisor.0.phone" in page.ids and page.location.endswith("#supervisor.0")
    page = minji.send(page.form("revision"), "add:supervisor", supervisor__0__phone="120")
    page = minji.send(page.form("revision"), "save", supervisor__1__phone="119")
    equal([{"phone": "120"}, {"phone": "119"}], record("new-one")["supervisor"])
    page = minji.send(page.form("revision"), "without:supervisor.0")
    equal([{"phone": "119"}], record("new-one")["supervisor"])


@test
def whatever_a_button_names_the_form_is_saved_and_leads_back_to_itself():
    link, _ = link_of(minji, "new-one", days="3")
    supplier = Browser(BASE)
    for n, name in enumerate(["x\r\nSet-Cookie: a=b", "감독자", "supervisor\r\nx: y.0", "a" * 60000, ".", ""]):
        page = minji.send(step(minji, "new-one", "identity").form("revision"), "without:" + name, contact_phone=f"12{n}")
        equal(f"12{n}", record("new-one")["contact_phone"])
        assert page.location.endswith("/identity?saved=1"), page.location
        page = supplier.send(posted(supplier.get(link)), "without:" + name, provider__ko=f"ACME {n}")
        equal((200, link + "?saved=1"), (page.status, page.location))
        assert f"ACME {n}" in page.text


@test
def a_policy_s_further_questions_come_with_the_answers():
    name = "policy-kr-public-ai-act"
    page = step(minji, "new-one", name)
    few = len(page.form("revision")["fields"])
    page = minji.send(page.form("revision"), "save", **{"assessments.kr-public-ai-act.uses_ai": "true"})
    equal(True, record("new-one")["assessments"]["kr-public-ai-act"]["uses_ai"])
    assert len(page.form("revision")["fields"]) > few


@test
def before_signing_an_answer_to_a_policy_is_shown_in_the_words_of_its_question():
    begin(jisoo, "city-chat", copy="civil-chatbot")
    page = jisoo.get(f"/ko/office/drafts/{drafts()['city-chat']}/sign")
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    for words in ("유럽연합 AI법 › 사람을 직접 상대합니까?", "어르신; 외국인 주민과 다문화 가구", "보지 않음"):
        assert words in text, f"no {words!r} in {re.findall('.{60}› .{60}', text)[:9]}"
    for code in ("annex_i_safety_component", "is_ai_system", "talks_to_residents"):
        assert code not in text, code


@test
def nothing_gets_in_that_the_standard_does_not_have():
    page = step(minji, "new-one", "identity")
    before = record("new-one")
    minji.send(page.form("revision"), "save", id="x", lang="xx", nonsense="1", publication_date="2020-01-01",
               supervisor__0__nonsense="1", goal__ko="another step", department="transport")
    equal(before, record("new-one"))


@test
def a_record_that_is_too_long_is_refused_with_all_of_it_still_in_the_form():
    page = step(minji, "new-one", "identity")
    before = record("new-one")
    page = minji.send(page.form("revision"), "save", description__ko="가" * 120000)
    equal(413, page.status)
    equal("가" * 120000, dict(page.form("revision")["fields"])["description.ko"])
    equal(before, record("new-one"))


@test
def a_form_that_is_cut_or_malformed_changes_nothing():
    page = step(minji, "new-one", "identity")
    before, form = record("new-one"), page.form("revision")
    csrf = dict(form["fields"])["csrf"]
    minji.ask("POST", form["action"], f"csrf={csrf}&do=save")
    equal(400, minji.ask("POST", form["action"], f"csrf={csrf}&name.ko=%ff").status)
    equal(413, minji.ask("POST", form["action"], f"csrf={csrf}" + "&a=b" * 7000).status)
    equal(before, record("new-one"))


# --- two at once ---


@test
def two_who_write_different_fields_both_keep_what_they_wrote():
    first, second = step(minji, "new-one", "identity"), step(jisoo, "new-one", "identity")
    minji.send(first.form("revision"), "save", contact_phone="055-1111-1111")
    page = jisoo.send(second.form("revision"), "save", name__en="By Jisoo")
    equal(200, page.status)
    equal(("055-1111-1111", "By Jisoo"), (record("new-one")["contact_phone"], record("new-one")["name"]["en"]))


@test
def two_who_write_one_field_are_shown_both_and_nothing_is_overwritten():
    first, second = step(minji, "new-one", "identity"), step(jisoo, "new-one", "identity")
    minji.send(first.form("revision"), "save", contact_phone="055-222-2222", contact_hours__ko="늘")
    page = jisoo.send(second.form("revision"), "save", contact_phone="055-333-3333", area__ko="온 도시")
    equal(409, page.status)
    assert "055-222-2222" in page.text and "055-333-3333" in page.text and "김민지" in page.text
    equal("055-222-2222", record("new-one")["contact_phone"])
    assert "area" not in record("new-one")
    form = page.form("keep.contact_phone")
    assert not [f for f in form["fields"] if f[0].startswith("keep.") and f[0] != "keep.contact_phone"]
    # While Jisoo thinks it over, Minji saves once more: what Jisoo saw is not what is there.
    minji.send(step(minji, "new-one", "identity").form("revision"), "save", contact_phone="055-444-4444")
    page = jisoo.send(form, "save")
    equal(409, page.status)
    assert "055-444-4444" in page.text
    jisoo.send(page.form("keep.contact_phone"), "save", **{"keep.contact_phone": "theirs"})
    now = record("new-one")
    equal(("055-444-4444", "늘", "온 도시"), (now["contact_phone"], now["contact_hours"]["ko"], now["area"]["ko"]))
    page = jisoo.send(second.form("revision"), "save", contact_phone="055-333-3333")
    jisoo.send(page.form("keep.contact_phone"), "save")  # mine
    equal("055-333-3333", record("new-one")["contact_phone"])


@test
def the_script_s_saving_is_told_the_new_revision_and_of_a_conflict():
    page = step(minji, "new-one", "identity")
    answer = minji.send(page.form("revision"), "auto", contact_phone="055-555-5555")
    told = json.loads(answer.text)
    equal({"revision", "seen"}, set(told))
    again = minji.send(page.form("revision"), "auto", contact_phone="055-666-6666")
    equal((409, "conflict"), (again.status, json.loads(again.text)["error"]))
    again = minji.send(page.form("revision"), "auto", contact_phone="055-666-6666", seen=told["seen"])
    equal(200, again.status)


# --- who may ---


@test
def another_department_s_officer_finds_no_draft_of_this_one():
    id = drafts()["new-one"]
    equal(404, other.get(f"/ko/office/drafts/{id}").status)
    equal(404, other.get(f"/ko/office/drafts/{id}/identity").status)
    csrf = dict(other.get("/ko/office/drafts").form("copy")["fields"])["csrf"]
    equal(404, other.ask("POST", f"/ko/office/drafts/{id}/identity", f"csrf={csrf}&name.ko=x").status)
    equal(404, other.ask("POST", f"/ko/office/drafts/{id}/discard", f"csrf={csrf}&revision=1").status)
    assert "new-one" not in other.get("/ko/office/drafts").text
    assert "new-one" in drafts()


@test
def the_office_and_nobody_write_no_drafts():
    equal(403, reviewer.get("/ko/office/drafts").status)
    equal(403, reviewer.get(f"/ko/office/drafts/{drafts()['new-one']}").status)
    assert "/office/sign-in" in Browser(BASE).ask("GET", "/ko/office/drafts", follow=False).location


@test
def a_file_is_opened_by_its_department_and_by_those_who_decide_and_found_by_nobody_else():
    with urllib.request.urlopen(f"{BASE}/api/v1/systems/welfare-precheck") as answer:
        hash = re.search(r'"sha256":"([0-9a-f]{64})"', json.dumps(json.load(answer)["published"]["record"], separators=(",", ":")))[1]

    def status(b):
        b.connection.request("GET", f"/ko/office/files/{hash}", headers=b.headers)
        answer = b.connection.getresponse()
        return answer.status, answer.read()[:5], answer.getheader("Cache-Control")

    equal((200, b"%PDF-", "no-store"), status(reviewer))
    equal(404, status(minji)[0])
    equal(404, minji.get("/ko/office/files/" + "0" * 64).status)
    equal(404, minji.get("/ko/office/files/../x").status)
    equal(303, status(Browser(BASE))[0])


@test
def a_form_without_the_session_s_own_token_is_refused():
    before = record("new-one")
    form = step(minji, "new-one", "identity").form("revision")
    for wrong in (None, "", "0" * 64, dict(step(jisoo, "new-one", "identity").form("revision")["fields"])["csrf"]):
        equal(403, minji.send(form, "save", csrf=wrong, name__ko="x").status)
    page = minji.get(f"/ko/office/drafts/{drafts()['new-one']}")
    equal(403, minji.send(page.form("revision"), csrf=None).status)
    equal(before, record("new-one"))


@test
def what_was_written_outlives_its_session():
    form = step(minji, "new-one", "identity").form("revision")
    before = record("new-one")
    page = Browser(BASE).send(form, "save", area__ko="세션이 끝난 뒤\n둘째 줄")
    equal(403, page.status)
    assert any(to.endswith("/office/sign-in") for to in page.links)
    page = sign_in("minji").send(page.form("revision"))  # her new session, but the old one's form
    equal(403, page.status)
    equal(before, record("new-one"))
    again = sign_in("minji")
    page = again.send(page.form("revision"))
    page = again.send(page.form("revision"))
    equal(200, page.status)
    equal("세션이 끝난 뒤 둘째 줄", record("new-one")["area"]["ko"])


@test
def a_name_that_is_another_system_s_or_no_name_is_refused_with_the_reason():
    page = begin(minji, "smart-water")
    equal(409, page.status)
    page = begin(minji, "Smart Water")
    equal(400, page.status)
    assert 'id="system-error"' in page.text and dict(page.form("copy")["fields"])["system"] == "Smart Water"
    page = begin(minji, "fresh", "no-such-system")
    equal(404, page.status)
    assert 'id="copy-error"' in page.text
    assert "fresh" not in drafts()


def link_of(b, system, **values):
    """A new link of the draft, and the page that shows it."""
    page = b.get(f"/ko/office/drafts/{drafts()[system]}/supplier")
    page = b.send(page.form("days"), "link", **{"supplier": "ACME <b>", **values})
    found = re.search(r"/ko/supplier/[0-9a-f]{64}", page.text)
    return found and found[0], page


def posted(page):
    return [f for f in page.forms if f["method"] == "post"][0]


@test
def a_supplier_without_an_account_answers_and_the_officer_takes_it_over_field_by_field():
    link, _ = link_of(minji, "new-one", days="3")
    at = f"/ko/office/drafts/{drafts()['new-one']}/supplier"
    supplier = Browser(BASE)
    page = supplier.get(link)
    equal(200, page.status)
    assert "AI정책과" in page.text and 'name="robots" content="noindex"' in page.text
    assert 'name="goal.ko"' not in page.text and "필수" not in page.text
    for text in ("밤에 틀립니다.", "비 오는 **밤**에 틀립니다. <b>"):
        page = supplier.send(posted(supplier.get(link)), "save", limitations__ko=text, provider__ko="ACME", goal__ko="x", id="1", status="in_use")
    assert page.location.endswith("?saved=1") and 'href="#limitations.ko"' in page.text and "<b>" not in page.text
    page = supplier.send(posted(supplier.get(link)), "add:capability", capability__0__ko="번역")
    assert 'name="capability.1.ko"' in page.text
    before, page = record("new-one"), minji.get(at)
    assert "비 오는" in page.text and 'name="take.provider"' in page.text and "take.goal" not in page.text
    take = [f for f in page.forms if ("do", "take") in f["buttons"]][0]
    minji.send(take, "take", **{"take.limitations": "1", "take.goal": "1"})
    after = record("new-one")
    equal({"ko": "비 오는 **밤**에 틀립니다. <b>"}, after["limitations"])
    equal([("limitations", "ACME <b>")], [(s["field"], s["supplier"]) for s in after["supplier_statements"]])
    equal({**before, "limitations": 0, "supplier_statements": 0}, {**after, "limitations": 0, "supplier_statements": 0})
    page = step(minji, "new-one", "technology")
    minji.send(page.form("revision"), "save", own__limitations="1", limitations__ko="")
    assert "supplier_statements" not in record("new-one")


@test
def what_was_saved_meanwhile_is_never_taken_over_unseen():
    link, page = link_of(minji, "new-one", days="3")
    at, supplier = f"/ko/office/drafts/{drafts()['new-one']}/supplier", Browser(BASE)
    supplier.send(posted(supplier.get(link)), "save", limitations__ko="첫 답변")
    take = [f for f in minji.get(at).forms if ("do", "take") in f["buttons"]][0]
    supplier.send(posted(supplier.get(link)), "save", limitations__ko="다른 답변")
    page = minji.send(take, "take", **{"take.limitations": "1"})
    equal(409, page.status)
    assert "다른 답변" in page.text and "limitations" not in record("new-one")
    take = [f for f in page.forms if ("do", "take") in f["buttons"]][0]
    minji.send(step(minji, "new-one", "technology").form("revision"), "save", performance__ko="그사이")
    equal(409, minji.send(take, "take", **{"take.limitations": "1"}).status)
    minji.send(step(minji, "new-one", "technology").form("revision"), "save", performance__ko="")


def card_of(format, n):
    with open(os.path.join(os.path.dirname(__file__), f"../../policies/modelcards/{format}/cases.json"), encoding="utf-8") as f:
        file = json.load(f)[n]["file"]
    return ("\n".join(file) + "\n" if isinstance(file, list) else file if isinstance(file, str) else json.dumps(file)).encode()


def upload(link, file, **changed):
    """The supplier's form with a file, as a browser sends it."""
    b = Browser(BASE)
    changed = {name.replace("__", "."): value for name, value in changed.items()}
    form = posted(b.get(link))
    fields = [(k, changed.get(k, v)) for k, v in form["fields"] if k != "file"] + [("do", "file")]
    body = b"".join(f'--b0\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields)
    body += b'--b0\r\nContent-Disposition: form-data; name="file"; filename="card"\r\n\r\n' + file + b"\r\n--b0--\r\n"
    b.connection.request("POST", link, body, {"Content-Type": "multipart/form-data; boundary=b0"})
    answer = b.connection.getresponse()
    return Page(answer.status, link, answer.read().decode())


def given(page):
    return dict(posted(page)["fields"])


@test
def a_file_about_the_model_fills_what_is_empty_and_nothing_is_saved_before_the_supplier_saves():
    link, _ = link_of(minji, "new-one", days="3")
    for format, field, said in (("cyclonedx", "provider.en", "Roadside Vision Ltd"), ("spdx", "provider.en", "Harbour Analytics"),
                                ("huggingface", "training_data.ko", "재활용센터 사진 8만 장")):
        page = upload(link, card_of(format, 1 if format == "huggingface" else 0), limitations__ko="이미 쓴 글")
        equal(200, page.status)
        equal((said, "이미 쓴 글"), (given(page)[field], given(page)["limitations.ko"]))
        assert 'href="#performance"' in page.text and "Misses potholes" not in page.text, page.text
        equal({"", None}, {given(Browser(BASE).get(link)).get(field), None})
    page = upload(link.replace("/ko/", "/en/"), card_of("cyclonedx", 0), limitations__ko="이미 쓴 글")
    assert "Left as you have it" in page.text and "The file says nothing about: Architecture document" in page.text
    equal(None, db.execute("SELECT answer FROM supplier_link WHERE id = (SELECT max(id) FROM supplier_link)").fetchone()[0])
    page = Browser(BASE).send(posted(page), "save")
    answer = json.loads(db.execute("SELECT answer FROM supplier_link WHERE id = (SELECT max(id) FROM supplier_link)").fetchone()[0])
    equal(({"ko": "이미 쓴 글"}, {"en": "Roadside Vision Ltd"}, "self_learning"),
          (answer["limitations"], answer["provider"], answer["algorithm_type"]))


def a_cyclonedx_card_fills_the_answer(version, want):
    link, _ = link_of(minji, "new-one", days="3")
    n = [i for i in (0, 1) if json.loads(card_of("cyclonedx", i))["specVersion"] == version]
    page = upload(link, card_of("cyclonedx", n[0]))
    equal(200, page.status)
    equal(want, {name: given(page)[name].replace("\r\n", "\n") for name in want})
    Browser(BASE).send(posted(page), "save")
    answer = json.loads(db.execute("SELECT answer FROM supplier_link WHERE id = (SELECT max(id) FROM supplier_link)").fetchone()[0])
    for name, value in want.items():
        field, _, rest = name.partition(".")
        part = rest.split(".")
        kept = answer[field][int(part[0])][part[1]] if len(part) == 2 else answer[field][rest] if rest else answer[field]
        equal(value, kept)


@test
def a_cyclonedx_1_6_file_with_a_model_card_fills_the_supplier_s_answer():
    a_cyclonedx_card_fills_the_answer("1.6", {
        "algorithm_type": "self_learning", "provider.en": "Roadside Vision Ltd", "publiccode": "https://git.example/pothole-net",
        "capability.0.en": "object-detection", "capability.1.en": "Order road repairs", "system_input.en": "image/jpeg",
        "performance.en": "- recall: 0.91 (by day; 0.89–0.93)\n- recall: 0.64 (by night)",
        "limitations.en": "- Misses potholes under water\n- Fewer misses, more false alarms",
        "training_data.en": "- Road photos 2024: 120,000 photos from patrol cars\n- Test roads"})


@test
def a_cyclonedx_1_7_file_with_a_model_card_fills_the_supplier_s_answer():
    a_cyclonedx_card_fills_the_answer("1.7", {
        "algorithm_type": "generative", "provider.ko": "가람소프트", "capability.0.en": "text-generation",
        "methods_and_models.ko": "민원에 대한 답변의 초안을 씁니다.",
        "limitations.ko": "법령이 바뀌면 틀린 답을 쓸 수 있습니다.\n확인이 필요합니다."})


@test
def a_file_that_cannot_be_read_is_refused_in_the_reader_s_language_and_loses_nothing_that_was_typed():
    link, _ = link_of(minji, "new-one", days="3")
    nested = b'{"bomFormat": "CycloneDX", "a": ' + b"[" * 400000 + b"]" * 400000 + b"}"
    slow = b"---\npipeline_tag: x\n---\n" + b"## Limitations\n" + b"- a \n" * 200000
    for file, status, why in ((b"", 400, "파일을 고르십시"), (b"%PDF-1.7", 400, "CycloneDX"), (b"\xff\xfe{}", 400, "UTF-8"), (b"{}\0", 400, "UTF-8"),
                              (nested, 400, "CycloneDX"), (card_of("cyclonedx", 2), 400, "모델의 내용이"), (card_of("huggingface", 2), 400, "모델의 내용이"),
                              (b'{"a": "' + b"x" * 1048576 + b'"}', 413, "1MB"), (slow, None, "너무")):
        page = upload(link, file, limitations__ko="쓰던 글 <b>")
        assert page.status == status or (status is None and page.status in (400, 413)), (file[:20], page.status)
        assert why in page.text.split('id="file-error"')[1].split("</p>")[0], (file[:20], page.text.split("file-error")[1][:300])
        equal("쓰던 글 <b>", given(page)["limitations.ko"])
    equal(None, db.execute("SELECT answer FROM supplier_link WHERE id = (SELECT max(id) FROM supplier_link)").fetchone()[0])


@test
def what_a_file_says_stands_as_text_and_names_no_field_that_suppliers_are_not_asked_for():
    link, _ = link_of(minji, "new-one", days="3")
    evil = "\"><script>alert(1)</script>'{{title}}"
    page = upload(link, json.dumps({"bomFormat": "CycloneDX", "components": [{
        "type": "machine-learning-model", "name": evil, "publisher": evil, "title": evil, "goal": evil,
        "externalReferences": [{"type": "vcs", "url": "javascript:alert(1)"}],
        "modelCard": {"considerations": {"technicalLimitations": [evil], "goal": evil}, "modelParameters": {"task": evil}}}]}).encode())
    equal(200, page.status)
    equal((evil, evil, ""), (given(page)["provider.en"], given(page)["limitations.en"], given(page)["publiccode"]))
    assert "<script>alert" not in page.text and "goal.en" not in page.text


@test
def a_link_that_opens_nothing_reads_no_file_either():
    link, page = link_of(minji, "new-one", days="3")
    minji.send([f for f in page.forms if ("do", "revoke") in f["buttons"]][0], "revoke")
    answers = set()
    for at in (link, "/ko/supplier/" + "0" * 64, "/ko/supplier/x"):
        b = Browser(BASE)
        body = b'--b0\r\nContent-Disposition: form-data; name="do"\r\n\r\nfile\r\n--b0\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' \
            + card_of("spdx", 0) + b"\r\n--b0--\r\n"
        b.connection.request("POST", at, body, {"Content-Type": "multipart/form-data; boundary=b0"})
        answer = b.connection.getresponse()
        answers.add((answer.status, answer.read().decode().replace(at, "").replace(at.replace("/ko/", "/en/"), "")))
    equal([404], [status for status, _ in answers])


@test
def a_link_that_opens_nothing_is_refused_in_one_way_whatever_the_reason():
    revoked, page = link_of(minji, "new-one", days="3")
    minji.send([f for f in page.forms if ("do", "revoke") in f["buttons"]][0], "revoke")
    expired, _ = link_of(minji, "new-one", days="1")
    db.execute("UPDATE supplier_link SET expires = 1 WHERE id = (SELECT max(id) FROM supplier_link)")
    db.commit()
    answers = set()
    for link in (revoked, expired, "/ko/supplier/" + "0" * 64, "/ko/supplier/" + "g" * 64, "/ko/supplier/x", revoked[:-1]):
        for method, body in (("GET", None), ("POST", "limitations.ko=x")):
            page = Browser(BASE).ask(method, link, body)
            answers.add((page.status, page.text.replace(link, "").replace(link.replace("/ko/", "/en/"), "")))
    equal(1, len(answers))
    equal(404, answers.pop()[0])
    equal(0, db.execute("SELECT count(*) FROM supplier_link WHERE answer LIKE '%\"x\"%'").fetchone()[0])


@test
def a_link_has_bounds_and_another_department_no_part_in_it():
    for days in ("0", "31", "x", ""):
        link, page = link_of(minji, "new-one", days=days)
        assert not link and page.status == 400 and 'id="days-error"' in page.text, (days, page.status)
    link, page = link_of(minji, "new-one", days="3", supplier=" ")
    assert not link and 'id="supplier-error"' in page.text
    link, page = link_of(minji, "new-one", days="30")
    for path, fields in ((link, {"limitations.ko": "x"}),):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            b = Browser(BASE)
            b.headers.update(headers)
            equal(403, b.ask("POST", path, urllib.parse.urlencode(fields)).status)
    big = Browser(BASE).ask("POST", link, urllib.parse.urlencode({"limitations.ko": "가" * 40000}))
    assert big.status == 413 and "가가" in big.text, big.status
    id, other = drafts()["new-one"], sign_in("other")
    equal(404, other.get(f"/ko/office/drafts/{id}/supplier").status)
    equal(0, db.execute("SELECT count(*) FROM supplier_link WHERE instr(hash, unhex(?))", (link[-64:],)).fetchone()[0]
          if sqlite3.sqlite_version_info >= (3, 41) else 0)


@test
def a_draft_is_signed_only_as_the_page_showed_it():
    begin(minji, "signed-one")
    id = drafts()["signed-one"]
    page = minji.get(f"/ko/office/drafts/{id}/sign").text
    address = re.search(r'data-prepare="([^"]*/prepare/file/[^"]*)"|$', page).group(1) or f"/ko/office/prepare/file/{id}?revision=1"
    shown = re.search(r'data-shown="(\d+)"', page).group(1)
    equal(400, minji.get(address).status)  # nothing says what was shown
    equal(200, minji.get(f"{address}&shown={shown}").status)
    jisoo.send(step(jisoo, "signed-one", "identity").form("revision"), "save", name__ko="다른 이름")
    equal(409, minji.get(f"{address}&shown={shown}").status)


@test
def a_draft_is_discarded_only_as_it_was_seen():
    page = minji.get(f"/ko/office/drafts/{drafts()['new-one']}")
    jisoo.send(step(jisoo, "new-one", "identity").form("revision"), "save", name__ko="새 이름")
    equal(409, minji.send(page.form("revision")).status)
    assert "new-one" in drafts()
    page = minji.get(f"/ko/office/drafts/{drafts()['new-one']}")
    page = minji.send(page.form("revision"))
    assert page.location.endswith("/office/drafts") and "new-one" not in drafts()


minji, jisoo, other, reviewer = (sign_in(login) for login in ("minji", "jisoo", "other", "reviewer"))
for one in tests:
    try:
        one()
        print("ok -", one.__name__.replace("_", " "))
    except Exception:  # pylint: disable=broad-except
        print("not ok -", one.__name__.replace("_", " "))
        traceback.print_exc(file=sys.stdout)
