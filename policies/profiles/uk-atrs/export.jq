# export.jq - one system as one record of the UK Algorithmic Transparency Recording Standard, tier
# 1 and tier 2. README.md says what goes where and why.

# [field, path, kind, most characters]; the names in code style are those of the 2021 standard and
# of GOV.UK's metadata, the others are the headings of a record today.
def fields: [
	["organization", ["publishing_body"], "line", null],
	["name", ["tool_name"], "line", null],
	["description_short", ["description"], "line", null],
	["category", ["metadata", "function"], "list", null],
	["capability", ["metadata", "capability"], "list", null],
	["area", ["metadata", "region"], "line", null],
	["name", ["tier_1", "name"], "line", null],
	["description_short", ["tier_1", "description"], "line", null],
	["website", ["tier_1", "website"], "same", null],
	["contact_email", ["tier_1", "contact_email"], "same", null],
	["organization", ["tier_2", "owner_and_responsibility", "organisation"], "line", null],
	["department", ["tier_2", "owner_and_responsibility", "team"], "line", null],
	["senior_responsible_owner", ["tier_2", "owner_and_responsibility", "senior_responsible_owner"],
		"line", null],
	["provider", ["tier_2", "owner_and_responsibility", "external_supplier"], "line", null],
	["supplier_role", ["tier_2", "owner_and_responsibility", "external_supplier_role"], "line", null],
	["procurement_ref", ["tier_2", "owner_and_responsibility", "procurement_procedure"], "same", null],
	["description", ["tier_2", "description_and_rationale", "detailed_description"], "plain", null],
	["benefit", ["tier_2", "description_and_rationale", "benefit"], "plain", null],
	["previous_process", ["tier_2", "description_and_rationale", "previous_process"], "plain", null],
	["alternatives_considered", ["tier_2", "description_and_rationale", "alternatives_considered"],
		"plain", null],
	["decision_making_process", ["tier_2", "decision_making_process", "process_integration"],
		"plain", null],
	["system_outputs", ["tier_2", "decision_making_process", "provided_information"], "plain", null],
	["frequency_usage", ["tier_2", "decision_making_process", "frequency_usage"], "line", null],
	["human_intervention", ["tier_2", "decision_making_process", "human_decisions"], "plain", null],
	["required_training", ["tier_2", "decision_making_process", "required_training"], "plain", null],
	["objection_procedure", ["tier_2", "decision_making_process", "appeals_and_review"], "plain", null],
	["system_architecture", ["tier_2", "tool_specification", "system_architecture"], "same", null],
	["system_input", ["tier_2", "tool_specification", "system_level_input"], "plain", null],
	["system_outputs", ["tier_2", "tool_specification", "system_level_output"], "plain", null],
	["monitoring", ["tier_2", "tool_specification", "maintenance"], "plain", null],
	["system_version", ["tier_2", "tool_specification", "model", "version"], "same", null],
	["methods_and_models", ["tier_2", "tool_specification", "model", "architecture"], "plain", null],
	["performance", ["tier_2", "tool_specification", "model", "performance"], "plain", null],
	["source_data", ["tier_2", "data", "source_data_description"], "plain", null],
	["training_data", ["tier_2", "data", "development_data_description"], "plain", null],
	["sensitive_attributes", ["tier_2", "data", "sensitive_attributes"], "list", null],
	["data_sharing", ["tier_2", "data", "data_sharing_agreements"], "plain", null],
	["data_access_and_storage", ["tier_2", "data", "data_access_and_storage"], "plain", null]];
def phases: {"planned": "idea", "development": "development", "pilot": "beta-pilot",
	"in_use": "production", "retired": "retired"};
def model_types: {"rule_based": "Rule-based", "self_learning": "Self-learning",
	"hybrid": "Hybrid: rules and learning", "generative": "Generative"};
def taken: [fields[] | .[0]] + ["status", "end_date", "tags", "goal", "out_of_scope",
	"algorithm_type", "source_data_grouping", "risks", "impact_assessments"];

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

# "What it has been designed for and what it has not been designed for."
def put_scope($in):
	reduce (["goal", "purpose"], ["out_of_scope", "not_designed_for"]) as [$field, $name] (.;
		put($in; $field; ["tier_2", "description_and_rationale", "scope", $name]; "plain"; null));
def put_phase($in):
	status_of($in) as $status
	| set(["metadata", "phase"]; phases[$status])
	| set(["tier_2", "tool_specification", "phase"]; phases[$status])
	| lose_if($status != "" and phases[$status] == null; "status";
		"운영 중단을 나타내는 단계가 없어 비웠습니다."; "No phase says that it is suspended, so it is left empty.")
	| put($in; "end_date"; ["metadata", "date_archive"]; "same"; null);
def put_list($in; $field; $path; f):
	([$in.record[$field] | objects_of[] | f | with_entries(select(.value != ""))
		| select(. != {})]) as $all
	| set($path; $all)
	| lose_if($all == [] and ($in.record[$field] | is_filled); $field;
		"이 언어(\($in.lang))로 쓴 글이 없습니다."; "There is no text in this language (\($in.lang)).");
def put_tags($in):
	put($in; "tags"; ["metadata", "other_tags"]; "list"; null)
	| if .row.metadata.other_tags then .row.metadata.other_tags |= join(", ") else . end;
def texts($lang): {
	risk_description: (.risk | in_lang($lang) | plain),
	risk_mitigation: (.mitigation | in_lang($lang) | plain)};
def assessment($lang): {
	impact_assessment_name: ((.title | in_lang($lang) | line) as $title
		| if $title == "" then .kind | strings // "" else $title end),
	impact_assessment_description: (.summary | in_lang($lang) | line),
	impact_assessment_date: (.date | strings // ""),
	impact_assessment_link: (.url | strings // "")};

shaped | .lang = "en" | . as $in
| if .record.name | in_lang("en") | line == "" then skip_nameless($in)
else
	start
	# A field with two places is told once.
	| reduce fields[] as [$field, $path, $kind, $max] (.;
		.lost as $lost
		| put($in; $field; $path; $kind; $max)
		| if [$lost[] | select(.field == $field)] != [] then .lost = $lost else . end)
	| .row.title = ([.row.publishing_body, .row.tool_name] | map(select(. != null)) | join(": "))
	| set(["url"]; $in.system.url | strings // "")
	| set(["published"]; $in.system.first_at | strings // "")
	| set(["metadata", "organisation"]; .row.publishing_body)
	| set(["metadata", "date_published"]; $in.system.first_at | day)
	| set(["metadata", "atrs_version"]; "v2.1")
	| (if .row.metadata.region then .row.metadata.region |= [.] else . end)
	| put_tags($in)
	| put_scope($in) | put_phase($in)
	| set(["tier_2", "description_and_rationale", "model_type"];
		model_types[$in.record.algorithm_type | strings // ""])
	| put_list($in; "source_data_grouping"; ["tier_2", "data", "source_data"];
		{source_data_name: (.title | in_lang("en") | line), source_data_url: (.url | strings // "")})
	| put_list($in; "risks"; ["tier_2", "risks_and_mitigations"]; texts("en"))
	| put_list($in; "impact_assessments"; ["tier_2", "impact_assessments"]; assessment("en"))
	| finish($in; taken)
end
