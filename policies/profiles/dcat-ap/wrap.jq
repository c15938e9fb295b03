# wrap.jq - the DCAT-AP 3 catalogue around the entries.
def texts: [objects | to_entries[] | select((.key | test("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"))
	and (.value | type == "string" and . != "")) | {"@language": .key, "@value": .value}];
def languages: {"ko": "KOR", "en": "ENG", "nl": "NLD", "fr": "FRA", "de": "DEU", "fy": "FRY",
	"es": "SPA", "ja": "JPN", "zh": "ZHO", "vi": "VIE"};
def authority: "http://publications.europa.eu/resource/authority/";
def is_iri: type == "string" and test("^(https?://|mailto:)[^\\s<>\"\\\\{}|^`]+$");

.register as $register
| ([$register.name | texts[]]) as $name
| {
	"@context": {
		dcat: "http://www.w3.org/ns/dcat#", dct: "http://purl.org/dc/terms/",
		foaf: "http://xmlns.com/foaf/0.1/", vcard: "http://www.w3.org/2006/vcard/ns#",
		skos: "http://www.w3.org/2004/02/skos/core#",
		xsd: "http://www.w3.org/2001/XMLSchema#"},
	"@type": "dcat:Catalog",
	"dct:title": $name,
	"dct:description": [
		{"@language": "ko", "@value": "이 기관이 쓰는 AI 시스템의 공개 등록 내용입니다."},
		{"@language": "en", "@value": "The public entries of the AI systems that this body uses."}],
	"dct:publisher": ({"@type": "foaf:Agent", "foaf:name": (if [$register.office | texts[]] == [] then $name
			else [$register.office | texts[]] end)}
		+ if $register.contact | is_iri then {"foaf:mbox": {"@id": $register.contact}} else {} end),
	"dct:language": [$register.languages | arrays[] | strings | languages[.] | values
		| {"@id": "\(authority)language/\(.)", "@type": "dct:LinguisticSystem"}],
	"dcat:themeTaxonomy": {"@id": (authority + "data-theme"), "@type": "skos:ConceptScheme",
		"dct:title": {"@language": "en", "@value": "Data theme"}}}
+ (if $register.base | is_iri then {"@id": ($register.base + "/"), "foaf:homepage": {"@id": ($register.base + "/"), "@type": "foaf:Document"}} else {} end)
+ (if .at | type == "string" then {"dct:modified": {"@type": "xsd:dateTime", "@value": .at}} else {} end)
+ (if $register.licence | is_iri then {"dct:license": {"@id": $register.licence, "@type": "dct:LicenseDocument"}}
	elif $register.licence | type == "string" and . != "" then
		{"dct:license": {"@type": "dct:LicenseDocument", "dct:title": $register.licence}}
	else {} end)
+ {"dcat:dataset": []}
