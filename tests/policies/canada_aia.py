#!/usr/bin/env python3
"""Canada's AIA, held against itself: the tables of rule.jq say what questions.json says, and rule.jq
scores random answers as a second reading of the tool's calculateFinalScore does. Prints TAP."""
import json
import math
import random
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "policies" / "canada-aia"
QUESTIONS = json.loads((FOLDER / "questions.json").read_text())["questions"]
SCORED = [q for q in QUESTIONS if q["fact"] != "projectDetailsPhase"]
MITIGATION = re.compile("^(consultation|dataQuality|fairness|privacy)(Design|Implementation)")
failures = 0


def check(name, ok, why=""):
    global failures
    failures += not ok
    print(f"{'ok' if ok else 'not ok'} - {name}")
    if not ok:
        print(f"# {why}")


def jq(program, *inputs):
    text = "\n".join(json.dumps(i) for i in inputs)
    run = subprocess.run(["jq", "-c", program], input=text, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr)
    return [json.loads(line) for line in run.stdout.splitlines()]


RULE = (FOLDER / "rule.jq").read_text()
DEFINITIONS = RULE[: RULE.index('\n(member("assessments")')]


def table(name):
    return jq(DEFINITIONS + "\n" + name, None)[0]


def is_risk(question):
    return not MITIGATION.match(question["group"])


def points(value):
    suffix = value.rpartition("-")[2] if "-" in value else ""
    return int(suffix) if suffix.isdecimal() else 0


def highest(question):
    scores = [points(v["value"]) for v in question["values"]]
    return sum(scores) if question["type"] == "choices" else max(scores)


def check_pages(name, questions):
    pages = table(name)
    told = {p["page"]: (sorted(p["one"]), sorted(p["many"]), p["reason"]["max"]) for p in pages}
    asked = {}
    for page in dict.fromkeys(q["group"] for q in questions):
        here = [q for q in questions if q["group"] == page]
        asked[page] = (
            sorted(q["fact"] for q in here if q["type"] == "choice"),
            sorted(q["fact"] for q in here if q["type"] == "choices"),
            sum(map(highest, here)),
        )
    check(f"{name} of rule.jq has the pages, facts and maxima of questions.json", told == asked,
          f"{told} is not {asked}")


def check_tables():
    risk = [q for q in SCORED if is_risk(q)]
    mitigation = [q for q in SCORED if not is_risk(q)]
    check("160 questions are scored: 70 of risk, 90 of mitigation",
          (len(SCORED), len(risk), len(mitigation)) == (160, 70, 90))
    check_pages("risk_pages", risk)
    check_pages("mitigation_pages", mitigation)
    check("the maxima are those of the questions",
          (table("max_raw"), 2 * table("max_mitigation"))
          == (sum(map(highest, risk)), sum(map(highest, mitigation))))
    check("the number of single-answer risk questions is right",
          table("single_risk_questions") == len([q for q in risk if q["type"] == "choice"]))
    values = {v["value"] for q in SCORED for v in q["values"]}
    check("known_points has each answer, with its suffix's points",
          table("known_points") == {v: points(v) for v in values})
    def after(name):
        return {a["fact"]: {a["after"]: sorted(a["is"])} for a in table(name)}

    def when(of):
        """Without the phase, which decides for whole pages of mitigation."""
        all_of = {q["fact"]: {f: sorted(v) for f, v in q["when"].items()
                              if is_risk(q) or f != "projectDetailsPhase"} for q in of if "when" in q}
        return {fact: values for fact, values in all_of.items() if values}
    single = [q for q in risk if q["type"] == "choice"]
    check("asked_after is what the when of single-answer risk questions says", after("asked_after") == when(single))
    check("boxes_and_mitigation_asked_after is what the others' when says",
          after("boxes_and_mitigation_asked_after") == when([q for q in SCORED if q not in single]))
    check("mitigation is asked of the phase that its page is of",
          {p["page"]: [p["phase"]] for p in table("mitigation_pages")}
          == {q["group"]: q["when"]["projectDetailsPhase"] for q in mitigation})
    fields = {f["name"] for f in
              json.loads((FOLDER.parent / "standard.json").read_text())["fields"]}
    named = {f for r in table("requirements") for f in r["fields"]}
    check("duties name fields of the standard, all of them looked at",
          named <= fields and named == set(table("evidence")), named ^ set(table("evidence")))
    facts = {q["fact"]: {v["value"] for v in q["values"]} for q in QUESTIONS}
    check("each when names a fact that is asked, and values that it can have",
          all(f in facts and set(v) <= facts[f] for q in QUESTIONS
              for f, v in q.get("when", {}).items()))
    texts = [t for q in QUESTIONS for t in
             [q["label"], q["help"], *(v["label"] for v in q["values"])]]
    check("every label and help is there in Korean and English",
          all(t["ko"].strip() and t["en"].strip() for t in texts))


def random_facts(rng):
    facts, density, worst = {}, rng.choice([0.1, 0.5, 0.9, 1]), rng.choice([0, 0.3, 0.9])
    for question in QUESTIONS:
        values = [v["value"] for v in question["values"]]
        if rng.random() > density:
            continue
        if question["type"] == "choices":
            count = len(values) if rng.random() < worst else rng.randint(0, len(values))
            facts[question["fact"]] = rng.sample(values, count)
        elif rng.random() < worst:
            facts[question["fact"]] = max(values, key=points)
        else:
            facts[question["fact"]] = rng.choice(values + ["item9-7"] if rng.random() < 0.02
                                                 else values)
    return facts


def asked(facts):
    """The answers whose question is asked; `when` names earlier facts alone."""
    counted = {}
    for question in QUESTIONS:
        fact = question["fact"]
        if fact in facts and all(set([counted[f]] if isinstance(counted.get(f), str) else counted.get(f, [])) & set(v)
                                 for f, v in question.get("when", {}).items()):
            counted[fact] = facts[fact]
    return counted


RISK = [q for q in SCORED if is_risk(q)]
MITIGATING = [q for q in SCORED if not is_risk(q)]
MAX_RAW, MAX_MITIGATION = sum(map(highest, RISK)), sum(map(highest, MITIGATING))


def sum_of(questions, facts):
    answers = [facts.get(question["fact"], []) for question in questions]
    return sum(sum(map(points, [answer] if isinstance(answer, str) else answer)) for answer in answers)


def final_score(facts):
    """calculateFinalScore of the tool's src/store.ts, in its own floating point, on what is asked."""
    facts = asked(facts)
    raw, mitigation = sum_of(RISK, facts), sum_of(MITIGATING, facts)
    total = raw
    if mitigation >= 0.8 * (MAX_MITIGATION / 2):
        total = math.floor((1 - 0.15) * raw + 0.5)
    level = 1 + sum(total > MAX_RAW * part for part in (0.25, 0.5, 0.75))
    return raw, mitigation, total, level


def unanswered(facts):
    def is_shown(question):
        return all(facts.get(f) in v for f, v in question.get("when", {}).items())
    counted = asked(facts)
    return len([q for q in RISK if q["type"] == "choice" and is_shown(q) and q["fact"] not in counted])


def check_random():
    rng = random.Random(32592)
    answers = [random_facts(rng) for _ in range(2000)]
    results = jq(RULE, *({"assessments": {"canada-aia": a}} for a in answers))
    wrong = [(a, r) for a, r in zip(answers, results)
             if (r["raw"], r["mitigation"], r["total"], r["level"]) != final_score(a)
             or r["unanswered"] != unanswered(a)]
    check("2,000 random sets of answers score as calculateFinalScore scores those that are asked",
          len(results) == 2000 and not wrong, json.dumps(wrong[:1]))
    levels = {r["level"] for r in results}
    check("they reach all four levels, with and without the 15 %",
          levels == {1, 2, 3, 4} and {r["total"] < r["raw"] for r in results} == {True, False},
          levels)
    apart = [r for r in results if r["raw"] + r["mitigation"]
             != sum(x.get("points", 0) for x in r["reasons"])]
    check("the points of the pages that reasons name add up to raw and mitigation", not apart,
          json.dumps(apart[:1]))


check_tables()
check_random()
sys.exit(failures > 0)
