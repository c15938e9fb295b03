# rule.jq - the EU AI Act, Regulation (EU) 2024/1689 as amended by (EU) 2026/1744: a record in; its
# level, the reasons and what a city that uses the system must do out. README.md explains it.
#   jq -f policies/eu-ai-act/rule.jq record.json
# Order: Art 3 -> Art 5 -> Art 6(1) -> Art 6(2) with the Art 6(3) filter -> Art 50. Every rule that
# fires is a reason; the strictest decides. What is unclear counts on the strict side.

def policy: "eu-ai-act";

# Art 113 as amended.
def since: {
	"art5": "2025-02-02", "art5_new": "2026-12-02", "art50": "2026-08-02",
	"annex3": "2027-12-02", "annex1": "2028-08-02",
	# Art 111(2): high-risk systems of public authorities that were in use before these days.
	"legacy": "2030-08-02"};

# Art 5(1): practices that are prohibited.
def practices: {
	"a": {"at": "5(1)(a)", "ko": "조종·기만 기법", "en": "manipulation or deception"},
	"b": {"at": "5(1)(b)", "ko": "취약한 처지의 악용", "en": "exploiting vulnerable people"},
	"c": {"at": "5(1)(c)", "ko": "사회적 점수 매기기", "en": "social scoring"},
	"d": {"at": "5(1)(d)", "ko": "프로파일링만으로 하는 범죄 예측", "en": "predicting crime from profiling alone"},
	"e": {"at": "5(1)(e)", "ko": "얼굴 사진의 무차별 수집", "en": "untargeted scraping of faces"},
	"f": {"at": "5(1)(f)", "ko": "직장·학교에서의 감정 추론", "en": "inferring emotions at work or in education"},
	"g": {"at": "5(1)(g)", "ko": "생체정보로 하는 민감한 특성 추론", "en": "inferring sensitive traits from biometrics"},
	"h": {"at": "5(1)(h)", "ko": "법 집행을 위한 공공장소 실시간 원격 생체 식별", "en": "real-time remote biometric identification for law enforcement"},
	"ba": {"at": "5(1)(ba)", "ko": "동의 없는 성적 이미지", "en": "intimate imagery without consent"},
	"bb": {"at": "5(1)(bb)", "ko": "아동 성착취물", "en": "child sexual abuse material"}};

# The practices that the amendment of 2026 added; they are prohibited from a later day.
def new_practices: ["ba", "bb"];

# Annex III: uses that are high-risk.
def annex3: {
	"1a": {"at": "1(a)", "ko": "원격 생체 식별", "en": "remote biometric identification"},
	"1b": {"at": "1(b)", "ko": "민감한 특성에 따른 생체 분류", "en": "biometric categorisation by sensitive traits"},
	"1c": {"at": "1(c)", "ko": "감정 인식", "en": "emotion recognition"},
	"2": {"at": "2", "ko": "중요 기반시설의 안전 부품", "en": "safety component of critical infrastructure"},
	"3a": {"at": "3(a)", "ko": "교육기관 입학·배정", "en": "access to education"},
	"3b": {"at": "3(b)", "ko": "학습 성과 평가", "en": "evaluation of learning outcomes"},
	"3c": {"at": "3(c)", "ko": "교육 수준 판정", "en": "assessment of the level of education"},
	"3d": {"at": "3(d)", "ko": "시험 부정행위 감시", "en": "detection of cheating in tests"},
	"4a": {"at": "4(a)", "ko": "채용·선발", "en": "recruitment or selection"},
	"4b": {"at": "4(b)", "ko": "근로조건·승진·해고·업무 배분·평가", "en": "work terms, promotion, termination, tasks or monitoring"},
	"5a": {"at": "5(a)", "ko": "공공 급여·서비스의 자격과 지급·환수", "en": "eligibility for public benefits and services"},
	"5b": {"at": "5(b)", "ko": "신용 평가", "en": "creditworthiness"},
	"5c": {"at": "5(c)", "ko": "생명·건강보험의 위험 평가와 가격", "en": "life and health insurance"},
	"5d": {"at": "5(d)", "ko": "긴급 신고 분류와 출동·응급 환자 분류", "en": "emergency calls, dispatch and triage"},
	"6a": {"at": "6(a)", "ko": "범죄 피해 위험 평가", "en": "risk of becoming a victim of crime"},
	"6b": {"at": "6(b)", "ko": "수사용 거짓말탐지기 등", "en": "polygraphs in law enforcement"},
	"6c": {"at": "6(c)", "ko": "증거의 신빙성 평가", "en": "reliability of evidence"},
	"6d": {"at": "6(d)", "ko": "범죄·재범 위험 평가", "en": "risk of offending or re-offending"},
	"6e": {"at": "6(e)", "ko": "수사·기소 과정의 프로파일링", "en": "profiling in detection or prosecution"},
	"7a": {"at": "7(a)", "ko": "출입국용 거짓말탐지기 등", "en": "polygraphs in migration"},
	"7b": {"at": "7(b)", "ko": "입국하는 사람의 위험 평가", "en": "risk of a person entering"},
	"7c": {"at": "7(c)", "ko": "망명·비자·체류 심사", "en": "asylum, visa and residence applications"},
	"7d": {"at": "7(d)", "ko": "이주·국경 관리에서의 신원 확인", "en": "identification of persons in migration"},
	"8a": {"at": "8(a)", "ko": "사법·분쟁 해결 지원", "en": "assistance to judges or in dispute resolution"},
	"8b": {"at": "8(b)", "ko": "선거·투표에 대한 영향", "en": "influence on elections or voting"}};

# Art 6(3): why a system of Annex III may not be high-risk. Others than these let nothing pass.
def conditions: {
	"a": {"at": "6(3)(a)", "ko": "좁은 절차적 작업", "en": "narrow procedural task"},
	"b": {"at": "6(3)(b)", "ko": "사람이 끝낸 일의 결과 개선", "en": "improves completed human work"},
	"c": {"at": "6(3)(c)", "ko": "판단 경향이나 이탈의 발견", "en": "detects patterns or deviations in decisions"},
	"d": {"at": "6(3)(d)", "ko": "평가를 위한 준비 작업", "en": "preparatory task"}};

# What follows. `if` names the member of `situation` that makes a duty apply; `proof` the item that a
# field must hold (see `unproven`). Duties of high risk apply from the date of their level.
def duties_of_high_risk: [
	{"if": "high", "duty": {"id": "eu.26.1", "who": "deployer", "basis": "Art 26(1)",
		"fields": ["out_of_scope", "limitations"],
		"text": {"ko": "공급자의 사용 설명서에 따라 쓰도록 조치해야 합니다. ‘사용 제외 범위’와 ‘알려진 한계’가 보여 줍니다.",
			"en": "Take measures to use it according to the provider’s instructions; shown by “What it must not be used for” and “Known limits”."}}},
	{"if": "high", "duty": {"id": "eu.26.2", "who": "deployer", "basis": "Art 26(2)",
		"fields": ["human_intervention", "required_training"],
		"text": {"ko": "역량과 교육, 권한을 갖춘 사람이 시스템을 감독하게 해야 합니다.",
			"en": "Have people with the necessary competence, training and authority oversee the system."}}},
	{"if": "high", "duty": {"id": "eu.26.4", "who": "deployer", "basis": "Art 26(4)",
		"fields": ["source_data"],
		"text": {"ko": "입력 데이터를 시가 정하면 쓰임새에 맞고 충분히 대표성 있는 데이터를 써야 합니다.",
			"en": "Where the city controls the input data, they must be relevant and sufficiently representative."}}},
	{"if": "high", "duty": {"id": "eu.26.5", "who": "deployer", "basis": "Art 26(5)",
		"fields": ["monitoring", "rollback"],
		"text": {"ko": "작동을 살피고, 위험이 보이면 사용을 멈추고, 위험과 중대한 사고를 공급자와 감독 기관에 알려야 합니다.",
			"en": "Monitor how it works, suspend its use when it is a risk, and report risks and serious incidents to the provider and the authorities."}}},
	{"if": "high", "duty": {"id": "eu.26.6", "who": "deployer", "basis": "Art 26(6)",
		"fields": ["data_access_and_storage"],
		"text": {"ko": "시스템이 자동으로 남기는 기록을 여섯 달 이상 보관해야 합니다.",
			"en": "Keep the logs that it makes by itself for at least six months."}}},
	{"if": "high", "duty": {"id": "eu.26.7", "who": "deployer", "basis": "Art 26(7)",
		"fields": ["notice_method"],
		"text": {"ko": "일터에서 쓰기 전에 직원과 직원 대표에게 알려야 합니다.",
			"en": "Before it is used at the workplace, tell the workers concerned and their representatives."}}},
	{"if": "public_annex3", "duty": {"id": "eu.26.8", "who": "deployer", "basis": "Art 26(8)+49(3)",
		"fields": ["url"],
		"text": {"ko": "EU 데이터베이스에 사용을 등록해야 하며(부속서 VIII 다절), 등록되지 않은 시스템은 쓰면 안 됩니다. 부속서 III 제2호의 시스템은 나라별로 등록합니다(제49조제5항). 제1·6·7호의 수사·이주·국경 시스템은 공개되지 않는 곳에 등록하므로(제49조제4항) 주소를 비공개로 적습니다.",
			"en": "Register the use in the EU database (Annex VIII C) and do not use a system that is not registered. Systems of Annex III point 2 are registered nationally (Art 49(5)); those of points 1, 6 and 7 for police, migration and borders in a section that is not public (Art 49(4)), so their address is withheld."}}},
	{"if": "high", "proof": "dpia", "duty": {"id": "eu.26.9", "who": "deployer", "basis": "Art 26(9)",
		"fields": ["impact_assessments"],
		"text": {"ko": "개인정보를 처리하면 공급자가 준 정보를 써서 개인정보 영향평가를 해야 합니다.",
			"en": "Where personal data are processed, carry out a data protection impact assessment with the provider’s information."}}},
	{"if": "annex3", "duty": {"id": "eu.26.11", "who": "deployer", "basis": "Art 26(11)",
		"fields": ["notice_method"],
		"text": {"ko": "사람에 관한 결정을 하거나 돕는 데 쓰면 그 사람에게 이 시스템을 쓴다고 알려야 합니다.",
			"en": "Where it makes or helps to make decisions about people, tell them that it is used."}}},
	{"if": "fria", "proof": "fria", "duty": {"id": "eu.27", "who": "deployer", "basis": "Art 27",
		"fields": ["impact_assessments", "decision_making_process", "frequency_usage",
			"affected_groups", "risks", "human_intervention", "objection_procedure"],
		"text": {"ko": "처음 쓰기 전에 기본권 영향평가를 해야 합니다. 업무 절차, 사용 기간과 빈도, 영향받는 사람, 피해 위험, 사람의 감독, 대응 조치와 불만 처리 방법을 담습니다. 결과를 정해진 서식으로 시장감독기관에 알리고(제27조제3항), 개인정보 영향평가에서 다룬 것은 그것을 가리켜도 됩니다(제27조제4항).",
			"en": "Before first use, assess the impact on fundamental rights: the processes, the period and frequency of use, who is affected, the risks of harm, human oversight, and the measures and complaint mechanism. Notify the market surveillance authority of the result, by its template (27(3)); what a data protection assessment covers may be referred to (27(4))."}}},
	{"if": "explained", "duty": {"id": "eu.86", "who": "deployer", "basis": "Art 86",
		"fields": ["objection_procedure"],
		"text": {"ko": "법적 효력이 있거나 크게 불리한 결정을 받은 사람은 그 결정에서 AI가 한 역할과 주된 까닭을 설명하라고 요구할 수 있습니다.",
			"en": "Whoever is affected by a decision with legal or similarly significant effects can have the role of the AI and the main elements of the decision explained."}}}];

def other_duties: [
	{"if": "ai", "duty": {"id": "eu.4", "who": "deployer", "basis": "Art 4",
		"fields": ["required_training"], "applies_from": "2025-02-02",
		"text": {"ko": "AI를 다루는 직원이 AI를 이해하도록 돕는 조치를 해야 합니다. 어느 수준에 이르게 할 의무는 아닙니다. 모든 AI에 따릅니다.",
			"en": "Take measures to support the AI literacy of the staff who deal with it; no level has to be reached. This holds for all AI."}}},
	{"if": "filtered", "proof": "filter", "duty": {"id": "eu.6.4", "who": "provider", "basis": "Art 6(4)",
		"fields": ["risk_basis"], "applies_from": "2027-12-02",
		"text": {"ko": "고위험이 아니라고 본 까닭을 쓰기 전에 문서로 남겨야 합니다. 이 등록부는 그 까닭을 공개합니다.",
			"en": "Document, before it is used, why it is not high-risk. This register publishes the reason."}}},
	{"if": "filtered", "duty": {"id": "eu.49.2", "who": "provider", "basis": "Art 49(2)",
		"fields": ["url"],
		"text": {"ko": "고위험이 아니라고 본 시스템도 EU 데이터베이스에 등록해야 합니다(부속서 VIII 나절). 까닭(7호)과 회원국(9호)은 2026년 개정으로 적지 않게 되었으며, 이 등록부가 까닭을 공개하는 것은 시가 스스로 정한 것입니다. 언제부터인지는 2026-08-02와 2027-12-02 두 가지로 읽힙니다.",
			"en": "Register it in the EU database although it is not high-risk (Annex VIII B). The amendment of 2026 deleted the grounds (point 7) and the Member States (point 9); that this register publishes the reason is the city’s own choice. From when is read two ways: 2026-08-02 or 2027-12-02."}}},
	{"if": "eu.50.1", "duty": {"id": "eu.50.1", "who": "provider", "basis": "Art 50(1)",
		"fields": ["notice_method"], "applies_from": "2026-08-02",
		"text": {"ko": "AI와 대화하고 있다는 것을 사람들에게 알려야 합니다.",
			"en": "Let people know that they are dealing with an AI."}}},
	{"if": "eu.50.2", "duty": {"id": "eu.50.2", "who": "provider", "basis": "Art 50(2)",
		"fields": ["notice_method"], "applies_from": "2026-08-02",
		"text": {"ko": "만들어 낸 소리, 그림, 영상, 글에 AI가 만들었다는 표시를 기계가 읽을 수 있게 넣어야 합니다. 2026-08-02 전에 나온 시스템은 2026-12-02부터입니다.",
			"en": "Mark the audio, images, video or text that it generates so that machines can tell they are artificial. Systems on the market before 2026-08-02: from 2026-12-02."}}},
	{"if": "eu.50.3", "duty": {"id": "eu.50.3", "who": "deployer", "basis": "Art 50(3)",
		"fields": ["notice_method"], "applies_from": "2026-08-02",
		"text": {"ko": "감정 인식이나 생체 분류의 대상이 되는 사람에게 알려야 합니다.",
			"en": "Inform the people whose emotions or biometric traits it works with."}}},
	{"if": "eu.50.4", "duty": {"id": "eu.50.4", "who": "deployer", "basis": "Art 50(4)",
		"fields": ["notice_method"], "applies_from": "2026-08-02",
		"text": {"ko": "딥페이크나 공익에 관한 글을 AI로 만들거나 고쳤다는 것을 밝혀야 합니다.",
			"en": "Disclose that a deep fake, or a text on matters of public interest, was made or changed by AI."}}}];

# ---- The facts. An answer of another type than its question's is no answer.

def object: if type == "object" then . else {} end;

# Most lists are empty or have one item, which needs no sorting.
def list:
	if . == [] then .
	elif type == "array" then [.[] | strings] - [""] | if length > 1 then unique else . end
	else [] end;

# Only an explicit false says that it is no AI system or that there is no significant risk. A point
# that the tables do not know counts as one of the list, a condition of Art 6(3) does not. Only an
# explicit false says that the deployer is no public body: this is a city's register.
def situation:
	(.practices | list) as $practices
	| (.annex_iii | list) as $named
	# Art 3(14), 6(1a) to (1c): what only assists or optimises is no safety component of infrastructure.
	| (.infrastructure_assists_only == true and ["2"] - $named == []) as $no_component
	| (if $no_component then $named - ["2"] else $named end) as $points
	| (.public_body != false) as $public
	| (.annex_i_safety_component == true and .annex_i_third_party_assessment == true) as $annex1
	| (if $points == [] or .profiling == true or .significant_risk != false then [] else
		conditions as $known | [.art6_3 | list | .[] | select($known[.])] end) as $conditions
	| ($points != [] and $conditions == []) as $annex3
	| {
		"practices": $practices,
		"points": $points,
		"conditions": $conditions,
		"profiling": (.profiling == true),
		"filtered": ($conditions != []),
		"annex1": $annex1,
		"annex3": $annex3,
		"ai": true,
		"public": $public,
		"no_component": $no_component,
		# Art 2(2): of products of Annex I, Section B, no duty of a deployer speaks.
		"high": ($annex3 or ($annex1 and .annex_i_section != "B")),
		"explained": ($annex3 and $points != ["2"]),
		"public_annex3": ($annex3 and $public),
		# Art 27(1): not Annex I, not point 2; public bodies, and whoever rates credit or insurance.
		"fria": ($annex3 and $points != ["2"] and ($public or $points - ["5b", "5c"] != $points)),
		"eu.50.1": (.interacts_with_people == true and .interaction_obvious != true),
		"eu.50.2": (.generates_synthetic_content == true and .editing_only != true),
		"eu.50.3": (.emotion_or_biometric_categorisation == true and .permitted_to_detect_crime != true),
		"eu.50.4": (.deep_fake == true
			or (.public_interest_text == true and .editorial_responsibility != true))
	};

# From when high risk binds: what a public authority had in use before the Act applies has until 2030.
def in_use_since: .introduced_on // .begin_date | if type == "string" then . else null end;
def high_from($day; $situation):
	in_use_since as $begin
	| if $situation.public and $begin != null and $begin < $day[0:($begin | length)] then since.legacy else $day end;

# ---- The reasons.

def named(points; table; $lang):
	table as $table
	| [points[] | . as $point | $table[.] | if . then .at + " " + .[$lang] else $point end]
	| join(", ");

# Every rule that fires, strictest first: what Art 6(3) lets pass stands last. Every version of every
# record comes through here, so a rule that does not fire costs no more than its question.
def fired($record):
	if .practices != [] then
		{"rule": "eu.art5", "level": "prohibited", "basis": "Art 5(1)", "text": {
			"ko": ("EU AI법이 금지하는 일에 해당합니다: " + named(.practices; practices; "ko") + "."),
			"en": ("This is a practice that the AI Act prohibits: " + named(.practices; practices; "en") + ".")},
		"applies_from": (if .practices - new_practices == [] then since.art5_new else since.art5 end)}
	else empty end,
	if .annex1 then
		{"rule": "eu.annex1", "level": "high", "basis": "Art 6(1)", "text": {
			"ko": "제3자 적합성 평가를 받아야 하는 제품(부속서 I)의 안전 부품이거나 그런 제품입니다.",
			"en": "It is, or is a safety component of, a product of Annex I that a third party must assess."},
		"applies_from": (. as $situation | $record | high_from(since.annex1; $situation))}
	else empty end,
	if .points != [] then
		if .profiling then
			{"rule": "eu.annex3.profiling", "level": "high", "basis": "Art 6(3) third subpara", "text": {
				"ko": "사람을 프로파일링하므로 부속서 III의 시스템은 언제나 고위험입니다.",
				"en": "It profiles people, so as a system of Annex III it is always high-risk."},
			"applies_from": (. as $situation | $record | high_from(since.annex3; $situation))}
		else empty end,
		if .annex3 then
			{"rule": "eu.annex3", "level": "high", "basis": "Art 6(2)", "text": {
				"ko": ("부속서 III이 고위험으로 정한 용도입니다: " + named(.points; annex3; "ko") + "."),
				"en": ("Annex III lists this use as high-risk: " + named(.points; annex3; "en") + ".")},
			"applies_from": (. as $situation | $record | high_from(since.annex3; $situation))}
		else empty end
	else empty end,
	if .["eu.50.1"] then
		{"rule": "eu.50.1", "level": "limited", "basis": "Art 50(1)", "text": {
			"ko": "사람을 직접 상대하는데, 상대가 AI라는 것이 분명하지 않습니다.",
			"en": "It deals with people directly, and it is not obvious to them that it is an AI."},
		"applies_from": since.art50}
	else empty end,
	if .["eu.50.2"] then
		{"rule": "eu.50.2", "level": "limited", "basis": "Art 50(2)", "text": {
			"ko": "소리, 그림, 영상, 글을 만들어 냅니다. 2026-08-02 전에 나온 시스템에는 2026-12-02부터 적용됩니다.",
			"en": "It generates audio, images, video or text. Systems on the market before 2026-08-02: from 2026-12-02."},
		"applies_from": since.art50}
	else empty end,
	if .["eu.50.3"] then
		{"rule": "eu.50.3", "level": "limited", "basis": "Art 50(3)", "text": {
			"ko": "감정을 인식하거나 생체정보로 사람을 분류합니다.",
			"en": "It recognises emotions or sorts people by biometric data."},
		"applies_from": since.art50}
	else empty end,
	if .["eu.50.4"] then
		{"rule": "eu.50.4", "level": "limited", "basis": "Art 50(4)", "text": {
			"ko": "딥페이크를 만들거나, 책임지고 검토하는 사람 없이 공익에 관한 글을 만듭니다.",
			"en": "It makes deep fakes, or texts on matters of public interest that nobody answers for as editor."},
		"applies_from": since.art50}
	else empty end,
	if .no_component then
		{"rule": "eu.annex3.no_component", "level": "minimal", "basis": "Art 3(14), 6(1a)-(1c)", "text": {
			"ko": "기반시설에 쓰지만 이용자를 돕거나 최적화, 효율, 자동화, 편의, 품질 관리만 하고 고장이 나도 건강이나 안전이 위태롭지 않다고 답했으므로 안전 부품이 아닙니다.",
			"en": "It is used for infrastructure, but the answer is that it only assists, optimises, automates or controls quality and that its failure endangers nobody, so it is no safety component."}}
	else empty end,
	if .filtered then
		{"rule": "eu.annex3.filtered", "level": "minimal",
		"basis": "Art 6(3), document Art 6(4), register Art 49(2) (Annex VIII B)", "text": {
			"ko": ("부속서 III의 용도(" + named(.points; annex3; "ko")
				+ ")이지만, 중대한 위험이 없고 다음에 해당하여 고위험으로 보지 않습니다: "
				+ named(.conditions; conditions; "ko") + "."),
			"en": ("Its use is in Annex III (" + named(.points; annex3; "en")
				+ "), but it is not taken as high-risk: there is no significant risk, and it meets "
				+ named(.conditions; conditions; "en") + ".")}}
		# Where nothing else holds its level up, it was presumed high and determined not to be.
		+ (if .practices == [] and (.annex1 | not) then {"presumed": "high"} else {} end)
	else empty end;

def reasons($record):
	[fired($record)]
	| if . == [] then
		[{"rule": "eu.else", "level": "minimal", "basis": "-", "text": {
			"ko": "EU AI법의 금지, 고위험, 투명성 규칙 가운데 해당하는 것이 없습니다.",
			"en": "None of the AI Act's rules on prohibited practices, high risk or transparency applies."}}]
	else . end;

# ---- The duties, held against the record.

def objects_in(field): field | if type == "array" then .[] | objects else empty end;

# A text is filled when one of its languages is. Korean is asked first, for most texts have it.
def filled: if type == "object" then
		(.ko | type == "string" and . != "") or [.[] | strings | select(. != "")] != []
	else . != null and . != "" and . != [] end;

# A field of the record counts as empty where it does not hold the item that is the proof.
def unproven($proof):
	if $proof == "filter" then
		if [objects_in(.risk_basis) | select(.policy == policy and .rule == "eu.annex3.filtered"
			and (.justification | filled))] == [] then {"risk_basis": null} else {} end
	elif [objects_in(.impact_assessments) | select(.kind == $proof and (.summary | filled))] == []
	then {"impact_assessments": null} else {} end;

# What is withheld is withheld with a reason and a legal basis that the record names, so it counts
# as filled.
def held_against(record; withheld):
	(if .proof then record + (.proof as $proof | record | unproven($proof)) else record end) as $seen
	| .duty
	| [.fields - withheld | .[] | if $seen[.] | filled then empty else . end] as $missing
	| . + (if $missing == [] then {"met": true, "missing": []} else {"met": false, $missing} end);

# Nothing makes a prohibited practice lawful, so no duties are listed for one. All reasons for high
# risk bind; the earliest of their dates counts.
def follows($record):
	if .practices != [] then [] else
		. as $situation
		| [$record | objects_in(.withheld) | .field | strings] as $withheld
		| [
			if .high then
				{"applies_from": ($record | high_from(if $situation.annex3 then since.annex3 else since.annex1 end; $situation))} as $date
				# Where there are no personal data, that shows that no assessment of them is owed.
				| ($record.personal_data == "none" and ["personal_data"] - $withheld != []) as $no_dpia
				| duties_of_high_risk[]
				| if $situation[.if] then
					if $no_dpia and .proof == "dpia"
					then .duty + {"fields": ["personal_data"], "met": true, "missing": []}
					else held_against($record; $withheld) end
					| . + $date
				else empty end
			else empty end,
			(other_duties[] | if $situation[.if] then held_against($record; $withheld) else empty end)
		]
	end;

# ---- The answer.

. as $record
| object.assessments | object[policy]
| if type != "object" then
	{"level": null, "duties": [], "reasons": [{"rule": "eu.unassessed", "level": null, "basis": "-", "text": {
		"ko": "EU AI법의 질문에 아직 답하지 않았습니다.",
		"en": "The questions of the EU AI Act have not been answered yet."}}]}
elif .is_ai_system == false then
	{"level": "minimal", "duties": [], "reasons": [{"rule": "eu.out", "level": "minimal", "basis": "Art 3(1)", "text": {
		"ko": "부서가 AI 시스템이 아니라고 답했으므로 EU AI법이 적용되지 않습니다.",
		"en": "The department says that this is not an AI system, so the AI Act does not apply."}}]}
else
	situation
	| reasons($record) as $reasons
	| {"level": $reasons[0].level, "reasons": $reasons, "duties": follows($record)}
end
