"""The profiles' data, held to what it promises, with stock jq: each export case, that no field of
a record is dropped without a word, that nothing shaped badly makes a program fail, that what was
exported comes back the same, and the form of profile.json. `--cases FOLDER` prints the cases of a
folder with `want` as the program answers now, to look at; names of profiles: only these;
`--csv-write` brings the csv profile in
line with policies/standard.json. DATA=folder says where the real registers are, if not beside the tree."""

import functools
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.parse

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FOLDER = os.path.join(ROOT, "policies", "profiles")
# Of the real registers, one row of so many: all of them take two minutes (ALL=1).
STEP = 1 if os.environ.get("ALL") else 24
DATA = os.environ.get("DATA") or os.path.join(ROOT, "..", "shared", "data")
LANGUAGES = ["ko", "en"]
# Where these are not exact, a program cannot run in libjq without a leak, or means another thing.
FORBIDDEN = r"(?<![$.])\b(first|limit|any|all|isempty|index|indices|rindex|until|label|del|now|env|input|inputs|import|include|" \
    r"debug|halt|input_line_number)\b(?!\")|\$__loc__|\$ENV"
SHARED = ("# shared {{{", "# shared }}}")
OWN_MARKDOWN = ["csv", "jsonl"]  # they keep texts as they are, so need no part that unmarks them
failed = 0


def check(sentence, problem=None):
    global failed
    failed += problem is not None
    print(("ok - " if problem is None else "not ok - ") + sentence)
    if problem is not None:
        print("    " + str(problem)[:2000].replace("\n", "\n    "))


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def load(*path):
    return json.loads(read(*path))


@functools.cache
def standard():
    """The standard, which nobody here changes."""
    return load(ROOT, "policies", "standard.json")


class Inexact(float):
    """A number that an answer holds as no integer."""


def jq(program, values):
    """What the program answers to each value; one answer each, or it is an error."""
    text = "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values)
    run = subprocess.run(["jq", "-c", "-f", program], input=text.encode(), capture_output=True)
    answers = [json.loads(line, parse_float=Inexact) for line in run.stdout.decode().splitlines()]
    if run.returncode or len(answers) != len(values):
        raise RuntimeError(f"{program}: {run.stderr.decode()[:500]} ({len(answers)} answers to "
                           f"{len(values)} inputs)")
    return answers


def profile_file(name, file):
    return os.path.join(FOLDER, name, file)


def sorted_json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def difference(want, got):
    if sorted_json(want) == sorted_json(got):
        return None
    if isinstance(want, dict) and isinstance(got, dict):
        for key in sorted(set(want) | set(got)):
            inner = difference(want.get(key), got.get(key))
            if inner:
                return f"{key}: {inner}"
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for at, (one, other) in enumerate(zip(want, got)):
            inner = difference(one, other)
            if inner:
                return f"[{at}]: {inner}"
    return f"wanted {sorted_json(want)[:700]}\ngot {sorted_json(got)[:700]}"


# --- records to export ---

def example(field, mark):
    """A value of this type that no other field has."""
    kind = field["type"]
    if kind in ("text", "markdown"):
        return {"ko": f"{mark} 글", "en": f"{mark} text"}
    if kind == "code":
        return f"{mark}-code"
    if kind == "url":
        return f"https://www.gimhae.example/{mark}"
    if kind == "contact":
        return f"{mark.replace('_', '-')}@gimhae.example"
    if kind == "phone":
        return "+82-55-%d" % (1000000 + int(hashlib.sha256(mark.encode()).hexdigest(), 16) % 9000000)
    if kind == "file":
        return hashlib.sha256(mark.encode()).hexdigest()
    if kind == "enum":
        return field["values"][-1]["value"]
    if kind == "list":
        return [example(field["item"], mark)]
    if kind == "object":
        return {m["name"]: example(m, f"{mark}_{m['name']}") for m in field["members"]}
    if kind == "assessments":
        return {"a-policy": {"fact": True}}
    return standard()["types"][kind]["example"]


def full_input(lang="en"):
    record = {f["name"]: example(f, f["name"]) for f in standard()["fields"] if not f.get("auto")}
    record.update(risk_category="high", status="in_use", primary_users="public",
                  risk_basis=[{"policy": "eu-ai-act", "rule": "eu.annex3",
                               "justification": {"ko": "이유", "en": "A reason"}}],
                  provider={"ko": "김해시(자체 개발)", "en": "Gimhae City (in-house)"},
                  organization={"ko": "김해시", "en": "Gimhae City"},
                  conformity=[{"kind": k, "number": f"{k}-1", "expiry": "2027-01-01",
                               "url": f"https://www.gimhae.example/{k}"}
                              for k in ("certificate", "declaration", "instructions",
                                        "authorisation")],
                  impact_assessments=[{"kind": k, "title": {"ko": f"{k} 제목", "en": f"{k} title"},
                                       "date": "2026-01-02", "summary": {"ko": f"{k} 요약",
                                                                         "en": f"{k} summary"},
                                       "url": f"https://www.gimhae.example/{k}"}
                                      for k in ("dpia", "fria", "ai_impact_assessment")])
    if "assessments" in record:
        record["assessments"] = {"eu-ai-act": {"is_ai_system": True, "annex_iii": ["5a"]}}
    return wrapped("full-system", record, lang)


def wrapped(slug, record, lang="en", department=None, state="published", source=None):
    system = {"slug": slug, "department": department or {
        "slug": "ai-policy", "name": {"ko": "AI정책과", "en": "AI Policy Division"}},
        "state": state, "version": 3, "first_at": "2026-03-01T09:00:00Z",
        "changed_at": "2026-06-01T09:00:00Z", "published_at": "2026-06-01T16:00:00Z",
        "published_on": "2026-06-02",
        "url": f"https://ai.gimhae.example/ko/systems/{slug}"}
    if source:
        system["source"] = source
    return {"register": {"name": {"ko": "김해시 AI 등록부", "en": "Gimhae AI register"},
                         "office": {"ko": "AI정책과", "en": "AI Policy Division"},
                         "contact": "mailto:ai@gimhae.example", "languages": LANGUAGES,
                         "licence": "https://www.kogl.or.kr/info/licenseType1.do",
                         "origin": "ai.gimhae.example/log", "base": "https://ai.gimhae.example"},
            "system": system, "record": record, "judgement": None, "lang": lang, "number": 1}


def demo_inputs(lang="en"):
    departments = {d["slug"]: d["name"] for d in load(ROOT, "demo", "departments.json")}
    inputs = []
    for path in sorted(glob.glob(os.path.join(ROOT, "demo", "systems", "*.json"))):
        system, record, state = load(path), {}, "published"
        for step in system["history"]:
            if step["do"] == "file":
                record.update(step.get("record") or step["change"])
            state = {"suspend": "suspended", "resume": "published",
                     "retire": "retired"}.get(step["do"], state)
        slug = system["department"]
        inputs.append(wrapped(system["slug"], record, lang,
                              {"slug": slug, "name": departments[slug]}, state))
    return inputs


def imported(profile, rows, lang="en"):
    """What an empty register holds after these rows, as inputs of the export; and what no row
    became. As cli/import.c does it, but for the hash behind an address that is not unique."""
    inputs, refused = [], []
    for row, got in zip(rows, jq(profile_file(profile, "map.jq"), rows)):
        if "error" in got:
            refused.append((row, got["error"]))
            continue
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", got["slug_hint"]), got["slug_hint"]
        inputs.append(wrapped(got["slug_hint"], got["record"], lang, got["department"],
                              source=f"{profile} {got['key']}"))
    return inputs, refused


def exported(profile, inputs):
    return jq(profile_file(profile, "export.jq"), inputs)


# --- what each profile must be ---

def two_texts(value):
    return isinstance(value, dict) and all(isinstance(value.get(lang), str) and value[lang]
                                           for lang in LANGUAGES)


def check_about(name, about):
    export = about["export"]
    problem = None
    if about["profile"] != name or not two_texts(about["title"]):
        problem = "\"profile\" is the folder's name, \"title\" has both languages"
    elif not all(about["source"].get(k) for k in ("title", "url", "licence")):
        problem = "\"source\" has a title, an address and a licence"
    elif export["output"] not in ("json", "jsonl", "csv") or "/" in export["file"] \
            or not re.fullmatch(r"[a-z]+/[a-z0-9.+-]+(; charset=utf-8)?", export["type"]):
        problem = "\"export\" has output, file and type"
    elif any(two.get("output") not in ("json", "jsonl", "csv") or two["file"] == export["file"]
             for two in export.get("also", [])):
        problem = "\"also\" has other outputs and files"
    elif set(export.get("header", {})) - set(export.get("columns", [])):
        problem = "\"header\" has a text for columns alone"
    elif ("csv" in [e["output"] for e in [export] + export.get("also", [])]) != ("columns" in export) \
            or len(set(export.get("columns", []))) != len(export.get("columns", [])):
        problem = "a csv profile, and no other, has its columns, each once"
    elif not isinstance(export.get("retired"), bool):
        problem = "\"retired\" is true or false"
    elif bool(export.get("rows_at")) != os.path.exists(profile_file(name, "wrap.jq")):
        problem = "\"rows_at\" goes with wrap.jq"
    check(f"{name}: profile.json says what the download is", problem)


def check_program(name):
    programs = [p for p in ("export.jq", "wrap.jq", "map.jq")
                if os.path.exists(profile_file(name, p))]
    bad = []
    for program in programs:
        for number, line in enumerate(read(FOLDER, name, program).splitlines(), 1):
            code = re.sub(r'"(\\.|[^"\\])*"', '""', line.split("# ")[0])
            if re.search(FORBIDDEN, code) or ". as [" in code and "?//" in code:
                bad.append(f"{program}:{number}: {line}")
    check(f"{name}: its programs use nothing that libjq 1.6 leaks or forbids",
          "\n".join(bad) or None)


def is_inexact(value):
    """Whether a number in it is no integer."""
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, Inexact) or isinstance(value, list) and any(map(is_inexact, value))


def row_problem(about, answer):
    if list(answer) == ["skip"]:
        return None if two_texts(answer["skip"]) else "skip has both languages"
    if set(answer) != {"row", "lost"}:
        return f"members {list(answer)}"
    for lost in answer["lost"]:
        if set(lost) != {"field", "why"} or not two_texts(lost["why"]):
            return f"lost: {lost}"
    if about["export"]["output"] == "csv":
        for column, cell in answer["row"].items():
            if column not in about["export"]["columns"] or not isinstance(cell, str):
                return f"the column {column} is not in the header or not text: {cell!r}"
    if is_inexact(answer):
        return "a number that is no integer"
    return None


def check_cases(name, about):
    cases = load(FOLDER, name, "export-cases.json")
    answers = exported(name, [c["in"] for c in cases])
    problems = []
    for case, answer in zip(cases, answers):
        problem = difference(case["want"], answer) or row_problem(about, answer)
        if problem:
            problems.append(f"{case['name']}: {problem}")
    if len(cases) < 5 or len({c["name"] for c in cases}) != len(cases):
        problems.append("at least five cases, each with a name of its own")
    check(f"{name}: {len(cases)} cases give the row, the losses or the reason to skip that they say",
          "\n".join(problems) or None)


def check_nothing_unsaid(name):
    """A field that is taken away must change the answer: else it was dropped without a word. Returns the fields
    without which there is no row."""
    whole = full_input()
    fields = list(whole["record"])
    inputs = [whole] + [dict(whole, record={k: v for k, v in whole["record"].items() if k != f})
                        for f in fields]
    answers = exported(name, inputs)
    silent = [f for f, answer in zip(fields, answers[1:])
              if sorted_json(answer) == sorted_json(answers[0])]
    if "row" not in answers[0]:
        silent = [f"the full record is skipped: {answers[0]}"]
    check(f"{name}: each field of the standard is in the row or among the losses",
          ", ".join(silent) or None)
    return [f for f, answer in zip(fields, answers[1:]) if "row" not in answer]


BAD_VALUES = (None, 7, "x", [None, 3, "x", [], {}], {"en": 3}, {"en": ""},
              [{"kind": 1, "title": [], "date": {}, "url": 3, "field": [], "policy": {}}],
              {"en": "\u0000\u202e\x07 =1+1 <b> \\ ]( **\n#" + "가" * 9}, {"ko": "글"})


def spoilt(whole, fields, bad):
    return dict(whole, record=dict(whole["record"], **{field: bad for field in fields}))


def hostile_groups(whole, needed):
    """Each bad value for each field. Several fields have it at once, which stand far apart in the standard; a
    field without which there is no row has it alone, or the program might look at none of the others."""
    fields = [f for f in whole["record"] if f not in needed]
    apart = len(fields) if STEP == 1 else 12
    groups = [fields[at::apart] for at in range(apart)] + [[field] for field in needed]
    return [(group, bad) for bad in BAD_VALUES for group in groups]


def answers_alone(name, whole, groups, answers):
    """Where the program skips a record it may have looked at one of the bad fields only, so each is tried alone."""
    return exported(name, [spoilt(whole, [field], bad) for (fields, bad), answer in zip(groups, answers)
                           if len(fields) > 1 and "row" not in answer for field in fields])


def check_hostile(name, about, needed):
    whole = full_input()
    groups = hostile_groups(whole, needed)
    inputs = [spoilt(whole, *group) for group in groups]
    for bad in (None, 7, [], "x", {}):
        inputs += [bad, dict(whole, system=bad), dict(whole, register=bad), dict(whole, record=bad),
                   dict(whole, judgement=bad), dict(whole, lang=bad),
                   dict(whole, judgement={"level": bad, "policies": bad})]
    problem = None
    try:
        answers = exported(name, inputs)
        answers += answers_alone(name, whole, groups, answers)
        problems = {row_problem(about, answer) for answer in answers} - {None}
        problem = "\n".join(problems) or None
    except RuntimeError as error:
        answers, problem = inputs, error
    check(f"{name}: {len(answers)} inputs of the wrong shape give a row or a reason all the same",
          problem)


def check_shared(names):
    parts = {}
    for name in names:
        text = read(FOLDER, name, "export.jq")
        if name not in OWN_MARKDOWN:
            parts[name] = text[text.index(SHARED[0]):text.index(SHARED[1])]
    check("what the exports share is the same in each", None if len(set(parts.values())) <= 1
          else f"it differs among {', '.join(parts)}")
    if "csv" in names and "us-federal-2025" in names:
        maps = [read(FOLDER, n, "map.jq") for n in ("csv", "us-federal-2025")]
        first, second = [m[m.index(SHARED[0]):m.index(SHARED[1])] for m in maps]
        check("the csv import cleans texts as the other imports do",
              None if first == second else "the shared part of its map.jq differs")


def check_readme(name):
    text = read(FOLDER, name, "README.md")
    missing = [h for h in (f"# {name}", "## 한국어", "## English") if h not in text]
    check(f"{name}: README.md tells both languages what goes where and what stays empty",
          None if not missing and re.search(r"stays? empty", text) and "빈칸" in text
          else f"missing: {missing or 'what stays empty'}")


# --- documents around the rows ---

def at_path(document, rows_at):
    return document[rows_at] if rows_at else document


def document_of(name, about, rows, lang="en"):
    rows_at = about["export"].get("rows_at")
    if not rows_at:
        return rows
    frame, = jq(profile_file(name, "wrap.jq"), [{"register": wrapped("x", {})["register"],
                                                 "at": "2026-11-01T00:00:00Z", "lang": lang}])
    if frame.get(rows_at) != []:
        raise RuntimeError(f"wrap.jq leaves no empty list at {rows_at}: {frame}")
    frame[rows_at] = rows
    return frame


def undeclared(node, context, found):
    """Names of a JSON-LD document that its context does not explain."""
    if isinstance(node, list):
        for one in node:
            undeclared(one, context, found)
    elif isinstance(node, dict):
        if "@value" in node and set(node) - {"@value", "@language", "@type"}:
            found.add(f"@value with {sorted(node)}")
        if "@language" in node and not re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]+)*", node["@language"]):
            found.add(f"language {node['@language']}")
        for key, value in node.items():
            if key == "@context":
                continue
            names = [key] if not key.startswith("@") else []
            if key in ("@type", "@id"):
                for name in value if isinstance(value, list) else [value]:
                    if key == "@id" and not re.match("(https?|mailto|urn):", name):
                        names.append(name)
                    elif key == "@type":
                        names.append(name)
            for name in names:
                prefix = name.split(":")[0] if ":" in name else None
                if prefix in context or name in context or (prefix is None and "@vocab" in context):
                    continue
                found.add(name)
            undeclared(value, context, found)


def iris(node):
    if isinstance(node, dict):
        if "@id" in node:
            yield node["@id"]
        for value in node.values():
            yield from iris(value)
    elif isinstance(node, list):
        for value in node:
            yield from iris(value)


def context_of(document):
    context = document["@context"]
    if context == "https://schema.org":
        return {"@vocab": "https://schema.org/"}
    return context


def check_document(name, about):
    problem = None
    try:
        answers = exported(name, [full_input()] + demo_inputs())
        rows = [a["row"] for a in answers if "row" in a]
        document = document_of(name, about, rows)
        if about["export"]["type"] == "application/ld+json":
            found = set()
            undeclared(document, context_of(document), found)
            bad = [i for i in iris(document) if re.search(r"[\s<>\"{}|\\^`]", i)]
            problem = f"not declared: {sorted(found)}; not addresses: {bad}" if found or bad else None
            sentence = "the JSON-LD declares each prefix, and its addresses are addresses"
        else:
            sentence = "the document holds its rows where profile.json says"
    except (RuntimeError, KeyError) as error:
        problem, sentence = error, "the document holds its rows where profile.json says"
    check(f"{name}: {sentence}", problem)


# --- there and back ---

def round_trip(name, inputs, ignore=(), lang="en"):
    """Export, import into an empty register, export: the first difference, and how many rows."""
    answers = exported(name, inputs)
    rows = [a["row"] for a in answers if "row" in a]
    back, refused = imported(name, rows, lang)
    if refused:
        return len(rows), f"a row is refused: {refused[0]}"
    for first, again in zip(rows, exported(name, back)):
        if "row" not in again:
            return len(rows), f"it is skipped the second time: {again}"
        one, other = ({k: v for k, v in row.items() if k not in ignore}
                      for row in (first, again["row"]))
        problem = difference(one, other)
        if problem:
            return len(rows), problem
    return len(rows), None if rows else "no row"


def real_rows(profile):
    """Rows of a real register, or None with a line that says that it is absent."""
    if profile == "us-federal-2025":
        path = os.path.join(DATA, profile, "2025_individually_reported_AI_use_cases.csv")
        if not os.path.exists(path):
            print(f"skipped: {os.path.relpath(path, ROOT)} is not here")
            return None
        import csv
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    path = os.path.join(DATA, "nl-algoritmeregister", "algoritmes.json")
    if not os.path.exists(path):
        print(f"skipped: {os.path.relpath(path, ROOT)} is not here")
        return None
    # The real register's algorithms in the standard's own columns. What the copy of them at hand
    # leaves out, though the standard requires it, is filled in here: their export has it.
    status = {"in_gebruik": "In gebruik", "ontwikkeling": "In ontwikkeling",
              "buiten_gebruik": "Buiten gebruik"}
    return [{"name": r["title"], "organization": r["organisatie"], "status": status[r["status"]],
             "goal": r["doel"], "lawful_basis": r["juridische_basis"], "url": r["url"],
             "lars": r["id"], "lang": "nld", "standard_version": "1.0",
             "description_short": r["title"], "contact_email": r["url"],
             "publication_category": "Impactvolle algoritmes"}
            for r in load(path)["algoritmes"]]


def check_round_trips(names):
    own = demo_inputs() + [full_input()]
    trips = {
        # E-mail addresses of the US inventory are left out at import, as its README says.
        "us-federal-2025": (("contact_email",), "en"),
        "nl-publicatiestandaard": ((), "en"),
        # What the register itself knows of a system is not the record's: the next one's differs.
        "csv": (("state", "version", "url", "source", "publication_date", "last_change_date"), "en"),
        "jsonl": (("system",), "en"),
    }
    for name, (ignore, lang) in trips.items():
        if name not in names:
            continue
        count, problem = round_trip(name, own, ignore, lang)
        check(f"{name}: {count} records exported, imported and exported again are the same", problem)
    for name, lang in (("us-federal-2025", "en"), ("nl-publicatiestandaard", "nl")):
        rows = real_rows(name) if name in names else None
        if rows is None:
            continue
        rows = rows[::STEP]
        inputs, refused = imported(name, rows, lang)
        count, problem = round_trip(name, inputs, trips[name][0], lang)
        check(f"{name}: of {len(rows)} real rows {count} go out, come back and go out the same "
              f"({len(refused)} cannot be imported)", problem)
        for other in ("csv", "jsonl"):
            if other in names:
                count, problem = round_trip(other, inputs[::10], trips[other][0], lang)
                check(f"{other}: every tenth system of {name}, {count}, goes out, comes back and "
                      "goes out the same", problem)


def check_lossless(name):
    """What csv and jsonl bring back is the record itself."""
    inputs = [i for lang in ("en",) for i in demo_inputs(lang)] + [full_input()]
    inputs[0]["record"]["name"]["nl"] = "Ook in het Nederlands"
    rows = [a["row"] for a in exported(name, inputs)]
    back, refused = imported(name, rows)
    problem = str(refused) if refused else None
    for one, other in zip(inputs, back):
        problem = problem or difference(one["record"], other["record"]) or \
            difference([one["system"]["slug"], one["system"]["department"]],
                       [other["system"]["slug"], other["system"]["department"]])
    check(f"{name}: a record comes back whole, with its address and its department", problem)


def check_same_mapping(name, cases):
    got = jq(profile_file(name, "map.jq"), [c["row"] for c in cases])
    problems = [f"{c['name']}: {d}" for c, g in zip(cases, got)
                if (d := difference(c["want"], g)) is not None]
    check(f"{name}: {len(cases)} rows map as cases.json says", "\n".join(problems) or None)


# --- the list of Article 30: its words are the standard's ---

def check_names(name):
    """The tables of names in export.jq, beside the Korean labels of the standard."""
    program = read(FOLDER, name, "export.jq")
    run = subprocess.run(["jq", "-n", program[:program.index("def name_of")] + "names"],
                         capture_output=True, check=True)
    names = json.loads(run.stdout)
    fields = {f["name"]: f for f in standard()["fields"]}
    fields["ground"] = fields["assessment_exemption"]["item"]["members"][0]
    wrong = [f"{table}.{value}" for table, values in names.items() if table in fields
             for value, label in values.items()
             if {"value": value, "ko": label} not in
             [{"value": v["value"], "ko": v["label"]["ko"]} for v in fields[table]["values"]]]
    wrong += [f"{table}.{v['value']}" for table in names if table in fields and table != "status"
              for v in fields[table]["values"] if v["value"] not in names[table]]
    check(f"{name}: codes have the standard's Korean names", ", ".join(wrong) or None)


# --- csv: its columns are the standard's fields ---

def csv_columns():
    columns = []
    for field in standard()["fields"]:
        texts = field["type"] in ("text", "markdown")
        columns += [f"{field['name']}.{lang}" for lang in LANGUAGES] if texts else [field["name"]]
    return columns + ["other_languages", "department_slug", "department_name.ko",
                      "department_name.en", "state", "version", "url_here", "source", "register"]


def csv_tables():
    """The fields by what a cell of them holds, as the programs' tables."""
    kinds = {"texts": [], "codes": [], "lists": []}
    for field in standard()["fields"]:
        kind = "texts" if field["type"] in ("text", "markdown") else "lists" \
            if field["type"] in ("list", "object", "assessments") else "codes"
        kinds[kind].append(json.dumps(field["name"]))
    text = ""
    for kind, names in kinds.items():
        line = f"def {kind}: {{"
        for name in names:
            if len(line + name) > 90:
                text, line = text + line.rstrip() + "\n", "\t"
            line += name + ": true, "
        text += line.rstrip(", ") + "};\n"
    return text


def csv_listed(columns):
    """The columns as profile.json lists them."""
    return "[\n" + ",\n".join("      " + json.dumps(name) for name in columns) + "\n    ]"


def csv_programs(write):
    """Where export.jq or map.jq of csv holds other tables than the standard's fields."""
    wrong = []
    for program in ("export.jq", "map.jq"):
        text = read(FOLDER, "csv", program)
        head = text.index("\n", text.index("# fields {{{")) + 1
        tail = text.index("# fields }}}")
        if text[head:tail] != csv_tables():
            wrong.append(program)
            if write:
                with open(profile_file("csv", program), "w", encoding="utf-8") as file:
                    file.write(text[:head] + csv_tables() + text[tail:])
    about = read(FOLDER, "csv", "profile.json")
    columns = json.loads(about)["export"]["columns"]
    if columns != csv_columns():
        wrong.append("profile.json")
        if write:
            with open(profile_file("csv", "profile.json"), "w", encoding="utf-8") as file:
                file.write(about.replace(csv_listed(columns), csv_listed(csv_columns())))
    return wrong


def main(arguments):
    if arguments[:1] == ["--csv-write"]:
        print("written: " + (", ".join(csv_programs(True)) or "nothing, all was right"))
        return 0
    if arguments[:1] == ["--cases"]:
        cases = load(FOLDER, arguments[1], "export-cases.json")
        for case, want in zip(cases, exported(arguments[1], [c["in"] for c in cases])):
            case["want"] = want
        print(json.dumps(cases, ensure_ascii=False, indent=1))
        return 0
    folders = sorted(os.path.basename(os.path.dirname(p))
                     for p in glob.glob(os.path.join(FOLDER, "*", "profile.json")))
    folders = [name for name in folders if not arguments or name in arguments]
    about = {name: load(FOLDER, name, "profile.json") for name in folders}
    names = [name for name in folders if "export" in about[name]]
    for name in names:
        check_about(name, about[name])
        check_program(name)
        check_cases(name, about[name])
        needed = check_nothing_unsaid(name)
        check_hostile(name, about[name], needed)
        check_document(name, about[name])
        check_readme(name)
    for name in folders:
        if os.path.exists(profile_file(name, "map.jq")):
            check_same_mapping(name, load(FOLDER, name, "cases.json"))
    if "kr-ai-service-list" in names:
        check_names("kr-ai-service-list")
    check_shared(names)
    check_round_trips(names)
    for name in ("csv", "jsonl"):
        if name in names:
            check_lossless(name)
    if "csv" in names:
        wrong = csv_programs(False)
        check("csv: its columns are the standard's fields, one for each language of a text",
              f"{', '.join(wrong)}: run tests/policies/profiles.sh --csv-write" if wrong else None)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
