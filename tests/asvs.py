#!/usr/bin/env python3
"""Holds docs/asvs.md to itself, to the tree, and to the standard's own list where that is at hand. Prints what is
wrong, a line each; "skipped: …" where there is no list.

- The counts on top are those of the rows below; each number stands in its chapter, once.
- Files that a row names exist, and hold the functions and sentences of tests that it names. What is met names one.
- The list (../shared/data) has every number of levels 1 and 2, and no other."""
import csv
import os
import re
import sys

PAGE = "docs/asvs.md"
LIST = "../shared/data/owasp-asvs/asvs-5.0.0.csv"
STATES = ["met", "not applicable", "open"]
FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*\.(?:c|h|def|js|mjs|json|md|py|sh)|Makefile)`")
NAME = re.compile(r"`(\w+)\(\)`|`([a-z0-9]+(?:_[a-z0-9]+){2,})`")


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def read(text):
    """The rows of chapters, and those of the table of counts."""
    rows, counts, chapter = [], {}, None
    for line in text.splitlines():
        heading = re.match(r"## (V\d+) ", line)
        if heading:
            chapter = heading[1]
        elif re.match(r"\| V\d+\.", line):
            rows.append((chapter, cells(line)))
        elif re.match(r"\| (V\d+ |all )", line):
            first, *numbers = cells(line)
            counts[first.split()[0]] = numbers
    return rows, counts


def wrong_row(chapter, row):
    if len(row) != 4:
        return f"has {len(row)} columns, not 4"
    number, about, state, where = row
    if number.split(".")[0] != chapter:
        return f"stands in chapter {chapter}"
    if not 3 <= len(about.split()) <= 8:
        return f'"{about}" is not of 3 to 8 words'
    if state not in STATES:
        return f'"{state}" is no state'
    files = FILE.findall(where)
    missing = [name for name in files if not os.path.exists(name)]
    if missing:
        return f"names {missing[0]}, which is not there"
    if state == "met" and not files:
        return "is met, and names no file"
    if not where:
        return "says no reason"
    text = "".join(open(name, encoding="utf-8").read() for name in files)
    for function, sentence in NAME.findall(where):
        if not re.search(rf"\b{function or sentence}\b", text):
            return f"names {function or sentence}, which is in none of its files"
    return None


def of_list():
    with open(LIST, encoding="utf-8-sig", newline="") as file:
        return {row["req_id"] for row in csv.DictReader(file) if row["L"] in ("1", "2")}


def main():
    with open(PAGE, encoding="utf-8") as file:
        rows, counts = read(file.read())
    for chapter, row in rows:
        why = wrong_row(chapter, row)
        if why:
            print(f"{row[0]} {why}")
    numbers = [row[0] for _, row in rows]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        print(f"{number} is there twice")
    for chapter in [*dict.fromkeys(chapter for chapter, _ in rows), "all"]:
        states = [row[2] for of, row in rows if chapter in (of, "all")]
        true = [str(n) for n in [*map(states.count, STATES), len(states)]]
        if counts.get(chapter) != true:
            print(f"{chapter}: the rows are {' | '.join(true)}, the table on top says {counts.get(chapter)}")
    if not os.path.exists(LIST):
        print("skipped: ../shared/data is not here, so docs/asvs.md is not compared with the standard's list")
        return
    wanted = of_list()
    for number in sorted(wanted ^ set(numbers)):
        print(f"{number} is {'missing' if number in wanted else 'not of level 1 or 2'}")


if __name__ == "__main__":
    sys.exit(main())
