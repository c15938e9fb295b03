# A model card as on Hugging Face: Markdown that begins with YAML between two lines "---". Of the YAML
# only flat keys and their lists are read; of the Markdown the sections whose headings are known.
# Null for a file of another format; without fields where nothing known stands in it.
def bare: sub("^[ \\t]+"; "") | sub("[ \\t]+$"; "") | if test("^\".*\"$|^'.*'$") then .[1:-1] else . end;
# Lines to {key: [value…]}.
def front:
	[foreach .[] as $l ({key: null, at: null};
		if $l | test("^[A-Za-z_-]+:") then ($l | split(":")) as $p | {key: $p[0], value: ($p[1:] | join(":") | bare)}
		elif $l | test("^ *- +[^ ]") then {key, value: ($l | sub("^ *- +"; "") | bare)}
		elif $l | test("^ *(#.*)?$") then {key, value: ""}
		else {key: null, value: ""} end;
		select(.key != null and .value != ""))]
	| map(.key as $k | if .value | test("^\\[.*\\]$") then .value[1:-1] | split(",")[] | {key: $k, value: bare} else . end)
	| map(select(.value | spaced)) | group_by(.key) | map({key: .[0].key, value: map(.value)}) | from_entries;
def field_of_heading:
	ascii_downcase
	| if test("out.of.scope|limitation|한계|제한") then "limitations"
	elif test("bias|fairness|ethic|편향|차별|공정") then "non_discrimination"
	elif test("training data|학습 데이터|학습데이터") then "training_data"
	elif test("evaluation|results|performance|평가|성능") then "performance"
	elif test("^(model )?inputs?( |$)|^입력") then "system_input"
	elif test("^(model )?outputs?( |$)|^출력") then "system_outputs"
	elif test("^model description|architecture|training procedure|^모델 설명|구조|학습 방법") then "methods_and_models"
	elif test("^(intended |direct |downstream )?uses?( |$)|^용도|^사용") then "capability"
	else null end;
# Lines, each with the field of its section. One below a known heading belongs to it.
def sections:
	[foreach .[] as $l ({fence: false, above: [], field: null, line: ""};
		if $l | test("^ {0,3}(```|~~~)") then .fence = (.fence | not) | .line = $l
		elif (.fence | not) and ($l | test("^#{1,6} ")) then
			($l | sub("^#+"; "") | ($l | length) - length) as $level
			| ($l | sub("^#+[ \\t]+"; "") | sub("[ \\t#]+$"; "")) as $title
			| .above = (.above | map(select(.level < $level)))
			| ($title | field_of_heading) as $own
			| .field = ($own // (.above | if length then .[-1].field else null end))
			| .above = .above + [{level: $level, field}]
			| .line = (if $own == null then "\n**" + $title + "**\n" else "" end)
		else .line = $l end;
		{field, line})];
def without_comments:
	split("<!--") | (.[0] // "") + (.[1:] | map(split("-->") | if length > 1 then .[1:] | join("-->") else "" end) | join(""));
# "- **Developed by:** ACME": what stands after the label.
def stated($word):
	[.[] | select(ascii_downcase | test("^[-* ]*" + $word + "[^:]{0,20}:")) | sub("^[^:]*:"; "") | gsub("^[* ]+"; "") | sub("[* ]+$"; "")
		| select(spaced)] | .[0];

ltrimstr("\ufeff") | gsub("\r\n?"; "\n")
| if startswith("---\n") | not then null else
	split("\n") as $lines
	| ([range(1; $lines | length) | select($lines[.] == "---")] | .[0]) as $last
	| if $last == null then null else
	($lines[1:$last] | front) as $yaml
	| ($lines[$last + 1:] | join("\n") | without_comments | split("\n")
		| map(select(test("\\[More Information Needed\\]") | not))) as $body
	| ($body | sections) as $parts
	| def section($f): [$parts[] | select(.field == $f) | .line] | join("\n") | gsub("\n\n\n+"; "\n\n") | if spaced then . else null end;
	($yaml.pipeline_tag // [] | .[0]) as $task
	| answer("Hugging Face"; ($yaml.model_name // [] | .[0]) // ([$body[] | select(test("^# ")) | .[2:]] | .[0]); {
		algorithm_type: (if $task == null then null elif ($task | generates) then "generative" else "self_learning" end),
		capability: ([$task] + [section("capability") // "" | split("\n")[] | select(test("^ *[-*] ")) | sub("^ *[-*] +"; "") | gsub("\\*\\*"; "")] | items),
		methods_and_models: ([section("methods_and_models"), ($yaml.base_model // [] | join(", ") | labelled("Base model"))] | paragraphs | said),
		system_input: (section("system_input") | said),
		system_outputs: (section("system_outputs") | said),
		performance: ([section("performance"), ($yaml.metrics // [] | join(", ") | labelled("Metrics"))] | paragraphs | said),
		limitations: (section("limitations") | said),
		provider: ($body | stated("\\**developed by|개발") | said),
		publiccode: ($body | stated("\\**repository|저장소") | if type == "string" then sub("^\\[[^\\]]*\\]\\((?<u>[^)]*)\\).*$"; .u) | sub("^<(?<u>.*)>$"; .u) else . end | address),
		training_data: ([section("training_data"), ($yaml.datasets // [] | join(", ") | labelled("Datasets"))] | paragraphs | said),
		non_discrimination: (section("non_discrimination") | said)
	}) end
end
