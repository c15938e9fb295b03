# export.jq - one system as one use case of the US federal AI use case inventory 2025, in the 36
# columns of OMB's consolidated CSV. README.md says what goes where and why.

# [field, path, kind, most characters].
def plain_fields: [
	["name", ["use_case_name"], "line", null],
	["organization", ["agency_name"], "line", null],
	["department", ["agency_bureau"], "line", null],
	["contact_email", ["contact_email"], "same", null],
	["goal", ["problem_solved"], "plain", null],
	["benefit", ["benefits"], "plain", null],
	["system_outputs", ["system_outputs"], "plain", null],
	["provider", ["vendor_name"], "line", null],
	["source_data", ["data_description"], "plain", null],
	["publiccode", ["code_url"], "same", null],
	["impact", ["hi_potential_impacts"], "plain", null]];
def stages: {"planned": "Pre-deployment", "development": "Pre-deployment", "pilot": "Pilot",
	"in_use": "Deployed", "retired": "Retired"};
# What the consolidated file calls an answer whose full words a record has (map.jq, `answers`).
def codes: {
	"Yes.": "Yes",
	"Not applicable.": "Not Applicable",
	"In progress.": "In-progress",
	"The agency's CAIO has waived this minimum practice and reported the waiver to OMB.": "CAIO Waived",
	"Yes, sufficient monitoring protocols have been established.": "Yes - Monitoring Established",
	"Yes, sufficient and periodic training has been established.": "Training Established",
	"Establishment of sufficient and periodic training is in progress.": "Training In-progress",
	"Yes, an appropriate appeal process has been established.": "Appeal Process Established",
	"Establishment of an appropriate appeal process is in progress.": "Appeal Process In-progress",
	"Law, operational limitations, or governmentwide guidance precludes an opportunity for an individual to appeal.": "Appeal Precluded by Law"};
def consultations: {
	"Direct usability testing": "Usability Testing",
	"General solicitations of feedback and comments from the public": "Public Feedback Solicitations",
	"Public hearings or meetings": "Public Hearings",
	"Other": "Other",
	"In progress.": "In-progress",
	"The agency's CAIO has waived this minimum practice and reported the waiver to OMB.": "CAIO Waived"};
def topics: {
	"Administrative Functions": "Admin Functions", "Cybersecurity": "Cybersecurity",
	"Emergency Management": "Emergency Mgmt",
	"Energy and the Environment": "Energy and Environment",
	"Government Benefits Processing": "Benefits Processing",
	"Health and Medical": "Health and Medical", "Human Resources": "HR",
	"Information Technology": "IT", "International Affairs": "International Affairs",
	"Law Enforcement": "Law Enforcement", "Other": "Other",
	"Procurement and Financial Management": "Procurement and Finance Mgmt", "Science": "Science",
	"Service Delivery": "Service Delivery", "Transportation": "Transportation"};
def classifications: {
	"Agentic AI": "Agentic AI", "Classical/Predictive Machine Learning": "Classical ML",
	"Computer Vision": "Computer Vision", "Generative AI": "Generative AI",
	"Natural Language Processing": "NLP", "Reinforcement Learning": "Reinforcement Learning"};
def contracting: {
	"Purchased from a vendor": "Vendor Purchased",
	"Developed in-house": "In-house Development",
	"Developed with both contracting and in-house resources": "Contracting and In House"};
def reviewers: {
	"Another agency office or reviewer not directly involved in the AI's development": "Internal Independent Review",
	"Agency AI oversight board not directly involved in the AI's development": "Oversight Board Review",
	"Chief AI Officer (CAIO)": "CAIO Review"};
def assessed: {"Completed.": "Yes", "In progress.": "In-progress", "Not completed.": "No",
	"The agency's CAIO has waived this minimum practice and reported the waiver to OMB.": "CAIO Waived"};
# [field, column, what the import wrote before the answer].
def practices: [
	["performance", "hi_testing_conducted", "Pre-deployment testing conducted: "],
	["monitoring", "hi_ongoing_monitoring", ""],
	["required_training", "hi_training_established", ""],
	["rollback", "hi_failsafe_presence", "Appropriate fail-safe: "],
	["objection_procedure", "hi_appeal_process", "Appeal process: "]];
def levels: {
	"high-impact": ["High-impact", "High-impact"],
	"presumed-not-high-impact": ["Presumed High-Impact, but Not High-impact",
		"Presumed high-impact, but determined not high-impact"],
	"not-high-impact": ["Not High-impact", "Not high-impact"]};
def own_levels: {"prohibited": "High-impact", "high": "High-impact", "limited": "Not High-impact",
	"minimal": "Not High-impact"};
def taken: ["name", "organization", "department", "contact_email", "goal", "benefit",
	"system_outputs", "provider", "source_data", "publiccode", "impact", "status", "begin_date",
	"risk_category", "risk_basis", "category", "capability", "algorithm_type", "supplier_role",
	"conformity", "source_data_grouping", "personal_data", "impact_assessments",
	"sensitive_attributes", "performance", "monitoring", "required_training", "rollback",
	"objection_procedure", "audit", "public_consultation"];

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

# The list as Python prints it.
def python_text: if contains("'") and (contains("\"") | not) then "\"" + replace("\\"; "\\\\") + "\""
	else "'" + (replace("\\"; "\\\\") | replace("'"; "\\'")) + "'" end;
def python_list: "[" + (map(python_text) | join(", ")) + "]";

def agency($in): $in.system.department | objects | .slug | strings
	| (if startswith("us-") then .[3:] else . end) | ascii_upcase;
# The form asks for "[agency] - [number]". What came from the inventory keeps its own.
def id_of($in; $agency):
	($in.system.source | strings // "") as $source
	| if ($source | startswith("us-federal-2025 ")) and ($source | contains("|") or contains("sha256:") | not)
		then $source[16:] | if startswith($agency + " ID ") then .[($agency + " ID " | length):] else . end
	elif $source | startswith("us-federal-2025 ") then ""
	else "\($agency)-\($in.system.slug | strings // "")"
		| if test("[0-9]") then . else . + "-1" end end;

def put_stage($in):
	status_of($in) as $status
	| stages[$status] as $stage
	| set(["development_stage"]; $stage)
	| lose_if($status != "" and $stage == null; "status"; "운영 중단을 나타내는 답이 없어 비웠습니다.";
		"No stage says that it is suspended, so it is left empty.")
	| if $status == "planned" then recoded("status"; $stage; $stage) else . end
	| $in.record.begin_date as $month
	| if $month | type != "string" then .
	elif $stage == "Pre-deployment" then lose("begin_date"; "배치 전에는 운영 시작일을 적지 않습니다.";
		"There is no operational date before deployment.")
	else set(["operational_date"]; $month) end;

def put_level($in):
	[$in.record.risk_basis | objects_of[]] as $all
	| [$all[] | select(.policy == "us-omb-m-25-21")] as $own
	| if $own != [] then
		levels[$own[0].rule | strings // ""] as $level
		| ($own[0].justification | in_lang($in.lang) | line) as $why
		| set(["is_high_impact"]; $level[0])
		| set(["HI_justification"]; if $level == null then $why
			elif $why == $level[1] then ""
			elif $why | startswith($level[1] + ": ") then $why[($level[1] | length) + 2:]
			else $why end)
		| lose_if($all | length > 1; "risk_basis"; "다른 규칙에 따른 판단은 이 형식에 자리가 없습니다.";
			"The format has no place for what other rules say.")
	else
		own_levels[$in.record.risk_category | strings // ""] as $level
		| set(["is_high_impact"]; $level)
		| (if $level then recoded("risk_category"; $level; $level) else . end)
		| ([$all[] | .justification | in_lang($in.lang) | line | select(. != "")] | join(" ")) as $why
		| set(["HI_justification"]; $why | cut(900))
		| (if ($why | length) > 900 then too_long("risk_basis"; 900) else . end)
		| lose_if($all != []; "risk_basis"; "어느 규칙인지는 이 형식에 자리가 없습니다.";
			"The format has no place for which rule it is.")
	end;

# The one that a table of fixed answers knows, of a list of texts.
def put_first($in; $field; $column; $table; $otherwise):
	$in.record[$field] as $value
	| ($value | shown("list"; $in.lang)) as $all
	| ([$all[] | $table[.] | values]) as $known
	| if $value | is_filled | not then .
	elif $all == [] then no_text($field; $in.lang)
	elif $known != [] then set([$column]; $known[0])
		| lose_if($all | length > 1; $field; "하나만 고를 수 있어 나머지는 뺐습니다.";
			"One can be chosen only; the others are left out.")
	elif $otherwise == "" then no_answer($field)
	else set([$column]; $otherwise) | recoded($field; $otherwise; $otherwise) end;

def put_kind($in):
	put_first($in; "category"; "topic_area"; topics; "Other")
	| put_first($in; "capability"; "classification"; classifications; "")
	| $in.record.algorithm_type as $type
	| if $type | is_filled | not then .
	elif .row.classification == null and $type == "generative" then set(["classification"]; "Generative AI")
	elif (.row.classification == "Generative AI" and $type == "generative")
		or ((.row.classification == "Classical ML" or .row.classification == "Reinforcement Learning")
			and $type == "self_learning") then .
	else no_answer("algorithm_type") end;

def put_choice($in; $field; $column; $table; $before):
	$in.record[$field] as $value
	| ($value | in_lang($in.lang) | plain) as $text
	| (if $before != "" and ($text | startswith($before)) then $text[($before | length):] else $text end) as $answer
	| if $value | is_filled | not then .
	elif $text == "" then no_text($field; $in.lang)
	elif ($before == "" or $answer != $text) and $table[$answer] then set([$column]; $table[$answer])
	else no_answer($field) end;

# Addresses that the import takes apart again: it takes commas and semicolons for separators.
def put_addresses($field; $column; $urls):
	set([$column]; [$urls[] | select(is_url and (test("[,;]") | not))] | join("; "));
def put_links($in):
	[$in.record.source_data_grouping | objects_of[]] as $all
	| put_addresses("source_data_grouping"; "link_to_data"; [$all[] | .url])
	| lose_if($all != []; "source_data_grouping"; "링크의 제목은 이 형식에 자리가 없습니다.";
		"The format has no place for the links’ titles.");

def put_personal($in): $in.record.personal_data as $kind
	| if $kind == "none" then set(["has_pii"]; "No")
	elif $kind == "identified" then set(["has_pii"]; "Yes")
	elif $kind == "pseudonymised" then set(["has_pii"]; "Yes") | recoded("personal_data"; "Yes"; "Yes")
	elif $kind | is_filled then no_answer("personal_data")
	else . end;

def put_assessments($in):
	[$in.record.impact_assessments | objects_of[]] as $all
	| put_addresses("impact_assessments"; "pia_url";
		[$all[] | select(.kind == "dpia" or .kind == "privacy_scan") | .url])
	| [$all[] | select(.kind == "ai_impact_assessment" or .kind == "aia")] as $own
	| (if $own == [] then . else
		set(["hi_assessment_completed"]; assessed[$own[0].summary | in_lang($in.lang) | line] // "Yes") end)
	| lose_if($all != []; "impact_assessments";
		"개인정보 영향평가의 주소와 AI 영향평가를 했는지만 적었습니다.";
		"Only the address of a privacy assessment and whether there is an AI assessment are told.");

def put_attributes($in):
	put($in; "sensitive_attributes"; ["demographic_features"]; "list"; null)
	| .row.demographic_features |= ((. // []) | map(if . == "None" then "None of the above" else . end)
		| python_list);

def put_review($in):
	[$in.record.audit | objects_of[]] as $all
	| ([$all[] | reviewers[.auditor | in_lang($in.lang) | line] | values]) as $known
	| if $all == [] then .
	elif $known != [] then set(["hi_independent_review"]; $known[0])
		| partly("audit"; "날짜, 결과, 주소"; "date, result and address")
	else no_answer("audit") end;

def put_consultation($in):
	$in.record.public_consultation as $value
	| ($value | in_lang($in.lang) | plain) as $text
	| [$text | split("\n")[] | select(. != "") | ltrimstr("- ")] as $steps
	| [$steps[] | consultations[.] | values] as $known
	| if ($steps | length) > 0 and ($known | length) == ($steps | length) then
		.row.hi_public_consultation = ($known | python_list)
	else .row.hi_public_consultation = "[]"
		| if $text != "" then no_answer("public_consultation")
		elif $value | is_filled then no_text("public_consultation"; $in.lang)
		else . end end;

def put_authorisation($in):
	[$in.record.conformity | objects_of[]] as $all
	| (if [$all[] | select(.kind == "authorisation")] != [] then set(["have_ato"]; "Yes") else . end)
	| lose_if([$all[] | select(.kind != "authorisation" or (keys | length) > 1)] != []; "conformity";
		"승인(ATO)을 받았는지만 적을 수 있습니다."; "Only whether there is an authorization (ATO) can be told.");

shaped | .lang = "en" | . as $in
| if .record.name | in_lang("en") | line == "" then skip_nameless($in)
else
	(agency($in) // "") as $agency
	| start
	| set(["agency"]; $agency)
	| set(["id"]; id_of($in; $agency))
	| fill($in; plain_fields)
	| (if .row.agency_name then . else .row.agency_name =
		([$in.system.department | objects | .name | in_lang("en") | line | select(. != "")] | .[0] // $agency) end)
	| set(["is_withheld"]; "No")
	| put_stage($in) | put_level($in) | put_kind($in)
	| put_first($in | .record.supplier_role |= (if . == null then . else [.] end); "supplier_role";
		"contracting_usage"; contracting; "")
	| put_authorisation($in) | put_links($in) | put_personal($in) | put_assessments($in)
	| put_attributes($in)
	| reduce practices[] as [$field, $column, $before] (.;
		put_choice($in; $field; $column; codes; $before))
	| put_review($in) | put_consultation($in)
	| finish($in; taken)
end
