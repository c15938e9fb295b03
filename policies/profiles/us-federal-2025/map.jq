# map.jq - one use case of the US federal AI use case inventory 2025 (OMB's consolidated CSV) as
# one record. README.md says what goes where and why.

# Sorted, as `keys` gives them.
def columns: ["HI_justification", "agency", "agency_bureau", "agency_name", "benefits",
	"classification", "code_url", "contact_email", "contracting_usage", "data_description",
	"demographic_features", "development_stage", "has_custom_code", "has_pii", "have_ato",
	"hi_appeal_process", "hi_assessment_completed", "hi_failsafe_presence",
	"hi_independent_review", "hi_ongoing_monitoring", "hi_potential_impacts",
	"hi_public_consultation", "hi_testing_conducted", "hi_training_established", "id",
	"is_high_impact", "is_withheld", "link_to_data", "operational_date", "pia_url",
	"problem_solved", "system_name_ato", "system_outputs", "topic_area", "use_case_name",
	"vendor_name"];

# The columns that a field takes as they are; the last text is their name in the description,
# where a text goes whole that is too long for its field.
def text_fields: [
	["use_case_name", "name", 100, "Full name"],
	["agency_name", "organization", 200, "Agency"],
	["agency_bureau", "department", 200, "Bureau or component"],
	["vendor_name", "provider", 500, "Vendor"]];
def markdown_fields: [
	["problem_solved", "goal", 2500, "Problem to be solved"],
	["benefits", "benefit", 2500, "Expected benefits"],
	["system_outputs", "system_outputs", 2500, "Outputs"],
	["data_description", "source_data", 5000, "Data"],
	["hi_potential_impacts", "impact", 2500, "Potential impacts"]];
# Columns without a field: told in the description under these names.
def told: [
	["is_withheld", "Withheld from public reporting", "No"],
	["system_name_ato", "System named in the authorization to operate (ATO)", ""],
	["has_custom_code", "Custom-developed code", ""]];

# OMB shortened the inventory's answers; these are the ones agencies chose from. (Long lines: jq
# makes a table once only where it holds nothing to work out.)
def answers: {
	"In-progress": "In progress.",
	"CAIO Waived": "The agency's CAIO has waived this minimum practice and reported the waiver to OMB.",
	"Yes - Monitoring Established": "Yes, sufficient monitoring protocols have been established.",
	"Training Established": "Yes, sufficient and periodic training has been established.",
	"Training In-progress": "Establishment of sufficient and periodic training is in progress.",
	"Appeal Process Established": "Yes, an appropriate appeal process has been established.",
	"Appeal Process In-progress": "Establishment of an appropriate appeal process is in progress.",
	"Appeal Precluded by Law": "Law, operational limitations, or governmentwide guidance precludes an opportunity for an individual to appeal.",
	"Not Applicable": "Not applicable.",
	"Usability Testing": "Direct usability testing",
	"Public Feedback Solicitations": "General solicitations of feedback and comments from the public",
	"Public Hearings": "Public hearings or meetings",
	"Vendor Purchased": "Purchased from a vendor",
	"In-house Development": "Developed in-house",
	"Contracting and In House": "Developed with both contracting and in-house resources",
	"Yes - Disclosure Risk": "Yes: the agency has determined that there is a risk to disclosure, such as a harm to an interest protected by a FOIA exemption.",
	"Yes - Prohibited by Law": "Yes: disclosure is prohibited by law.",
	"Internal Independent Review": "Another agency office or reviewer not directly involved in the AI's development",
	"Oversight Board Review": "Agency AI oversight board not directly involved in the AI's development",
	"CAIO Review": "Chief AI Officer (CAIO)",
	"Admin Functions": "Administrative Functions",
	"Administrative functions": "Administrative Functions",
	"Emergency Mgmt": "Emergency Management",
	"Energy and Environment": "Energy and the Environment",
	"Benefits Processing": "Government Benefits Processing",
	"HR": "Human Resources",
	"IT": "Information Technology",
	"Procurement and Finance Mgmt": "Procurement and Financial Management",
	"Classical ML": "Classical/Predictive Machine Learning",
	"NLP": "Natural Language Processing"};
# [column, field, title, what the answer needs before it to be understood].
def practices: [
	["hi_testing_conducted", "performance", "Pre-deployment testing",
		"Pre-deployment testing conducted: "],
	["hi_ongoing_monitoring", "monitoring", "Monitoring", ""],
	["hi_training_established", "required_training", "Training", ""],
	["hi_failsafe_presence", "rollback", "Fail-safe", "Appropriate fail-safe: "],
	["hi_appeal_process", "objection_procedure", "Appeal process", "Appeal process: "]];

def statuses: {"Pre-deployment": "development", "Pilot": "pilot", "Deployed": "in_use",
	"Retired": "retired"};
# Only where the answer says it: language, vision and agents can be rules or models.
def algorithm_types: {"Classical ML": "self_learning", "Reinforcement Learning": "self_learning",
	"Generative AI": "generative"};
def pii: {"Yes": "identified", "No": "none"};
# "Not high-impact" is not a level of ours: it may be limited or minimal. It stays as a basis.
def levels: {
	"High-impact": ["high", "high-impact", "High-impact"],
	"Presumed High-Impact, but Not High-impact": ["limited", "presumed-not-high-impact",
		"Presumed high-impact, but determined not high-impact"],
	"Not High-impact": [null, "not-high-impact", "Not high-impact"]};
def months: {"Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
	"Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12"};

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

def unlettered: if .[1:3] == ") " then .[3:] else . end; # the form's letter: "b) Sex"
def answer: unlettered | answers[.] // .;
def sentence: answer | if . == "" or endswith(".") then . else . + "." end;
def short($field; $title; $text; $marked): # a list of one text
	put("en"; $field; 100; $title; $text; $marked) | .record[$field] |= [.];

# The list that Python prints as "['a', \"b's\"]"; a text that is none is its only item.
def unescaped: split("\\") as $parts
	| reduce range(1; $parts | length) as $i ({text: $parts[0], literal: false};
		$parts[$i] as $p
		| if .literal then .text += $p | .literal = false
		elif $p == "" then .text += "\\" | .literal = true
		elif $p[:1] == "n" or $p[:1] == "r" or $p[:1] == "t" then .text += " " + $p[1:]
		elif $p[:1] == "'" or $p[:1] == "\"" then .text += $p
		elif ($p | test("^x[0-9a-f]{2}")) then
			.text += ("\"\\u00\($p[1:3])\"" | fromjson | clean) + $p[3:]
		elif ($p | test("^u[0-9a-f]{4}")) then
			.text += ("\"\\u\($p[1:5])\"" | fromjson | clean) + $p[5:]
		else .text += "\\" + $p end)
	| .text;
def python_list:
	if . == "[]" or . == "" then []
	elif startswith("[") and endswith("]") | not then [.]
	elif startswith("['") and endswith("']") and (contains("\\") or contains("\"") | not) then
		.[2:-2] | split("', '")
	else [match("'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\""; "g").captures
		| (.[0].string // .[1].string) | unescaped] end;
def items: python_list | map(unlettered | one_line) | map(select(. != ""));

# The month of the many ways to write a date here; null where there is none ("2025").
def month:
	(if .[4:5] == "-" then .[:7]
	elif contains("/") then split(" ")[0] | split("/") | "\(.[-1])-\("0" + .[0] | .[-2:])"
	elif contains("-") then split("-")
		| (if .[1] < "50" then "20" else "19" end) + .[1] + "-" + (months[.[0]] // "")
	else . end)
	| if test("^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$") then . else null end;

# All addresses of a cell that holds nothing else; [] of any other.
def urls:
	if contains("://") | not then []
	else [split(";")[] | split(",")[] | split("\n")[] | split(" ")[]
			| select(. != "" and . != "/")]
		| if map(select(is_url | not)) == [] then . else [] end end;

# An id names its agency, or is made to: "35" is one thing at EPA and another at NSF. An id
# without a digit ("TBD") is none.
def scoped_id($agency):
	if test("[0-9]") | not then null
	elif ascii_downcase | startswith($agency | ascii_downcase) then .
	else "\($agency) ID \(.)" end;

def add_status($row; $marked):
	($row.operational_date | if . == "" then null else month end) as $month
	| (if $month and $row.development_stage != "Pre-deployment" then .record.begin_date = $month
		else tell("Operational date"; $marked.operational_date) end)
	| statuses[$row.development_stage] as $status
	| if $status then .record.status = $status
	else tell("Stage of development"; $marked.development_stage) end;

def add_kind($row; $marked):
	(if $row.topic_area == "" then . else
		short("category"; "Topic area"; $row.topic_area | answer; $marked.topic_area) end)
	| (if $row.classification == "" then . else short("capability"; "AI classification";
		$row.classification | answer; $marked.classification) end)
	| algorithm_types[$row.classification] as $type
	| (if $type then .record.algorithm_type = $type else . end)
	| put("en"; "supplier_role"; 500; "Contracting"; $row.contracting_usage | answer;
		$marked.contracting_usage)
	| pii[$row.has_pii] as $pii
	| if $pii then .record.personal_data = $pii
	else tell("Personally identifiable information"; $marked.has_pii) end;

def add_risk($row; $marked):
	levels[$row.is_high_impact] as $level
	| ([$level[2] // $row.is_high_impact, $row.HI_justification]
		| map(select(. != "")) | join(": ")) as $why
	| if $why == "" then . else
		(if $level[0] then .record.risk_category = $level[0] else . end)
		| .record.risk_basis = [
			{policy: "us-omb-m-25-21", justification: {en: ($why | cut(1000))}}
			+ if $level then {rule: $level[1]} else {} end]
		| if ($why | length) <= 1000 then .
		else tell("Justification"; $marked.HI_justification) end
	end;

def add_practices($marked):
	reduce practices[] as [$column, $field, $title, $before] (.;
		if $marked[$column] == "" then . else
			($before + ($marked[$column] | sentence)) as $text
			| put("en"; $field; 2500; $title; $text; $text) end);

def add_review($row; $marked):
	if $row.hi_independent_review | endswith(" Review") then
		.record.audit = [{auditor: {en: ($row.hi_independent_review | answer | cut(200))},
			result: {en: "An independent review has been conducted."}}]
	else tell("Independent review"; $marked.hi_independent_review | sentence) end;

def add_consultation($row):
	($row.hi_public_consultation | items | map("- " + (answer | md)) | join("\n")) as $steps
	| put("en"; "public_consultation"; 2500; "Consultation"; $steps; $steps);

def add_attributes($row):
	($row.demographic_features | items
		| map(if . == "None of the above" then "None" else . end)) as $all
	| if $all == [] then .
	elif ($all | length) <= 50 and ($all | map(select(length > 100))) == [] then
		.record.sensitive_attributes = ($all | map({en: .}))
	else tell("Demographic variables"; $all | join("; ") | md) end;

def assessed: {"Yes": "Completed.", "In-progress": "In progress.", "No": "Not completed."};
def add_assessments($row; $marked):
	($row.pia_url | urls) as $urls
	| ([$row.hi_assessment_completed | select(. != "")
			| {kind: "ai_impact_assessment",
				summary: {en: (assessed[.] // sentence | cut(1000))}}]
		+ ($urls | map({kind: "dpia", title: {en: "Privacy impact assessment (PIA)"},
			summary: {en: "Published by the agency."}, url: .}))) as $all
	| (if $all == [] then . else .record.impact_assessments = $all end)
	| if $urls == [] then tell("Privacy impact assessment"; $marked.pia_url) else . end;

def add_links($row; $marked):
	($row.code_url | urls) as $code
	| ($row.link_to_data | urls) as $data
	| (if ($code | length) == 1 then .record.publiccode = $code[0]
		else tell("Source code"; $marked.code_url) end)
	| (if $data == [] then tell("Link to the data"; $marked.link_to_data) else
		.record.source_data_grouping = ($data
			| map({title: {en: (split("/")[2] | cut(300))}, url: .})) end)
	| if $row.have_ato == "Yes" then .record.conformity = [{kind: "authorisation"}]
	else tell("Authorization to operate (ATO)"; $marked.have_ato) end;

def filled($row; $marked; $contact):
	{record: {}, notes: []}
	| fill("en"; text_fields; $row; $marked)
	| fill("en"; markdown_fields; $marked; $marked)
	| (if $contact then .record.contact_email = $contact else . end)
	| add_status($row; $marked) | add_kind($row; $marked) | add_risk($row; $marked)
	| add_practices($marked) | add_review($row; $marked) | add_consultation($row)
	| add_attributes($row) | add_assessments($row; $marked) | add_links($row; $marked)
	| reduce told[] as [$column, $title, $silent] (.;
		if $row[$column] == $silent then . else tell($title; $marked[$column] | answer) end)
	| described("en"; 5000);

# What tells a row from others where its id does not.
def words($row): "\($row.agency)|\($row.agency_bureau)|\($row.use_case_name)";
# A row that becomes no record still tells its key where it has one: what is in the file is not
# gone from the source.
def with_key($row):
	(if $row.agency == "" then null
		else ($row.id | scoped_id($row.agency))
			// (if $row.use_case_name == "" then null else words($row) end)
		end) as $key
	| if $key then .key = $key else . end;
def mapped($row; $marked; $contact; $lost):
	($row.id | scoped_id($row.agency)) as $id
	| filled($row; $marked; $contact)
	| if .error then with_key($row) else {
		id: $id,
		key: ($id // words($row)),
		key_if_repeated: (if $id then "\($id)|\(words($row))" else words($row) end),
		slug_hint: ("us-" + ($id // "\($row.agency) \($row.use_case_name)" | slug_hint)),
		department: {slug: ("us-" + ($row.agency | slug(77))),
			name: {en: $row.agency_name}},
		record: .record,
		dropped: $lost
	} end;

# An address of an office's page may stay; a person's, or anything else there, may not.
if type != "object" then problem("not_an_object"; null; "객체가 아닙니다."; "Not an object.") else
	(.contact_email // "") as $contact
	| ($contact | if type == "string" and is_url and (contains("@") | not) then . else null end)
		as $page
	| .contact_email = ""
	| prepared(columns)
	| (.lost + if $contact == "" or $page then [] else ["contact_email"] end) as $lost
	| lines as $row
	| marked as $marked
	| if $row.use_case_name == "" then missing("use_case_name") | with_key($row)
	elif $row.agency == "" then missing("agency")
	elif $row.agency_name == "" then missing("agency_name") | with_key($row)
	else mapped($row; $marked; $page; $lost) end
end
