# Gimhae's own rule for the AI that the city uses: data sources, risk level and explanation for every system, and more
# the more a system touches people.
#   jq -f rule.jq record.json
# A record in; its level, the reasons, the duties and the months between reviews out. README.md explains it to everybody
# and numbers the rules ("Gimhae rule 3").

# The table to edit when the city wants to look again sooner or later. The stricter of this rule's level and the level
# published in the record counts.
def review_months: {"prohibited": 6, "high": 6, "limited": 12, "minimal": 24};

def strictest_first: ["prohibited", "high", "limited", "minimal"];

# Rules, strictest first; `fired` below says when. A rule only ever raises.
def rules: {
  "rights": {
    "rule": "gimhae.rights", "level": "high", "basis": "김해시 기준 1 / Gimhae rule 1",
    "text": {
      "ko": "시민의 권리, 급여, 비용, 의무에 관한 결정을 하거나 준비합니다.",
      "en": "It decides, or prepares decisions, about people’s rights, benefits, costs or duties."}},
  "safety": {
    "rule": "gimhae.safety", "level": "high", "basis": "김해시 기준 2 / Gimhae rule 2",
    "text": {
      "ko": "잘못되면 사람의 생명이나 신체, 또는 도시 기반시설이 위험해질 수 있습니다.",
      "en": "If it fails, people’s lives or health or the city’s infrastructure may be in danger."}},
  "identification": {
    "rule": "gimhae.identification", "level": "high", "basis": "김해시 기준 3 / Gimhae rule 3",
    "text": {
      "ko": "영상이나 센서로 누구인지 알아내거나 한 사람을 따라갑니다.",
      "en": "It identifies people, or follows a person, by video or sensors."}},
  "judges_vulnerable": {
    "rule": "gimhae.judges_vulnerable", "level": "high", "basis": "김해시 기준 4 / Gimhae rule 4",
    "text": {
      "ko": "어르신, 어린이, 외국인 주민처럼 더 살펴야 할 사람을 한 사람씩 평가하거나 순서를 매깁니다.",
      "en": "It scores or ranks individual people who need particular care, such as older people, children or foreign residents."}},
  "automated": {
    "rule": "gimhae.automated", "level": "high", "basis": "김해시 기준 5 / Gimhae rule 5",
    "text": {
      "ko": "사람을 평가한 결과가 담당자의 확인 없이 바로 적용됩니다(‘최종 결정 주체’).",
      "en": "What it judges about a person takes effect before anybody on the staff has looked (“Who decides”)."}},
  "judges": {
    "rule": "gimhae.judges", "level": "limited", "basis": "김해시 기준 4 / Gimhae rule 4",
    "text": {
      "ko": "사람을 한 사람씩 평가하거나 분류하거나 순서를 매깁니다.",
      "en": "It scores, sorts or ranks individual people."}},
  "video": {
    "rule": "gimhae.video", "level": "limited", "basis": "김해시 기준 3 / Gimhae rule 3",
    "text": {
      "ko": "공공장소나 시설에서 영상이나 센서로 사람을 봅니다.",
      "en": "It watches people in public places or buildings by video or sensors."}},
  "personal": {
    "rule": "gimhae.personal", "level": "limited", "basis": "김해시 기준 6 / Gimhae rule 6",
    "text": {
      "ko": "누구인지 알 수 있는 개인정보를 씁니다(‘개인정보 처리’).",
      "en": "It uses data that shows who somebody is (“Personal data”)."}},
  "sharing": {
    "rule": "gimhae.sharing", "level": "limited", "basis": "김해시 기준 7 / Gimhae rule 7",
    "text": {
      "ko": "개인정보를 시 밖의 기관이나 나라 밖으로 보냅니다.",
      "en": "It sends personal data to bodies outside the city or abroad."}},
  "dialogue": {
    "rule": "gimhae.dialogue", "level": "limited", "basis": "김해시 기준 8 / Gimhae rule 8",
    "text": {
      "ko": "시민과 말이나 글을 주고받습니다.",
      "en": "It talks or writes with residents."}},
  "content": {
    "rule": "gimhae.content", "level": "limited", "basis": "김해시 기준 9 / Gimhae rule 9",
    "text": {
      "ko": "시민이 보는 글, 그림, 소리, 영상을 만들어 냅니다.",
      "en": "It makes text, pictures, sound or video that residents see."}},
  "no_alternative": {
    "rule": "gimhae.no_alternative", "level": "limited", "basis": "김해시 기준 10 / Gimhae rule 10",
    "text": {
      "ko": "시민이 이 AI를 피해서 같은 서비스를 받을 방법이 없습니다.",
      "en": "Residents cannot get the same service without this AI."}},
  "else": {
    "rule": "gimhae.else", "level": "minimal", "basis": "김해시 기준 11 / Gimhae rule 11",
    "text": {
      "ko": "위의 어느 기준에도 해당하지 않습니다. 그래도 데이터 출처, 위험 등급, 설명은 공개합니다.",
      "en": "None of the rules above applies. Data sources, risk level and explanation are public all the same."}}
};

# Duties, by what makes them apply and in the order of the answer; `owed` below says when.
def duties: {
  "every_system": [
    {
      "id": "gimhae.sources",
      "basis": "김해시 기준 12 / Gimhae rule 12", "fields": ["source_data"],
      "text": {
        "ko": "어떤 데이터를 어디서 가져와 쓰는지 공개합니다. 모든 시스템에 적용됩니다.",
        "en": "Publish which data is used and where it comes from. This holds for every system."}},
    {
      "id": "gimhae.risk",
      "basis": "김해시 기준 12 / Gimhae rule 12", "fields": ["risk_category", "risk_basis"],
      "text": {
        "ko": "위험 등급과 그 근거를 공개합니다. 모든 시스템에 적용됩니다.",
        "en": "Publish the risk level and the rule behind it. This holds for every system."}},
    {
      "id": "gimhae.explanation",
      "basis": "김해시 기준 12 / Gimhae rule 12", "fields": ["description_short", "goal", "methods_and_models"],
      "text": {
        "ko": "무엇을 하고, 왜 쓰고, 어떻게 움직이는지 쉬운 말로 설명합니다. 모든 시스템에 적용됩니다.",
        "en": "Explain in plain words what it does, why it is used and how it works. This holds for every system."}},
    {
      "id": "gimhae.kpi",
      "basis": "김해시 기준 13 / Gimhae rule 13", "fields": ["benefit"],
      "text": {
        "ko": "시민이 느낄 수 있는 성과를 수치로 정하고, 목표와 실제 결과를 함께 공개합니다(‘기대 효과와 실제 효과’).",
        "en": "Set a measurable result that residents can feel, and publish target and outcome (“Expected and measured benefit”)."}}
  ],
  "above_minimal": [
    {
      "id": "gimhae.notice",
      "basis": "김해시 기준 14, 김해시 인공지능 기본조례 15조4항 / Gimhae rule 14, Gimhae AI Ordinance Art 15(4)", "fields": ["notice_method"],
      "text": {
        "ko": "시민이 만나는 자리에서 AI를 쓴다고 알립니다. 생성형이면 조례도 미리 알리도록 노력하라고 합니다.",
        "en": "Tell people that AI is used, where they meet it. Of generative AI the ordinance, too, asks to endeavour to give notice."}},
    {
      "id": "gimhae.objection",
      "basis": "김해시 기준 14 / Gimhae rule 14", "fields": ["objection_procedure", "opt_out"],
      "text": {
        "ko": "이의를 제기하는 방법과 사람에게 처리를 맡기는 방법을 안내합니다.",
        "en": "Say how to object, and how to be served by a person instead."}}
  ],
  "needs_care": [
    {
      "id": "gimhae.inclusion",
      "basis": "김해시 기준 15 / Gimhae rule 15", "fields": ["notice_method", "non_discrimination"],
      "text": {
        "ko": "더 살펴야 할 사람에게 맞게 알립니다(예: 베트남어와 중국어, 키오스크와 경로당의 큰 글씨). 결과가 이들에게 불리하지 않은지 재어 공개합니다.",
        "en": "Give notice in a form that suits the people who need particular care, for example in Vietnamese and Chinese, or in large print on kiosks and in senior centres. Measure and publish whether results put them at a disadvantage."}}
  ],
  "watches": [
    {
      "id": "gimhae.video",
      "basis": "김해시 기준 3, 개인정보 보호법 25조·25조의2 / Gimhae rule 3, PIPA Art 25, 25-2", "fields": ["data_access_and_storage", "camera_policy"],
      "text": {
        "ko": "영상정보 보호 조치를 공개합니다. 누가 볼 수 있는지, 어떻게 암호화하는지, 언제 지우는지 적고 운영·관리 방침(25조7항)의 주소를 붙입니다. 고정된 카메라에는 안내판을 달고(25조4항) 소리를 녹음하지 않습니다(25조5항). 드론과 로봇은 찍고 있음을 불빛, 소리, 안내판으로 알립니다(25조의2 3항).",
        "en": "Publish how video is protected: who may see it, how it is encrypted, when it is erased; and link to the camera policy (Art 25(7)). Fixed cameras have a sign (25(4)) and record no sound (25(5)). Drones and robots show by light, sound or a sign that they film (25-2(3))."}}
  ],
  "shares": [
    {
      "id": "gimhae.sharing",
      "basis": "김해시 기준 7 / Gimhae rule 7", "fields": ["data_sharing"],
      "text": {
        "ko": "개인정보를 어느 부서와 기관에 왜 보내는지 공개합니다.",
        "en": "Publish to which departments and bodies personal data goes, and why."}}
  ],
  "generates": [
    {
      "id": "gimhae.generated",
      "basis": "김해시 기준 9, 김해시 인공지능 기본조례 15조4항 / Gimhae rule 9, Gimhae AI Ordinance Art 15(4)", "fields": ["notice_method", "human_intervention"],
      "text": {
        "ko": "AI가 만든 것에는 표시를 하고, 누가 어떻게 살펴보는지 밝힙니다. 조례도 표시하도록 노력하라고 합니다.",
        "en": "Mark what AI has made, and say who checks it and how. The ordinance, too, asks to endeavour to mark it."}}
  ],
  "grave": [
    {
      "id": "gimhae.owner",
      "basis": "김해시 기준 16 / Gimhae rule 16", "fields": ["senior_responsible_owner"],
      "text": {
        "ko": "책임자의 직위를 밝힙니다.",
        "en": "Name the post that is responsible."}},
    {
      "id": "gimhae.approval",
      "basis": "김해시 기준 16 / Gimhae rule 16", "fields": ["decision_record"],
      "text": {
        "ko": "도입을 결정한 문서를 공개합니다.",
        "en": "Publish the decision to use it."}},
    {
      "id": "gimhae.consultation",
      "basis": "김해시 기준 17, 개인정보 보호법 25조3항 / Gimhae rule 17, PIPA Art 25(3)", "fields": ["public_consultation"],
      "text": {
        "ko": "쓰기 전에 시민의 의견을 듣고, 무엇을 받아들였는지 공개합니다. 고정형 카메라를 달 때에는 법도 공청회나 설명회를 요구합니다(개인정보 보호법 25조3항).",
        "en": "Hear residents before use, and publish what was taken up. Before fixed cameras the law, too, wants a hearing (PIPA Art 25(3))."}},
    {
      "id": "gimhae.impact_assessment",
      "basis": "김해시 기준 18 / Gimhae rule 18", "fields": ["impact_assessments"],
      "text": {
        "ko": "영향평가를 하고 그 결과를 공개합니다. 간이 점검만으로는 부족합니다.",
        "en": "Assess the impact and publish the result. A quick scan alone is not enough."}},
    {
      "id": "gimhae.audit",
      "basis": "김해시 기준 19 / Gimhae rule 19", "fields": ["audit", "monitoring"],
      "text": {
        "ko": "운영 부서가 아닌 곳의 검토를 받고, 운영 중에 무엇을 살피는지 공개합니다.",
        "en": "Have it reviewed from outside the department, and publish what is watched in operation."}},
    {
      "id": "gimhae.incidents",
      "basis": "김해시 기준 19 / Gimhae rule 19", "fields": ["incidents", "rollback"],
      "text": {
        "ko": "사고를 알리고, 멈추고 되돌리는 방법을 마련합니다. 사고가 없으면 없다고 확인한 날을 적습니다.",
        "en": "Report incidents, and have a way to stop and undo. Where there were none, give the date on which that was checked."}}
  ]
};

# A quick scan is no assessment, and neither is "none".
def kinds_of_assessment: ["dpia", "fria", "aia", "ai_impact_assessment", "public_ai_impact_assessment", "other"];

# --- reading a record, whatever it holds ---

def object: if type == "object" then . else {} end;
def items: if type == "array" then .[] else empty end;
def something: . and . != "" and . != [];
# A text is filled when one of its languages is. Korean is asked first, for most texts have it.
def filled: if type == "object" then (.ko | something) or [.[] | select(something)] != [] else something end;
def among(names): [.] - names == [];
def any_among(names): type == "array" and . - names != .;

# --- the facts: unanswered means no ---

def facts: object.assessments | object.gimhae;
# Asked of the facts, and only where they are an object.
def needs_care: .vulnerable_groups | any_among(["older", "children", "disabled", "foreign", "low_income"]);

# --- the reasons ---

# Every version of every record comes through here, so a rule that does not fire costs no more than its question.
def fired:
  . as $record
  | rules as $rules
  | .assessments.gimhae
  | if .decides_on_people == true then $rules.rights else empty end,
    if .safety == true then $rules.safety else empty end,
    if .surveillance == "identifies" then $rules.identification else empty end,
    if .judges_persons == true then
      needs_care as $needs_care
      | ($record.automation_level | among(["spot_check", "fully_automated"])) as $nobody_looks_first
      | if $needs_care then $rules.judges_vulnerable else empty end,
        if $nobody_looks_first then $rules.automated else empty end,
        if $needs_care or $nobody_looks_first then empty else $rules.judges end
    else empty end,
    if .surveillance | among(["anonymous", "recognisable"]) then $rules.video else empty end,
    if $record.personal_data == "identified" then $rules.personal else empty end,
    if .personal_data_sharing | any_among(["outside", "abroad"]) then $rules.sharing else empty end,
    if .talks_to_residents == true then $rules.dialogue else empty end,
    if .generates_content == true then $rules.content else empty end,
    if .no_alternative == true then $rules.no_alternative else empty end;

# The first reason has the strictest level, for so they fire.
def reasons:
  [fired] | if . == [] then [rules.else] else . end;

# What counts for duties and reviews: this rule's level, or the published one where that is stricter. All but those two
# are taken from the list of levels, and the first that is left counts.
def stricter(level; published): strictest_first - (strictest_first - [level, published]) | .[0];

# --- the duties ---

def owed($level; $grave):
  duties as $duties
  | .assessments.gimhae
  | $duties.every_system[],
    if $level != "minimal" then $duties.above_minimal[] else empty end,
    if needs_care then $duties.needs_care[] else empty end,
    if .surveillance | among(["anonymous", "recognisable", "identifies"]) then $duties.watches[] else empty end,
    if .personal_data_sharing | any_among(["departments", "outside", "abroad"]) then $duties.shares[] else empty end,
    if .generates_content == true then $duties.generates[] else empty end,
    if $grave then $duties.grave[] else empty end;

# What of a record counts: assessments of the kinds above alone, and what is withheld lawfully as if it were there.
def evidence($grave):
  reduce (.withheld | items | object.field | strings) as $field
    # Only at a grave level are assessments owed.
    (if $grave then
      . + {"impact_assessments": ([.impact_assessments | items | object.kind] | any_among(kinds_of_assessment))}
    else . end;
    . + {($field): "withheld"});

def duties_of($level):
  ($level == "high" or $level == "prohibited") as $grave
  | evidence($grave) as $evidence
  | [owed($level; $grave)
    | [.fields[] | if $evidence[.] | filled then empty else . end] as $missing
    | . + (if $missing == [] then {"met": true, "missing": []} else {"met": false, $missing} end)];

if facts | type != "object" then {
  "level": null,
  "reasons": [{
    "rule": "gimhae.unassessed", "level": null, "basis": "-",
    "text": {
      "ko": "아직 김해시 기준의 질문에 답하지 않았습니다.",
      "en": "The questions of Gimhae’s rule have not been answered yet."}}],
  "duties": []
} else
  reasons as $reasons
  | stricter($reasons[0].level; .risk_category) as $counts
  | {
    "level": $reasons[0].level,
    "reasons": $reasons,
    "duties": duties_of($counts),
    "review_months": review_months[$counts]
  }
end
