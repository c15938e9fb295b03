# export.jq - a line a system: what a list on paper would hold.
def text($l): if . == null then "" else .[$l] // "" end;
.lang as $l
| .record as $r
| ["name", "status", "goal"] as $kept
| if ($r.name | text($l)) == "" then {skip: {ko: "이름이 \($l)로 쓰여 있지 않습니다.", en: "It has no name in \($l)."}}
else {
	row: {
		id: .system.slug,
		name: ($r.name | text($l)),
		department: .system.department.slug,
		department_name: (.system.department.name | text($l)),
		status: ($r.status // ""),
		goal: ($r.goal | text($l))
	},
	lost: [($r | keys - $kept)[] | {field: ., why: {ko: "목록에 이 항목이 없습니다.", en: "The list has no place for it."}}]
} end
