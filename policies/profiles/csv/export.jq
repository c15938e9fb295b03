# export.jq - one system as one row with every field of the standard: a column for each language
# of a text, JSON in the cell for a list. README.md tells more.

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
def columns_of_texts: {"ko": true, "en": true};

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
		if columns_of_texts[$lang] and ($value[$lang] | type == "string") then
			.row["\($field).\($lang)"] = $value[$lang]
		else .others[$field][$lang] = $value[$lang] end) end;
def put($field; $value):
	if $value | is_filled | not then .
	elif texts[$field] then put_text($field; $value)
	elif codes[$field] or lists[$field] then .row[$field] = ($value | cell)
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
	source: ($system.source | cell),
	register: ($in.register | object_or({}) | .origin | cell)}
| .row |= with_entries(select(.value != ""))
| {row, lost}
