# map.jq - one algorithm of the Dutch national register (algoritmes.overheid.nl, as fetched by
# github.com/schellevis/algoritmeregister) as one record. README.md says what goes where and why.

# Sorted, as `keys` gives them.
def columns: ["doel", "geregistreerd", "id", "impactassessment", "juridische_basis", "organisatie",
	"status", "title", "toegevoegd", "url"];
# They speak of the entry, not of the algorithm: kept out, so that a date alone makes no version.
def entry_columns: ["geregistreerd", "toegevoegd"];
def text_fields: [
	["title", "name", 100, "Volledige titel"],
	["organisatie", "organization", 200, "Organisatie"]];
def markdown_fields: [
	["doel", "goal", 2500, "Doel"],
	["juridische_basis", "lawful_basis", 2500, "Juridische basis"]];
def statuses: {"in_gebruik": "in_use", "ontwikkeling": "development", "buiten_gebruik": "retired"};
def assessments: {
	"Ja": [{"kind": "other", "summary": {"nl": "Ja, volgens het Algoritmeregister."}}],
	"Nee": [{"kind": "none", "summary": {"nl": "Nee, volgens het Algoritmeregister."}}]};

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

# A value with a meaning of its own in the standard, else a note in the description.
def choice($field; $value; $title; $text):
	if $value != null then .record[$field] = $value else tell($title; $text) end;

def filled($row; $marked):
	{record: {}, notes: []}
	| fill("nl"; text_fields; $row; $marked)
	| fill("nl"; markdown_fields; $marked; $marked)
	| choice("status"; statuses[$row.status]; "Status"; $marked.status)
	| choice("impact_assessments"; assessments[$row.impactassessment]; "Impacttoets";
		if $row.impactassessment == "Onbekend" then "" else $marked.impactassessment end)
	| choice("url"; if $row.url | is_url then $row.url else null end; "Koppeling"; $marked.url)
	| described("nl"; 5000);

# What tells a row from others where its id does not.
def words($row): "\($row.organisatie)|\($row.title)";
# A row that becomes no record still tells its key where it has one: what is in the file is not
# gone from the source.
def with_key($row):
	if $row.id != "" then .key = $row.id
	elif $row.organisatie == "" or $row.title == "" then .
	else .key = words($row) end;
def mapped($row; $marked; $lost):
	filled($row; $marked)
	| if .error then with_key($row) else {
		id: (if $row.id == "" then null else $row.id end),
		key: (if $row.id == "" then words($row) else $row.id end),
		key_if_repeated: ((if $row.id == "" then "" else $row.id + "|" end) + words($row)),
		slug_hint: ("nl-" + (if $row.id == "" then $row.title else $row.id end
			| slug_hint)),
		department: {slug: ("nl-" + ($row.organisatie | slug(77))),
			name: {nl: $row.organisatie}},
		record: .record,
		dropped: ([entry_columns[] | select($row[.] != "")] + $lost)
	} end;

if type != "object" then problem("not_an_object"; null; "객체가 아닙니다."; "Not an object.") else
	prepared(columns)
	| .lost as $lost
	| lines as $row
	| marked as $marked
	| if $row.title == "" then missing("title") | with_key($row)
	elif $row.organisatie == "" then missing("organisatie") | with_key($row)
	else mapped($row; $marked; $lost) end
end
