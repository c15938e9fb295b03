#!/usr/bin/env python3
"""Every policy's cases, run with stock jq, and the form of its four files.

cases.py [FOLDER] checks each FOLDER/*/rule.jq (default: policies). Prints `ok - sentence` or
`not ok - sentence` with what is wrong under it. policies/README.md says what the files are.
"""
import datetime
import json
import os
import random
import re
import subprocess
import sys

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
GIVEN = os.path.join(TREE, '..', 'shared')

# A member's name: whether it must be there. What is not named here is refused.
FORM = {
    'policy': {'policy': True, 'version': True, 'title': True, 'about': True, 'not_binding': False, 'source': True,
               'levels': True, 'groups': False, 'questions': True, 'logged': False},
    'source': {'title': True, 'url': True},
    'level': {'level': True, 'risk': True, 'label': True, 'help': True},
    'group': {'name': True, 'label': True},
    'question': {'fact': True, 'type': True, 'group': False, 'required': True, 'label': True,
                 'help': True, 'basis': False, 'when': False, 'values': False, 'min': False,
                 'max': False},
    'value': {'value': True, 'label': True, 'help': False},
    'logged': {'claimed': True, 'same': True, 'any': True},
    'case': {'name': True, 'facts': False, 'record': False, 'expect': True},
}
TEXTS = ('title', 'about', 'not_binding', 'label', 'help', 'text')
TYPES = ('bool', 'choice', 'choices', 'integer')
RISKS = ('prohibited', 'high', 'limited', 'minimal')  # strictest first
FILES = ['README.md', 'cases.json', 'questions.json', 'rule.jq']
README_BYTES = 12 * 1024
# libjq 1.6 leaks where a generator is left early or a member is deleted; the other words look at
# more than the record, or make the program fail.
REFUSED = re.compile(r'(?<![.$\w])(?:(?:first|nth)\s*\(|(?:limit|any|all|isempty|until|label|break|del|'
                     r'delpaths|IN|inputs?|input_filename|input_line_number|now|env|import|include|'
                     r'localtime|gmtime|mktime|debug|error|halt|halt_error)\b)|\$__loc__|\$ENV')
# Cases that were handed down elsewhere than in shared/policies/ID.json.
VECTORS = {'canada-aia': 'data/canada-aia/aia_test_vectors.json'}

JQ_COMPILE, JQ_FAILED = 3, 5  # its exit status: the program is none, a record made it fail

failed = 0


def claim(sentence, problems):
    global failed
    print('%s - %s' % ('not ok' if problems else 'ok', sentence))
    for problem in problems[:20]:
        print('    %s' % problem)
    if len(problems) > 20:
        print('    and %d more' % (len(problems) - 20))
    failed += bool(problems)


def same(a, b):
    """Equal as JSON: true is not 1."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def only_once(pairs):
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError('the member “%s” stands twice' % name)
    return dict(pairs)


def read_json(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file, object_pairs_hook=only_once)


def read_text(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


# ---- questions.json

def members(where, value, form):
    if not isinstance(value, dict):
        return ['%s is no object' % where]
    known = FORM[form]
    return (['%s: unknown member “%s”' % (where, name) for name in value if name not in known] +
            ['%s: “%s” is missing' % (where, name) for name in known
             if known[name] and name not in value])


def texts(where, value):
    """Every label, title and help, at any depth, in Korean and in English."""
    if isinstance(value, list):
        return [p for i, item in enumerate(value) for p in texts('%s[%d]' % (where, i), item)]
    if not isinstance(value, dict):
        return []
    found = []
    for name, member in value.items():
        here = '%s.%s' % (where, name)
        if name not in TEXTS:
            found += texts(here, member)
        elif not isinstance(member, dict) or sorted(member) != ['en', 'ko']:
            found.append('%s is not {"ko", "en"}' % here)
        else:
            found += ['%s.%s is empty' % (here, lang) for lang in member
                      if not isinstance(member[lang], str) or not member[lang].strip()]
    return found


def twice(what, names):
    return ['%s %s stands twice' % (what, json.dumps(name, ensure_ascii=False))
            for i, name in enumerate(names) if any(same(name, other) for other in names[:i])]


def form_of_levels(levels):
    found = [p for i, level in enumerate(levels) for p in members('levels[%d]' % i, level, 'level')]
    found += twice('level', [level.get('level') for level in levels])
    risks = [level.get('risk') for level in levels]
    found += ['risk “%s” is none of %s' % (risk, ', '.join(RISKS)) for risk in risks
              if risk not in RISKS]
    if not found and risks != sorted(risks, key=RISKS.index):
        found.append('the levels do not stand strictest first')
    return found


def form_of_question(question, groups):
    fact = question.get('fact')
    found = members('question “%s”' % fact, question, 'question')
    kind, values = question.get('type'), question.get('values')
    if kind not in TYPES:
        found.append('%s: type “%s” is none of %s' % (fact, kind, ', '.join(TYPES)))
    if not isinstance(question.get('required'), bool):
        found.append('%s: “required” is not true or false' % fact)
    if 'group' in question and question['group'] not in groups:
        found.append('%s: there is no group “%s”' % (fact, question['group']))
    if (kind in ('choice', 'choices')) != (isinstance(values, list) and values != []):
        found.append('%s: a choice has values, and nothing else has' % fact)
    for value in values or []:
        found += members('%s: a value' % fact, value, 'value')
        if not isinstance(value.get('value'), str) or not value['value']:
            found.append('%s: the value %s is no text' % (fact, value.get('value')))
    found += twice('%s: value' % fact, [value.get('value') for value in values or []])
    for bound in ('min', 'max'):
        if bound in question and (kind != 'integer' or type(question[bound]) is not int):
            found.append('%s: “%s” is for integers' % (fact, bound))
    return found


def form_of_questions(policy, name):
    found = members('questions.json', policy, 'policy')
    if found:
        return found
    if policy['policy'] != name:
        found.append('“policy” is not the name of the folder')
    if type(policy['version']) is not int or policy['version'] < 1:
        found.append('“version” is no number from 1')
    found += members('source', policy['source'], 'source')
    if not str(policy['source'].get('url', '')).startswith('https://'):
        found.append('source.url is no https:// address')
    found += form_of_levels(policy['levels'])
    groups = policy.get('groups', [])
    for i, group in enumerate(groups):
        found += members('groups[%d]' % i, group, 'group')
    found += twice('group', [group.get('name') for group in groups])
    found += ['no question is in the group “%s”' % group.get('name') for group in groups
              if group.get('name') not in [q.get('group') for q in policy['questions']]]
    for question in policy['questions']:
        found += form_of_question(question, [group.get('name') for group in groups])
    found += form_of_logged(policy.get('logged', {}))
    return found + twice('fact', [question.get('fact') for question in policy['questions']])


def form_of_logged(logged):
    """The lists of which a policy asks since when the log has their items, and their members: of the standard."""
    found, lists = [], {}
    for field in read_json(os.path.join(TREE, 'policies', 'standard.json'))['fields']:
        lists[field['name']] = [member['name'] for member in field.get('item', {}).get('members', [])]
    for field, how in logged.items():
        where = 'logged.%s' % field
        wrong = members(where, how, 'logged')
        named = [] if wrong else [how['claimed'], *how['same'], *how['any']]
        wrong += ['%s: “%s” is no member of the standard’s list' % (where, name) for name in named
                  if name not in lists.get(field, [])]
        found += wrong or ['%s: “%s” is empty' % (where, name) for name in ('same', 'any') if not how[name]]
    return found


def answers(question, value):
    """Whether the value is one that the question can have."""
    if question['type'] == 'bool':
        return isinstance(value, bool)
    if question['type'] == 'integer':
        return (type(value) is int and value >= question.get('min', value)
                and value <= question.get('max', value))
    return value in [v['value'] for v in question['values']]


def conditions(questions):
    found, earlier = [], {}
    for question in questions:
        for fact, values in question.get('when', {}).items():
            where = '%s: when.%s' % (question['fact'], fact)
            if fact not in earlier:
                found.append('%s is no earlier fact' % where)
            elif not isinstance(values, list) or not values:
                found.append('%s is no list of values' % where)
            else:
                found += ['%s: %s is no value of it' % (where, json.dumps(value))
                          for value in values if not answers(earlier[fact], value)]
        if question.get('when') == {}:
            found.append('%s: when is empty' % question['fact'])
        earlier[question['fact']] = question
    return found


# ---- rule.jq

def code_of(source):
    """The program without comments and texts, but with what is worked out inside texts."""
    code = re.sub(r'"(?:\\.|[^"\\])*"|#.*', '""', source)
    return code + ' '.join(re.findall(r'\\\(([^)]*)\)', source))


def run_jq(program, records):
    run = subprocess.run(['jq', '-c', *program], input='\n'.join(map(json.dumps, records)),
                         capture_output=True, text=True, check=False, timeout=60)
    return run, run.stdout.splitlines()


def judge(rule, records):
    """For each record the result, or None, and a sentence that says why there is none."""
    run, lines = run_jq(['-f', rule], records)
    if run.returncode == 0 and not run.stderr and len(lines) == len(records):
        return [result_of(line) for line in lines]
    if run.returncode == JQ_COMPILE or len(records) == 1:
        return [no_result(len(lines), run.returncode, run.stderr)] * len(records)
    return judge_each(rule, records)


def judge_each(rule, records):
    """As judge(), where a record has no result, or more than one: in one process too, which says which record."""
    wrapped = 'try [\n%s\n] catch {"error": .}' % read_text(rule)
    run, lines = run_jq([wrapped], records)
    if run.returncode or run.stderr or len(lines) != len(records):
        return [answer for record in records for answer in judge(rule, [record])]
    return [result_of_wrapped(line) for line in lines]


def result_of_wrapped(line):
    results, why = result_of(line)
    if why:
        return None, why
    if isinstance(results, dict):
        return no_result(0, JQ_FAILED, str(results['error']))
    return (results[0], None) if len(results) == 1 else no_result(len(results), 0, '')


def no_result(results, status, said):
    return None, 'jq gave %d results, status %d: %s' % (results, status, said[:500])


def result_of(line):
    try:
        return json.loads(line, parse_float=not_an_integer), None
    except ValueError as why:
        return None, str(why)


def not_an_integer(text):
    raise ValueError('%s in the result is no integer' % text)


def is_date(text):
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False


def form_of_reason(reason, levels):
    where = 'reason %s' % reason.get('rule')
    found = ['%s: “%s” is missing' % (where, name) for name in ('rule', 'level', 'basis', 'text')
             if name not in reason]
    if reason.get('level') not in levels + [None]:
        found.append('%s: the level “%s” is not in questions.json' % (where, reason.get('level')))
    if 'presumed' in reason and reason['presumed'] not in levels:
        found.append('%s: the presumed level is not in questions.json' % where)
    return found + common(where, reason)


def form_of_duty(duty, fields):
    where = 'duty %s' % duty.get('id')
    found = ['%s: “%s” is missing' % (where, name)
             for name in ('id', 'basis', 'text', 'fields', 'met', 'missing') if name not in duty]
    if found:
        return found
    found = ['%s: the standard has no field “%s”' % (where, field) for field in duty['fields']
             if field not in fields]
    found += ['%s: “%s” is missing but not asked for' % (where, field) for field in duty['missing']
              if field not in duty['fields']]
    if not isinstance(duty['met'], bool) or (duty['met'] and duty['missing']):
        found.append('%s: “met” does not fit “missing”' % where)
    if duty.get('who', 'provider') not in ('provider', 'deployer'):
        found.append('%s: “who” is neither provider nor deployer' % where)
    if 'event' in duty and (sorted(duty['event']) != ['list', 'type'] or duty['event']['type'] != 'list.submitted'):
        found.append('%s: “event” is not {"type": "list.submitted", "list": …}' % where)
    if 'due' in duty and not is_date(duty['due']):
        found.append('%s: due is no day' % where)
    return found + common(where, duty)


def common(where, item):
    found = texts(where, item)
    if not isinstance(item.get('basis'), str) or not item['basis']:
        found.append('%s: no basis' % where)
    if 'applies_from' in item and not is_date(item['applies_from']):
        found.append('%s: applies_from is no date' % where)
    return found


def form_of_result(result, levels, fields):
    for name, kind in (('reasons', list), ('duties', list)):
        if not isinstance(result, dict) or not isinstance(result.get(name), kind):
            return ['the result has no list “%s”' % name]
    if 'level' not in result or result['level'] not in levels + [None]:
        return ['the level “%s” is not in questions.json' % result.get('level')]
    if not result['reasons'] or result['reasons'][0].get('level') != result['level']:
        return ['the first reason is not the one that decides the level']
    found = [p for reason in result['reasons'] for p in form_of_reason(reason, levels)]
    found += [p for duty in result['duties'] for p in form_of_duty(duty, fields)]
    months = result.get('review_months', 1)
    if type(months) is not int or months < 1:
        found.append('review_months is no number of months')
    found += twice('rule', [reason['rule'] for reason in result['reasons']])
    return found + twice('duty', [duty['id'] for duty in result['duties']])


# ---- Answers whose question is not asked

def counted(questions, facts):
    """The facts that count: those of questions that are asked. A yes-or-no question that is asked and not answered
    hides nothing; what a policy takes its silence for is the policy's own."""
    asked = {}
    for question in questions:
        if all(set(asked.get(fact) or []) & set(values)
               for fact, values in question.get('when', {}).items()):
            value = facts.get(question['fact'])
            if value is None:
                value = [True, False] if question['type'] == 'bool' else []
            asked[question['fact']] = value if isinstance(value, list) else [value]
    return {fact: value for fact, value in facts.items() if fact in asked}


def any_answer(question, rng):
    if question['type'] == 'bool':
        return rng.random() < 0.5
    if question['type'] == 'integer':
        return rng.randint(question.get('min', 0), question.get('max', 9))
    values = [value['value'] for value in question['values']]
    if question['type'] == 'choice':
        return rng.choice(values)
    return rng.sample(values, rng.randint(0, min(3, len(values))))


def any_answers(questions, rng):
    """Half of them at least, so that many stand where no question is asked."""
    share = rng.choice([0.5, 0.8, 1])
    return {q['fact']: any_answer(q, rng) for q in questions
            if rng.random() < share or (q['required'] and q['type'] != 'bool')}


def check_asked(name, rule, questions):
    """The program counts what is asked, all of it, and nothing else: `when` decides."""
    rng = random.Random(name)
    all_facts = [any_answers(questions, rng) for _ in range(300)]
    kept = [counted(questions, facts) for facts in all_facts]
    hidden = sum(facts != count for facts, count in zip(all_facts, kept))
    with_all, with_kept = ([answer for answer, _ in judge(rule, [{'assessments': {name: facts}} for facts in some])]
                           for some in (all_facts, kept))
    wrong = [json.dumps(facts) for facts, a, b in zip(all_facts, with_all, with_kept) if not a or not same(a, b)]
    claim('%s: an answer whose question is not asked does not count (%d of 300 sets have one)' % (name, hidden), wrong)
    if any('when' in question for question in questions):
        claim('%s: and there are such answers' % name, [] if hidden > 30 else ['only %d sets' % hidden])


# ---- cases.json

def form_of_cases(cases):
    found = [p for i, case in enumerate(cases) for p in members('case %d' % (i + 1), case, 'case')]
    found += ['“%s” has not one of “facts” and “record”' % case.get('name') for case in cases
              if ('facts' in case) == ('record' in case)]
    found += ['“%s” expects no level' % case.get('name') for case in cases
              if 'level' not in case.get('expect', {})]
    return found + twice('the name', [case.get('name') for case in cases])


def record_of(case, name):
    return case['record'] if 'record' in case else {'assessments': {name: case['facts']}}


def got(result, member):
    if member == 'rules':
        return [reason['rule'] for reason in result['reasons']]
    if member == 'duties':
        return [duty['id'] for duty in result['duties']]
    if member == 'met':
        return [duty['id'] for duty in result['duties'] if duty['met']]
    if member == 'unmet':
        return [duty['id'] for duty in result['duties'] if not duty['met']]
    if member == 'dues':
        return {duty['id']: duty['due'] for duty in result['duties'] if 'due' in duty}
    return result.get(member)


def differences(result, expect):
    return ['%s: expected %s, got %s' % (member, json.dumps(wanted, ensure_ascii=False),
                                         json.dumps(got(result, member), ensure_ascii=False))
            for member, wanted in expect.items() if not same(got(result, member), wanted)]


def of_one_phase(answers):
    """Canada's vectors do not say which phase the mitigation answers are of, which the questionnaire asks first."""
    design = any('Design' in fact for fact in answers)
    return {**({'projectDetailsPhase': 'item1'} if design else {}), **answers}


def given_cases(name, questions):
    """(name, record, expect) of the cases that were handed down for this policy."""
    path = os.path.join(GIVEN, 'policies', name + '.json')
    if os.path.exists(path):
        for title, facts, expect in read_json(path).get('tests', []):
            yield title, {'assessments': {name: facts}}, expect if isinstance(expect, dict) else {'level': expect}
        for case in read_json(path).get('cases', []):
            record = {**case['record'], **({'assessments': {name: case['facts']}} if 'facts' in case else {})}
            yield case['name'], record, {member: wanted for member, wanted in case['expect'].items() if member != 'state'}
    path = os.path.join(GIVEN, VECTORS.get(name, ''))
    if os.path.isfile(path):
        for vector in read_json(path):
            facts = of_one_phase(vector['answers'])
            # The tool's numbers hold what nobody is asked; where such an answer has points, ours are others.
            same_sum = not any(re.search('-[1-9]', json.dumps(answer)) for fact, answer in facts.items()
                               if fact not in counted(questions, facts))
            yield vector['name'], {'assessments': {name: facts}}, {member: vector['expect'][member] for member in
                                          (('level', 'raw', 'mitigation', 'total') if same_sum else ())}


def holds(case, name, record, expect):
    """Later law may add duties to those that were handed down, and takes none away."""
    def held(member, wanted):
        is_now = case['expect'].get(member)
        if member == 'duties' and isinstance(is_now, list):
            return [duty for duty in is_now if duty in wanted] == wanted
        return member in case['expect'] and same(is_now, wanted)
    return same(record_of(case, name), record) and all(held(*item) for item in expect.items())


def given_rules(name):
    path = os.path.join(GIVEN, 'policies', name + '.json')
    return [rule.get('id', rule.get('rule')) for rule in read_json(path)['rules']] if os.path.exists(path) else []


# ---- README.md

def form_of_readme(text):
    halves = text.split('\n<!-- en -->\n')
    if len(halves) != 2:
        return ['there is not one line <!-- en -->']
    found = []
    for lang, half in zip(('Korean', 'English'), halves):
        if not half.lstrip('\n').startswith('# '):
            found.append('the %s half does not start with a title' % lang)
        if len(half.encode()) > README_BYTES:
            found.append('the %s half is over 12 KiB' % lang)
        prose = re.sub(r'```.*?```|`[^`\n]*`', '', half, flags=re.S)
        if re.search(r'<(?!https?://)[A-Za-z/!]', prose):
            found.append('the %s half holds HTML' % lang)
    if not re.search('[가-힣]', halves[0][:200]):
        found.append('the first half is not Korean')
    if len(re.findall('[가-힣]', halves[1])) > len(re.findall('[a-z]', halves[1])):
        found.append('the second half is not English')
    return found


# ---- One policy

def check_policy(folder, fields):
    name = os.path.basename(folder)
    rule = os.path.join(folder, 'rule.jq')
    claim('%s: a policy is four files' % name,
          ['%s: missing or too many' % f for f in set(os.listdir(folder)) ^ set(FILES)])
    try:
        policy = read_json(os.path.join(folder, 'questions.json'))
        cases = read_json(os.path.join(folder, 'cases.json'))
        readme, source = read_text(os.path.join(folder, 'README.md')), read_text(rule)
    except (OSError, ValueError) as why:
        return claim('%s: its files can be read' % name, [str(why)])
    claim('%s: README.md is Korean, then English' % name, form_of_readme(readme))
    broken = form_of_questions(policy, name)
    claim('%s: questions.json has the form of a policy' % name, broken)
    claim('%s: everything that a person reads is in Korean and English' % name,
          texts('questions.json', policy))
    if broken:
        return None
    claim('%s: “when” names earlier facts and their values' % name, conditions(policy['questions']))
    claim('%s: rule.jq uses nothing that leaks or looks at more than the record' % name,
          sorted({'it uses %s' % hit.group(0) for hit in REFUSED.finditer(code_of(source))}))
    broken = form_of_cases(cases)
    claim('%s: cases.json has its form' % name, broken)
    if not broken:
        check_cases(name, rule, policy, cases, fields)
        check_asked(name, rule, policy['questions'])
        check_given(name, policy['questions'], cases)
        check_given_states(name, rule)
    return None


def check_cases(name, rule, policy, cases, fields):
    levels = [level['level'] for level in policy['levels']]
    results, malformed = [], []
    judged = judge(rule, [record_of(case, name) for case in cases])
    for case, (result, why) in zip(cases, judged):
        problems = [why] if why else form_of_result(result, levels, fields)
        malformed += ['“%s”: %s' % (case['name'], problem) for problem in problems]
        if not problems:
            results.append(result)
            problems = differences(result, case['expect'])
        claim('%s: %s' % (name, case['name']), problems)
    claim('%s: every result has the form of one' % name, malformed)
    check_unassessed(name, rule)
    check_coverage(name, rule, levels, results)


def check_unassessed(name, rule):
    problems = []
    records = [{}, [], None, {'assessments': {}}, {'assessments': {name: [1]}}]
    for record, (result, why) in zip(records, judge(rule, records)):
        rules = [] if why else got(result, 'rules')
        if why or result['level'] is not None or result['duties'] or len(rules) != 1 \
                or not rules[0].endswith('.unassessed'):
            problems.append('%s: %s' % (json.dumps(record), why or json.dumps(result)))
    claim('%s: a record without its answers has no level' % name, problems)


def check_coverage(name, rule, levels, results):
    yielded = [result['level'] for result in results]
    claim('%s: every level is yielded by a case' % name,
          ['no case yields “%s”' % level for level in levels + [None] if level not in yielded])
    seen = {i for result in results for i in got(result, 'rules') + got(result, 'duties')}
    prefixes = {i.split('.')[0] for i in seen}
    named = set(re.findall(r'"((?:%s)\.[a-z0-9_.]+)"' % '|'.join(sorted(prefixes) or ['-']),
                           read_text(rule)))
    claim('%s: every rule and every duty is exercised by a case' % name,
          ['no case yields %s' % i for i in sorted((named | set(given_rules(name))) - seen)])


def check_given(name, questions, cases):
    given = list(given_cases(name, questions))
    if given:
        claim('%s: the %d cases handed down for it are among its own' % (name, len(given)),
              ['“%s” is not' % title for title, record, expect in given
               if not any(holds(case, name, record, expect) for case in cases)])
        claim('%s: it has at least twice as many of its own' % name,
              [] if len(cases) >= 3 * len(given) else ['it has %d in all' % len(cases)])


def state_on(result, day):
    """How the assessment stands on a day: what is owed is due or overdue by the day of its duty."""
    if result['standing'] != 'owed':
        return result['standing']
    due = got(result, 'dues').get('krp.32.1')
    return 'overdue' if due and day > due else 'due'


def check_given_states(name, rule):
    """Cases that were handed down with a day: what a page would say on it."""
    path = os.path.join(GIVEN, 'policies', name + '.json')
    cases = [case for case in read_json(path).get('cases', []) if 'as_of' in case] if os.path.exists(path) else []
    records = [{**case['record'], **({'assessments': {name: case['facts']}} if 'facts' in case else {})}
               for case in cases]
    wrong = ['“%s”: %s, not %s' % (case['name'], why or state_on(result, case['as_of']), case['expect']['state'])
             for case, (result, why) in zip(cases, judge(rule, records) if cases else [])
             if why or state_on(result, case['as_of']) != case['expect']['state']]
    if cases:
        claim('%s: on the day of each of the %d cases it stands as it should' % (name, len(cases)), wrong)


def main():
    policies = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TREE, 'policies')
    fields = [field['name']
              for field in read_json(os.path.join(TREE, 'policies', 'standard.json'))['fields']]
    folders = sorted(entry.path for entry in os.scandir(policies)
                     if os.path.exists(os.path.join(entry.path, 'rule.jq')))
    claim('there are policies', [] if folders else ['no rule.jq under %s' % policies])
    if not os.path.isdir(os.path.join(GIVEN, 'policies')):
        print('skipped: ../shared/policies is not here, so the cases handed down are not compared')
    for folder in folders:
        check_policy(folder, fields)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
