# export.jq - one system as what Annex VIII, section A, of Regulation (EU) 2024/1689 asks of the
# provider of a high-risk system (Article 49(1)): only where the city is that itself. README.md
# says what goes where and why.

def taken: ["name", "organization", "provider", "department", "contact_email",
	"senior_responsible_owner", "system_version", "goal", "description", "capability", "system_input",
	"source_data", "methods_and_models", "status", "conformity", "website", "risk_category", "risk_basis"];
# "On the market, or in service; no longer on the market/in service, recalled."
def statuses: {"pilot": "in service", "in_use": "in service",
	"suspended": "no longer in service", "retired": "no longer in service"};

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

def eu_level($in):
	[$in.judgement | objects | .policies | objects_of[] | select(.policy == "eu-ai-act") | .level] as $judged
	| if $judged != [] then $judged[0]
	elif [$in.record.risk_basis | objects_of[] | select(.policy == "eu-ai-act")
			| .rule | strings | select(. == "eu.annex3" or . == "eu.annex1" or . == "eu.profiling")] != [] then "high"
	else null end;
def annex_iii($in): [$in.record.assessments | objects | .["eu-ai-act"] | objects | .annex_iii
	| values_of[] | strings];
def only_infrastructure($in): annex_iii($in) as $points
	| $points != [] and ([$points[] | select(startswith("2") | not)] == []);

# The provider is the organisation itself, as in "Gimhae City (in-house)"; a supplier beside it
# is named otherwise, and then who is the provider is not ours to say.
def head: line | split("(") | .[0] // "" | trim | ascii_downcase;
def is_provider($in): [$in.record.organization | objects | keys[]
	| . as $lang | ($in.record.organization | in_lang($lang) | head) as $ours
	| select($ours != "" and ($in.record.provider | in_lang($lang) | head) == $ours)] != [];
def papers($in; $kind): [$in.record.conformity | objects_of[] | select(.kind == $kind)
	| {number: (.number | strings // ""), expiry: (.expiry | strings // ""), url: (.url | strings // "")}
	| with_entries(select(.value != "")) | select(. != {})];

shaped | .lang = (.lang | strings // "en") | . as $in
| if .record.name | in_lang($in.lang) | line == "" then skip_nameless($in)
elif is_provider($in) | not then
	skip("운영 기관이 직접 개발한 시스템이 아니어서 제공자로 등록할 것이 없습니다.";
		"The organisation is not the provider of this system, so it has none to register.")
elif eu_level($in) != "high" then
	skip("EU 인공지능법에 따른 고위험 시스템으로 판단하지 않았습니다.";
		"It was not judged a high-risk system under the EU AI Act.")
elif only_infrastructure($in) then
	skip("부속서 III 2호(핵심 기반시설) 시스템은 나라마다 따로 등록합니다(제49조제5항).";
		"Systems of Annex III point 2 are registered nationally (Article 49(5)).")
else
	status_of($in) as $status
	| start
	| set(["annex"]; "VIII") | set(["section"]; "A")
	| put($in; "provider"; ["A.1", "name"]; "line"; null)
	| put($in; "organization"; ["A.1", "organisation"]; "line"; null)
	| put($in; "contact_email"; ["A.1", "contact"]; "same"; null)
	| put($in; "department"; ["A.2", "organisation_unit"]; "line"; null)
	| put($in; "senior_responsible_owner"; ["A.2", "role"]; "line"; null)
	| put($in; "name"; ["A.4", "trade_name"]; "line"; null)
	| put($in; "system_version"; ["A.4", "version"]; "same"; null)
	| set(["A.4", "reference"]; $in.system.slug | strings // "")
	| set(["A.4", "register_entry"]; $in.system.url | strings // "")
	| put($in; "goal"; ["A.5", "intended_purpose"]; "plain"; null)
	| put($in; "description"; ["A.5", "description"]; "plain"; null)
	| put($in; "capability"; ["A.5", "functions"]; "list"; null)
	| put($in; "system_input"; ["A.6", "inputs"]; "plain"; null)
	| put($in; "source_data"; ["A.6", "data"]; "plain"; null)
	| put($in; "methods_and_models"; ["A.6", "operating_logic"]; "plain"; null)
	| set(["A.7", "status"]; statuses[$status])
	| lose_if($status == "planned" or $status == "development"; "status";
		"아직 쓰기 전임을 나타내는 답이 없어 비웠습니다."; "No status says that it is not in service yet, so it is left empty.")
	| lose_if($status == "suspended"; "status"; "운영 중단은 ‘no longer in service’로 적었습니다.";
		"That it is suspended became “no longer in service”.")
	| set(["A.8"]; papers($in; "certificate"))
	| set(["A.11"]; papers($in; "declaration"))
	| set(["A.12"]; papers($in; "instructions"))
	| lose_if([$in.record.conformity | objects_of[]
			| select(.kind != "certificate" and .kind != "declaration" and .kind != "instructions")] != [];
		"conformity"; "인증서, 적합성 선언, 사용 설명서만 자리가 있습니다.";
		"There is a place for certificates, declarations and instructions only.")
	| put($in; "website"; ["A.13", "url"]; "same"; null)
	| reduce ("risk_category", "risk_basis") as $field (.;
		lose_if($in.record[$field] | is_filled; $field;
			"A절에 싣는 시스템은 모두 고위험이며, 근거를 적을 자리는 없습니다.";
			"All that section A lists is high-risk; it has no place for the reasons."))
	| finish($in; taken)
end
