#!/usr/bin/env python3
"""Does cases.py see what it should? A small policy that is right, then broken in one way at a time."""
import contextlib
import copy
import io
import json
import os
import subprocess
import sys
import tempfile

import cases

RUNNER = cases.__file__


def both(text):
    return {'ko': text + ' 한국어', 'en': text}


QUESTIONS = {
    'policy': 'small', 'version': 1, 'title': both('Small'), 'about': both('About'),
    'source': {'title': both('Law'), 'url': 'https://law.example/'},
    'levels': [{'level': 'high', 'risk': 'high', 'label': both('High'), 'help': both('Help')},
               {'level': 'low', 'risk': 'minimal', 'label': both('Low'), 'help': both('Help')}],
    'questions': [
        {'fact': 'big', 'type': 'bool', 'required': True, 'label': both('Big?'), 'help': both('Help')},
        {'fact': 'why', 'type': 'choice', 'required': False, 'label': both('Why?'),
         'help': both('Help'), 'when': {'big': [True]},
         'values': [{'value': 'a', 'label': both('A')}]}]}
CASES = [
    {'name': 'big', 'facts': {'big': True},
     'expect': {'level': 'high', 'rules': ['sm.big'], 'duties': ['sm.tell'], 'met': []}},
    {'name': 'small', 'facts': {}, 'expect': {'level': 'low', 'rules': ['sm.else'], 'duties': []}},
    {'name': 'told', 'record': {'assessments': {'small': {'big': True}}, 'goal': both('Goal')},
     'expect': {'level': 'high', 'met': ['sm.tell']}},
    {'name': 'none', 'record': {}, 'expect': {'level': None}}]
RULE = '''# A rule: any answer is judged, until the end.
def text($en): {"ko": ($en + " 한국어"), "en": $en};
def reason($rule; $level): {"rule": $rule, "level": $level, "basis": "Art 1", "text": text($rule)};
. as $record
| (if type == "object" then .assessments else null end)
| (if type == "object" then .small else null end)
| if type != "object" then
	{"level": null, "reasons": [reason("sm.unassessed"; null)], "duties": []}
elif .big == true then
	{"level": "high", "reasons": [reason("sm.big"; "high")],
		"duties": [{"id": "sm.tell", "basis": "Art 2", "text": text("Tell"), "fields": ["goal"],
			"met": ($record.goal != null), "missing": (if $record.goal then [] else ["goal"] end)}]}
else
	{"level": "low", "reasons": [reason("sm.else"; "low")], "duties": []}
end
'''
LOGGED = {'claimed': 'published_on', 'same': ['kind'], 'any': ['url']}
README = '# 작은 규칙\n\n설명입니다.\n\n<!-- en -->\n\n# Small rule\n\nWords.\n'
GOOD = {'questions': {**QUESTIONS, 'logged': {'impact_assessments': LOGGED}}, 'cases': CASES, 'rule': RULE, 'readme': README}


def in_rule(old, new):
    def broken(policy):
        assert old in policy['rule'], old
        policy['rule'] = policy['rule'].replace(old, new)
    return broken


def put(path, value):
    """Puts a value at questions.a.0.b, or takes the member away where the value is None."""
    def broken(policy):
        *way, last = [int(part) if part.isdigit() else part for part in path.split('.')]
        at = policy
        for part in way:
            at = at[part]
        if value is None:
            at.pop(last)
        else:
            at[last] = value
    return broken


def both_of(one, other):
    def broken(policy):
        one(policy)
        other(policy)
    return broken


# What is wrong, how it is made so, and the claim that must fail over it.
MUTANTS = [
    ('a rule that no longer fires', in_rule('.big == true', '.big == "yes"'), 'small: big'),
    ('a rule with another name', in_rule('"sm.big"', '"sm.large"'), 'small: big'),
    ('a duty that is always met', in_rule('($record.goal != null)', 'true'), 'form of one'),
    ('a duty that is never met', in_rule('($record.goal != null)', 'false'), 'small: told'),
    ('a duty with a field that the standard has not', in_rule('["goal"],', '["gaol"],'), 'form of one'),
    ('a duty without a basis', in_rule('"basis": "Art 2"', '"basis": ""'), 'form of one'),
    ('a reason without Korean', in_rule('"ko": ($en + " 한국어")', '"ko": ""'), 'form of one'),
    ('a level that is not in questions.json', in_rule('"low"', '"lowest"'), 'form of one'),
    ('a first reason that does not decide', in_rule('reason("sm.else"; "low")', 'reason("sm.else"; "high")'),
     'form of one'),
    ('a fraction in the result', in_rule('"level": "low",', '"level": "low", "points": (1 / 2),'),
     'small: small'),
    ('two results', in_rule('. as $record', '(., .) as $record'), 'small: big'),
    ('a program that does not compile', in_rule('elif', 'elsif'), 'small: big'),
    ('a program that fails on a bad record', in_rule(
        '(if type == "object" then .assessments else null end)', '.assessments'), 'has no level'),
    ('a word that leaks', in_rule('$record.goal != null', '[$record.goal] | any'), 'nothing that leaks'),
    ('a word that leaks inside a text', in_rule('text("Tell")', 'text("\\(first(1, 2)) Tell")'),
     'nothing that leaks'),
    ('the time of day', in_rule('"level": "low",', '"level": "low", "at": (now | floor),'),
     'nothing that leaks'),
    ('a rule without a case', in_rule('elif .big', 'elif .why == "a" then {"level": "low", '
     '"reasons": [reason("sm.why"; "low")], "duties": []} elif .big'), 'exercised by a case'),
    ('a level without a case', put('cases.1', {'name': 'again', 'facts': {'big': True},
                                               'expect': {'level': 'high'}}), 'every level'),
    ('a case that expects another level', put('cases.0.expect.level', 'low'), 'small: big'),
    ('a case that expects 1 for true', both_of(in_rule('"level": "low",', '"level": "low", "sure": true,'),
                                               put('cases.1.expect.sure', 1)), 'small: small'),
    ('a case with an unknown member', put('cases.0.fact', {}), 'cases.json has its form'),
    ('a case without a level', put('cases.0.expect.level', None), 'cases.json has its form'),
    ('two cases of one name', put('cases.1.name', 'big'), 'cases.json has its form'),
    ('an unknown member', put('questions.colour', 'red'), 'form of a policy'),
    ('a list of the log that the standard has not', put('questions.logged', {'goals': LOGGED}), 'form of a policy'),
    ('a list of the log that nothing names', put('questions.logged', {'impact_assessments': {**LOGGED, 'same': []}}),
     'form of a policy'),
    ('an unknown member of a question', put('questions.questions.0.hint', 'x'), 'form of a policy'),
    ('a question without a type', put('questions.questions.0.type', 'boolean'), 'form of a policy'),
    ('a choice without values', put('questions.questions.1.values', []), 'form of a policy'),
    ('a fact that is asked twice', put('questions.questions.1.fact', 'big'), 'form of a policy'),
    ('levels that stand laxest first', put('questions.levels', QUESTIONS['levels'][::-1]),
     'form of a policy'),
    ('a label without English', put('questions.questions.1.values.0.label.en', ''),
     'in Korean and English'),
    ('a help without Korean', put('questions.levels.0.help', {'en': 'x'}), 'in Korean and English'),
    ('a condition on a later fact', put('questions.questions.0.when', {'why': ['a']}), 'earlier facts'),
    ('a condition on a value that there is not', put('questions.questions.1.when', {'big': ['yes']}),
     'earlier facts'),
    ('a README without English', put('readme', '# 작은 규칙\n'), 'README.md'),
    ('a README with HTML', put('readme', README + '<b>x</b>\n'), 'README.md'),
    ('a README that is too long', put('readme', README + 'word ' * 2500), 'README.md'),
]


def write(folder, policy):
    os.makedirs(folder)
    texts = {'questions.json': json.dumps(policy['questions']), 'cases.json': json.dumps(policy['cases']),
             'rule.jq': policy['rule'], 'README.md': policy['readme']}
    for name, text in texts.items():
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
            file.write(text)


def run_there(folder):
    """As people run it."""
    run = subprocess.run([sys.executable, RUNNER, folder], capture_output=True, text=True, check=False)
    return run.stdout, run.stderr, run.returncode


def run_here(folder):
    """The same in this process, as most of the time would go into starting another one."""
    said, cases.failed, sys.argv[1:] = io.StringIO(), 0, [folder]
    with contextlib.redirect_stdout(said):
        failed = cases.main()
    return said.getvalue(), '', int(failed)


def failures(policy, run=run_here):
    """The sentences of the claims that fail, and the runner's status."""
    with tempfile.TemporaryDirectory() as work:
        write(os.path.join(work, 'small'), policy)
        said, wrong, status = run(work)
    return [wrong] if wrong else [line[9:] for line in said.splitlines() if line.startswith('not ok - ')], status


def main():
    failed = 0

    def claim(sentence, holds, said):
        nonlocal failed
        print('%s - %s' % ('ok' if holds else 'not ok', sentence))
        if not holds:
            failed += 1
            print('    the runner said: %s' % said)

    said, status = failures(GOOD, run_there)
    claim('a policy that is right passes', not said and status == 0, said)
    for what, broken, sentence in MUTANTS:
        policy = copy.deepcopy(GOOD)
        broken(policy)
        # The first in a process of its own, which must exit by what it found.
        said, status = failures(policy, run_there if what == MUTANTS[0][0] else run_here)
        claim('%s is found' % what, status == 1 and [s for s in said if sentence in s], said)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
