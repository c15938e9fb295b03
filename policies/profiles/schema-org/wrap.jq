# wrap.jq - the schema.org DataCatalog around the entries.
def texts: [objects | to_entries[] | select((.key | test("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"))
	and (.value | type == "string" and . != "")) | {"@language": .key, "@value": .value}];
def is_iri: type == "string" and test("^https?://[^\\s<>\"\\\\{}|^`]+$");

.register as $register
| {
	"@context": "https://schema.org",
	"@type": "DataCatalog",
	name: [$register.name | texts[]],
	description: [
		{"@language": "ko", "@value": "이 기관이 쓰는 AI 시스템의 공개 등록 내용입니다."},
		{"@language": "en", "@value": "The public entries of the AI systems that this body uses."}],
	publisher: ({"@type": "GovernmentOrganization", name: [$register.office | texts[]]}
		+ if $register.contact | type == "string" then
			{email: ($register.contact | if startswith("mailto:") then .[7:] else . end)} else {} end),
	inLanguage: [$register.languages | arrays[] | strings]}
+ (if $register.base | is_iri then {"@id": ($register.base + "/"), url: {"@id": ($register.base + "/")}} else {} end)
+ (if .at | type == "string" then {dateModified: .at} else {} end)
+ (if $register.licence | is_iri then {license: {"@id": $register.licence}}
	elif $register.licence | type == "string" and . != "" then {license: {"@type": "CreativeWork", name: $register.licence}}
	else {} end)
+ {dataset: []}
