# SPDX 3.0, JSON-LD: the first ai_AIPackage of @graph. Null for a file of another format; without
# fields where there is no model in it.
def kind: .type // ."@type";
def id: .spdxId // ."@id";
def entry: if type == "object" then [.key, .value] | map(select(spaced)) | join(": ") | select(spaced) else empty end;
def listed: if type == "array" then . elif . == null then [] else [.] end;

document as $doc
| if $doc == null or ($doc."@graph" | type) != "array" then null else
	($doc."@graph" | objects_of) as $all
	| ($all | map(select(kind == "ai_AIPackage")) | .[0]) as $c
	| if $c == null then answer("SPDX"; null; {}) else
	# What the model is in this relation to; an element may also stand in place of its name.
	(def elements: listed[] as $e | if ($e | type) == "object" then $e else $all[] | select(id == $e) end;
	 def related($relation): [$all[] | select(kind == "Relationship" and .relationshipType == $relation and .from == ($c | id)) | .to | elements];
	 def set: [.name, (.description // .summary), .dataset_dataCollectionProcess] | map(select(spaced)) | join(": ") | select(spaced);
	 related("trainedOn") as $trained
	| related("testedOn") as $tested
	| answer("SPDX"; $c.name; {
		algorithm_type: ($c.ai_typeOfModel | strings
			| if ([.[] | select(generates)] | length) > 0 then "generative"
			  elif ($trained | length) > 0 or ($c.ai_informationAboutTraining | spaced) then "self_learning" else null end),
		capability: ($c.ai_domain | items),
		methods_and_models: ([($c.description // $c.summary), ($c.ai_typeOfModel | strings | join(", ") | labelled("Type of model")),
			$c.ai_informationAboutApplication, ($c.ai_modelExplainability | bullets)] | paragraphs | said),
		system_input: ($c.ai_modelDataPreprocessing | bullets | said),
		performance: (([$c.ai_metric | listed[] | entry] + [$c.ai_metricDecisionThreshold | listed[] | entry | ("Threshold" | added) + ": " + .]
			+ [$tested[] | set | ("Tested on" | added) + ": " + .]) | bullets | said),
		limitations: ($c.ai_limitation | bullets | said),
		provider: ([$c.suppliedBy, $c.originatedBy | elements | .name | select(spaced)] | .[0] | said),
		training_data: ([($c.ai_informationAboutTraining | bullets), ([$trained[] | set] | bullets)] | paragraphs | said),
		non_discrimination: ([$trained[] | .dataset_knownBias | strings | .[] | ("Known bias" | added) + ": " + .] | bullets | said)
	})) end
end
