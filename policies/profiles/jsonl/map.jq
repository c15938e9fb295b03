# map.jq - one line of our own JSON Lines as one record, whole. README.md tells more.

def automatic: ["id", "lang", "standard_version", "publication_date", "last_change_date"];
# jq 1.6's index() of a list leaks.
def is_one_of($list): . as $one | [$list[] | select(. == $one)] != [];
def problem($rule; $field; $ko; $en):
	{error: {rule: $rule, field: $field, message: {ko: $ko, en: $en}}};
def missing($field): problem("missing"; $field; "\($field) 값이 없습니다."; "There is no \($field).");
def is_slug: type == "string" and test("^[a-z0-9]+(-[a-z0-9]+)*$") and length <= 80;
def not_an_object($field): problem("not_an_object"; $field; "객체가 아닙니다."; "Not an object.");

if type != "object" then not_an_object(null)
elif .record | type != "object" then not_an_object("record")
elif .system | type != "object" then not_an_object("system")
elif .system.slug | is_slug | not then missing("system.slug")
else
	.system as $system
	| ($system.department | if type == "object" then . else {} end) as $department
	| if $department.slug | is_slug | not then missing("system.department.slug") + {key: $system.slug}
	elif $department.name | type != "object" or length == 0 then
		missing("system.department.name") + {key: $system.slug}
	elif .record.name | type != "object" or length == 0 then missing("record.name") + {key: $system.slug}
	else {
		id: $system.slug,
		key: $system.slug,
		key_if_repeated: "\($system.slug)|\([.record.name[] | strings] | .[0] // "")",
		slug_hint: $system.slug,
		of: {register: ($system.register | if type == "string" then . else "" end), system: $system.slug,
			version: ($system.version | if type == "number" then . else null end)},
		department: {slug: $department.slug, name: $department.name},
		record: (.record | with_entries(select(.key | is_one_of(automatic) | not))),
		dropped: (keys - ["record", "system", "judgement"])
	} + (if ($system.state == "retired" or $system.state == "suspended") then
		{state: ({state: $system.state}
			+ (if $system.reason | type == "object" then {reason: $system.reason} else {} end)
			+ (if $system.successor | is_slug then {successor: $system.successor} else {} end))}
		else {} end) end
end
