# Korea's Framework Act on Artificial Intelligence (인공지능기본법, Act 20676, in force 2026-01-22; amended by Act 21311,
# second part in force 2026-07-21) and its Decree (now 36506, in force 2026-07-21), with Article 37-2 of the Personal
# Information Protection Act.
#   jq -f rule.jq record.json
# A record in; its level, the reasons and the duties out. README.md explains it to everybody.

# GUIDANCE, NOT STATUTE. On 2026-01-21 the ministry explained that AI in a high-impact area is high-impact only if the
# final decision is made with no human in it. Article 2(4) does not say so. `true` follows the ministry: such a system
# is "review". `false` reads the statute alone: it is "high". A city that changes its mind changes this one word.
def human_final_decision_lifts: true;

# TWO READINGS OF THE CITY, stricter than the text has to be read; README.md says why.
# Decree 23(4)1 lets notice and marks be left out where AI is obvious. `true`: marks stay, for they serve others than the
# user, too. `false`: they are left out as notice is.
def obvious_ai_is_still_marked: true;
# Articles 31 and 33 to 35 bind who provides AI. `true`: high-impact AI that is used inside alone owes Articles 34 and 35
# all the same. `false`: only what is offered to users does.
def high_impact_inside_owes_all: true;

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
        "ko": "생성한 글, 그림, 소리, 영상에 인공지능이 만들었다고 표시해야 합니다. 기계만 읽을 수 있게 표시하면 글이나 음성으로 한 번 이상 알리고(시행령 23조2항), 나이와 신체·사회적 조건을 고려합니다(3항). 표시 방법을 ‘고지 방법’에 적습니다.",
        "en": "Mark generated text, pictures, sound and video as made by AI. A mark that only machines read needs at least one notice in words or voice (Decree Art 23(2)); age and bodily and social conditions count (23(3)). “How people are told” says how."}}
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
        "human_intervention", "monitoring", "supervisor", "document_retention"],
      "text": {
        "ko": "조치를 해야 합니다. (1) 위험관리방안: ‘위험과 완화 조치’, (2) 설명 방안: ‘출력 결과’, ‘작동 원리’(주요 기준), ‘학습용 데이터 개요’, (3) 이용자 보호 방안: ‘이의제기 방법’, ‘안전장치·원상회복’, (4) ‘사람의 관리·감독’, (5) 조치를 확인할 문서: ‘운영 점검’, 5년 보관(시행령 27조2항): ‘문서 보관 기간’, (6) 위원회가 의결한 사항. (1)~(3)의 주요 내용과 관리·감독하는 사람의 성명·연락처를 사무소나 누리집에 게시합니다(시행령 27조1항): ‘관리·감독자’. 다른 법률에 따라 같은 조치를 했다면 인정되고(34조3항), 조치를 마친 시스템을 중요하게 바꾸지 않고 이용하면 (1)~(3)은 한 것으로 봅니다(시행령 27조3항).",
        "en": "Take the measures: (1) risk management: “Risks and mitigations”; (2) explanation: “Output”, “How it works” (main criteria), “Training data”; (3) protection of users: “How to object or appeal”, “Fail-safe and roll-back”; (4) “Human oversight”; (5) documents that prove the measures: “Monitoring”, kept five years (Decree Art 27(2)): “Retention of documents”; (6) what the committee resolves. The main content of (1) to (3) and the name and contact of who manages and supervises are posted at the office or on the website (Decree Art 27(1)): “Supervisor”. Equal measures under another law count (Art 34(3)); who uses a compliant system without an important change counts as keeping (1) to (3) (Decree Art 27(3))."}},
    {
      "id": "kr.35",
      "basis": "인공지능기본법 35조1항 / AI Basic Act Art 35(1)", "applies_from": "2026-01-22", "fields": ["impact_assessments", "affected_groups"],
      "text": {
        "ko": "제공하기 전에 기본권에 미치는 영향을 평가하도록 노력해야 합니다. 평가에는 영향받는 사람, 기본권, 영향의 내용과 범위, 사용 행태, 지표와 방법, 예방·완화·복구, 개선 계획의 일곱 가지를 담습니다(시행령 28조1항). ‘영향평가’(인공지능 또는 기본권 영향평가)와 ‘영향받는 사람’으로 보입니다.",
        "en": "Endeavour to assess the impact on fundamental rights before it is provided, with seven contents: who is affected, rights, content and extent of effects, pattern of use, indicators and method, prevention, mitigation and recovery, improvement (Decree Art 28(1)). Shown by “Impact assessments” (of AI or of fundamental rights) and “Who is affected”."}},
    {
      "id": "kr.35.vulnerable",
      "basis": "인공지능기본법 35조1항 후단 / AI Basic Act Art 35(1), second sentence", "applies_from": "2026-07-21", "fields": ["vulnerable_groups"],
      "text": {
        "ko": "영향평가에 인공지능취약계층의 특성을 반영해야 합니다. 시행령 1조의2가 정한 열 가지이며, 시장이 인정하는 사람도 들어갑니다.",
        "en": "The assessment must regard vulnerable groups: the ten of Decree Article 1-2, among them those whom the mayor recognises."}}
  ],
  "explanation": [
    {
      "id": "kr.3.2",
      "basis": "인공지능기본법 3조2항 / AI Basic Act Art 3(2)", "applies_from": "2026-01-22", "fields": ["objection_procedure", "methods_and_models"],
      "text": {
        "ko": "영향받는 사람은 기술적으로 할 수 있는 범위에서 결과의 주요 기준과 원리를 분명히 설명받을 수 있어야 합니다.",
        "en": "Affected persons can get a clear explanation of the main criteria and principles, as far as technically possible."}}
  ],
  "high_for_users": [
    {
      "id": "kr.35.2",
      "basis": "인공지능기본법 35조2항 / AI Basic Act Art 35(2)", "applies_from": "2026-01-22", "fields": ["impact_assessments"],
      "text": {
        "ko": "고영향 인공지능을 이용하는 공공기관은 영향평가를 받은 제품과 서비스를 먼저 고려해야 합니다. ‘영향평가’로 보입니다.",
        "en": "Public bodies that use high-impact AI first consider products and services that were assessed. Shown by “Impact assessments”."}},
    {
      "id": "kr.30.4",
      "basis": "인공지능기본법 30조4항 / AI Basic Act Art 30(4)", "applies_from": "2026-01-22", "fields": ["conformity"],
      "text": {
        "ko": "공공기관은 검증·인증을 받은 제품과 서비스를 먼저 고려해야 합니다. ‘인증·적합성’에 인증서를 적고, 인증 제품이 없었다면 찾아본 기록을 ‘그 밖의 문서’로 적습니다.",
        "en": "Public bodies first consider verified or certified products and services. “Certificates and declarations” lists the certificate or, where there was none to choose, the record of the search as “Other”."}}
  ],
  "bought": [
    {
      "id": "kr.16.3",
      "basis": "인공지능기본법 16조3항, 시행령 15조4·5항 / AI Basic Act Art 16(3), Decree Art 15(4), (5)", "applies_from": "2026-07-21",
      "fields": ["msit_confirmation"],
      "text": {
        "ko": "인공지능을 살 때 과학기술정보통신부장관의 확인을 받은 제품과 서비스를 먼저 고려해야 합니다. ‘과기정통부 확인 제품’에 확인 번호나 찾아본 기록을 적습니다.",
        "en": "When AI is bought, first consider products and services that the Minister of Science and ICT confirmed. “Product confirmed by the Ministry of Science and ICT” gives the number or the record of the search."}}
  ],
  "automatic": [
    {
      "id": "kr.pipa",
      "basis": "개인정보 보호법 37조의2 / Personal Information Protection Act Art 37-2", "applies_from": "2024-03-15",
      "fields": ["goal", "automated_decision_scope", "decision_making_process", "source_data", "sensitive_attributes",
        "automated_decision_notice", "objection_procedure", "opt_out"],
      "text": {
        "ko": "개인정보로 완전히 자동화된 결정을 하면 다섯 가지를 누리집에 공개합니다(시행령 44조의4): 목적과 대상자의 범위, 개인정보의 유형과 결정과의 관계, 기준과 절차, 민감정보와 14세 미만 아동의 정보, 거부·설명·검토를 요구하는 방법. 설명과 검토는 언제나 요구할 수 있습니다. 거부는 권리나 의무에 중대한 영향을 미치고 동의, 법률, 계약(15조1항 1·2·4호)에 따라 처리하는 것이 아닐 때 할 수 있습니다(‘사람 응대와 거부’). 30일 안에 조치하고(30일씩 두 번 연장), 거절은 10일 안에 이유와 이의제기 방법을 알립니다(시행령 44조의3, 고시 2024-9).",
        "en": "Who decides about people fully automatically with personal data publishes five things on the website (Decree Art 44-4): purpose and scope of persons; types of data and their relation to the decision; criteria and procedure; sensitive data and data of children under 14; how to refuse, or ask for an explanation or a review. Explanation and review can always be asked for; refusal where rights or duties are gravely affected and processing does not rest on consent, a statute or a contract (Art 15(1) 1, 2, 4) (“Human alternative”). Answer within 30 days, twice 30 more; tell a rejection within 10 days, with reasons and how to object (Decree Art 44-3, Notice 2024-9)."}}
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
      "ko": "국방부장관, 국가정보원장 또는 경찰청장이 지정한 업무에만 쓰므로 이 법이 적용되지 않습니다.",
      "en": "It is used only for duties that the defence minister, the intelligence director or the police commissioner designated, so the Act does not apply."}
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
    "ko": "고영향 영역인 \($areas.ko)에서 쓰이고 영향도 크지만 최종 결정은 사람이 합니다. 2026년 1월 21일 정부 설명에 따라 고영향으로 보지 않습니다. 이 설명은 지침이며 법 조문이 아닙니다. 판단이 어려우면 과학기술정보통신부장관에게 확인을 요청할 수 있습니다(30일, 30일 연장 가능). 결과를 받고 10일 안에 다시 요청하면 30일 안에 답합니다(시행령 25조).",
    "en": "It is used in a high-impact area, \($areas.en), and may have grave effects, but a human takes the final decision. By the government’s explanation of 2026-01-21 it is then not high-impact; that is guidance, not statute. In doubt the ministry can be asked to confirm (30 days, 30 more if needed); a renewed request within 10 days is answered in 30 (Decree Art 25)."})
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

# Notice and marking are owed to users outside; Decree Art 23(4) lets all of Article 31 be left out for internal work,
# and where AI is obvious.
def for_users: .provides_to_users == true and .internal_use_only != true;
# The Personal Information Protection Act holds for any automatic decision, AI or not; it leaves automatic
# administrative dispositions to Article 20 of the General Act on Public Administration.
def automatic: .fully_automated_personal_decision == true and .administrative_automatic_disposition != true;

# PIPA Art 37-2(1): who is gravely affected may refuse, unless processing rests on consent, a statute or a contract. What
# is not answered lets people refuse.
def may_refuse($record):
  .grave_effect != false and ($record.processing_ground | among(["consent", "statute", "contract"]) | not);
def unless_refusal($may_refuse): if $may_refuse then . else .fields -= ["opt_out"] end;

# A system of fixed rules was not trained, so nothing is asked of its training data. Decree Art 27(3): who uses a system
# that complies, without an important change, counts as keeping the first three measures.
def asked_of($record; $complies):
  if .id != "kr.34" then .
  else
    (if $record.algorithm_type == "rule_based" then .fields -= ["training_data"] else . end)
    | if $complies then .fields -= ["risks", "system_outputs", "methods_and_models", "training_data",
        "objection_procedure", "rollback"] else . end
  end;

# Every version of every record comes through here, so a duty that does not apply costs no more than its question.
def owed($level; $record):
  duties as $duties
  | (.compliant_unchanged == true) as $complies
  | if $level == "out of scope" then empty else
      if ($level == "high" or .generative == true) and for_users and .ai_use_obvious != true
        then $duties.notice[] else empty end,
      if for_users and (.ai_use_obvious != true or obvious_ai_is_still_marked) then
        if .generative == true then $duties.generative[] else empty end,
        if .hard_to_tell_from_real == true then $duties.looks_real[] else empty end
      else empty end,
      if $level == "high" then
        if high_impact_inside_owes_all or for_users
          then $duties.high[] | asked_of($record; $complies) else empty end,
        $duties.explanation[],
        $duties.high_for_users[]
      else empty end,
      if .bought == true then $duties.bought[] else empty end
    end,
    if automatic then may_refuse($record) as $may_refuse | $duties.automatic[] | unless_refusal($may_refuse) else empty end;

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
