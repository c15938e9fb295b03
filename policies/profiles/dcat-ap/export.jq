# export.jq - one system's entry as one dcat:Dataset of a DCAT-AP 3 catalogue, as JSON-LD. README.md
# says what goes where and why.

def languages: {"ko": "KOR", "en": "ENG", "nl": "NLD", "fr": "FRA", "de": "DEU", "fy": "FRY",
	"es": "SPA", "ja": "JPN", "zh": "ZHO", "vi": "VIE"};
def authority: "http://publications.europa.eu/resource/authority/";
def taken: ["name", "description_short", "description", "organization", "contact_email",
	"category", "tags", "website", "url", "process_index_url", "source_data_grouping"];

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

def is_tag: test("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$");
def is_iri: is_url and (test("[{}|^`\\x00-\\x20]") | not);
# Every language of a text.
def values_in($kind): [objects | . as $all | keys[] | select(is_tag)
	| {"@language": ., "@value": (. as $lang | $all | in_lang($lang)
		| if $kind == "plain" then plain else line end)}
	| select(.["@value"] != "")];
# DCAT-AP says of each property of which class its object is; a reader that loads nothing else must
# find it here.
def link($address; $class): if $address | is_iri then
	{"@id": $address} + if $class then {"@type": $class} else {} end else null end;
def media_type($type): {"@id": "https://www.iana.org/assignments/media-types/\($type)", "@type": "dct:MediaType"};
# A name is a licence document without an address.
def licence_of($licence): if $licence | is_iri then link($licence; "dct:LicenseDocument")
	elif $licence | type == "string" and . != "" then {"@type": "dct:LicenseDocument", "dct:title": $licence}
	else null end;
def put_texts($in; $field; $property; $kind):
	$in.record[$field] as $value
	| if $value | is_filled | not then .
	else ([$value | values_in($kind)] | .[0] // []) as $texts
		| if $texts == [] then lose($field; "언어가 적힌 글이 없습니다."; "There is no text with a language.")
		else .row[$property] += $texts end
	end;
def put_keywords($in; $field):
	$in.record[$field] as $value
	| [$value | values_of[] | values_in("line")[]] as $texts
	| if $texts != [] then .row["dcat:keyword"] = ((.row["dcat:keyword"] // []) + ($texts - (.row["dcat:keyword"] // [])))
	elif $value | is_filled then lose($field; "언어가 적힌 글이 없습니다."; "There is no text with a language.")
	else . end;
def put_link($in; $field; $property; $class):
	$in.record[$field] as $value
	| if $value | is_filled | not then .
	elif link($value; $class) then .row[$property] += [link($value; $class)]
	else lose($field; "웹 주소가 아니어서 옮기지 못했습니다."; "It is no web address.") end;

def contact($in):
	$in.record.contact_email as $own
	| (if $own | is_iri then {"vcard:hasURL": {"@id": $own}}
		elif $own | type == "string" and test("^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$") then
			{"vcard:hasEmail": {"@id": ("mailto:" + $own)}}
		else null end) as $how
	| ([$in.record.department, $in.record.organization, $in.system.department.name?]
		| map(select(type == "object") | values_in("line")) | map(select(. != [])) | .[0] // []) as $who
	| if $how == null and $who == [] then null
	else {"@type": ["vcard:Kind", "vcard:Organization"]} + (if $who == [] then {} else {"vcard:fn": $who} end) + ($how // {}) end;

# The entry as the register serves it: JSON and Markdown of its newest version.
def distributions($in): $in.system.url as $url
	| if $url | is_iri | not then [] else
		[["json", "application/json", "JSON"], ["md", "text/markdown", null]]
		| map({"@id": "\($url).\(.[0])", "@type": "dcat:Distribution",
			"dcat:accessURL": {"@id": "\($url).\(.[0])"},
			"dcat:downloadURL": {"@id": "\($url).\(.[0])"},
			"dcat:mediaType": media_type(.[1])}
			+ (licence_of($in.register.licence) | if . then {"dct:license": .} else {} end)
			+ if .[2] then {"dct:format": {"@id": "\(authority)file-type/\(.[2])",
				"@type": "dct:MediaTypeOrExtent"}} else {} end) end;
def moment($at): if $at | day == "" then null else {"@type": "xsd:dateTime", "@value": $at} end;

shaped | . as $in
| ([.record.name | values_in("line")[]]) as $names
| if $names == [] then skip("언어가 적힌 명칭이 없습니다."; "It has no name with a language.")
elif .system.url | is_iri | not then skip("등록부에 공개된 주소가 없습니다."; "It has no address in the register.")
else
	start
	| .row = {"@id": $in.system.url, "@type": "dcat:Dataset"}
	| set(["dct:identifier"]; $in.system.slug | strings // "")
	| put_texts($in; "name"; "dct:title"; "line")
	| put_texts($in; "description_short"; "dct:description"; "line")
	# DCAT-AP asks for a description; an entry without one is described by its title.
	| (if .row["dct:description"] then . else .row["dct:description"] = $names end)
	| put_texts($in; "description"; "dct:abstract"; "plain")
	| set(["dct:issued"]; moment($in.system.first_at))
	| set(["dct:modified"]; moment($in.system.changed_at))
	| set(["dcat:version"]; if $in.system.version | type == "number" then "\($in.system.version)" else "" end)
	| ([$in.record.organization | values_in("line")[]]) as $owner
	| (if $owner == [] then . else .row["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": $owner} end)
	| lose_if($owner == [] and ($in.record.organization | is_filled); "organization";
		"언어가 적힌 글이 없습니다."; "There is no text with a language.")
	| contact($in) as $contact
	| set(["dcat:contactPoint"]; $contact)
	| lose_if(($in.record.contact_email | is_filled) and ($contact["vcard:hasURL"]? // $contact["vcard:hasEmail"]?) == null;
		"contact_email"; "전자우편이나 웹 주소로 옮길 수 없습니다."; "It is neither an e-mail nor a web address.")
	| set(["dcat:theme"]; [{"@id": (authority + "data-theme/GOVE"), "@type": "skos:Concept",
		"skos:prefLabel": {"@language": "en", "@value": "Government and public sector"}}])
	| put_keywords($in; "category") | put_keywords($in; "tags")
	| set(["dct:language"]; [$names[] | languages[.["@language"]] | values | {"@id": "\(authority)language/\(.)", "@type": "dct:LinguisticSystem"}])
	| set(["dcat:landingPage"]; [link($in.system.url; "foaf:Document")])
	| put_link($in; "website"; "foaf:page"; "foaf:Document")
	| put_link($in; "process_index_url"; "foaf:page"; "foaf:Document")
	# Where it was registered before is an entry, and no dataset, which dct:source asks for.
	| put_link($in; "url"; "dct:relation"; null)
	| ([$in.record.source_data_grouping | objects_of[] | link(.url; null) | values]) as $sources
	| (if $sources == [] then . else .row["dct:relation"] += $sources end)
	| lose_if($in.record.source_data_grouping | is_filled; "source_data_grouping";
		"링크의 제목은 이 형식에 자리가 없습니다."; "The format has no place for the links’ titles.")
	| set(["dcat:distribution"]; distributions($in))
	| finish($in; taken + (if $contact["vcard:fn"]? == ([$in.record.department | values_in("line")[]])
		then ["department"] else [] end))
end
