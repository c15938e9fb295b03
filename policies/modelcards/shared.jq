# What the maps of this folder share; it stands before each of them. They run in a process with
# little time and memory, for whoever has a supplier's link may send any file.
def spaced: type == "string" and test("[^ \\t\\n\\r]");
# Without characters that no record takes: controls, those that turn the direction of writing, invisible ones that
# no script needs. Few texts have one, and to look for one by a pattern takes a tenth of the time of looking at each character.
def clean:
	gsub("\r\n?"; "\n")
	| if test("[\\x{0}-\\x{8}\\x{b}-\\x{1f}\\x{7f}-\\x{9f}\\x{61c}\\x{180e}\\x{200e}\\x{200f}\\x{2028}-\\x{202e}\\x{2066}-\\x{206f}\\x{feff}\\x{fff9}-\\x{fffb}\\x{e0000}-\\x{e007f}]") then
		explode
		| map(select(. == 9 or . == 10 or (. >= 32 and (. < 127 or . > 159)
			and . != 1564 and . != 6158 and . != 8206 and . != 8207 and (. < 8232 or . > 8238)
			and (. < 8294 or . > 8303) and . != 65279
			and (. < 65529 or . > 65531) and (. < 917504 or . > 917631))))
		| implode
	else . end
	| sub("^[ \\t\\n]+"; "") | sub("[ \\t\\n]+$"; "");
# What a map adds to a text, with its Korean behind it. It stands between two marks until `said` has told the
# language, which is that of the file's own words.
def korean: {"Approach": "학습 방식", "Architecture family": "구조 계열", "Architecture": "구조", "metric": "지표",
	"Type of model": "모델 종류", "Threshold": "판정 기준값", "Tested on": "시험 데이터", "Known bias": "알려진 편향",
	"Base model": "바탕 모델", "Metrics": "평가 지표", "Datasets": "데이터"};
def added: "\ue000" + . + " (" + korean[.] + ")\ue001";
def own_words: split("\ue000") | .[:1] + (.[1:] | map(split("\ue001") | .[1:] | join(""))) | join("");
def without_marks: split("\ue000") | join("") | split("\ue001") | join("");
# The language is told from the writing. None of the formats says which language its texts are in:
# `language` of a Hugging Face card is what the model understands.
def said:
	if spaced then clean
	| own_words as $own
	| (($own | explode | map(select(. >= 44032 and . <= 55203)) | length) * 5) as $hangul
	| without_marks
	| if . == "" then null elif $hangul > ($own | length) then {ko: .} else {en: .} end
	else null end;
def strings: if type == "array" then map(select(spaced)) elif spaced then [.] else [] end;
def bullets: strings | if length == 1 then .[0] elif length then map("- " + gsub("\n"; " ")) | join("\n") else null end;
def paragraphs: map(select(spaced)) | if length then join("\n\n") else null end;
def labelled($word): if spaced then ($word | added) + ": " + . else null end;
# Short ones, each once; a list of the standard takes no more.
def items:
	strings | map(gsub("[ \\t\\n]+"; " ") | select(length <= 100)) | .[:50] as $some
	| [range($some | length) | select(. as $n | $some[:$n] | map(select(. == $some[$n])) | length == 0) | $some[.] | said | values];
def address: if type == "string" and test("^https?://[^ \\t\\n\"<>]+$") then . else null end;
def generates:
	type == "string" and (ascii_downcase | test("generat|text-to-(image|speech|video|audio)|image-to-(text|image|video)|summari[sz]ation|translation|conversational|image-text-to-text"));
# A document of JSON; null for any other text.
def document: if test("^[\ufeff \\t\\n\\r]*\\{") then ltrimstr("\ufeff") | (try fromjson catch null) else null end
	| if type == "object" then . else null end;
def objects_of: if type == "array" then map(select(type == "object")) else [] end;
def answer($format; $model; $fields):
	{format: $format, model: ($model | if spaced then clean | .[:200] else null end),
	 fields: ($fields | with_entries(select(.value != null and .value != [])))};
