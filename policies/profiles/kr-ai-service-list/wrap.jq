# wrap.jq - JSON으로 받을 때 목록을 감싸는 문서: the document around the list where it is written as JSON.
{
	"title": "인공지능 활용 서비스 목록(공공 AI법 제30조)",
	"register": ([.register.name | objects | .ko, .en | strings] | .[0] // ""),
	"origin": (.register.origin | strings // ""),
	"as_of": (.at | strings // ""),
	"services": []}
