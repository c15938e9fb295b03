# wrap.jq - the document around the records, as the collected records of GOV.UK have it.
{meta: {
	source: ([.register.name | objects | .en, .ko | strings] | .[0] // ""),
	source_url: (.register.base | strings // ""),
	standard: "UK Algorithmic Transparency Recording Standard, tier 1 and 2",
	exported_at: (.at | strings // "")},
records: []}
