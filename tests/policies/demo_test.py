#!/usr/bin/env python3
"""The demo city's filings, held against the policies that are here, with stock jq: each must be one that the
register would publish, and say why it has its level."""
import json
import pathlib
import subprocess

root = pathlib.Path(__file__).resolve().parents[2]
STRICTEST_FIRST = ["prohibited", "high", "limited", "minimal"]


def filings():
    """(system, time, whole record) of each filing, changes folded in."""
    for path in sorted((root / "demo/systems").glob("*.json")):
        system = json.loads(path.read_text())
        record = {}
        for step in system["history"]:
            if step["do"] == "file":
                record = step.get("record") or {**record, **step["change"]}
                yield system["slug"], step["at"], record


def judged(folder, records):
    text = "\n".join(json.dumps(record) for record in records)
    done = subprocess.run(["jq", "-c", "-f", folder / "rule.jq"], input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def shown(question, facts):
    """Every fact that `when` names has one of its values; an absent one has none."""
    answers = {fact: facts[fact] if isinstance(facts[fact], list) else [facts[fact]] for fact in facts}
    return all(any(value in answers.get(fact, []) for value in values)
               for fact, values in question.get("when", {}).items())


def laxer(policy, record, result):
    risk = {level["level"]: level["risk"] for level in policy["levels"]}[result["level"]]
    if STRICTEST_FIRST.index(record["risk_category"]) > STRICTEST_FIRST.index(risk):
        yield f"published {record['risk_category']}, derived {risk}"


def unexplained(policy, record, result):
    reasons = {reason["rule"] for reason in result["reasons"]}
    named = {basis.get("rule") for basis in record["risk_basis"] if basis["policy"] == policy["policy"]}
    yield from (f"risk_basis names {rule}, which does not fire" for rule in named - reasons)
    yield from (f"{reason['rule']} is presumed {reason['presumed']} and risk_basis says nothing"
                for reason in result["reasons"] if "presumed" in reason and reason["rule"] not in named)


def misanswered(policy, record, _):
    facts = record["assessments"][policy["policy"]]
    asked = {question["fact"]: question for question in policy["questions"] if shown(question, facts)}
    yield from (f"{fact} is answered and not asked" for fact in facts.keys() - asked.keys())
    for fact, question in asked.items():
        if question["required"] and fact not in facts:
            yield f"{fact} is asked and not answered"
        known = [value["value"] for value in question.get("values", [])]
        given = facts.get(fact, [])
        if known:
            yield from (f"{fact}: {value} is no answer"
                        for value in (given if isinstance(given, list) else [given]) if value not in known)


CHECKS = [
    ("no filing is laxer than {}", laxer),
    ("the reasons that filings give are those of {}", unexplained),
    ("every filing answers what {} asks, and nothing else", misanswered),
]


def main():
    all_filings = list(filings())
    n = failed = answered = 0
    for folder in sorted(path.parent for path in root.glob("policies/*/rule.jq")):
        policy = json.loads((folder / "questions.json").read_text())
        mine = [filing for filing in all_filings if policy["policy"] in filing[2].get("assessments", {})]
        if not mine:
            print(f"# skipped: the demo city does not answer {policy['policy']}")
            continue
        answered += len(mine) == len(all_filings)
        results = judged(folder, [record for _, _, record in mine])
        for sentence, check in CHECKS:
            wrong = [f"{slug} at {at}: {what}" for (slug, at, record), result in zip(mine, results)
                     for what in check(policy, record, result)]
            n += 1
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {n} - {sentence.format(policy['policy'])} ({len(mine)} filings)")
            print(*(f"# {line}" for line in wrong), sep="\n", end="\n" if wrong else "")
    n += 1
    failed += not answered
    print(f"{'ok' if answered else 'not ok'} {n} - every filing answers at least one policy")
    print(f"1..{n}")
    return failed


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
