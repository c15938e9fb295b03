# export.jq - one system as one line: what the register knows of it, its record as it was filed,
# the judgement, and what its department
# reported of it: figures and incidents. Nothing is left out, so nothing is lost.

def object_or($else_what): if type == "object" then . else $else_what end;
def sorted: if type == "object" then . as $o | reduce keys[] as $k ({}; .[$k] = ($o[$k] | sorted))
	elif type == "array" then map(sorted) else . end;

object_or({})
| {row: ({system: ((.system | object_or({}))
	+ (.register | object_or({}) | .origin | if type == "string" then {register: .} else {} end)), record: (.record | object_or({}))}
	+ (if .judgement | type == "object" then {judgement} else {} end)
	+ (with_entries(select((.key == "figures" or .key == "incidents") and (.value | type == "array" and length > 0)))) | sorted), lost: []}
