#!/usr/bin/env python3
"""From when each duty of the EU AI Act applies, who has it and where it stands: cases.json cannot say."""
import json
import os
import subprocess
import sys

RULE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'policies', 'eu-ai-act',
                    'rule.jq')
ART_50 = {'interacts_with_people': True, 'generates_synthetic_content': True,
          'emotion_or_biometric_categorisation': True, 'deep_fake': True}
ANNEX_I = {'annex_i_safety_component': True, 'annex_i_third_party_assessment': True}
FILTERED = {'annex_iii': ['5a'], 'significant_risk': False, 'art6_3': ['a']}

# Article and date, by whom. Regulation (EU) 2024/1689, Art 113 as amended.
DEPLOYER_HIGH = {'eu.26.1': 'Art 26(1)', 'eu.26.4': 'Art 26(4)', 'eu.26.2': 'Art 26(2)', 'eu.26.5': 'Art 26(5)', 'eu.26.6': 'Art 26(6)',
                 'eu.26.7': 'Art 26(7)', 'eu.26.9': 'Art 26(9)'}
DEPLOYER_ANNEX_III = {**DEPLOYER_HIGH, 'eu.26.8': 'Art 26(8)+49(3)', 'eu.26.11': 'Art 26(11)',
                      'eu.27': 'Art 27', 'eu.86': 'Art 86'}
LITERACY = {'eu.4': ('Art 4', '2025-02-02', 'deployer')}
OTHERS = {'eu.6.4': ('Art 6(4)', '2027-12-02', 'provider'),
          'eu.49.2': ('Art 49(2)', None, 'provider'),
          'eu.50.1': ('Art 50(1)', '2026-08-02', 'provider'),
          'eu.50.2': ('Art 50(2)', '2026-08-02', 'provider'),
          'eu.50.3': ('Art 50(3)', '2026-08-02', 'deployer'),
          'eu.50.4': ('Art 50(4)', '2026-08-02', 'deployer')}


def from_day(articles, day):
    return {duty: (basis, day, 'deployer') for duty, basis in articles.items()}


def some(*names):
    return {name: OTHERS[name] for name in names}


CASES = [
    ('duties of Annex III apply from 2027-12-02', {'annex_iii': ['5a']},
     from_day(DEPLOYER_ANNEX_III, '2027-12-02')),
    ('duties of Annex I apply from 2028-08-02', ANNEX_I, from_day(DEPLOYER_HIGH, '2028-08-02')),
    ('of both, from the earlier day', {**ANNEX_I, 'annex_iii': ['5a']},
     from_day(DEPLOYER_ANNEX_III, '2027-12-02')),
    ('a filtered use does not bring the duties of Annex I forward', {**ANNEX_I, **FILTERED},
     {**from_day(DEPLOYER_HIGH, '2028-08-02'), **some('eu.6.4', 'eu.49.2')}),
    ('a filter is documented from 2027-12-02; from when it is registered is open', FILTERED,
     some('eu.6.4', 'eu.49.2')),
    ('duties of Art 50 apply from 2026-08-02', ART_50,
     some('eu.50.1', 'eu.50.2', 'eu.50.3', 'eu.50.4')),
]


# Since when it is used: what public authorities had in use before the day of application has until 2030-08-02 (Art 111(2)).
LEGACY = [
    ('Annex III, in use since 2027-11: legacy', {'begin_date': '2027-11'}, {'annex_iii': ['5a']}, '2030-08-02'),
    ('Annex III, in use since 2027-12: not', {'begin_date': '2027-12'}, {'annex_iii': ['5a']}, '2027-12-02'),
    ('Annex III, the day before: legacy', {'introduced_on': '2027-12-01'}, {'annex_iii': ['5a']}, '2030-08-02'),
    ('Annex III, on the day: not', {'introduced_on': '2027-12-02'}, {'annex_iii': ['5a']}, '2027-12-02'),
    ('the day counts where there is one', {'introduced_on': '2027-12-02', 'begin_date': '2020-01'},
     {'annex_iii': ['5a']}, '2027-12-02'),
    ('Annex III, not a public body: not', {'begin_date': '2020-01'}, {'annex_iii': ['5b'], 'public_body': False},
     '2027-12-02'),
    ('Annex I, in use since 2028-07: legacy', {'begin_date': '2028-07'}, ANNEX_I, '2030-08-02'),
    ('Annex I, in use since 2028-08: not', {'begin_date': '2028-08'}, ANNEX_I, '2028-08-02'),
    ('no date is no legacy', {}, {'annex_iii': ['5a']}, '2027-12-02'),
]


def high_risk_days(record, facts):
    """Of the reasons for high risk, and of the duties that come from it."""
    run = subprocess.run(['jq', '-f', RULE], input=json.dumps({**record, 'assessments': {'eu-ai-act': facts}}),
                         capture_output=True, text=True, check=True)
    result = json.loads(run.stdout)
    return {x.get('applies_from') for x in result['reasons'] if x['level'] == 'high'} | {
        duty.get('applies_from') for duty in result['duties'] if duty['id'] in DEPLOYER_ANNEX_III}


def duties(facts):
    run = subprocess.run(['jq', '-f', RULE], input=json.dumps({'assessments': {'eu-ai-act': facts}}),
                         capture_output=True, text=True, check=True)
    return {duty['id']: (duty['basis'], duty.get('applies_from'), duty['who'])
            for duty in json.loads(run.stdout)['duties']}


def main():
    failed = 0
    for sentence, facts, expected in CASES:
        found = duties(facts)
        expected = {**expected, **LITERACY}
        print('%s - %s' % ('ok' if found == expected else 'not ok', sentence))
        if found != expected:
            failed += 1
            print('    expected %s\n    got %s' % (expected, found))
    for sentence, record, facts, day in LEGACY:
        found = high_risk_days(record, facts)
        print('%s - %s' % ('ok' if found == {day} else 'not ok', sentence))
        failed += found != {day}
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
