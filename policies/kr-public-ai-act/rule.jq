# Korea's Act on the Promotion of AI- and Data-Based Administration (인공지능 및 데이터 기반 행정 활성화에 관한 법률, Act
# 21392, in force 2026-08-28; its Article 32 on 2027-02-28) with its Decree (36604).
#   jq -f rule.jq record.json
# A record in; whether an impact assessment is owed, the reasons, and the duties with the days by which they are due out.
# README.md explains it to everybody. Nothing here knows today: days of the record, and those since which the register's
# log has its assessments (`logged_on`), are compared with days of the law, and who shows a `due` compares it with today.

# ---- READINGS. What the text leaves open, as this city reads it; README.md gives the reasons. None is statute. A city
# that reads otherwise changes the word and adopts the policy as a new version.

# Introduced 2026-08-28 to 2027-02-27. "none": no assessment is owed. "as_existing": as what was in use when the Act came
# into force, by 2028-08-28. "art32_start": two years from when Article 32 came into force, by 2029-02-28.
def gap_reading: "as_existing";
# Where the month alone is known: 2026-08 counts as in use before, 2027-02 as new. `false`: both lie between.
def month_is_read_strictly: true;
# "Beforehand": an assessment made on the very day of introduction is late.
def same_day_is_late: true;
# "Beforehand" stands with the assessment. `true`: its result must be published before the introduction, too.
def published_beforehand: false;
# A trial of a year from day D ends on the day before D. `true`: it may end on D (Civil Act Art 157).
def trial_may_end_on_the_anniversary: false;
# Addenda Art 5 asks for an assessment "by Article 32", so its exemptions hold for what was in use before.
def existing_may_be_exempt: true;
# What goes out of use before its due date has no result left to assess.
def retirement_lifts: true;

# ---- Days of the law: Addenda Art 1 and 5, Decree 36604. Two years of the Act end on Monday 2028-08-28, by either way of
# counting (Civil Act Art 157, 161).
def act_starts: "2026-08-28";
def assessment_starts: "2027-02-28";
def existing_due: "2028-08-28";
def gap_due: {"as_existing": "2028-08-28", "art32_start": "2029-02-28"}[gap_reading];

def gap_words: {
  "none": {
    "ko": "법에 분명한 기한이 없어 시는 영향평가 의무가 없다고 봅니다.",
    "en": "The Act sets no clear date; the city reads it as owing no assessment."},
  "as_existing": {
    "ko": "법에 분명한 기한이 없어 시는 2028년 8월 28일까지로 봅니다.",
    "en": "The Act sets no clear date; the city reads 28 August 2028."},
  "art32_start": {
    "ko": "법에 분명한 기한이 없어 시는 2029년 2월 28일까지로 봅니다.",
    "en": "The Act sets no clear date; the city reads 28 February 2029."}};

# ---- Duties, in the order of the answer; `owed` below says when. `proof` names what `proofs` found, where it takes more
# than a field that is filled.
def duties: {
  "decides": {"duty": {
    "id": "krp.3.5", "basis": "공공 AI법 3조5항 / Act 21392 Art 3(5)", "applies_from": "2026-08-28",
    "fields": ["final_responsibility"],
    "text": {
      "ko": "결정의 최종 권한과 책임이 시에 있음을 분명히 해야 합니다.",
      "en": "Make clear that the final authority and responsibility for decisions are the city’s."}}},
  "always": [
    {"duty": {
      "id": "krp.3.7", "basis": "공공 AI법 3조7항 / Act 21392 Art 3(7)", "applies_from": "2026-08-28",
      "fields": ["risks", "decision_making_process"],
      "text": {
        "ko": "인공지능과 데이터의 편향성, 의사결정의 투명성을 고려해야 합니다. ‘위험과 완화 조치’와 ‘의사결정 과정에서의 역할’이 보여 줍니다.",
        "en": "Consider bias of AI and data and the transparency of decisions; shown by “Risks and mitigations” and “Place in the decision process”."}}},
    {"duty": {
      "id": "krp.19", "basis": "공공 AI법 19조 / Act 21392 Art 19", "applies_from": "2026-08-28",
      "fields": ["ai_officer"],
      "text": {
        "ko": "신뢰성 확보와 위험관리를 총괄하는 책임관을 두어야 합니다.",
        "en": "Appoint the officer who is in charge of trust and risk management."}}}],
  "trains": {"duty": {
    "id": "krp.29", "basis": "공공 AI법 29조 / Act 21392 Art 29", "applies_from": "2026-08-28",
    "fields": ["training_data"],
    "text": {
      "ko": "학습용데이터의 품질을 적정하게 확보해야 합니다.",
      "en": "Secure the quality of training data."}}},
  "listed": [
    {"duty": {
      "id": "krp.30", "basis": "공공 AI법 30조1항 / Act 21392 Art 30(1)", "applies_from": "2026-08-28",
      "fields": ["service_type", "goal", "source_data"],
      "text": {
        "ko": "서비스의 유형, 목적, 데이터를 현황으로 관리해야 합니다.",
        "en": "Keep the type, purpose and data of the service on record."}}},
    {"proof": "submitted", "duty": {
      "id": "krp.30.submit", "basis": "공공 AI법 30조1항 / Act 21392 Art 30(1)", "applies_from": "2026-08-28",
      "fields": ["government_list"], "event": {"type": "list.submitted", "list": "kr-ai-service-list"},
      "text": {
        "ko": "현황을 행정안전부장관에게 제출해야 합니다. 기한과 서식은 고시로 정해집니다.",
        "en": "Submit it to the Minister of the Interior and Safety; date and form are set by notice."}}}],
  "excused": {"proof": "agreed", "duty": {
    "id": "krp.32.2", "basis": "공공 AI법 32조2항, 시행령 27조2항 / Act 21392 Art 32(2), Decree Art 27(2)",
    "applies_from": "2027-02-28", "fields": ["assessment_exemption"],
    "text": {
      "ko": "면제 사유를 행정안전부장관과 협의하거나 확인받아야 합니다.",
      "en": "Agree the ground with the minister or have it confirmed."}}},
  "assess": {"proof": "assessed", "duty": {
    "id": "krp.32.1", "basis": "공공 AI법 32조1항, 부칙 5조 / Act 21392 Art 32(1), Addenda Art 5",
    "applies_from": "2027-02-28", "fields": ["impact_assessments"],
    "text": {
      "ko": "국민의 기본권에 미치는 영향을 평가해야 합니다.",
      "en": "Assess the impact on people’s fundamental rights."}}},
  "publish": {"proof": "published", "duty": {
    "id": "krp.32.1.publish", "basis": "공공 AI법 32조1항, 부칙 5조 / Act 21392 Art 32(1), Addenda Art 5",
    "applies_from": "2027-02-28", "fields": ["impact_assessments"],
    "text": {
      "ko": "평가 결과를 공표해야 합니다. 평가서의 주소나 파일을 붙입니다.",
      "en": "Publish the result: give its address or file."}}},
  "plan": {"proof": "planned", "duty": {
    "id": "krp.32.4", "basis": "공공 AI법 32조4항, 시행령 29조1항 / Act 21392 Art 32(4), Decree Art 29(1)",
    "applies_from": "2027-02-28", "fields": ["risk_management_plan"],
    "text": {
      "ko": "위험관리방안을 여섯 항목으로 세우고 시행해야 합니다.",
      "en": "Draw up and carry out a risk management plan in six parts."}}}
};
def parts_of_the_plan: ["structure", "staff_logs", "checks", "incidents", "stop", "redress"];

# ---- Reading a record, whatever it holds.

def object: if type == "object" then . else {} end;
# The objects of a list; an object alone is a list of one.
def items: if type == "array" then .[] | objects elif type == "object" then . else empty end;
def something: . and . != "" and . != [];
# A text is filled when one of its languages is. Korean is asked first, for most texts have it.
def filled: if type == "object" then (.ko | something) or [.[] | select(something)] != [] else something end;
def among(names): [.] - names == [];
def day: if type == "string" and length == 10 then . else null end;
def month: if type == "string" and length == 7 then . else null end;

# The day before a day, or before the first of a month: what must be done before it is due by then.
def two_digits: if . < 10 then "0\(.)" else "\(.)" end;
def days_of($year; $month):
  if $month == 2 then if $year % 4 == 0 and ($year % 100 != 0 or $year % 400 == 0) then 29 else 28 end
  else [31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][$month - 1] end;
def eve:
  try ((.[0:4] | tonumber) as $year | (.[5:7] | tonumber) as $month
    | (if length == 10 then .[8:10] | tonumber else 1 end) as $day
    | if $day > 1 then .[0:8] + ($day - 1 | two_digits)
      elif $month > 1 then .[0:5] + ($month - 1 | two_digits) + "-\(days_of($year; $month - 1))"
      else "\($year - 1)-12-31" end)
  catch null;

# ---- When it was introduced, and what that means.

def introduced: (.introduced_on | day) // (.begin_date | month);
def not_yet: .status | among(["planned", "development"]);
# What is only planned cannot have been in use when the Act came into force.
def period:
  introduced as $from
  | if $from == null then if not_yet then "planned" else "undated" end
    elif $from | length == 10 then
      if $from < act_starts then if not_yet then "planned" else "existing" end
      elif $from < assessment_starts then "gap" else "new" end
    elif month_is_read_strictly then
      if $from <= act_starts[0:7] then if not_yet then "planned" else "existing" end
      elif $from < assessment_starts[0:7] then "gap" else "new" end
    elif $from < act_starts[0:7] then if not_yet then "planned" else "existing" end
    elif $from <= assessment_starts[0:7] then "gap" else "new" end;
# Where the month alone decides between two of them, the reason says that it was read strictly.
def month_decides: .introduced_on | day == null;
def month_words: {
  "ko": " 도입일 없이 월만 알아 시의 해석에 따라 엄격한 쪽으로 보았습니다.",
  "en": " Only the month is known, which the city reads strictly."};

# ---- Assessment and exemption.

def has_kind($kind): [.impact_assessments | items | .kind] | . - [$kind] != .;
def agreed($ground):
  [.assessment_exemption | items
    | if .ground == $ground and (.agreed_on | day) and (.reference | filled) then .agreed_on else empty end]
  | sort | .[0];
# In the log before the day that it claims: what that day would find, nobody could say.
def is_foretold: (.logged_on | day) as $logged | $logged != null and $logged < .date;
# The earliest assessment that this Act asks for. What is introduced again was assessed at the first introduction: that
# one is the ground, and does not count for the second.
def assessment($exemption):
  [.impact_assessments | items
    | if .kind == "public_ai_impact_assessment" and (.date | day) and (.summary | filled) and (is_foretold | not)
      then . else empty end]
  | if . == [] then null else sort_by(.date) | .[if $exemption == "same_again" then 1 else 0 end] end;
# The day on which its result was published: in a register the day since which its log has the assessment, whatever
# the record claims. What the record claims counts only where no log is asked: outside of a register.
def published_day: (.logged_on | day) // (.published_on | day);
def is_published: published_day != null and ((.url | something) or (.sha256 | something));

def within_a_year($from; $until):
  ("\(($from[0:4] | tonumber) + 1)" + $from[4:]) as $anniversary
  | $until < $anniversary or (trial_may_end_on_the_anniversary and $until == $anniversary);
def is_trial:
  (.introduced_on | day) as $from | (.trial_until | day) as $until
  | $from != null and $until != null and (.status | among(["planned", "development", "pilot"]))
    and (try within_a_year($from; $until) catch false);
def ground_holds($facts; $period):
  if $period == "existing" and (existing_may_be_exempt | not) then false
  else $facts.exemption as $ground
    | if $ground == "security" or $ground == "minor" then true
      elif $ground == "basic_act_35" then $facts.high_impact == true and has_kind("ai_impact_assessment")
      elif $ground == "internal" then $facts.citizen_service == false and $facts.rights_policy_use == "clearly_not"
      elif $ground == "same_again" then $facts.unchanged == true and has_kind("public_ai_impact_assessment")
      elif $ground == "trial" then $facts.trial_limited_scope == true and is_trial
      else false end
  end;

# ---- All that follows from a record and its answers, worked out once.

def situation($facts):
  period as $period
  | introduced as $introduced
  | assessment($facts.exemption) as $assessment
  | ($facts.exemption != null and $facts.exemption != "none") as $claimed
  | ($claimed and ground_holds($facts; $period)) as $holds
  | (if $period == "existing" then existing_due elif $period == "gap" then gap_due
    elif $period == "new" then $introduced else null end) as $due
  | {
    $period, $introduced, $assessment, $claimed, $holds, $due,
    # The last day: the law names the day by which, or the day before which.
    "last_day": (if $period == "new" then $introduced | eve else $due end),
    "agreed_on": (if $holds then agreed($facts.exemption) else null end),
    "ended": (retirement_lifts and .status == "retired" and ($period == "existing" or $period == "gap")
      and (.end_date | month) != null and .end_date < ($due // existing_due)[0:7]),
    "month_decides": (month_decides and month_is_read_strictly
      and ($introduced | among([act_starts[0:7], assessment_starts[0:7]])))
  };

# ---- The reasons. The first decides the level.

def because($rule; $level; $basis; text): {$rule, $level, $basis, "text": text};
def and_month: if .month_decides then month_words else {"ko": "", "en": ""} end;

def reason_of_period:
  and_month as $month
  | if .period == "existing" then
      because("krp.existing"; "assess"; "공공 AI법 부칙 5조, 32조1항 / Act 21392 Addenda Art 5, Art 32(1)"; {
        "ko": ("법이 시행된 2026년 8월 28일에 이미 쓰고 있었으므로 2028년 8월 28일까지 평가하고 공표해야 합니다." + $month.ko),
        "en": ("In use when the Act entered into force on 28 August 2026: assess and publish by 28 August 2028." + $month.en)})
    elif .period == "gap" then
      gap_words[gap_reading] as $words
      | because("krp.gap"; "gap"; "공공 AI법 부칙 1·5조 / Act 21392 Addenda Art 1, 5"; {
        "ko": ("법 시행 뒤, 영향평가 시행(2027년 2월 28일) 전에 들여왔습니다. " + $words.ko),
        "en": ("Introduced after the Act’s entry and before Art 32 applies (28 February 2027). " + $words.en)})
    elif .period == "new" then
      because("krp.new"; "assess"; "공공 AI법 32조1항 / Act 21392 Art 32(1)"; {
        "ko": ("2027년 2월 28일 이후에 들여오므로 그 전에 평가하고 결과를 공표해야 합니다." + $month.ko),
        "en": ("Introduced on or after 28 February 2027: assess before introduction and publish." + $month.en)})
    elif .period == "planned" then
      because("krp.planned"; "assess"; "공공 AI법 32조1항 / Act 21392 Art 32(1)"; {
        "ko": "아직 들여오지 않았습니다. 2027년 2월 28일 이후에 들여오면 먼저 평가해야 합니다.",
        "en": "Not introduced yet. From 28 February 2027 it must be assessed first."})
    else
      because("krp.undated"; "assess"; "공공 AI법 32조1항 / Act 21392 Art 32(1)"; {
        "ko": "도입일을 알 수 없어 영향평가 대상으로 봅니다.",
        "en": "The day of introduction is unknown, so an assessment counts as owed."})
    end;

def reasons:
  if .ended then
    because("krp.ended"; "out"; "공공 AI법 부칙 5조 / Act 21392 Addenda Art 5"; {
      "ko": "기한이 되기 전에 사용을 마쳤으므로, 시의 해석에 따라 평가할 것이 남아 있지 않습니다.",
      "en": "It went out of use before the due date; as the city reads the Act, nothing is left to assess."})
  elif .agreed_on then
    because("krp.exempt"; "exempt"; "공공 AI법 32조2항, 시행령 27조 / Act 21392 Art 32(2), Decree Art 27"; {
      "ko": "면제 사유가 있고 행정안전부장관과의 협의 또는 확인이 기록되어 있습니다.",
      "en": "A ground of exemption applies, and the minister’s agreement or confirmation is on record."})
    + {"presumed": "assess"}
  elif .holds and .assessment == null then
    because("krp.unconfirmed"; "unconfirmed"; "공공 AI법 32조2항, 시행령 27조2항 / Act 21392 Art 32(2), Decree Art 27(2)"; {
      "ko": "면제 사유를 답했지만 협의나 확인이 기록되지 않았습니다.",
      "en": "A ground is claimed, but no consultation or confirmation is on record."})
  else
    reason_of_period,
    if .claimed and (.holds | not) then
      because("krp.exemption_fails"; "assess"; "공공 AI법 32조2항, 시행령 27조1항 / Act 21392 Art 32(2), Decree Art 27(1)"; {
        "ko": "답한 면제 사유의 요건이 갖추어지지 않았습니다.",
        "en": "The conditions of the claimed ground are not met."})
    else empty end
  end;

# ---- The duties.

def proofs($situation):
  {
    "submitted": ([.government_list | items | .submitted_on | day // empty] != []),
    "agreed": ($situation.agreed_on != null),
    "assessed": ($situation.assessment != null),
    "published": ($situation.assessment != null and ($situation.assessment | is_published)),
    "planned": (parts_of_the_plan - [.risk_management_plan | items | .part] == [])
  };

def with_due($day): if $day then .duty += {"due": $day} else . end;
# New AI: a day is set for its assessment alone, unless the city reads that its result is due beforehand, too.
def owed($facts; $level; $situation):
  duties as $duties
  | $situation.last_day as $day
  | if $facts.decision_use == true then $duties.decides else empty end,
    $duties.always[],
    if $facts.shares_training_data == true then $duties.trains else empty end,
    if .status | among(["pilot", "in_use", "suspended"]) then $duties.listed[] else empty end,
    if $level == "exempt" or $level == "unconfirmed" then $duties.excused | with_due($day)
    else
      if $level == "assess" or $situation.due != null then
        ($duties.assess | with_due($day)),
        ($duties.publish | if $situation.period == "new" and (published_beforehand | not) then . else with_due($day) end)
      else empty end,
      if $situation.assessment then $duties.plan else empty end
    end;

# What is withheld lawfully counts as if it were there.
def duties_of($facts; $level; $situation):
  . as $record
  | [.withheld | items | .field | strings] as $withheld
  | proofs($situation) as $proofs
  | [owed($facts; $level; $situation)
    | .proof as $proof
    | .duty
    | ([.fields[] | if $proof then if $proofs[$proof] then empty else . end
        elif $record[.] | filled then empty else . end] - $withheld) as $missing
    | . + (if $missing == [] then {"met": true, "missing": []} else {"met": false, $missing} end)];

# ---- How the assessment stands, whatever the day is: "owed" is due or overdue by the `due` of its duty.

def in_time($situation):
  if $situation.period == "planned" then true
  elif $situation.period == "new" then
    $situation.introduced as $from
    | (.date < $from or (.date == $from and (same_day_is_late | not)))
      and ((published_beforehand | not) or published_day < $from)
  else .date <= $situation.due and published_day <= $situation.due end;

def standing($level):
  . as $situation
  | if $level == "out" then "none"
    elif $level == "exempt" then
      if .period == "new" and .agreed_on >= .introduced then "confirmed_late" else "none" end
    elif $level == "unconfirmed" then "unconfirmed"
    elif .period == "undated" then "undated"
    elif $level == "gap" and .due == null then "none"
    elif .assessment == null then "owed"
    elif .assessment | is_published | not then "unpublished"
    elif .assessment | in_time($situation) then "done"
    else "done_late" end;

# ---- The answer. `due` beside the duties is the day that the law names: by which, or before which new AI is assessed.

. as $record
| object.assessments | object["kr-public-ai-act"] | . as $facts
| if type != "object" then {
  "level": null,
  "reasons": [because("krp.unassessed"; null; "-"; {
    "ko": "아직 공공 AI법에 따른 질문에 답하지 않았습니다.",
    "en": "The questions of this Act have not been answered yet."})],
  "duties": [], "due": null, "standing": null
} elif .uses_ai == false then {
  "level": "out",
  "reasons": [because("krp.not_ai"; "out"; "공공 AI법 2조1호 / Act 21392 Art 2(1)"; {
    "ko": "인공지능이 아니라고 답했으므로 이 법의 영향평가와 목록이 적용되지 않습니다.",
    "en": "The answer is that it is not AI, so neither assessment nor list applies."})],
  "duties": [], "due": null, "standing": "none"
} else
  ($record | situation($facts)) as $situation
  | ($situation | [reasons]) as $reasons
  | $reasons[0].level as $level
  | {
    $level, $reasons,
    "duties": (if $level == "out" then [] else $record | duties_of($facts; $level; $situation) end),
    "due": (if $level == "assess" or $level == "gap" then $situation.due else null end),
    "standing": ($situation | standing($level))
  }
end
