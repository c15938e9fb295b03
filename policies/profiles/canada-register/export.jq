# export.jq - one system as one row of the Government of Canada's AI Register (2025), in its 24
# columns. README.md says what goes where and why.

# [field, column without its language, kind].
def both: [
	["name", "name_ai_system", "line"],
	["description_short", "description_ai_system", "line"],
	["capability", "ai_system_capabilities", "list"],
	["source_data", "data_sources", "plain"],
	["benefit", "ai_system_results", "plain"]];
def users: {"public": "Members of public", "employees": "GC employees", "both": "Both"};
# A status; and whether it is the nearest only.
def statuses: {
	"planned": ["In development", true], "development": ["In development", false],
	"pilot": ["In development", true], "in_use": ["In production", false],
	"retired": ["Retired", false]};
def taken: ["name", "description_short", "capability", "source_data", "benefit", "organization",
	"primary_users", "provider", "status", "begin_date", "end_date", "personal_data",
	"process_index_url", "notice_method"];

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

# French only where the record has French: nothing is translated here.
def put_both($in; $field; $column; $kind):
	$in.record[$field] as $value
	| if $value | is_filled | not then .
	else reduce ("en", "fr") as $lang (.;
			($value | shown($kind; $lang) | if type == "array" then join("; ") else . end) as $text
			| set(["\($column)_\($lang)"]; $text))
		| if .row[$column + "_en"] == null and .row[$column + "_fr"] == null then no_text($field; "en")
		else . end
	end;

def head: line | split("(") | .[0] // "" | trim | ascii_downcase;
# The register knows "Government of Canada" and "Vendor"; a city's own work is neither.
def put_developer($in):
	($in.record.provider | in_lang("en") | line) as $vendor
	| if $in.record.provider | is_filled | not then .
	elif $vendor == "" then no_text("provider"; "en")
	elif ($vendor | head) == ($in.record.organization | in_lang("en") | head) then no_answer("provider")
	else set(["developed_by_en"]; "Vendor") | set(["vendor_information"]; $vendor) end;

def year: strings | select(test("^[0-9]{4}-[0-9]{2}$")) | .[:4];
def put_status($in):
	status_of($in) as $status
	| set(["ai_system_status_en"]; (statuses[$status] // [""])[0])
	| lose_if($status != "" and statuses[$status] == null; "status";
		"운영 중단을 나타내는 답이 없어 비웠습니다."; "No status says that it is suspended, so it is left empty.")
	| (if statuses[$status] // [] | .[1] then recoded("status"; "In development"; "In development") else . end)
	| (if $status == "retired" then "end_date" else "begin_date" end) as $field
	| set(["status_date"]; [$in.record[$field] | year] | .[0] // "")
	| reduce ("begin_date", "end_date") as $date (.;
		lose_if($in.record[$date] | is_filled; $date;
			if $date == $field then "연도만 적을 수 있습니다." else "지금 상태의 연도만 적을 수 있습니다." end;
			if $date == $field then "Only the year has a place." else "Only the year of the present status has a place." end));

def put_personal($in): $in.record.personal_data as $kind
	| if $kind == "none" then set(["involves_personal_information"]; "N")
	elif $kind == "identified" then set(["involves_personal_information"]; "Y")
	elif $kind == "pseudonymised" then set(["involves_personal_information"]; "Y") | recoded("personal_data"; "Y"; "Y")
	elif $kind | is_filled then no_answer("personal_data") else . end;

# Y where the record says how people are told; an empty field says nothing.
def put_notice($in):
	if $in.record.notice_method | is_filled then
		set(["notification_ai"]; "Y")
		| lose("notice_method"; "알리는지(Y)만 적을 수 있고 방법은 자리가 없습니다.";
			"Only that people are told (Y) has a place, not how.")
	else . end;

shaped | .lang = "en" | . as $in
| if (.record.name | in_lang("en") | line == "") and (.record.name | in_lang("fr") | line == "") then
	skip_nameless($in)
else
	start
	| set(["ai_register_id"]; $in.system.slug | strings // "")
	| reduce both[] as [$field, $column, $kind] (.; put_both($in; $field; $column; $kind))
	| put($in; "organization"; ["government_organization"]; "line"; null)
	| set(["ai_system_primary_users_en"]; users[$in.record.primary_users | strings // ""])
	| put_developer($in) | put_status($in) | put_personal($in)
	| put($in; "process_index_url"; ["personal_information_banks_en"]; "same"; null)
	| put_notice($in)
	| finish($in; taken)
end
