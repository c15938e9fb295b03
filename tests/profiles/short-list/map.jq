# map.jq - a line of the list as a record.
if .name == "" then {key: .id, error: {rule: "missing", field: "name",
	message: {ko: "이름이 없습니다.", en: "There is no name."}}}
else {
	id, key: .id, key_if_repeated: .id, slug_hint: .id,
	department: {slug: .department, name: {en: (if .department_name == "" then .department else .department_name end)}},
	record: ({name: {en: .name}}
		+ (if .status == "" then {} else {status} end)
		+ (if .goal == "" then {} else {goal: {en: .goal}} end)),
	dropped: []
} end
