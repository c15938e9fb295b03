#!/usr/bin/env python3
"""Every sentence that the program has for people is in cli/ko.json, with the same values.

A format is found where C hands it to a function of `CALLS`; literals that stand beside each other
are one, and of `cond ? "a" : "b"` each is one. Prints what is wrong, a line each; nothing else.
With --list: every format that is found, as JSON."""
import functools
import glob
import json
import os
import re
import sys

# Function: which argument is the format.
CALLS = {"fail": 1, "fail_v": 1, "ENSURE": 2, "usage": 1, "wrong": 1, "tell": 1, "T": 0, "confirmed": 0,
    "verify_found": 1, "differ": 3, "buf_check": 1, "show_texts": 0, "progress": 0, "print_questions": 0,
    "statement_send": 3, "journal": 0,
    # These hand a phrase on as a value, translated by err_text().
    "check_texts": 2, "check_plain": 3, "check_state": 3, "pattern_refuse": 1, "refuse": 1, "socket_fail": 0,
    "take_named": 2, "err_text": 0, "language_texts": 0, "skip": 2, "check_fits": 0}
# Other functions have this name, too.
ONLY = {"refuse": "base/json_schema.c", "skip": "registry/profile/export.c"}
# What follows their format is put into it as it is.
VALUES = ("fail", "ENSURE", "tell", "wrong", "usage", "verify_found", "differ")
# Sentences of others, or of a table, that it hands on: of jansson, strerror(), libcurl, SQLite, gai_strerror().
TABLED_SENTENCES = {"base/json.c": """invalid token|'[' or '{' expected|string or '}' expected|':' expected|'}' expected|']' expected
unexpected token|end of file expected|premature end of input|duplicate object key|invalid escape|unexpected newline""",
    "base/err.c": """No such file or directory|Permission denied|Operation not permitted|File exists|Is a directory
Not a directory|No space left on device|Read-only file system|Connection refused|Connection reset by peer
Address already in use|Too many open files|Input/output error|Invalid argument|Directory not empty|File too large
No route to host|Network is unreachable|Connection timed out|Broken pipe|Text file busy|Cannot assign requested address""",
    "base/fetch.c": """no such host is known: is the address right?|is the server running?
it did not answer in time; try again later|its TLS certificate cannot be trusted
Server returned nothing (no headers, no data)|SSL connect error|Failure when receiving data from the peer
Failed sending data to the peer|Transferred a partial file|Weird server reply
Unsupported protocol|URL using bad/illegal format or missing URL|Number of redirects hit maximum amount""",
    "base/charset.c": """an Excel file (.xlsx)|a Hangul file (.hwpx)|an OpenDocument file (.ods)|a ZIP or an Excel file (.xlsx)
an Excel file (.xls)|a Hangul file (.hwp)|an Excel or a Hangul file (.xls, .hwp)|a PDF file""",
    "registry/event/incident.c": "what happened|who was affected|what was done|what there is to say",
    "base/db.c": """file is not a database|database disk image is malformed|database is locked|database or disk is full
disk I/O error|attempt to write a readonly database|unable to open database file""",
    "web/http/listen.c": """Name or service not known|Temporary failure in name resolution
No address associated with hostname|Servname not supported for ai_socktype"""}
# Words that the code hands to T() from a table or a reply.
TABLED = {"cli/mirror.c": "good fork rollback missing_content uncosigned false away stale",
    "registry/event/access.c": "officer head reviewer administrator auditor",
    "cli/import_report.c": "new changed same resumed retired kept refused duplicate",
    "cli/office_replies.c": "waiting published returned replaced suspended retired", "cli/decide.c": "filing version entry",
    "cli/verify_proof.c": "citizen office register"}
# A process that serves speaks English to its log; what a browser gets is in web/messages.
NOT_FOR_TERMINALS = re.compile(
    r"cli/(show|signer|judge|demo)\.c|base/(runner|child|sandbox)[a-z_]*\.c|"
    r"web/([a-z]+/)?(template|witness_server|exports|spool|acceptor|workers|server|compress|metrics|cache|view|page_static)[a-z_]*\.c")
# Words that are the same in Korean: names of files, of formats, of what a person types.
SAME = re.compile(r"^(gaya|JSON|CSV|PDF|URL|jq|SQLite|mirror|GET|POST|VKEY|SHA|UTC|kB|MiB|http|log|ok)$")
MACROS = {"PRIu64": "lu", "PRId64": "ld", "JSON_INTEGER_FORMAT": "lld"}
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/|//[^\n]*|[A-Za-z_]\w*|\s+|.', re.S)
CONVERSION = re.compile(r"%(?:(\d+)\$)?[-+ #0]*(\*|\d+)?(?:\.(\*|\d+)?)?(hh|h|ll|l|z|j)?([diouxXcsp%])")


@functools.lru_cache(None)
def constants(path):
    """Texts that #define names, in a file and in what it includes: they stand within formats."""
    if not os.path.exists(path):
        return {}
    text, found = open(path).read(), dict((k, json.dumps(v)) for k, v in MACROS.items())
    for name in re.findall(r'^#include "([^"]+)"', text, re.M):
        found.update(constants(name))
    found.update(re.findall(r'^#define ([A-Z]\w+) ("(?:\\.|[^"\\])*")\s*(?:/\*.*)?$', text, re.M))
    return found


def unquote(literal):
    simple = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}

    def one(m):
        s = m.group(1)
        return simple[s] if s in simple else chr(int(s, 8)) if s[0].isdigit() else chr(int(s[1:], 16))
    return re.sub(r"\\([0-7]{1,3}|x[0-9a-fA-F]{2}|.)", one, literal[1:-1])


def arguments(tokens, at):
    """Of a call whose "(" is at `at`: its arguments, lists of tokens."""
    depth, out = 0, [[]]
    for token in tokens[at:]:
        if token in "([{":
            depth += 1
            if depth == 1:
                continue
        elif token in ")]}":
            depth -= 1
            if depth == 0:
                return out
        if token == "," and depth == 1:
            out.append([])
        else:
            out[-1].append(token)
    return out


def texts(argument, names):
    """Literals of an argument, adjacent ones as one."""
    out, joined, calls, before = [], None, [], ""
    for token in argument + [";"]:
        if token == "(":
            calls.append(bool(re.match(r"[A-Za-z_]", before)))
        elif token == ")" and calls:
            calls.pop()
        before = token
        if any(calls):  # an argument of a call within is another's
            continue
        literal = token if token[0] == '"' else names.get(token)
        if literal and (token[0] == '"' or joined is not None or token.isupper()):
            joined = (joined or "") + unquote(literal)
        elif joined is not None:
            out.append(joined)
            joined = None
    return out


def words(text):
    left = CONVERSION.sub(" ", text)
    left = re.sub(r"\033\[[0-9]*[A-Za-z]|\b[\w-]+\.(?:json|jq|md|key)\b|--[a-z-]+|https?://|\b[A-Z0-9_]+_[A-Z_]+\b", " ", left)
    return [w for w in re.findall(r"[A-Za-z]{2,}", left) if not SAME.match(w)]


def formats():
    """{format: where it stands first}"""
    found = {}
    for path in sorted(glob.glob("base/*.c") + glob.glob("audit/*.c") + glob.glob("registry/**/*.c", recursive=True)
            + glob.glob("web/**/*.c", recursive=True) + glob.glob("cli/*.c")):
        if NOT_FOR_TERMINALS.match(path):
            continue
        text, names = open(path).read(), constants(path)
        tokens = [t for t in TOKEN.findall(text) if not t.isspace() and t[:2] not in ("/*", "//")]
        for i, token in enumerate(tokens[:-1]):
            if token in CALLS and tokens[i + 1] == "(" and ONLY.get(token, path) == path:
                given = arguments(tokens, i + 1)
                if len(given) > CALLS[token] and not (token == "journal" and path[:4] != "cli/"):
                    for t in texts(given[CALLS[token]], names):
                        if words(t):
                            found.setdefault(t, path)
                if token in VALUES:
                    for value in given[CALLS[token] + 1:]:
                        for t in texts(value, names):
                            if len(words(t)) > 1 and " " in t.strip():
                                print("%s: within a Korean sentence this stays English: %s" % (path, json.dumps(t)))
        for table in re.findall(r"(?:kind_names|member_rules|messages)\[\] = \{(.*?)\n\t?\};", text, re.S):
            for said in re.findall(r'=\s*((?:"(?:\\.|[^"\\])*"\s*)+)', table):
                found.setdefault("".join(unquote(t) for t in TOKEN.findall(said) if t[0] == '"'), path)
        for said in re.findall(r'^static const char [A-Z_]+\[\] =\s*((?:"(?:\\.|[^"\\])*"\s*)+);', text, re.M):
            found.setdefault("".join(unquote(t) for t in TOKEN.findall(said) if t[0] == '"'), path)
        for table in re.findall(r"\*words;\n\} \w+\[\] = \{(.*?)\n\};", text, re.S):
            for said in re.findall(r', ("[^"]*")\}', table):
                found.setdefault(unquote(said), path)
    for path in ("cli/main.c", "cli/office.c"):  # tables: the last text of a row says what it does
        for row in re.findall(r'^\t\{"[a-z-]+",.*\},$', open(path).read(), re.M):
            if "_argument" in row:
                continue
            literals = re.findall(r'"(?:\\.|[^"\\])*"', row)
            found.setdefault(unquote(literals[-1]), path)
            for usage in literals[1:-1]:
                for word in re.findall(r"[A-Z_]{3,}", unquote(usage)):
                    if words(word.replace("_", " ")):
                        found.setdefault(word, path)
    for what in re.findall(r'^\t\[ON_\w+\] = \{.*?"[^"]*", "[^"]*", ("[^"]*"),', open("registry/office/office_basis.c").read(), re.M):
        found.setdefault(unquote(what), "registry/office/office_basis.c")
    for path, said in TABLED_SENTENCES.items():
        for sentence in re.split(r"[|\n]", said):
            found.setdefault(sentence, path)
    for noun, verb in re.findall(r"^EVENT\((\w+), (\w+)", open("registry/event/events.def").read(), re.M):
        found.setdefault(noun + "." + verb, "registry/event/events.def")  # what a receipt is of
    for path, said in TABLED.items():
        for word in said.split():
            found.setdefault(word, path)
    return found


def conversions(text):
    """{position: type}; None where some are numbered and some are not."""
    out, next_, numbered = {}, 1, None
    for number, width, precision, length, kind in CONVERSION.findall(text):
        if kind == "%":
            continue
        if numbered not in (None, bool(number)):
            return None
        numbered = bool(number)
        for star in (width, precision):
            if star == "*":
                if numbered:
                    return None
                out[next_] = "int"
                next_ += 1
        at = int(number) if number else next_
        out[at] = length + {"i": "d"}.get(kind, kind)
        next_ += 1
    return out


def once(pairs):
    """An object; names what it has twice, over which the program stops when it reads its table."""
    keys = [key for key, _ in pairs]
    for key in sorted(set(k for k in keys if keys.count(k) > 1)) if len(set(keys)) < len(keys) else ():
        print("cli/ko.json: twice: %s" % json.dumps(key))
    return dict(pairs)


def as_jansson_writes(text):
    """The program looks for a line that begins with this (base/sentences.c)."""
    return re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda code: code.group().upper(), json.dumps(text, ensure_ascii=False))


def main():
    found, table = formats(), open("cli/ko.json", encoding="utf-8").read()
    korean = json.loads(table, object_pairs_hook=once)
    if "--list" in sys.argv:
        print(json.dumps(found, ensure_ascii=False, indent=0))
        return
    for text, path in found.items():
        if text not in korean:
            print("%s: add to cli/ko.json the Korean of %s" % (path, json.dumps(text, ensure_ascii=False)))
    for text, ko in korean.items():
        if "\n\t%s: " % as_jansson_writes(text) not in table:
            print("cli/ko.json: write it so, at the beginning of a line: %s" % as_jansson_writes(text))
        if text not in found:
            print("cli/ko.json: nothing says %s" % json.dumps(text))
        if conversions(text) != conversions(ko):
            print("cli/ko.json: other values: %s" % json.dumps(text))
        if not re.search("[가-힣]", ko):
            print("cli/ko.json: no Korean: %s" % json.dumps(text))
        if text.endswith("\n") != ko.endswith("\n"):
            print("cli/ko.json: another end of line: %s" % json.dumps(text))
        for left in re.findall(r"\([은는이가을를과와]\)", ko):
            if not re.search("은\\(는\\)|이\\(가\\)|을\\(를\\)|과\\(와\\)|\\(이\\)", ko):
                print("cli/ko.json: write 은(는), 이(가), 을(를), 과(와): %s" % json.dumps(text))


main()
