# export.jq - one system as one row with every field of the standard: a column for each language
# of a text, JSON in the cell for a list. README.md tells more.

# fields {{{ From policies/standard.json: `tests/policies/profiles.sh --csv-write` writes them.
def texts: ["name", "description_short", "description", "organization", "department",
	"senior_responsible_owner", "area", "revision_note", "retirement_note", "goal", "impact",
	"benefit", "out_of_scope", "alternatives_considered", "proportionality", "previous_process",
	"decision_making_process", "frequency_usage", "lawful_basis", "methods_and_models",
	"system_input", "system_outputs", "performance", "limitations", "provider", "supplier_role",
	"cost", "source_data", "training_data", "non_discrimination", "data_access_and_storage",
	"data_sharing", "human_intervention", "required_training", "monitoring", "rollback",
	"notice_method", "objection_procedure", "opt_out", "public_consultation"];
def codes: ["id", "contact_email", "website", "url", "primary_users", "lang", "standard_version",
	"publication_date", "last_change_date", "revision_date", "status", "begin_date", "end_date",
	"system_version", "decision_record", "algorithm_type", "system_architecture", "procurement_ref",
	"publiccode", "personal_data", "process_index_url", "automation_level", "risk_category"];
def lists: ["category", "tags", "affected_groups", "lawful_basis_grouping", "capability",
	"source_data_grouping", "sensitive_attributes", "audit", "risk_basis", "risks",
	"impact_assessments", "withheld", "conformity", "incidents"];
# fields }}}
def columns_of_texts: ["ko", "en"];

# jq 1.6's index() of a list leaks.
def is_one_of($list): . as $one | [$list[] | select(. == $one)] != [];
def is_filled: . != null and . != "" and . != [] and . != {};
def object_or($else_what): if type == "object" then . else $else_what end;
# Members in order, so that the same record always gives the same cell.
def sorted: if type == "object" then . as $o | reduce keys[] as $k ({}; .[$k] = ($o[$k] | sorted))
	elif type == "array" then map(sorted) else . end;
def day: if type == "string" and test("^[0-9]{4}-[0-9]{2}-[0-9]{2}") then .[:10] else "" end;
def cell: if type == "string" then . elif . == null then "" else sorted | tojson end;

# What is being made is {row, others, lost}: others are texts in a language without a column.
def lose($field; $ko; $en): .lost += [{field: $field, why: {ko: $ko, en: $en}}];
def put_text($field; $value):
	if $value | type != "object" then
		lose($field; "언어별 글이 아니어서 옮기지 못했습니다."; "It is no text with a language, so it has no column.")
	else reduce ($value | keys[]) as $lang (.;
		if ($lang | is_one_of(columns_of_texts)) and ($value[$lang] | type == "string") then
			.row["\($field).\($lang)"] = $value[$lang]
		else .others[$field][$lang] = $value[$lang] end) end;
def put($field; $value):
	if $value | is_filled | not then .
	elif $field | is_one_of(texts) then put_text($field; $value)
	elif $field | is_one_of(codes + lists) then .row[$field] = ($value | cell)
	else lose($field; "표준에 없는 항목입니다."; "The standard has no such field.") end;

object_or({}) | . as $in
| ($in.system | object_or({})) as $system
| ($system.department | object_or({})) as $department
| ($in.record | object_or({})) as $record
| {row: {}, others: {}, lost: []}
| reduce ($record | keys[]) as $field (.; put($field; $record[$field]))
| .row += {
	id: ($record.id // $system.slug | cell),
	lang: ([$record.name | object_or({}) | keys[]] | join(" ")),
	publication_date: ($system.first_at | day),
	last_change_date: ($system.changed_at | day),
	other_languages: (if .others == {} then "" else .others | cell end),
	department_slug: ($department.slug | cell),
	"department_name.ko": ($department.name | object_or({}) | .ko | cell),
	"department_name.en": ($department.name | object_or({}) | .en | cell),
	state: ($system.state | cell),
	version: ($system.version | cell),
	url_here: ($system.url | cell),
	source: ($system.source | cell)}
| .row |= with_entries(select(.value != ""))
| {row, lost}
