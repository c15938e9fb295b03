# Korea's Framework Act on Artificial Intelligence (인공지능기본법, Act 20676, in force 2026-01-22; amended by Act 21311,
# second part in force 2026-07-21), with Article 37-2 of the Personal Information Protection Act.
#   jq -f rule.jq record.json
# A record in; its level, the reasons and the duties out. README.md explains it to everybody.

# GUIDANCE, NOT STATUTE. On 2026-01-21 the ministry explained that AI in a high-impact area is high-impact only if the
# final decision is made with no human in it. Article 2(4) does not say so. `true` follows the ministry: such a system
# is "review". `false` reads the statute alone: it is "high". A city that changes its mind changes this one word.
def human_final_decision_lifts: true;

# Article 2(4), items 가 to 카.
def areas: {
  "ga": {"ko": "에너지 공급(가목)", "en": "energy supply (ga)"},
  "na": {"ko": "먹는물 생산(나목)", "en": "making drinking water (na)"},
  "da": {"ko": "보건의료 제공·이용체계(다목)", "en": "health care (da)"},
  "ra": {"ko": "의료기기(라목)", "en": "medical devices (ra)"},
  "ma": {"ko": "핵물질·원자력시설(마목)", "en": "nuclear material and plants (ma)"},
  "ba": {"ko": "범죄 수사·체포용 생체인식(바목)", "en": "biometrics for criminal investigation (ba)"},
  "sa": {"ko": "채용·대출 심사 등 권리·의무 판단(사목)", "en": "judgements on rights and duties such as hiring and loans (sa)"},
  "a": {"ko": "교통수단·시설·체계의 운영(아목)", "en": "operating transport (a)"},
  "ja": {"ko": "자격 확인·비용 징수 등 공공기관의 의사결정(자목)", "en": "decisions of public bodies on eligibility or charges (ja)"},
  "cha": {"ko": "유아·초·중등 학생 평가(차목)", "en": "assessing pupils (cha)"},
  "ka": {"ko": "대통령령으로 정하는 영역(카목)", "en": "an area named by decree (ka)"}
};

# Duties, by what makes them apply and in the order of the answer; `owed` below says when. `fields` show that a duty is
# kept.
def duties: {
  "notice": [
    {
      "id": "kr.31.1",
      "basis": "인공지능기본법 31조1항 / AI Basic Act Art 31(1)", "applies_from": "2026-01-22", "fields": ["notice_method"],
      "text": {
        "ko": "고영향 또는 생성형 인공지능을 쓴다는 사실을 이용자에게 미리 알려야 합니다. 알리는 방법을 ‘고지 방법’에 적습니다.",
        "en": "Tell users beforehand that high-impact or generative AI is used. “How people are told” says how."}}
  ],
  "generative": [
    {
      "id": "kr.31.2",
      "basis": "인공지능기본법 31조2항 / AI Basic Act Art 31(2)", "applies_from": "2026-01-22", "fields": ["notice_method"],
      "text": {
        "ko": "생성한 글, 그림, 소리, 영상에 인공지능이 만들었다고 표시해야 합니다. 표시 방법을 ‘고지 방법’에 적습니다.",
        "en": "Mark generated text, pictures, sound and video as made by AI. “How people are told” says how."}}
  ],
  "looks_real": [
    {
      "id": "kr.31.3",
      "basis": "인공지능기본법 31조3항 / AI Basic Act Art 31(3)", "applies_from": "2026-01-22", "fields": ["notice_method"],
      "text": {
        "ko": "실제와 구분하기 어려운 음향, 이미지, 영상임을 이용자가 분명히 알 수 있게 알리거나 표시해야 합니다. 예술·창의적 표현물은 감상을 방해하지 않는 방법으로 알릴 수 있습니다.",
        "en": "Say or show clearly that sound, pictures or video that look real were made by AI. For works of art this may be done so that it does not disturb the work."}}
  ],
  "high": [
    {
      "id": "kr.34",
      "basis": "인공지능기본법 34조1항 / AI Basic Act Art 34(1)", "applies_from": "2026-01-22",
      "fields": ["risks", "system_outputs", "methods_and_models", "training_data", "objection_procedure", "rollback",
        "human_intervention", "monitoring"],
      "text": {
        "ko": "다섯 가지 조치를 해야 합니다. (1) 위험관리방안: ‘위험과 완화 조치’, (2) 설명 방안: ‘출력 결과’, ‘작동 원리’(주요 기준), ‘학습용 데이터 개요’, (3) 이용자 보호 방안: ‘이의제기 방법’, ‘안전장치·원상회복’, (4) ‘사람의 관리·감독’, (5) 조치를 확인할 문서의 작성과 보관: ‘운영 점검’. 다른 법률에 따라 같은 조치를 했다면 인정됩니다(34조3항).",
        "en": "Five measures: (1) risk management: “Risks and mitigations”; (2) explanation: “Output”, “How it works” (main criteria), “Training data”; (3) protection of users: “How to object or appeal”, “Fail-safe and roll-back”; (4) “Human oversight”; (5) documents that prove the measures, kept: “Monitoring”. Equal measures under another law count (Art 34(3))."}},
    {
      "id": "kr.35",
      "basis": "인공지능기본법 35조1·2항 / AI Basic Act Art 35(1), (2)", "applies_from": "2026-01-22", "fields": ["impact_assessments", "affected_groups"],
      "text": {
        "ko": "기본권에 미치는 영향을 미리 평가하도록 노력해야 하고, 2026년 7월 21일부터는 취약계층의 특성을 반영해야 합니다. 공공기관은 영향평가를 받은 제품을 먼저 고려합니다. ‘영향평가’(인공지능 또는 기본권 영향평가)와 ‘영향받는 사람’으로 보입니다.",
        "en": "Endeavour to assess the impact on fundamental rights beforehand, from 2026-07-21 with regard to vulnerable groups. Public bodies first consider products that were assessed. Shown by “Impact assessments” (of AI or of fundamental rights) and “Who is affected”."}},
    {
      "id": "kr.30.4",
      "basis": "인공지능기본법 30조4항 / AI Basic Act Art 30(4)", "applies_from": "2026-01-22", "fields": ["conformity"],
      "text": {
        "ko": "공공기관은 검증·인증을 받은 제품과 서비스를 먼저 고려해야 합니다. ‘인증·적합성’에 인증서를 적고, 인증 제품이 없었다면 찾아본 기록을 ‘그 밖의 문서’로 적습니다.",
        "en": "Public bodies first consider verified or certified products and services. “Certificates and declarations” lists the certificate or, where there was none to choose, the record of the search as “Other”."}}
  ],
  "automatic": [
    {
      "id": "kr.pipa",
      "basis": "개인정보 보호법 37조의2 / Personal Information Protection Act Art 37-2", "applies_from": "2024-03-15",
      "fields": ["decision_making_process", "source_data", "opt_out", "objection_procedure"],
      "text": {
        "ko": "개인정보로 완전히 자동화된 결정을 하면 기준과 절차(‘의사결정 과정에서의 역할’), 개인정보를 처리하는 방식(‘사용 데이터’)을 공개하고, 거부할 권리(‘사람 응대와 거부’)와 설명을 요구할 권리(‘이의제기 방법’)를 알려야 합니다.",
        "en": "Who decides about people fully automatically with personal data must publish the criteria and procedure (“Place in the decision process”) and how the data is processed (“Data used”), and tell people of their right to refuse (“Human alternative”) and to an explanation (“How to object or appeal”)."}}
  ]
};

# Assessments of AI, or of fundamental rights. One of data protection is not enough.
def kinds_of_assessment: ["ai_impact_assessment", "fria", "aia"];

# --- reading a record, whatever it holds ---

def object: if type == "object" then . else {} end;
def items: if type == "array" then .[] else empty end;
def something: . and . != "" and . != [];
# A text is filled when one of its languages is. Korean is asked first, for most texts have it.
def filled: if type == "object" then (.ko | something) or [.[] | select(something)] != [] else something end;
def among(names): [.] - names == [];
def any_among(names): type == "array" and . - names != .;

# --- the facts: unanswered means no ---

def facts: object.assessments | object["kr-ai-basic-act"];
# What follows is asked only of facts that are an object.
def in_areas: areas as $areas | [.areas | items | strings | select($areas[.])];

# The Act is not for what is no AI (Article 2) and for what only defence or security uses (Article 4(2)).
def out: .is_ai != true or .defence_only == true;

# Who says that people take the final decision, in a record that says they do not, is not believed.
def record_denies_human($record): $record.automation_level | among(["spot_check", "fully_automated"]);
def human_decides($record): .human_final_decision == true and (record_denies_human($record) | not);

# --- the reason ---

def area_list($in_areas): areas as $areas | {
  "ko": ([$areas[$in_areas[]].ko] | join(", ")),
  "en": ([$areas[$in_areas[]].en] | join(", "))
};
# Article 33(1): who provides AI reviews beforehand whether it is high-impact. The answers are that review.
def prior_review: {
  "ko": " 33조1항의 사전 검토는 이 답변과 공개된 결과로 기록됩니다.",
  "en": " The prior review of Art 33(1) is recorded by these answers and this result."
};
def says(text): text as $text | prior_review as $review | {"ko": ($text.ko + $review.ko), "en": ($text.en + $review.en)};

def why_high($record):
  if .human_final_decision != true then {
    "ko": "사람이 최종 결정에 개입하지 않습니다.",
    "en": "No human takes part in the final decision."}
  elif record_denies_human($record) then {
    "ko": "사람이 최종 결정을 한다고 답했지만, 등록 내용의 ‘최종 결정 주체’에는 결과가 바로 적용된다고 적혀 있습니다.",
    "en": "The answer is that a human takes the final decision, but the record says that results take effect at once."}
  else {
    "ko": "사람이 최종 결정을 하더라도 법 조문에 따라 고영향으로 봅니다.",
    "en": "By the words of the Act it is high-impact although a human takes the final decision."} end;

def reason_out: {
  "rule": "kr.out", "level": "out of scope", "basis": "인공지능기본법 2조, 4조2항 / AI Basic Act Art 2, 4(2)",
  "text": (if .is_ai == true then {
      "ko": "국방 또는 국가안보 목적으로만 쓰므로 이 법이 적용되지 않습니다.",
      "en": "It is used for defence or national security only, so the Act does not apply."}
    else {
      "ko": "인공지능이 아니라고 답했으므로 이 법이 적용되지 않습니다.",
      "en": "The answer is that this is not AI, so the Act does not apply."} end)
};
def reason_high($in_areas; $record): area_list($in_areas) as $areas | why_high($record) as $why | {
  "rule": "kr.high", "level": "high", "basis": "인공지능기본법 2조4호 / AI Basic Act Art 2(4)", "applies_from": "2026-01-22",
  "text": says({
    "ko": "고영향 영역인 \($areas.ko)에서 쓰이고, 생명·신체의 안전이나 기본권에 중대한 영향을 줄 수 있습니다. \($why.ko)",
    "en": "It is used in a high-impact area, \($areas.en), and may gravely affect life, bodily safety or fundamental rights. \($why.en)"})
};
def reason_area_only($in_areas): area_list($in_areas) as $areas | {
  "rule": "kr.area_only", "level": "review", "basis": "인공지능기본법 33조1항 / AI Basic Act Art 33(1)", "applies_from": "2026-01-22", "presumed": "high",
  "text": says({
    "ko": "고영향 영역인 \($areas.ko)에서 쓰이고 영향도 크지만 최종 결정은 사람이 합니다. 2026년 1월 21일 정부 설명에 따라 고영향으로 보지 않습니다. 이 설명은 지침이며 법 조문이 아닙니다. 판단이 어려우면 과학기술정보통신부장관에게 확인을 요청할 수 있습니다(30일, 30일 연장 가능).",
    "en": "It is used in a high-impact area, \($areas.en), and may have grave effects, but a human takes the final decision. By the government’s explanation of 2026-01-21 it is then not high-impact; that is guidance, not statute. In doubt the ministry can be asked to confirm (30 days, 30 more if needed)."})
};
def reason_else($in_areas): {
  "rule": "kr.else", "level": "none", "basis": "인공지능기본법 2조4호 / AI Basic Act Art 2(4)",
  "text": says(if $in_areas == [] then {
      "ko": "법이 정한 고영향 영역에서 쓰이지 않습니다.",
      "en": "It is not used in any of the Act’s high-impact areas."}
    else area_list($in_areas) as $areas | {
      "ko": "\($areas.ko)에서 쓰이지만 생명·신체의 안전이나 기본권에 중대한 영향을 주지 않는다고 답했습니다.",
      "en": "It is used in \($areas.en), but the answer is that it has no grave effect on life, bodily safety or fundamental rights."} end)
};
def reason($record):
  if out then reason_out
  else
    in_areas as $in_areas
    | if $in_areas == [] or .significant_impact != true then reason_else($in_areas)
      elif human_final_decision_lifts and human_decides($record) then reason_area_only($in_areas)
      else reason_high($in_areas; $record) end
  end;

# --- the duties ---

# Notice and marking are owed to users outside; not for internal work, and notice not where AI is obvious (Decree).
def for_users: .provides_to_users == true and .internal_use_only != true;
# The Personal Information Protection Act holds for any automatic decision, AI or not; it leaves automatic
# administrative dispositions to Article 20 of the General Act on Public Administration.
def automatic: .fully_automated_personal_decision == true and .administrative_automatic_disposition != true;

# A system of fixed rules was not trained, so nothing is asked of its training data.
def asked_of($record):
  if $record.algorithm_type == "rule_based" then . + {"fields": (.fields - ["training_data"])} else . end;

# Every version of every record comes through here, so a duty that does not apply costs no more than its question.
def owed($level; $record):
  duties as $duties
  | if $level == "out of scope" then empty else
      if ($level == "high" or .generative == true) and for_users and .ai_use_obvious != true
        then $duties.notice[] else empty end,
      if .generative == true and for_users then $duties.generative[] else empty end,
      if .hard_to_tell_from_real == true and .provides_to_users == true then $duties.looks_real[] else empty end,
      if $level == "high" then $duties.high[] | asked_of($record) else empty end
    end,
    if automatic then $duties.automatic[] else empty end;

# What of a record counts: assessments of the kinds above alone, and what is withheld lawfully as if it were there.
def evidence($level):
  reduce (.withheld | items | object.field | strings) as $field
    # Only at a high level are assessments owed.
    (if $level == "high" then
      . + {"impact_assessments": ([.impact_assessments | items | object.kind] | any_among(kinds_of_assessment))}
    else . end;
    . + {($field): "withheld"});

def duties_of($level; $record):
  ($record | evidence($level)) as $evidence
  | [owed($level; $record)
    | [.fields[] | if $evidence[.] | filled then empty else . end] as $missing
    | . + (if $missing == [] then {"met": true, "missing": []} else {"met": false, $missing} end)];

. as $record
| facts
| if type != "object" then {
  "level": null,
  "reasons": [{
    "rule": "kr.unassessed", "level": null, "basis": "-",
    "text": {
      "ko": "아직 인공지능기본법에 따른 질문에 답하지 않았습니다.",
      "en": "The questions of the AI Basic Act have not been answered yet."}}],
  "duties": []
} else
  reason($record) as $reason
  | {"level": $reason.level, "reasons": [$reason], "duties": duties_of($reason.level; $record)}
end
