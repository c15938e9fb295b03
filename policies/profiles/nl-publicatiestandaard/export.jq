# export.jq - one system as one algorithm of the Dutch Publicatiestandaard 1.0, as
# algoritmes.overheid.nl takes it. README.md says what goes where and why.

# --- the maps: what of ours is which of the standard's words ---

# ISO 639-3. The standard offers nld alone today; the others only for who asks for the language.
def languages: {"nl": "nld", "en": "eng", "fy": "fry"};
# Without these the Dutch register takes no row.
def required: ["name", "organization", "description_short", "status", "contact_email",
	"publication_category", "lang"];
# [field, path, kind, most characters], in the standard's order.
def before_impact: [
	["name", ["name"], "line", 100],
	["organization", ["organization"], "line", 100],
	["description_short", ["description_short"], "line", 350]];
def after_impact: [
	["proportionality", ["proportionality"], "plain", 2500],
	["human_intervention", ["human_intervention"], "plain", 2500],
	["lawful_basis", ["lawful_basis"], "plain", 2500],
	["source_data", ["source_data"], "plain", 2500],
	["methods_and_models", ["methods_and_models"], "plain", 5000],
	["provider", ["provider"], "line", 200]];
def most_of_address: 500;
def statuses: {
	"planned": ["In ontwikkeling", true], "development": ["In ontwikkeling", false],
	"pilot": ["In ontwikkeling", true], "in_use": ["In gebruik", false],
	"suspended": ["Buiten gebruik", true], "retired": ["Buiten gebruik", false]};
def categories: {
	"hoog-risico-ai-systeem": "Hoog-risico AI-systeem",
	"impactvolle-algoritmes": "Impactvolle algoritmes",
	"overige-algoritmes": "Overige algoritmes"};
# A level of ours as a category, for a record that brings no category of its own. A is the AI
# Act's word: where a basis of the AI Act says that it is not one of its systems, high is B.
def category_of_level: {
	"prohibited": "hoog-risico-ai-systeem", "high": "hoog-risico-ai-systeem",
	"limited": "impactvolle-algoritmes", "minimal": "overige-algoritmes"};
def not_high_in_the_ai_act: ["eu.out", "eu.else", "eu.50.1", "eu.50.2", "eu.50.3", "eu.50.4",
	"eu.annex3.filtered", "eu.annex3.no_component"];
# The standard's list of themes, and under each the city's own words for it. A word that is in
# none of them has no theme there: it is left out, and told.
def themes: {
	"Organisatie en bedrijfsvoering": ["민원·행정", "Civil service and administration",
		"거버넌스", "Governance"],
	"Cultuur en recreatie": ["관광·문화", "Tourism and culture"],
	"Economie": ["산업·물류", "Industry and logistics"],
	"Overheidsfinanciën": ["세무·재정", "Taxes and finance"],
	"Wonen": ["주택", "Housing"],
	"Internationaal": [],
	"Migratie en integratie": [],
	"Natuur en milieu": ["물·환경", "Water and environment", "에너지", "Energy",
		"기후리스크·탄소중립", "Climate risk and carbon neutrality"],
	"Onderwijs en wetenschap": ["교육", "Education"],
	"Openbare orde en veiligheid": ["안전", "Public safety", "재난·안전", "Disasters and safety"],
	"Recht": [],
	"Ruimte en infrastructuur": ["도시계획", "Urban planning"],
	"Sociale zekerheid": ["복지", "Welfare"],
	"Verkeer": ["교통", "Transport"],
	"Werk": ["일자리", "Employment"],
	"Zorg en gezondheid": ["보건·응급", "Health and emergency", "돌봄", "Care",
		"고령친화 AI 헬스케어(돌봄)", "Age-friendly AI health care"]};
# Titles in Dutch and English, as the register's own code has them (github.com/MinBZK/Algoritmeregister).
def titles: {
	"nl": {"dpia": "Data Protection Impact Assessment (DPIA)",
		"fria": "Fundamental Rights Impact Assessment (FRIA)",
		"ai_impact_assessment": "AI Impact Assessment (AIIA)",
		"privacy_scan": "Privacy Quickscan", "other": "Overig", "aia": "Overig", "none": "Geen"},
	"en": {"dpia": "Data Protection Impact Assessment (DPIA)",
		"fria": "Fundamental Rights and Impact Assessment (FRIA)",
		"ai_impact_assessment": "AI Impact Assessment (AIIA)",
		"privacy_scan": "Privacy Quickscan", "other": "Other", "aia": "Other", "none": "None"},
	"fy": {"dpia": "Data Protection Impact Assessment (DPIA)",
		"fria": "Fundamental Rights Impact Assessment (FRIA)",
		"ai_impact_assessment": "AI Ympact Assessment (AIIA)",
		"privacy_scan": "Privacy Quickscan", "other": "Oar", "aia": "Oar", "none": "Gjin"}};
def mitigation_word: {"nl": "Maatregel: ", "en": "Mitigation: ", "fy": "Maatregel: "};
def taken: ["name", "organization", "description_short", "category", "status", "begin_date",
	"end_date", "contact_email", "website", "risk_category", "risk_basis", "url", "goal", "impact",
	"proportionality", "human_intervention", "risks", "lawful_basis", "lawful_basis_grouping",
	"process_index_url", "impact_assessments", "source_data", "source_data_grouping",
	"methods_and_models", "provider", "publiccode", "tags"];

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

def put_status($in):
	statuses[status_of($in)] as $status
	| if $status == null then .
	else set(["status"]; $status[0])
		| lose_if($status[1]; "status"; "‘\($status[0])’로 적었습니다. 이 형식에는 세 가지 상태만 있습니다.";
			"It became “\($status[0])”: the format has three states only.") end;

# What an import brought is known; a level of ours is mapped, and the report says so.
def put_category($in):
	([$in.record.risk_basis | objects_of[] | select(.policy == "nl-publicatiestandaard")
		| categories[.rule | strings]] | map(select(. != null))) as $known
	| ([$in.record.risk_basis | objects_of[] | select(.policy == "eu-ai-act") | .rule | strings
		| select(. as $rule | [not_high_in_the_ai_act[] | select(. == $rule)] != [])] != []) as $not_high
	| $in.record.risk_category as $level
	| ([category_of_level[$level | strings]
		| if . == "hoog-risico-ai-systeem" and $not_high then "impactvolle-algoritmes" else . end]
		| .[0]) as $mapped
	| (if $known != [] then set(["publication_category"]; $known[0])
	elif $mapped then set(["publication_category"]; categories[$mapped])
		| recoded("risk_category"; categories[$mapped]; categories[$mapped])
	elif $level | is_filled then no_answer("risk_category")
	else . end)
	| lose_if($in.record.risk_basis | is_filled and $known == []; "risk_basis";
		"이 형식에는 등급의 근거를 적을 자리가 없습니다.";
		"The format has no place for the rule behind the level.");

def is_theme: . as $word | themes[$word] != null;
def theme_of: . as $word | [themes | to_entries[] | select([.value[] | select(. == $word)] != []) | .key];
# The theme that a category names itself, else that of its words, in any language.
def put_themes($in):
	([$in.record.category | values_of[] | objects | [.[] | strings | line]
		| [.[] | select(is_theme)] + [.[] | theme_of[]] | .[:1]]) as $found
	| set(["category"]; reduce $found[][] as $theme ([];
		if . - [$theme] == . then . + [$theme] else . end))
	| lose_if([$found[] | select(. == [])] != []; "category";
		"네덜란드 주제 목록에 없는 분야는 뺐습니다."; "Themes that the Dutch list does not have are left out.");

# An address cannot be cut: one that is too long is left out.
def put_address($in; $field):
	if $in.record[$field] | type == "string" and length > most_of_address then
		lose($field; "\(most_of_address)자를 넘는 주소여서 뺐습니다.";
			"It is an address of more than \(most_of_address) characters, and is left out.")
	else put($in; $field; [$field]; "same"; null) end;

def put_goal($in):
	put($in; "goal"; ["goal"]; "plain"; null)
	| ($in.record.impact | in_lang($in.lang) | plain) as $impact
	| ($in.record.impact | is_filled) as $has
	| (if $impact == "" then if $has then no_text("impact"; $in.lang) else . end
		else .row.goal = ([.row.goal | strings] + [$impact] | join("\n\n")) end)
	| if (.row.goal // "" | length) <= 2500 then .
	else .row.goal |= cut(2500) | too_long(if $impact == "" then "goal" else "impact" end; 2500) end;

# The paragraphs of all risks: a risk, and under it what is done about it.
def put_risks($in):
	([$in.record.risks | objects_of[]
		| (.risk | in_lang($in.lang) | plain) as $risk
		| (.mitigation | in_lang($in.lang) | plain) as $mitigation
		| [$risk, if $mitigation == "" then "" else mitigation_word[$in.lang] + $mitigation end]
		| map(select(. != "")) | join("\n")] | map(select(. != "")) | join("\n\n")) as $text
	| set(["risks"]; $text | cut(2500))
	| lose_if(($text | length) > 2500; "risks"; "2500자를 넘어 줄였습니다."; "It is longer than 2500 characters, and was cut.")
	| if $text == "" and ($in.record.risks | is_filled) then no_text("risks"; $in.lang) else . end;

# The standard wants both the title and the address of a link.
def put_links($in; $field; $max):
	([$in.record[$field] | objects_of[]
		| {title: (.title | in_lang($in.lang) | line | cut($max)), link: (.url | strings // "")}
		| select(.title != "" and .link != "" and (.link | length) <= most_of_address)]) as $links
	| set([$field]; $links)
	| lose_if(($in.record[$field] | values_of | length) > ($links | length); $field;
		"이 언어로 쓴 제목이나 알맞은 주소가 없는 링크는 뺐습니다.";
		"Links without a title in this language, or without a fitting address, are left out.")
	| lose_if([$in.record[$field] | objects_of[] | .title | in_lang($in.lang) | line
		| select(length > $max)] != []; $field; "\($max)자를 넘는 제목은 줄였습니다.";
		"Titles of more than \($max) characters were cut.");

def known_title($lang): . as $title | [titles[$lang][] | select(. == $title)] != [];
def title_of($lang): (.title | in_lang($lang) | line) as $own
	| titles[$lang][.kind | strings // ""] as $kind
	| if $own != "" and (($own | known_title($lang)) or $kind == null or .kind == "other" or .kind == "privacy_scan")
		then $own
	else $kind // "" end;
def put_assessments($in):
	($in.record.impact_assessments | objects_of) as $all
	| set(["impacttoetsen_grouping"]; [$all[]
		| {title: title_of($in.lang)}
			+ if .url | is_url and length <= most_of_address then {link: .url} else {} end
		| select(.title != "")])
	| ([$all[] | select(.kind == "none") | .summary | in_lang($in.lang) | line
		| select(. != "")] | join("\n")) as $why
	| set(["impacttoetsen"]; $why | cut(2500))
	| lose_if([$all[] | select(.kind != "none") | select(.date != null or .summary != null)] != [];
		"impact_assessments"; "날짜와 요약은 이 형식에 자리가 없습니다.";
		"The format has no place for the date and the summary.");

# One text with commas between: a tag that has one itself would come back as two.
def put_tags($in):
	([$in.record.tags | values_of[] | in_lang($in.lang) | line | replace(","; ";")
		| select(. != "")] | join(", ")) as $tags
	| set(["tags"]; $tags | cut(2500))
	| if $tags == "" and ($in.record.tags | is_filled) then no_text("tags"; $in.lang) else . end
	| if ($tags | length) > 2500 then too_long("tags"; 2500) else . end;

# What came from the Dutch register goes back under its number there.
def lars($in): $in.system.source | if type == "string" and test("^nl-publicatiestandaard lars [0-9]+$")
	then split(" ")[2] else "" end;

# Dutch, as the standard asks, but for who asks for another language.
def chosen: .lang as $asked
	| if $asked | type == "string" and languages[.] != null then . else .lang = "nl" end;

# A row that the Dutch register would refuse is none: the report says what it lacks.
def whole: ([.row as $row | required[] | select($row[.] | is_filled | not)] | join(", ")) as $lacks
	| if $lacks == "" then .
	else skip("표준이 반드시 요구하는 항목이 등록 내용에 없습니다: \($lacks)";
		"The record does not say what the standard requires: \($lacks)") end;

shaped | chosen | . as $in
| if .record.name | in_lang($in.lang) | line == "" then skip_nameless($in)
else
	start
	| fill($in; before_impact)
	| put_themes($in)
	| put_status($in)
	| put($in; "begin_date"; ["begin_date"]; "same"; null)
	| put($in; "end_date"; ["end_date"]; "same"; null)
	| put($in; "contact_email"; ["contact_email"]; "same"; null)
	| put_address($in; "website")
	| put_category($in)
	| put_address($in; "url")
	| put_goal($in)
	| fill($in; after_impact)
	| put_address($in; "process_index_url")
	| put_address($in; "publiccode")
	| put_risks($in)
	| put_links($in; "lawful_basis_grouping"; 100)
	| put_links($in; "source_data_grouping"; 500)
	| put_assessments($in)
	| put_tags($in)
	| set(["lang"]; languages[$in.lang])
	| set(["standard_version"]; "1.0")
	| set(["source_id"]; $in.system.slug | strings // "")
	| set(["lars"]; lars($in))
	| finish($in; taken)
	| whole
end
