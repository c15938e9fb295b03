# map.jq - one algorithm of the Dutch Publicatiestandaard 1.0 (JSON) as one record. README.md
# says what goes where and why.

# Sorted, as `keys` gives them. The lists are taken out before, and contact_email.
def columns: ["begin_date", "description_short", "end_date", "goal", "human_intervention",
	"impacttoetsen", "lang", "lars", "lawful_basis", "methods_and_models", "name",
	"organization", "process_index_url", "proportionality", "provider", "publication_category",
	"publiccode", "risks", "source_data", "source_id", "standard_version", "status", "tags", "url",
	"website"];
def lists: ["category", "impacttoetsen_grouping", "lawful_basis_grouping",
	"source_data_grouping"];
# They speak of the entry, not of the algorithm: kept out, so that they alone make no version.
def entry_columns: ["code", "create_dt", "id", "language", "last_update_dt", "owner", "published",
	"publication_dt", "standard_version"];
def text_fields: [
	["name", "name", 100, "Volledige naam"],
	["organization", "organization", 200, "Organisatie"],
	["description_short", "description_short", 350, "Korte omschrijving"],
	["provider", "provider", 500, "Leverancier"]];
def markdown_fields: [
	["goal", "goal", 2500, "Doel en impact"],
	["proportionality", "proportionality", 5000, "Afwegingen"],
	["human_intervention", "human_intervention", 5000, "Menselijke tussenkomst"],
	["lawful_basis", "lawful_basis", 2500, "Wettelijke basis"],
	["source_data", "source_data", 5000, "Gegevens"],
	["methods_and_models", "methods_and_models", 5000, "Technische werking"]];
def url_fields: [["website", "website", "Website"], ["url", "url", "Link naar bronregistratie"],
	["process_index_url", "process_index_url", "Link naar verwerkingsregister"],
	["publiccode", "publiccode", "Link naar broncode"]];
def tags_of: {"NLD": "nl", "ENG": "en", "FRY": "fy"};
def statuses: {"In ontwikkeling": "development", "In gebruik": "in_use",
	"Buiten gebruik": "retired"};
# Only A says a level of ours; B and C stay as a basis.
def levels: {
	"Hoog-risico AI-systeem": ["high", "hoog-risico-ai-systeem"],
	"Impactvolle algoritmes": [null, "impactvolle-algoritmes"],
	"Overige algoritmes": [null, "overige-algoritmes"]};
def kinds: {
	"Data Protection Impact Assessment (DPIA)": "dpia",
	"Fundamental Rights Impact Assessment (FRIA)": "fria",
	"Fundamental Rights and Impact Assessment (FRIA)": "fria",
	"AI Impact Assessment (AIIA)": "ai_impact_assessment",
	"AI Ympact Assessment (AIIA)": "ai_impact_assessment",
	"Privacy Quickscan": "privacy_scan", "Pre-scan DPIA": "privacy_scan",
	"DPIA foarôf scan": "privacy_scan", "Geen": "none", "None": "none", "Gjin": "none"};
# What the register's editor writes into long texts; `<` of anything else stays as it is.
def layout: "</?(p|br|ul|ol|li|strong|em|b|i|u|div|span)( [^<>]*)?/?>";

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

def unlaid: if type == "string" and contains("<") and test(layout) then
		gsub("</p>|</div>|</ul>|</ol>"; "\n\n") | gsub("<br */?>"; "\n") | gsub("<li( [^<>]*)?>"; "\n- ")
		| gsub(layout; "")
		| replace("&nbsp;"; " ") | replace("&lt;"; "<") | replace("&gt;"; ">")
		| replace("&quot;"; "\"") | replace("&#39;"; "'") | replace("&amp;"; "&")
		| gsub("\n[ \n]*\n"; "\n\n")
	else . end;
# jq 1.6's index() of a list leaks.
def is_one_of($list): . as $one | [$list[] | select(. == $one)] != [];
def one_text: if type == "string" then clean | scrub | one_line else "" end;
def objects_of: if type == "array" then [.[] | objects] else [] end;

def add_status($row; $marked):
	statuses[$row.status] as $status
	| (if $status then .record.status = $status else tell("Status"; $marked.status) end)
	| reduce (["begin_date", "Begindatum"], ["end_date", "Einddatum"]) as [$field, $title] (.;
		if $row[$field] | test("^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$") then .record[$field] = $row[$field]
		elif $row[$field] | test("^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-[0-9]{2}$") then
			.record[$field] = $row[$field][:7]
		else tell($title; $marked[$field]) end);

def add_urls($row; $marked): reduce url_fields[] as [$column, $field, $title] (.;
	if $row[$column] | is_url then .record[$field] = $row[$column]
	else tell($title; $marked[$column]) end);

def add_level($row; $marked; $lang):
	levels[$row.publication_category] as $level
	| if $level == null then tell("Publicatiecategorie"; $marked.publication_category)
	else (if $level[0] then .record.risk_category = $level[0] else . end)
		| .record.risk_basis = [{policy: "nl-publicatiestandaard", rule: $level[1],
			justification: {($lang): $row.publication_category}}] end;

# A paragraph is a risk: the source does not say which sentences are measures against it.
def add_risks($marked; $lang):
	($marked.risks | split("\n\n") | map(trim | select(. != ""))) as $paragraphs
	| if $paragraphs == [] then .
	elif ($paragraphs | length) > 50 or ($paragraphs | map(select(length > 1500))) != [] then
		.record.risks = [{risk: {($lang): ($marked.risks | cut(1500))}}]
		| tell("Risicobeheer"; $marked.risks)
	else .record.risks = [$paragraphs[] | {risk: {($lang): .}}] end;

def add_category($list; $lang):
	([$list | if type == "array" then .[] else . end | one_text | select(. != "")]) as $all
	| if $all == [] then . else .record.category = [$all[:50][] | {($lang): cut(100)}] end;
def add_links($list; $field; $lang):
	([$list | objects_of[] | {title: (.title | one_text), url: (.link | one_text)}
		| (if .url | is_url then . else {title} end)
		| select(.title != "") | .title = {($lang): (.title | cut(300))}]) as $all
	| if $all == [] then . else .record[$field] = $all[:50] end;
# "none" carries why none was done; the others' summary is not in the source.
def add_assessments($list; $row; $lang):
	([$list | objects_of[] | {title: (.title | one_text), link: (.link | one_text)}
		| select(.title != "")
		| {kind: (kinds[.title] // "other"), title: {($lang): (.title | cut(300))}}
			+ if .link | is_url then {url: .link} else {} end]) as $all
	| ($row.impacttoetsen | one_line) as $why
	| (if $why == "" then $all
		elif [$all[] | select(.kind == "none")] == [] then
			$all + [{kind: "none", summary: {($lang): ($why | cut(1000))}}]
		else [$all[] | if .kind == "none" then .summary = {($lang): ($why | cut(1000))} else . end] end) as $all
	| if $all == [] then . else .record.impact_assessments = $all[:50] end
	| if ($why | length) > 1000 then tell("Toelichting op impacttoetsen"; $why | md) else . end;

def add_tags($row; $lang):
	([$row.tags | split(",")[] | trim | select(. != "")]) as $all
	| if $all == [] then . elif ($all | length) <= 50 and ($all | map(select(length > 100))) == [] then
		.record.tags = [$all[] | {($lang): .}]
	else tell("Trefwoorden"; $row.tags | md) end;

def filled($row; $marked; $contact; $list; $lang):
	{record: {}, notes: []}
	| fill($lang; text_fields; $row; $marked)
	| fill($lang; markdown_fields; $marked; $marked)
	| (if $contact then .record.contact_email = $contact else . end)
	| add_status($row; $marked) | add_urls($row; $marked) | add_level($row; $marked; $lang)
	| add_risks($marked; $lang)
	| add_category($list.category; $lang)
	| add_links($list.lawful_basis_grouping; "lawful_basis_grouping"; $lang)
	| add_links($list.source_data_grouping; "source_data_grouping"; $lang)
	| add_assessments($list.impacttoetsen_grouping; $row; $lang)
	| add_tags($row; $lang)
	| described($lang; 5000);

def words($row): "\($row.organization)|\($row.name)";
# The Dutch register's number; else the organisation's own; else who and what it is.
def key_of($row):
	if $row.lars | test("^[0-9]+$") then "lars " + $row.lars
	elif $row.source_id != "" then $row.source_id
	else null end;
def with_key($row): key_of($row) as $key
	| if $key then .key = $key
	elif $row.organization == "" or $row.name == "" then .
	else .key = words($row) end;
# An own number that is an address already stays it, so that an export keeps its addresses.
def hint($row):
	if $row.source_id | test("^[a-z0-9]+(-[a-z0-9]+)*$") and length <= 60 then $row.source_id
	elif $row.lars | test("^[0-9]+$") then "nl-" + $row.lars
	else "nl-" + (if $row.source_id == "" then $row.name else $row.source_id end | slug_hint) end;
def mapped($row; $marked; $contact; $list; $lang; $lost):
	key_of($row) as $id
	| filled($row; $marked; $contact; $list; $lang)
	| if .error then with_key($row) else {
		id: $id,
		key: ($id // words($row)),
		key_if_repeated: ((if $id then $id + "|" else "" end) + words($row)),
		slug_hint: hint($row),
		department: {slug: ("nl-" + ($row.organization | slug(77))),
			name: {($lang): $row.organization}},
		record: .record,
		dropped: $lost
	} end;

if type != "object" then problem("not_an_object"; null; "객체가 아닙니다."; "Not an object.") else
	. as $whole
	| (.contact_email | if type == "string" then clean else "" end) as $contact
	| with_entries(select(.value != null) | select(.key | is_one_of(["contact_email"] + lists + entry_columns) | not)
		| .value |= unlaid)
	| .standard_version = ""
	| prepared(columns)
	| .lost as $lost
	| lines as $row
	| marked as $marked
	| (tags_of[$row.lang | ascii_upcase] // "nl") as $lang
	# A functional mailbox or a page, as the standard asks; anything else is left out.
	| (if $contact | is_url and (contains("@") | not) then $contact
		elif $contact | test("^[^\\s@<>()\\[\\],;:\"]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$") then $contact
		else null end) as $page
	| ($lost + ([entry_columns[] | select($whole[.] != null and . != "standard_version")])
		+ if $contact == "" or $page then [] else ["contact_email"] end) as $lost
	| if $row.name == "" then missing("name") | with_key($row)
	elif $row.organization == "" then missing("organization") | with_key($row)
	else mapped($row; $marked; $page; $whole; $lang; $lost) end
end
