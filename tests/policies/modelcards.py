#!/usr/bin/env python3
"""What policies/modelcards/ makes of files about models, with stock jq: each case, and that every field is one that the standard
asks suppliers for. `--cases FORMAT` prints the cases with `want` as the program answers now, to look at."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FOLDER = os.path.join(ROOT, "policies", "modelcards")
# Where these are not exact, a program cannot run in libjq without a leak, or means another thing.
FORBIDDEN = r"(?<![$.])\b(first|limit|any|all|isempty|index|indices|rindex|until|label|del|now|env|input|inputs|import|include|debug|halt)\b(?!\")"
failed = 0


def check(sentence, problem=None):
    global failed
    failed += problem is not None
    print(("ok - " if problem is None else "not ok - ") + sentence)
    if problem is not None:
        print("    " + str(problem)[:2000].replace("\n", "\n    "))


def read(*path):
    with open(os.path.join(FOLDER, *path), encoding="utf-8") as file:
        return file.read()


def text_of(file):
    if isinstance(file, list):
        return "\n".join(file) + "\n"
    return file if isinstance(file, str) else json.dumps(file, ensure_ascii=False)


def answer(name, text):
    program = read("shared.jq") + read(name, "map.jq")
    run = subprocess.run(["jq", "-c", program], input=json.dumps(text), capture_output=True, text=True)
    return json.loads(run.stdout) if run.returncode == 0 else run.stderr


if sys.argv[1:2] == ["--cases"]:
    for case in json.loads(read(sys.argv[2], "cases.json")):
        print(json.dumps({"name": case["name"], "want": answer(sys.argv[2], text_of(case["file"]))}, ensure_ascii=False, indent=1))
    sys.exit()
with open(os.path.join(ROOT, "policies", "standard.json"), encoding="utf-8") as standard:
    ASKED = set(json.load(standard)["asked_of_supplier"])
names = sorted(name for name in os.listdir(FOLDER) if os.path.isdir(os.path.join(FOLDER, name)))
every = [(name, case) for name in names for case in json.loads(read(name, "cases.json"))]
for name, case in every:
    got = answer(name, text_of(case["file"]))
    check(f"{name}: {case['name']}", None if got == case["want"] else json.dumps(got, ensure_ascii=False))
    strange = set(got["fields"]) - ASKED if isinstance(got, dict) else set()
    check(f"{name}: {case['name']}: only fields that suppliers are asked for", strange or None)
for name in names:
    code = re.sub(r"(?m)^\s*#.*$|\"(?:[^\"\\]|\\.)*\"", "", read("shared.jq") + read(name, "map.jq"))
    check(f"{name}: no function that libjq leaks at", re.findall(FORBIDDEN, code) or None)
    others = [case["name"] for other, case in every if other != name and case["want"] and answer(name, text_of(case["file"])) is not None]
    check(f"{name}: a file of another format is none of its own", others or None)
# `clean` looks for these characters by a pattern, and removes them by their numbers: two lists of the same. A NUL
# behind a character makes `clean` look at the numbers, whatever the pattern says of that character.
differ = subprocess.run(["jq", "-nc", read("shared.jq") + """
	[(range(55296), range(57344; 65536), range(917400; 917700)) | ([97, ., 98] | implode | clean) as $found
	| select($found != ([97, ., 98, 0] | implode | clean))]"""], capture_output=True, text=True)
check("a character that no record takes is looked for and removed alike", None if differ.stdout == "[]\n" else differ.stdout + differ.stderr)
sys.exit(failed > 0)
