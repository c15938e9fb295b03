# map.jq - one row of our own CSV, with every field of the standard, as one record. README.md
# tells more.

# fields {{{ From policies/standard.json: `tests/policies/profiles.sh --csv-write` writes them.
def texts: {"name": true, "description_short": true, "description": true, "organization": true,
	"department": true, "contact_hours": true, "senior_responsible_owner": true, "ai_officer": true,
	"area": true, "revision_note": true, "retirement_note": true, "goal": true, "impact": true,
	"benefit": true, "out_of_scope": true, "alternatives_considered": true, "proportionality": true,
	"previous_process": true, "decision_making_process": true, "frequency_usage": true,
	"lawful_basis": true, "methods_and_models": true, "system_input": true, "system_outputs": true,
	"performance": true, "limitations": true, "provider": true, "supplier_role": true, "cost": true,
	"source_data": true, "training_data": true, "non_discrimination": true,
	"data_access_and_storage": true, "data_sharing": true, "final_responsibility": true,
	"human_intervention": true, "required_training": true, "monitoring": true,
	"document_retention": true, "rollback": true, "notice_method": true,
	"automated_decision_scope": true, "objection_procedure": true, "opt_out": true,
	"public_consultation": true};
def codes: {"id": true, "contact_email": true, "contact_phone": true, "website": true,
	"url": true, "primary_users": true, "lang": true, "standard_version": true,
	"publication_date": true, "last_change_date": true, "revision_date": true, "status": true,
	"begin_date": true, "introduced_on": true, "trial_until": true, "end_date": true,
	"system_version": true, "decision_record": true, "service_type": true, "algorithm_type": true,
	"system_architecture": true, "procurement_ref": true, "publiccode": true, "personal_data": true,
	"processing_ground": true, "process_index_url": true, "automation_level": true,
	"automated_decision_notice": true, "camera_policy": true, "risk_category": true};
def lists: {"supervisor": true, "category": true, "tags": true, "government_list": true,
	"translations": true, "supplier_statements": true, "attachments": true, "affected_groups": true,
	"vulnerable_groups": true, "lawful_basis_grouping": true, "capability": true,
	"msit_confirmation": true, "source_data_grouping": true, "sensitive_attributes": true,
	"audit": true, "risk_basis": true, "assessments": true, "risks": true,
	"risk_management_plan": true, "impact_assessments": true, "assessment_exemption": true,
	"withheld": true, "conformity": true, "incidents": true};
# fields }}}
# Filled in by the register that imports, or about the register that exported.
def not_ours: {"id": true, "lang": true, "standard_version": true, "publication_date": true,
	"last_change_date": true, "department_slug": true, "department_name.ko": true,
	"department_name.en": true, "state": true, "version": true, "url_here": true,
	"source": true, "register": true};

# shared {{{ The same lines stand in every profile: a program can import nothing, and stock jq
# must run this file as it is. tests/unit/profile_test.c compares them.
# libjq 1.6 leaks where a generator is left early or a member deleted: no all, any, first, del.

# What a text may hold beyond words on one line: controls, odd white space, the invisible and the
# bidirectional; and what CommonMark could take for a mark. U+0001 stands before and after each
# text of a row: one look at all of them, as a look costs.
def unclean:
	"[\\x00\\x02-\\x09\\x0b-\\x1f\\x7f\\x{80}-\\x{a0}\\x{ad}\\x{61c}\\x{1680}"
	+ "\\x{2000}-\\x{200b}\\x{200e}\\x{200f}\\x{2028}-\\x{202f}\\x{205f}-\\x{206f}"
	+ "\\x{3000}\\x{fdd0}-\\x{fdef}\\x{feff}\\p{Cn}]";
def special: unclean + "|[\\x0a@<`*\\\\]|_x000D_|\\]\\(|\\]:|!\\[|  | _|\\x01[ #>=~+_-]| \\x01";
def is_plain:
	[.[] | strings] as $texts
	| ("\u0001" + ($texts | join("\u0001")) + "\u0001")
	| (split("\u0001") | length == ($texts | length) + 2) and (test(special) | not);

# A code point as what stands for it: lines and blanks as "\n" and " ", the invisible as nothing.
def clean_code:
	if . == 10 or (. >= 32 and . < 127) then .
	elif . == 11 or . == 12 or . == 133 or . == 8232 or . == 8233 then 10
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

# "_x000D_" is how spreadsheets write a carriage return into XML.
def clean:
	replace("_x000D_"; "") | replace("\r\n"; "\n") | replace("\r"; "\n")
	| if test(unclean) or contains("\u0001") then explode | map(clean_code) | implode else . end
	| trim;

def scrub:
	if contains("@") then
		gsub("[^\\s@<>()\\[\\]{},;:\"'|/\\\\]{1,64}@[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)+";
			"[e-mail removed]")
	else . end;

def one_line: if contains("\n") or contains("  ")
	then split("\n") | map(split(" ")[]) | map(select(. != "")) | join(" ") else . end;

# Plain text as CommonMark that reads the same: marks get a backslash, lists stay lists, and no
# line is indented, as four blanks would make it code. A single line break shows as a blank.
def stars: replace("*"; "\\*");
def md_line:
	trim
	| .[:2] as $start
	| if $start == "* " then "* " + (.[2:] | stars) else stars end
	| if $start == "" or ($start == "- " and .[2:3] != "-") then .
	elif $start == "-" or $start == "- " or $start == "--" then "\\" + .
	elif ("#>=~_" | contains($start[:1])) then "\\" + .
	else . end;
def md:
	replace("\\"; "\\\\") | replace("<"; "\\<") | replace("`"; "\\`") | replace("]("; "]\\(")
	| replace("]:"; "]\\:") | replace("!["; "!\\[") | replace(" _"; " \\_")
	| split("\n") | map(md_line) | join("\n");

# At most $max characters, cut at a blank; who cuts keeps the whole elsewhere.
def cut($max): if length <= $max then . else
	.[:$max - 1] | (split(" ")[:-1] | join(" ")) as $words
	| (if $words == "" then . else $words end) + "…" end;

def folds: {"à": "a", "á": "a", "â": "a", "ã": "a", "ä": "a", "å": "a", "ā": "a", "ă": "a",
	"ą": "a", "æ": "ae", "ç": "c", "ć": "c", "č": "c", "ď": "d", "đ": "d", "ð": "d", "è": "e",
	"é": "e", "ê": "e", "ë": "e", "ē": "e", "ė": "e", "ę": "e", "ě": "e", "ğ": "g", "ì": "i",
	"í": "i", "î": "i", "ï": "i", "ī": "i", "ı": "i", "ij": "ij", "ł": "l", "ñ": "n", "ń": "n",
	"ň": "n", "ò": "o", "ó": "o", "ô": "o", "õ": "o", "ö": "o", "ø": "o", "ō": "o", "ő": "o",
	"œ": "oe", "ř": "r", "ś": "s", "ş": "s", "š": "s", "ș": "s", "ß": "ss", "ť": "t", "ț": "t",
	"þ": "th", "ù": "u", "ú": "u", "û": "u", "ü": "u", "ū": "u", "ů": "u", "ű": "u", "ý": "y",
	"ÿ": "y", "ź": "z", "ż": "z", "ž": "z"};
def lower: # the Latin letters of `folds`: ascii_downcase leaves them
	if . >= 192 and . <= 222 and . != 215 then . + 32
	elif . >= 256 and . <= 311 and . % 2 == 0 then . + 1
	elif . >= 313 and . <= 327 and . % 2 == 1 then . + 1
	elif . >= 330 and . <= 375 and . % 2 == 0 then . + 1
	elif . == 376 then 255
	elif . >= 377 and . <= 381 and . % 2 == 1 then . + 1
	elif . == 536 or . == 538 then . + 1
	else . end;
# Letters and digits as [a-z0-9], a combining accent as nothing, all else as "-"; a letter with
# no Latin fold as "?".
def slug_code:
	if (. >= 97 and . <= 122) or (. >= 48 and . <= 57) then .
	elif . >= 65 and . <= 90 then . + 32
	elif . < 192 or . == 215 or . == 247 or (. >= 8192 and . <= 8303) then 45
	elif . >= 768 and . <= 879 then empty
	else ([lower] | implode) as $c | (folds[$c] // "?") | explode[] end;
def checksum: reduce explode[] as $c (7; (. * 257 + $c) % 99999989) | tostring;
# ^[a-z0-9]+(-[a-z0-9]+)*$ of at most $max characters. What is cut or has a letter that Latin
# lacks also gets a checksum of the name, so that two such names stay two.
def slug($max):
	(explode | map(slug_code) | implode) as $raw
	| ($raw | split("-") | map(split("?")[]) | map(select(. != "")) | join("-")) as $slug
	| if $slug != "" and ($slug | length) <= $max and ($raw | contains("?") | not) then $slug
	else ($slug[:$max - 9] | split("-") | map(select(. != ""))) + [checksum] | join("-") end;
# The readable part of a system's slug; the register adds what makes it the only one.
def slug_hint: slug(10000)[:60] | rtrimstr("-");

# A row made ready: every column there, and a clean text without e-mail addresses. `odd` names
# the columns that are not plain words, so that only they go through the steps below; `lost`
# says what the row held beyond that, for "dropped".
def prepared($known):
	(if keys == $known then [] else keys - $known end) as $unknown
	| (if $unknown == [] and length == ($known | length) then .
		else . as $row | reduce $known[] as $k ({};
			.[$k] = ($row[$k] | if . == null then "" else . end)) end)
	| if ([.[] | strings] | length) == ($known | length) and is_plain then
		{row: ., odd: [], lost: $unknown}
	else reduce keys[] as $k ({row: ., odd: [], lost: $unknown};
		if .row[$k] == "" or (.row[$k] | type == "string" and ([.] | is_plain)) then .
		else
			(.row[$k] | if type == "string" then clean else tojson end) as $clean
			| .row[$k] = ($clean | scrub)
			| .odd += [$k]
			| if .row[$k] == $clean then . else .lost += [$k + ":email"] end
		end) end;
def lines: .odd as $odd | .row | reduce $odd[] as $k (.; .[$k] |= one_line);
def marked: .odd as $odd | .row | reduce $odd[] as $k (.; .[$k] |= md);

# What is being made is {record, notes}: the notes become the description's paragraphs.
def tell($title; $text): if $text == "" then . else .notes += ["**\($title):** \($text)"] end;

# A text into a field; what is too long for it stands there cut, and whole in the notes.
# $marked is the text as Markdown; in a plain row the two are the same.
def put($lang; $field; $max; $title; $text; $marked):
	if $text == "" then . else
		.record[$field] = {($lang): ($text | cut($max))}
		| if ($text | length) <= $max then . else tell($title; $marked) end
	end;
# A whole table of them: [[column, field, most characters, title], …].
def fill($lang; $table; $row; $marked): reduce $table[] as [$column, $field, $max, $title] (.;
	if $row[$column] == "" then .
	else put($lang; $field; $max; $title; $row[$column]; $marked[$column]) end);

def is_url: length <= 2000 and test("^https?://[^\\s<>\"\\\\]+$");

def problem($rule; $field; $ko; $en):
	{error: {rule: $rule, field: $field, message: {ko: $ko, en: $en}}};
def missing($field): problem("missing"; $field; "\($field) 값이 없습니다."; "There is no \($field).");
# The notes become the description; nothing is cut there, as there is no longer field.
def described($lang; $most): (.notes | join("\n\n")) as $text
	| if $text == "" then . else .record.description = {($lang): $text} end
	| if ($text | length) <= $most then . else
		problem("too_long"; "description"; "설명으로 옮길 내용이 \($most)자를 넘습니다.";
			"What goes into the description is longer than \($most) characters.") end;
# shared }}}

def parsed: try fromjson catch null;
def not_json($field): problem("not_json"; $field; "\($field) 칸의 내용이 올바른 JSON이 아닙니다.";
	"The cell \($field) is no valid JSON.");
# A list is JSON, as our export writes it; one of words or codes may also be "a; b", or a word a line.
# No code has a comma in it, so that commas separate codes, too. In a word a comma alone may be part of
# it: then the list that it would be is shown.
def lists_of_words: {"category": true, "tags": true, "affected_groups": true, "capability": true,
	"sensitive_attributes": true};
def lists_of_codes: {"vulnerable_groups": true};
def commas: test("[,，、]");
def words: split("\n") | join(";") | split(";") | map(trim) | map(select(. != ""));
def by_commas: split("，") | join(",") | split("、") | join(",") | split(",") | join(";") | words;
def list($field; $lang): parsed as $value
	| if $value | type == "array" or type == "object" then $value
	elif (lists_of_words[$field] or lists_of_codes[$field] | not) or test("[\\[\\]{}\"]") then null
	elif lists_of_codes[$field] then (if test("[;\\n]") then words else by_commas end)
	elif test("[;\\n]") or (commas | not) then words | map({($lang): .})
	else null end;
def not_a_list($field; $cell):
	if lists_of_words[$field] or lists_of_codes[$field] | not then problem("not_json"; $field;
		"\($field) 칸은 여러 부분으로 된 목록(JSON)입니다: [{\"…\":\"…\"}]. 내려받은 파일의 다른 행에서 본보기를 볼 수 있고, 비워 두었다가 초안에서 적어도 됩니다.";
		"The cell \($field) is a list of several parts (JSON): [{\"…\":\"…\"}]. Other rows of a downloaded sheet show how; or leave it empty, and write it in the draft.")
	elif $cell | test("[\\[{\"]") then problem("not_json"; $field;
		"\($field) 칸의 목록(JSON)에 잘못된 데가 있습니다. [{\"…\":\"…\"}]처럼 고치거나, 대괄호와 따옴표 없이 낱말만 쌍반점(;)으로 나누어 적으십시오.";
		"The list (JSON) in the cell \($field) is not valid. Correct it, like [{\"…\":\"…\"}], or write the words alone, without brackets and quotes, with semicolons between.")
	else ($cell | by_commas[:5] | join("; ")) as $example | problem("comma"; $field;
		"\($field) 칸의 쉼표가 여럿을 나누는 것인지 한 낱말에 든 것인지 알 수 없습니다. 여럿이면 쌍반점(;)이나 줄바꿈으로 나누어 적고(\($example)), 하나이면 끝에 쌍반점을 붙이십시오(\($cell[:60]);).";
		"A comma in the cell \($field) may separate two words or belong to one. Separate several with semicolons or line breaks (\($example)); end a single one with a semicolon (\($cell[:60]);).") end;
def is_slug: test("^[a-z0-9]+(-[a-z0-9]+)*$") and length <= 80;

# Every cell as clean as `clean` makes it. Most rows need no more than trimming, and one look at all of
# a row tells, as a look costs; so does an object for each cell, as with_entries makes it.
def cells:
	([.[] | strings] | join(" ")) as $all
	| ($all | contains("\u0001") or contains("_x000D_") or test(unclean)) as $unclean
	| . as $row
	| reduce keys_unsorted[] as $column (.; $row[$column] as $cell
		| if $cell == "" then .
		else ($cell | if type == "string" then (if $unclean then clean else trim end)
			elif . == null then "" else tojson end) as $text
			| if $text == $cell then . else .[$column] = $text end end);

# What is being made is {record, dropped, error?}.
def put($column; $cell; $lang):
	($column | split(".")) as $name
	| if $cell == "" or not_ours[$column] then .
	elif ($name | length) == 2 and texts[$name[0]] then .record[$name[0]][$name[1]] = $cell
	elif codes[$column] then .record[$column] = ($cell | one_line)
	elif lists[$column] then ($cell | list($column; $lang)) as $value
		| if $value == null then .error = not_a_list($column; $cell).error
		else .record[$column] = $value end
	elif $column == "other_languages" then ($cell | parsed) as $value
		| if $value | type != "object" then .error = not_json($column).error
		else reduce ($value | keys[]) as $field (.;
			if texts[$field] and ($value[$field] | type == "object") then
				.record[$field] = ((.record[$field] // {}) + $value[$field])
			else .dropped += ["other_languages." + $field] end) end
	else .dropped += [$column] end;

# A row without an address is known by its name.
def name_of($record): [$record.name | objects | .[] | strings] | .[0] // "";
# Of a Korean name the program makes an address that can be read; `slug_before` is what it was. Single
# letters (ㅋㅋ) cannot be read out: as other signs without Latin letters, they make a number.
def is_korean: test("[가-힣]");
def department($row; $record):
	{ko: $row["department_name.ko"], en: $row["department_name.en"]}
	| with_entries(select(.value != null and .value != "")) as $own
	| (if $own != {} then $own else $record.department // $record.organization end) as $name
	| if $name == null then null else
		{slug: (if ($row.department_slug // "") | is_slug then $row.department_slug
			elif [$name[]] | .[0] | is_korean then null
			else "csv-" + ([$name[]] | .[0] | slug(76)) end), name: $name} end;

# Another register's row says in what state its system is; this register knows that of its own. A sheet has
# no column for the reason and the successor.
def ended($row; $id):
	if ($id | is_slug) and ($row.register // "") != "" then
		if $row.state == "retired" then {state: {state: "retired", reason: {
			ko: "가져온 목록에 종료된 시스템으로 적혀 있습니다.",
			en: "The list from which it comes calls it retired."}}}
		elif $row.state == "suspended" then {state: {state: "suspended", reason: {
			ko: "가져온 목록에 사용이 중지된 시스템으로 적혀 있습니다.",
			en: "The list from which it comes calls it suspended."}}}
		else {} end
	else {} end;

if type != "object" then problem("not_an_object"; null; "객체가 아닙니다."; "Not an object.") else
	cells
	| . as $row
	| (if ($row["name.ko"] // "") == "" and ($row["name.en"] // "") != "" then "en" else "ko" end) as $lang
	| reduce keys[] as $column ({record: {}, dropped: []}; put($column; $row[$column]; $lang))
	| .record as $record | .dropped as $dropped
	| ($row.id // "") as $id
	| (if $id != "" then $id else name_of($record) end) as $key
	| (if $key == "" then {} else {key: $key} end) as $keyed
	| if .error then {error} + $keyed
	elif name_of($record) == "" then missing("name") + $keyed
	elif department($row; $record) == null then missing("department_slug") + $keyed
	else {
		id: (if $id == "" then null else $id end),
		key: $key,
		key_if_repeated: "\($key)|\(name_of($record))",
		slug_hint: (if $id | is_slug then $id elif $key | is_korean then null else $key | slug_hint end),
		of: (if $id | is_slug then {register: ($row.register // ""), system: $id,
			version: ($row.version // "" | if test("^[0-9]{1,9}$") then tonumber else null end),
			says: ({department_slug: $row.department_slug, publication_date: $row.publication_date,
				last_change_date: $row.last_change_date, state: $row.state}
				| with_entries(select(.value != null and .value != "")))}
			else null end),
		department: department($row; $record),
		record: $record,
		dropped: $dropped
	} + ended($row; $id) + (if ($id | is_slug | not) and ($key | is_korean) then {slug_before: ($key | slug_hint)} else {} end) end
end
