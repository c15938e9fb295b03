# rule.jq - the EU AI Act, Regulation (EU) 2024/1689 as amended by (EU) 2026/1744: a record in; its
# level, the reasons and what a city that uses the system must do out. README.md explains it.
#   jq -f policies/eu-ai-act/rule.jq record.json
# Order: Art 3 -> Art 5 -> Art 6(1) -> Art 6(2) with the Art 6(3) filter -> Art 50. Every rule that
# fires is a reason; the strictest decides. What is unclear counts on the strict side.

def policy: "eu-ai-act";

# Strictest first.
def rank: {"prohibited": 0, "high": 1, "limited": 2, "minimal": 3};

# Art 113 as amended.
def since: {
	"art5": "2025-02-02", "art5_new": "2026-12-02", "art50": "2026-08-02",
	"annex3": "2027-12-02", "annex1": "2028-08-02"};

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
def new_practices: {"ba": true, "bb": true};

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
# field must hold (see `seen`); a duty without a date of its own applies from its level's.
def duties: [
	{"if": "high", "duty": {"id": "eu.26.2", "who": "deployer", "basis": "Art 26(2)",
		"fields": ["human_intervention", "required_training"],
		"text": {"ko": "역량과 교육, 권한을 갖춘 사람이 시스템을 감독하게 해야 합니다.",
			"en": "Have people with the necessary competence, training and authority oversee the system."}}},
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
		"text": {"ko": "EU 데이터베이스에 사용을 등록해야 하며(부속서 VIII 다절), 등록되지 않은 시스템은 쓰면 안 됩니다. 부속서 III 제2호의 시스템은 나라별로 등록합니다(제49조제5항).",
			"en": "Register the use in the EU database (Annex VIII C) and do not use a system that is not registered. Systems of Annex III point 2 are registered nationally (Art 49(5))."}}},
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
		"text": {"ko": "처음 쓰기 전에 기본권 영향평가를 해야 합니다. 업무 절차, 사용 기간과 빈도, 영향받는 사람, 피해 위험, 사람의 감독, 대응 조치와 불만 처리 방법을 담습니다.",
			"en": "Before first use, assess the impact on fundamental rights: the processes, the period and frequency of use, who is affected, the risks of harm, human oversight, and the measures and complaint mechanism."}}},
	{"if": "filtered", "proof": "filter", "duty": {"id": "eu.6.4", "who": "provider", "basis": "Art 6(4)",
		"fields": ["risk_basis"], "applies_from": "2027-12-02",
		"text": {"ko": "고위험이 아니라고 본 까닭을 쓰기 전에 문서로 남겨야 합니다. 이 등록부는 그 까닭을 공개합니다.",
			"en": "Document, before it is used, why it is not high-risk. This register publishes the reason."}}},
	{"if": "filtered", "duty": {"id": "eu.49.2", "who": "provider", "basis": "Art 49(2)",
		"fields": ["url"],
		"text": {"ko": "고위험이 아니라고 본 시스템도 EU 데이터베이스에 등록해야 합니다(부속서 VIII 나절). 언제부터인지는 2026-08-02와 2027-12-02 두 가지로 읽힙니다.",
			"en": "Register it in the EU database although it is not high-risk (Annex VIII B). From when is read two ways: 2026-08-02 or 2027-12-02."}}},
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

def member($name): if type == "object" then .[$name] else null end;

def list($name): .[$name] | if type == "array" then [.[] | strings | select(. != "")] | unique else [] end;

# Only an explicit false says that it is no AI system or that there is no significant risk. A point
# that the tables do not know counts as one of the list, a condition of Art 6(3) does not. Only an
# explicit false says that the deployer is no public body: this is a city's register.
def situation:
	list("practices") as $practices
	| list("annex_iii") as $points
	| [list("art6_3")[] | select(conditions[.])] as $conditions
	| {
		"out": (.is_ai_system == false),
		"practices": $practices,
		"points": $points,
		"conditions": $conditions,
		"annex1": (.annex_i_safety_component == true and .annex_i_third_party_assessment == true),
		"profiling": (.profiling == true),
		"filtered": ($points != [] and .profiling != true and .significant_risk == false
			and $conditions != []),
		"public": (.public_body != false),
		"eu.50.1": (.interacts_with_people == true and .interaction_obvious != true),
		"eu.50.2": (.generates_synthetic_content == true),
		"eu.50.3": (.emotion_or_biometric_categorisation == true),
		"eu.50.4": (.deep_fake == true
			or (.public_interest_text == true and .editorial_responsibility != true))
	}
	| .annex3 = (.points != [] and (.filtered | not))
	| .high = (.annex1 or .annex3)
	| .public_annex3 = (.annex3 and .public)
	# Art 27(1): not Annex I, not point 2; public bodies, and whoever rates credit or insurance.
	| .fria = (.annex3 and .points != ["2"]
		and (.public or ([.points[] | select(. == "5b" or . == "5c")] != [])));

# ---- The reasons.

def named($points; $table; $lang):
	[$points[] | . as $point | $table[.] | if . then .at + " " + .[$lang] else $point end] | join(", ");

def reason($rule; $level; $basis; $ko; $en):
	{"rule": $rule, "level": $level, "basis": $basis, "text": {"ko": $ko, "en": $en}};

def from($date): {"applies_from": $date};

def fired:
	if .out then
		reason("eu.out"; "minimal"; "Art 3(1)";
			"부서가 AI 시스템이 아니라고 답했으므로 EU AI법이 적용되지 않습니다.";
			"The department says that this is not an AI system, so the AI Act does not apply.")
	else
		(select(.practices != [])
		| reason("eu.art5"; "prohibited"; "Art 5(1)";
			"EU AI법이 금지하는 일에 해당합니다: " + named(.practices; practices; "ko") + ".";
			"This is a practice that the AI Act prohibits: " + named(.practices; practices; "en") + ".")
			+ from(if [.practices[] | select(new_practices[.] | not)] == [] then since.art5_new
				else since.art5 end)),
		(select(.annex1)
		| reason("eu.annex1"; "high"; "Art 6(1)";
			"제3자 적합성 평가를 받아야 하는 제품(부속서 I)의 안전 부품이거나 그런 제품입니다.";
			"It is, or is a safety component of, a product of Annex I that a third party must assess.")
			+ from(since.annex1)),
		(select(.points != [] and .profiling)
		| reason("eu.annex3.profiling"; "high"; "Art 6(3) third subpara";
			"사람을 프로파일링하므로 부속서 III의 시스템은 언제나 고위험입니다.";
			"It profiles people, so as a system of Annex III it is always high-risk.")
			+ from(since.annex3)),
		(select(.filtered)
		| reason("eu.annex3.filtered"; "minimal";
			"Art 6(3), document Art 6(4), register Art 49(2) (Annex VIII B)";
			"부속서 III의 용도(" + named(.points; annex3; "ko")
				+ ")이지만, 중대한 위험이 없고 다음에 해당하여 고위험으로 보지 않습니다: "
				+ named(.conditions; conditions; "ko") + ".";
			"Its use is in Annex III (" + named(.points; annex3; "en")
				+ "), but it is not taken as high-risk: there is no significant risk, and it meets "
				+ named(.conditions; conditions; "en") + ".")),
		(select(.annex3)
		| reason("eu.annex3"; "high"; "Art 6(2)";
			"부속서 III이 고위험으로 정한 용도입니다: " + named(.points; annex3; "ko") + ".";
			"Annex III lists this use as high-risk: " + named(.points; annex3; "en") + ".")
			+ from(since.annex3)),
		(select(.["eu.50.1"])
		| reason("eu.50.1"; "limited"; "Art 50(1)";
			"사람을 직접 상대하는데, 상대가 AI라는 것이 분명하지 않습니다.";
			"It deals with people directly, and it is not obvious to them that it is an AI.")
			+ from(since.art50)),
		(select(.["eu.50.2"])
		| reason("eu.50.2"; "limited"; "Art 50(2)";
			"소리, 그림, 영상, 글을 만들어 냅니다. 2026-08-02 전에 나온 시스템에는 2026-12-02부터 적용됩니다.";
			"It generates audio, images, video or text. Systems on the market before 2026-08-02: from 2026-12-02.")
			+ from(since.art50)),
		(select(.["eu.50.3"])
		| reason("eu.50.3"; "limited"; "Art 50(3)";
			"감정을 인식하거나 생체정보로 사람을 분류합니다.";
			"It recognises emotions or sorts people by biometric data.")
			+ from(since.art50)),
		(select(.["eu.50.4"])
		| reason("eu.50.4"; "limited"; "Art 50(4)";
			"딥페이크를 만들거나, 책임지고 검토하는 사람 없이 공익에 관한 글을 만듭니다.";
			"It makes deep fakes, or texts on matters of public interest that nobody answers for as editor.")
			+ from(since.art50))
	end;

# A filtered system whose level nothing else holds up was presumed high and determined not to be.
def reasons:
	[fired]
	| if . == [] then
		[reason("eu.else"; "minimal"; "-";
			"EU AI법의 금지, 고위험, 투명성 규칙 가운데 해당하는 것이 없습니다.";
			"None of the AI Act's rules on prohibited practices, high risk or transparency applies.")]
	else
		sort_by(rank[.level])
	end
	| if rank[.[0].level] > rank.high then
		map(if .rule == "eu.annex3.filtered" then . + {"presumed": "high"} else . end)
	else . end;

# ---- The duties, held against the record.

# A text is filled when one of its languages is.
def filled: if type == "object" then [.[] | strings | select(. != "")] != []
	else . != null and . != "" and . != [] end;

def objects_in($name): .[$name] | if type == "array" then .[] | objects else empty end;

# The record as duties look at it: what is withheld is withheld with a reason and a legal basis that
# the record names, so it counts as filled. For each proof: the field, filled if it holds the item.
def seen:
	([objects_in("withheld") | .field | strings | {(.): true}] | add) as $withheld
	| . + $withheld
	+ {
		"dpia": {"impact_assessments": ($withheld.impact_assessments
			// [objects_in("impact_assessments") | select(.kind == "dpia" and (.summary | filled))])},
		"fria": {"impact_assessments": ($withheld.impact_assessments
			// [objects_in("impact_assessments") | select(.kind == "fria" and (.summary | filled))])},
		"filter": {"risk_basis": ($withheld.risk_basis
			// [objects_in("risk_basis") | select(.policy == policy and .rule == "eu.annex3.filtered"
				and (.justification | filled))])}
	};

def held_against($seen):
	($seen + (if .proof then $seen[.proof] else null end)) as $seen
	# Where there are no personal data, that is what shows that no assessment of them is owed.
	| (if .proof == "dpia" and $seen.personal_data == "none" then ["personal_data"]
		else .duty.fields end) as $fields
	| [$fields[] | if $seen[.] | filled then empty else . end] as $missing
	| .duty + {"fields": $fields, "met": ($missing == []), "missing": $missing};

# Nothing makes a prohibited practice lawful, so no duties are listed for one. All reasons for high
# risk bind; the earliest of their dates counts.
def follows($record; $level):
	if $level == "prohibited" or .out then [] else
		. as $situation
		| {"applies_from": since.annex3} as $annex3
		| {"annex3": $annex3, "public_annex3": $annex3, "fria": $annex3,
			"high": (if .annex3 then $annex3 else {"applies_from": since.annex1} end)} as $dates
		| ($record | seen) as $seen
		| [duties[] | select($situation[.if]) | $dates[.if] + held_against($seen)]
	end;

# ---- The answer.

. as $record
| member("assessments") | member(policy)
| if type != "object" then
	{"level": null, "duties": [], "reasons": [reason("eu.unassessed"; null; "-";
		"EU AI법의 질문에 아직 답하지 않았습니다.";
		"The questions of the EU AI Act have not been answered yet.")]}
else
	situation
	| reasons as $reasons
	| {"level": $reasons[0].level, "reasons": $reasons,
		"duties": follows($record; $reasons[0].level)}
end
