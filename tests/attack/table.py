#!/usr/bin/env python3
"""Each row of README.md names a test that there is: its file, and in it the sentence. Prints what is wrong."""
import os
import re

HERE = os.path.dirname(os.path.realpath(__file__))
rows = 0
with open(f"{HERE}/README.md", encoding="utf-8") as page:
    for line in page:
        row = re.fullmatch(r"\| (.+) \| `(.+)` \| (.+) \|\n", line)
        if not row:
            if line.startswith("| ") and not line.startswith("| attack |"):
                print("no row of attack, test and sentence:", line.strip())
            continue
        rows += 1
        _, name, sentence = row.groups()
        file = f"{HERE}/../../{name}"
        if not os.path.exists(file):
            print(f"{name} is not there")
            continue
        with open(file, encoding="utf-8") as test:
            text = test.read()
        if (sentence.replace(" ", "_") + "(" if name.endswith(".c") else sentence) not in text:
            print(f"{name} has no \"{sentence}\"")
if rows < 18:
    print(f"{rows} rows are too few")
