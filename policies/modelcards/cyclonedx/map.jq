# CycloneDX 1.5 to 1.7, JSON: the first component of type "machine-learning-model" that has a modelCard.
# Null for a file of another format; without fields where there is no model in it.
def metric:
	select(.value | type == "string" or type == "number") |
	(.type | if spaced then . else ("metric" | added) end) + ": " + (.value | tostring)
	+ ([(.slice | if spaced then . else empty end),
		(.confidenceInterval | objects | "\(.lowerBound // "?")–\(.upperBound // "?")")]
		| if length then " (" + join("; ") + ")" else "" end);
def named($n): .[$n] | if type == "object" then .name else . end | if spaced then . else empty end;
def risk:
	([.name, .groupAtRisk, .harms] | map(select(spaced)) | join(": ")) as $what
	| [$what, (.mitigationStrategy | select(spaced))] | map(select(spaced)) | join(" → ") | select(spaced);

def object: if type == "object" then . else {} end;

document as $doc
| if $doc == null or $doc.bomFormat != "CycloneDX" then null else
	[([$doc.metadata | object | .component] | objects_of | .[]), ($doc.components | objects_of | .[])
		| recurse(.components | objects_of | .[])] as $all
	| ($all | map(select(.type == "machine-learning-model" and (.modelCard | type) == "object")) | .[0]) as $c
	| if $c == null then answer("CycloneDX"; null; {}) else
	($c.modelCard | object) as $card
	| ($card.modelParameters | object) as $p
	| ($card.considerations | object) as $about
	| ($p.approach | object | .type) as $approach
	| [$p.datasets | objects_of | .[]
		| .ref as $ref
		| if $ref == null then . else
			$all[] | select(."bom-ref" == $ref) | (.data | objects_of) as $data
			| {name, description: ([.description, $data[].description] | paragraphs),
				sensitiveData: [$data[].sensitiveData | strings | .[]]} end] as $sets
	| answer("CycloneDX"; $c.name; {
		algorithm_type: (if ($p.task | generates) then "generative"
			elif ($approach | spaced) then "self_learning" else null end),
		capability: ([$p.task] + ($about.useCases | strings) | items),
		methods_and_models: ([$c.description, ($approach | labelled("Approach")),
			($p.architectureFamily | labelled("Architecture family")),
			($p.modelArchitecture | labelled("Architecture"))] | paragraphs | said),
		system_input: ([$p.inputs | objects_of | .[].format] | bullets | said),
		system_outputs: ([$p.outputs | objects_of | .[].format] | bullets | said),
		performance: ([$card.quantitativeAnalysis | object | .performanceMetrics | objects_of | .[] | metric] | bullets | said),
		limitations: (($about.technicalLimitations | strings) + ($about.performanceTradeoffs | strings) | bullets | said),
		provider: ([$c | named("supplier"), named("manufacturer"), named("publisher"), named("author")] | .[0] | said),
		publiccode: ([$c.externalReferences | objects_of | .[] | select(.type == "vcs") | .url | address | values] | .[0]),
		training_data: ([$sets[] | [.name, .description] | map(select(spaced)) | join(": ") | select(spaced)] | bullets | said),
		sensitive_attributes: ([$sets[] | .sensitiveData | strings | .[]] | items),
		non_discrimination: ([$about | .ethicalConsiderations, .fairnessAssessments | objects_of | .[] | risk] | bullets | said)
	}) end
end
