# export.jq - one system's entry as one schema.org Dataset of a DataCatalog, about a
# SoftwareApplication, as JSON-LD. README.md says why, and what goes where.

def taken: ["name", "description_short", "description", "organization", "department",
	"contact_email", "category", "tags", "area", "website", "url", "goal", "capability",
	"system_version", "provider", "publiccode", "source_data_grouping", "lawful_basis_grouping"];

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
def values_in($kind): [objects | . as $all | keys[] | select(is_tag)
	| {"@language": ., "@value": (. as $lang | $all | in_lang($lang)
		| if $kind == "plain" then plain else line end)}
	| select(.["@value"] != "")];
def list_in: [values_of[] | values_in("line")[]];
def put_texts($in; $field; $path; $kind):
	$in.record[$field] as $value
	| (if $kind == "list" then $value | list_in else [$value | values_in($kind)[]] end) as $texts
	| if $texts != [] then .row |= setpath($path; (getpath($path) // []) + $texts)
	elif $value | is_filled then lose($field; "언어가 적힌 글이 없습니다."; "There is no text with a language.")
	else . end;
def put_link($in; $field; $path):
	$in.record[$field] as $value
	| if $value | is_filled | not then .
	elif $value | is_iri then .row |= setpath($path; {"@id": $value})
	else lose($field; "웹 주소가 아니어서 옮기지 못했습니다."; "It is no web address.") end;
# A name is a work without an address.
def licence_of($licence): if $licence | is_iri then {"@id": $licence}
	elif $licence | type == "string" and . != "" then {"@type": "CreativeWork", name: $licence} else null end;
def named($type; $texts): if $texts == [] then null else {"@type": $type, name: $texts} end;
def put_contact($in):
	$in.record.contact_email as $own
	| if $own | is_filled | not then .
	elif $own | is_iri then .row.publisher.contactPoint = {"@type": "ContactPoint", url: {"@id": $own}}
	elif $own | type == "string" then .row.publisher.contactPoint = {"@type": "ContactPoint", email: ($own | line)}
	else lose("contact_email"; "글이 아니어서 옮기지 못했습니다."; "It is no text.") end;
# Where other works are linked, each with its name.
def put_works($in; $field; $path):
	([$in.record[$field] | objects_of[] | {"@type": "CreativeWork", name: [.title | values_in("line")[]]}
		+ (if .url | is_iri then {url: {"@id": .url}} else {} end)
		| select(.name != [])]) as $works
	| set($path; $works)
	| lose_if(($in.record[$field] | is_filled) and ($works | length) < ($in.record[$field] | values_of | length);
		$field; "언어가 적힌 제목이 없는 것은 뺐습니다."; "What has no title with a language is left out.");

shaped | . as $in
| ([.record.name | values_in("line")[]]) as $names
| if $names == [] then skip("언어가 적힌 명칭이 없습니다."; "It has no name with a language.")
elif .system.url | is_iri | not then skip("등록부에 공개된 주소가 없습니다."; "It has no address in the register.")
else
	start
	| .row = {"@type": "Dataset", "@id": $in.system.url, url: {"@id": $in.system.url}}
	| set(["identifier"]; $in.system.slug | strings // "")
	| put_texts($in; "name"; ["name"]; "line")
	| put_texts($in; "description_short"; ["description"]; "line")
	| put_texts($in; "category"; ["keywords"]; "list")
	| put_texts($in; "tags"; ["keywords"]; "list")
	| set(["inLanguage"]; [$names[] | .["@language"]])
	| set(["datePublished"]; $in.system.first_at | day)
	| set(["dateModified"]; $in.system.changed_at | day)
	| set(["version"]; if $in.system.version | type == "number" then "\($in.system.version)" else "" end)
	| set(["publisher"]; named("GovernmentOrganization"; [$in.record.organization | values_in("line")[]])
		// named("GovernmentOrganization"; [$in.system.department | objects | .name | values_in("line")[]])
		// {"@type": "GovernmentOrganization"})
	| lose_if(($in.record.organization | is_filled) and [$in.record.organization | values_in("line")[]] == [];
		"organization"; "언어가 적힌 글이 없습니다."; "There is no text with a language.")
	| set(["publisher", "department"]; named("GovernmentOrganization"; [$in.record.department | values_in("line")[]]))
	| lose_if(($in.record.department | is_filled) and [$in.record.department | values_in("line")[]] == [];
		"department"; "언어가 적힌 글이 없습니다."; "There is no text with a language.")
	| put_contact($in)
	| put_link($in; "url"; ["isBasedOn"])
	| put_works($in; "lawful_basis_grouping"; ["citation"])
	| set(["license"]; licence_of($in.register.licence))
	| set(["distribution"]; [["json", "application/json"], ["md", "text/markdown"]]
		| map({"@type": "DataDownload", encodingFormat: .[1], contentUrl: {"@id": "\($in.system.url).\(.[0])"}}))
	| .row.about = {"@type": "SoftwareApplication", name: $names}
	| put_texts($in; "description"; ["about", "description"]; "plain")
	| put_texts($in; "goal"; ["about", "abstract"]; "plain")
	| put_texts($in; "capability"; ["about", "featureList"]; "list")
	| put_texts($in; "area"; ["spatialCoverage"]; "line")
	| put($in; "system_version"; ["about", "softwareVersion"]; "same"; null)
	| put_link($in; "website"; ["about", "url"])
	| set(["about", "provider"]; named("Organization"; [$in.record.provider | values_in("line")[]]))
	| lose_if(($in.record.provider | is_filled) and [$in.record.provider | values_in("line")[]] == [];
		"provider"; "언어가 적힌 글이 없습니다."; "There is no text with a language.")
	| put_link($in; "publiccode"; ["about", "isBasedOn", 0])
	| (.row.about.isBasedOn // []) as $code
	| put_works($in; "source_data_grouping"; ["about", "isBasedOn"])
	| set(["about", "isBasedOn"]; $code + ((.row.about.isBasedOn // []) - $code))
	| finish($in; taken)
end
