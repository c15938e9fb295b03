# export.jq - 한 서비스를 공공 AI법 30조 목록의 한 줄로: one service as a row of the list that Article 30 of
# Act 21392 asks for. README.md says what goes where, what is a proposal, and how to map it to the official form.

# 코드마다 표준의 한국어 이름. 표에 없는 값은 코드 그대로 나갑니다. Codes by their names in the standard; one
# that is not here stays as it is.
def names: {
	"service_type": {"consult": "상담·안내", "application": "민원·신청 처리", "selection": "대상자 선별·심사 지원",
		"safety": "안전·재난 감시", "facility": "시설·교통 운영", "analysis": "정책 분석·예측", "office": "문서·내부 행정",
		"care": "복지·돌봄·교육", "other": "그 밖"},
	"algorithm_type": {"rule_based": "규칙 기반", "self_learning": "학습 기반", "hybrid": "혼합", "generative": "생성형"},
	"personal_data": {"none": "없음", "pseudonymised": "가명정보", "identified": "식별 가능"},
	"status": {"pilot": "시범 운영", "in_use": "운영 중", "suspended": "일시 중단"},
	"automation_level": {"human_decides": "사람이 결정", "human_reviews": "사람이 검토 후 확정",
		"spot_check": "일부만 사람이 점검", "fully_automated": "완전 자동"},
	"ground": {"security": "안전보장·국방·통일·외교의 보안·기밀", "minor": "단순·반복적이거나 경미함",
		"basic_act_35": "인공지능기본법 35조 영향평가를 한 고영향 인공지능",
		"internal": "대국민 서비스가 아니고 권리·의무 정책의 결정에 쓰지 않음이 명백함",
		"same_again": "평가한 인공지능을 변경 없이 다시 도입", "trial": "1년 이내의 제한된 시험 운영"},
	"high_impact": {"high": "고영향", "review": "고영향 영역(사람이 최종 결정)", "none": "고영향 아님",
		"out of scope": "적용 대상 아님"},
	"assessment": {"assess": "대상", "gap": "경과", "exempt": "면제", "unconfirmed": "면제 확인 전", "out": "적용 대상 아님"},
	"standing": {"done": "실시", "done_late": "실시(기한 뒤)", "unpublished": "실시(공표 전)"}};
def name_of($table): strings | names[$table][.] // .;
def taken: ["name", "organization", "department", "contact_email", "contact_phone", "ai_officer", "service_type",
	"primary_users", "goal", "description_short", "capability", "algorithm_type", "methods_and_models",
	"source_data", "personal_data", "training_data", "provider", "introduced_on", "begin_date", "status",
	"automation_level", "final_responsibility", "impact_assessments", "assessment_exemption",
	"risk_management_plan"];

# shared {{{ The same lines stand in every profile's export.jq but those of csv and jsonl, which
# keep Markdown as it is. tests/policies/profiles.py compares them.
# libjq 1.6 leaks where a generator is left early or a member deleted: no all, any, first, del.

def is_filled: . != null and . != "" and . != [] and . != {};

# What import cleans away would not come back: controls become " " or "\n", the invisible and
# the bidirectional go, here as there.
def unclean:
	"[\\x00-\\x09\\x0b-\\x1f\\x7f\\x{80}-\\x{a0}\\x{ad}\\x{61c}\\x{1680}"
	+ "\\x{2000}-\\x{200b}\\x{200e}\\x{200f}\\x{2028}-\\x{202f}\\x{205f}-\\x{206f}"
	+ "\\x{3000}\\x{fdd0}-\\x{fdef}\\x{feff}\\p{Cn}]";
def clean_code:
	if . == 10 or (. >= 32 and . < 127) then .
	elif . == 11 or . == 12 or . == 13 or . == 133 or . == 8232 or . == 8233 then 10
	elif . < 160 or . == 160 or . == 5760 or (. >= 8192 and . <= 8202) or . == 8239 or . == 8287
		or . == 12288 then 32
	elif . == 173 or . == 1564 or . == 8203 or . == 8206 or . == 8207
		or (. >= 8234 and . <= 8238) or (. >= 8288 and . <= 8303) or . == 65279
		or (. >= 64976 and . <= 65007) or . % 65536 >= 65534 then empty
	else . end;
def replace($this; $that): if contains($this) then split($this) | join($that) else . end;
def trim:
	if startswith(" ") or startswith("\n") then .[1:] | trim
	elif endswith(" ") or endswith("\n") then .[:-1] | trim
	else . end;
def clean:
	replace("_x000D_"; "") | replace("\r\n"; "\n")
	| if test(unclean) then explode | map(clean_code) | implode else . end
	| trim;
# A look at the whole input costs less than one at each text.
def each_text(f): if type == "string" then f
	elif type == "array" then map(each_text(f))
	elif type == "object" then with_entries(.value |= each_text(f))
	else . end;
def is_suspect: contains("\\u") or contains("\\t") or contains("\\r") or contains("\\b")
	or contains("\\f") or contains("_x000D_") or test(unclean);
def cleaned: if tojson | is_suspect then each_text(clean) else . end;

# A text of one line, which is no Markdown: shown as it is.
def line: trim | if contains("\n") or contains("  ")
	then split("\n") | map(split(" ")[]) | map(select(. != "")) | join(" ") else . end;

# What a backslash protects in Markdown stands as U+FDD0 and another letter until the marks are
# gone: no text holds U+FDD0, as `clean` takes it away.
def protect: split("\\") as $parts
	| (reduce range(1; $parts | length) as $i ({text: $parts[0], literal: false};
		$parts[$i] as $p
		| if .literal then .text += $p | .literal = false
		elif $p == "" then
			if $i + 1 == ($parts | length) then .text += "\\"
			else .text += "\ufdd0ś" | .literal = true end
		else ($p | explode[0]) as $c
			| if $c == 10 then .text += $p
			elif ($c >= 33 and $c <= 47) or ($c >= 58 and $c <= 64) or ($c >= 91 and $c <= 96)
				or ($c >= 123 and $c <= 126) then
				.text += "\ufdd0" + ([$c + 255] | implode) + $p[1:]
			else .text += "\\" + $p end
		end)).text;
def unprotect: split("\ufdd0")
	| .[0] + ([.[1:][] | ([(explode[0]) - 255] | implode) + .[1:]] | join(""));
def unmarked_line:
	trim
	| if startswith("#") then sub("^#{1,6}( +|$)"; "") else . end
	| if startswith(">") then sub("^(> ?)+"; "") | trim else . end;
# Markdown as the plain text that it shows. Lists stay lists; a link's address follows it.
def plain:
	trim
	| (if contains("\\") then protect else . end)
	| (if contains("](") then gsub("!?\\[(?<t>[^\\]\\n]*)\\]\\((?<u>[^)\\s]+)\\)";
		if .t == .u or .t == "" then .u else "\(.t) (\(.u))" end) else . end)
	| (if contains("<http") then gsub("<(?<u>https?://[^>\\s]+)>"; .u) else . end)
	| replace("`"; "")
	| (if contains("*") then
		gsub("\\*\\*(?<t>[^\\s*]([^*\\n]*[^\\s*])?)\\*\\*"; .t)
		| gsub("\\*(?<t>[^\\s*]([^*\\n]*[^\\s*])?)\\*"; .t) else . end)
	| split("\n") | map(unmarked_line) | join("\n")
	| (if contains("\ufdd0") then unprotect else . end)
	| split("\n") | map(trim) | join("\n") | trim
	| if contains("\n\n\n") then gsub("\n{3,}"; "\n\n") else . end;

# At most $max characters, cut at a blank.
def cut($max): if length <= $max then . else
	.[:$max - 1] | (split(" ")[:-1] | join(" ")) as $words
	| (if $words == "" then . else $words end) + "…" end;

# A text of the record in one language; "" where it has none, or is no text.
def in_lang($lang):
	(if type == "object" then .[$lang] else . end) | if type == "string" then . else "" end;
def objects_of: if type == "array" then [.[] | objects] else [] end;
def values_of: if type == "array" then . else [] end;
def is_url: type == "string" and length <= 2000 and test("^https?://[^\\s<>\"\\\\]+$");
# Who made the record is a filer whom the standard has checked, or a test with hostile shapes.
def shaped: (if type == "object" then . else {} end) | cleaned
	| .record |= (if type == "object" then . else {} end)
	| .system |= (if type == "object" then . else {} end)
	| .register |= (if type == "object" then . else {} end);

# What is being made is {row, lost}: lost says which filled fields of the record the row lacks,
# or has cut or recoded, and why.
def start: {row: {}, lost: []};
def lose($field; $ko; $en): .lost += [{field: $field, why: {ko: $ko, en: $en}}];
def lose_if($is; $field; $ko; $en): if $is then lose($field; $ko; $en) else . end;
def no_text($field; $lang): lose($field; "이 언어(\($lang))로 쓴 글이 없습니다.";
	"There is no text in this language (\($lang)).");
def too_long($field; $max): lose($field; "\($max)자를 넘어 줄였습니다.";
	"It is longer than \($max) characters, and was cut.");
def recoded($field; $ko; $en): lose($field; "정해진 답만 쓸 수 있어 ‘\($ko)’ 쪽으로 바꾸어 적었습니다.";
	"The format has fixed answers only; it became “\($en)”.");
def no_answer($field): lose($field; "정해진 답 가운데 맞는 것이 없어 비웠습니다.";
	"None of the format’s fixed answers fits, so it is left empty.");
def partly($field; $ko; $en): lose($field; "‘\($ko)’ 부분은 이 형식에 자리가 없습니다.";
	"The format has no place for its \($en).");

# A text as $kind ("line", "plain"; "list": of texts; "same": of no language) at $path of the row.
def shown($kind; $lang):
	if $kind == "line" then in_lang($lang) | line
	elif $kind == "plain" then in_lang($lang) | plain
	elif $kind == "list" then values_of | map(in_lang($lang) | line) | map(select(. != ""))
	elif type == "string" then . else "" end;
def put($in; $field; $path; $kind; $max):
	$in.record[$field] as $value
	| if $value | is_filled | not then .
	else ($value | shown($kind; $in.lang)) as $text
		| if $text | is_filled | not then no_text($field; $in.lang)
		elif $max == null or ($text | length) <= $max then .row |= setpath($path; $text)
		else .row |= setpath($path; $text | cut($max)) | too_long($field; $max) end
	end;
# A whole table of them: [[field, path, kind, most characters or null], …].
def fill($in; $table): reduce $table[] as [$field, $path, $kind, $max] (.;
	put($in; $field; $path; $kind; $max));
def set($path; $value): if $value | is_filled then .row |= setpath($path; $value) else . end;

# The system's own state is newer than what its record says.
def status_of($in): if $in.system.state == "retired" then "retired"
	elif $in.system.state == "suspended" then "suspended"
	else $in.record.status | strings // "" end;
def day: if type == "string" and test("^[0-9]{4}-[0-9]{2}-[0-9]{2}") then .[:10] else "" end;
def withheld_fields($in): [$in.record.withheld | objects_of[] | .field | strings] | join(", ");
# The end of every export: what nothing above has taken, but for what the register fills in.
def finish($in; $taken):
	reduce ($in.record | keys - $taken
		- ["id", "lang", "standard_version", "publication_date", "last_change_date"])[] as $field (.;
		if $in.record[$field] | is_filled | not then .
		elif $field == "withheld" then
			lose("withheld"; "비공개라고 밝힐 자리가 없어 빈칸이 됩니다: \(withheld_fields($in))";
				"The format cannot say that something is withheld; these are simply empty: \(withheld_fields($in))")
		else lose($field; "이 형식에는 이 항목을 적을 자리가 없습니다.";
			"The format has no place for this field.") end);
def skip($ko; $en): {skip: {ko: $ko, en: $en}};
def skip_nameless($in): skip("이 형식의 언어(\($in.lang))로 쓴 명칭이 없습니다.";
	"It has no name in the format’s language (\($in.lang)).");
# shared }}}

def texts: map(select(. != ""));
def lines: texts | join("\n");
# One line each, so that the columns of several assessments go together.
def aligned: if texts == [] then "" else map(if . == "" then "(없음)" else . end) | join("\n") end;
def put_line($in; $field; $column; $kind): put($in; $field; [$column]; $kind; null);
def put_named($in; $field; $column): set([$column]; $in.record[$field] | name_of($field) // "");
def judged($in; $policy): [$in.judgement | objects | .policies | objects_of[] | select(.policy == $policy)] | .[0] // {};
def facts($in): $in.record.assessments | objects | .["kr-public-ai-act"] | objects;
# Only a clear no says that it is no AI: as the policy does.
def is_no_ai($in): [facts($in) | .uses_ai] == [false];

def audience($in): ([facts($in) | .citizen_service | booleans] | .[0]) as $citizens
	| if $citizens == true then "대국민" elif $citizens == false then "내부"
	elif $in.record.primary_users == "employees" then "내부"
	elif $in.record.primary_users == "public" or $in.record.primary_users == "both" then "대국민" else "" end;
def function($in): [($in.record.description_short | in_lang("ko") | line),
	([$in.record.capability | shown("list"; "ko")[]] | join(", ")
		| if . == "" then . else "기능 유형: " + . end)] | lines;
def technology($in): [($in.record.algorithm_type | name_of("algorithm_type")),
	($in.record.methods_and_models | in_lang("ko") | plain)] | lines;
def contact($in): [$in.record.contact_email, $in.record.contact_phone | strings] | texts | join(", ");
def body($in): [($in.record.organization, $in.register.name) | in_lang("ko") | line] | texts | .[0] // "";
def department($in): [($in.record.department, ($in.system.department | objects | .name)) | in_lang("ko") | line]
	| texts | .[0] // "";

# 평가는 공공분야 영향평가만, 평가일 차례로. Assessments of this Act alone, by their days.
def assessments($in): [$in.record.impact_assessments | objects_of[]
	| select(.kind == "public_ai_impact_assessment")] | sort_by(.date | strings // "");
# 공표일은 판정과 같이, 등록부의 로그에 처음 들어간 날입니다. As it was judged: since when the log has it.
def published($in): ([$in.given | objects | .["kr-public-ai-act"] | objects | .impact_assessments | objects_of[]]) as $given
	| [assessments($in)[] | . as $one
		| ([$given[] | select(. == ($one + {logged_on})) | .logged_on | strings] | .[0]) // (.published_on | strings) // ""];
def is_hash: type == "string" and test("^[0-9a-f]{64}$");
def address($in): if .url | is_url then .url
	elif .sha256 | is_hash then "\($in.register.base | strings // "")/api/v1/files/\(.sha256)" else "" end;
def exemptions($in): [$in.record.assessment_exemption | objects_of[]] | sort_by(.agreed_on | strings // "");
# 판정에 남아 있는 면제만: a ground that the policy does not go by, or no longer, excuses nothing.
def exempted($in): judged($in; "kr-public-ai-act").level as $level
	| if $level == null or $level == "exempt" or $level == "unconfirmed" then exemptions($in) else [] end;
def parts($in): [$in.record.risk_management_plan | objects_of[] | .part | strings] | unique | length;
def risk_plan($in): parts($in) as $n
	| if $n > 0 or assessments($in) != [] then "\($n)/6" else "" end;

def assessment($in): judged($in; "kr-public-ai-act") as $said
	| [($said.standing | strings | names.standing[.] | strings), ($said.level | name_of("assessment"))] | .[0] // "판단 전";
def high_impact($in): judged($in; "kr-ai-basic-act") | [.level | name_of("high_impact")] | .[0] // "판단 전";

shaped | .lang = "ko" | . as $in
| if .record.name | in_lang("ko") | line == "" then skip_nameless($in)
elif is_no_ai($in) then
	skip("인공지능이 아니라고 답했습니다."; "The answer is that it is not AI.")
elif names.status[status_of($in)] | not then
	skip("시범 운영, 운영 중, 일시 중단인 서비스만 싣습니다.";
		"Only services in pilot, in use or suspended are listed.")
else
	start
	| set(["no"]; $in.number | if type == "number" then tostring else "" end)
	| set(["body"]; body($in))
	| set(["department"]; department($in))
	| set(["contact"]; contact($in))
	| put_line($in; "ai_officer"; "officer"; "line")
	| put_line($in; "name"; "service"; "line")
	| put_named($in; "service_type"; "type")
	| set(["audience"]; audience($in))
	| put_line($in; "goal"; "purpose"; "plain")
	| set(["function"]; function($in))
	| set(["technology"]; technology($in))
	| put_line($in; "source_data"; "data"; "plain")
	| put_named($in; "personal_data"; "personal_data")
	| put_line($in; "training_data"; "training_data"; "plain")
	| put_line($in; "provider"; "supplier"; "line")
	| set(["introduced"]; [$in.record.introduced_on, $in.record.begin_date | strings] | texts | .[0] // "")
	| set(["status"]; names.status[status_of($in)])
	| put_named($in; "automation_level"; "decision")
	| put_line($in; "final_responsibility"; "responsibility"; "plain")
	| set(["high_impact"]; high_impact($in))
	| set(["assessment"]; assessment($in))
	| set(["assessed_on"]; [assessments($in)[] | .date | strings // ""] | aligned)
	| set(["published_on"]; published($in) | aligned)
	| set(["result_url"]; [assessments($in)[] | address($in)] | aligned)
	| set(["exemption"]; [exempted($in)[] | .ground | name_of("ground") // ""] | aligned)
	| set(["exemption_on"]; [exempted($in)[] | .agreed_on | strings // ""] | aligned)
	| set(["due"]; judged($in; "kr-public-ai-act") | .due | strings // "")
	| set(["risk_plan"]; risk_plan($in))
	| set(["register_url"]; $in.system.url | strings // "")
	| set(["updated"]; [$in.system.published_on, ($in.system.published_at | day) | strings] | texts | .[0] // "")
	| reduce ("organization", "department", "description_short", "methods_and_models") as $field (.;
		lose_if(($in.record[$field] | is_filled) and ($in.record[$field] | in_lang("ko") | plain) == "";
			$field; "이 언어(ko)로 쓴 글이 없습니다."; "There is no text in this language (ko)."))
	| lose_if(($in.record.capability | values_of) != [] and ($in.record.capability | shown("list"; "ko")) == [];
		"capability"; "이 언어(ko)로 쓴 글이 없습니다."; "There is no text in this language (ko).")
	| lose_if(($in.record.introduced_on | is_filled) and ($in.record.begin_date | is_filled);
		"begin_date"; "도입일이 있어 사용 시작은 적지 않습니다."; "The day of introduction stands in its place.")
	| lose_if(($in.record.primary_users | is_filled) and ([facts($in) | .citizen_service | booleans] != []);
		"primary_users"; "대국민 서비스인지는 공공 AI법의 답에서 적습니다.";
		"Whether it is for the public comes from the answers to the Act’s questions.")
	| lose_if(($in.record.impact_assessments | is_filled) and ($in.record.impact_assessments | objects_of | length) > (assessments($in) | length);
		"impact_assessments"; "공공분야 인공지능 영향평가만 자리가 있습니다.";
		"There is a place for the public-sector AI impact assessment only.")
	| lose_if(assessments($in) != []; "impact_assessments"; "날짜와 주소만 적고 이름, 요약, 평가 기관, 기록에 적힌 공표일은 적지 않습니다.";
		"Days and addresses only: no title, summary, assessor or claimed day of publication.")
	| lose_if(exemptions($in) != [] and exempted($in) == []; "assessment_exemption"; "지금 판정은 이 면제를 따르지 않습니다.";
		"The judgement does not go by it now.")
	| lose_if(exempted($in) != []; "assessment_exemption"; "사유와 협의·확인일만 적습니다.";
		"Ground and day only: no reference or explanation.")
	| lose_if(parts($in) > 0; "risk_management_plan"; "여섯 항목 가운데 몇 항목인지만 적습니다.";
		"Only how many of the six parts there are.")
	| finish($in; taken)
end
