// schemas.mjs record SCHEMA FILE.jsonl …: each line's "record" against the register's own schema of records.
// schemas.mjs dutch CONFIG LANGUAGES FILE.json …: each item against the Publicatiestandaard. Its file is the
// configuration of the ministry's form, "required" and "permitted_values" beside each field, and becomes a JSON
// Schema here. LANGUAGES: "" for what it permits, else codes of ISO 639-3 in their place.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const [what, source, ...rest] = process.argv.slice(2);
const read = (file) => readFileSync(file, "utf8");

function field({type, max_length: maxLength, permitted_values: values, items}) {
	if (type === "array")
		return {type, items: values ? {enum: values} : object(items)};
	if (type === "enum")
		return {enum: values};
	return {type: "string", minLength: 1, ...(maxLength ? {maxLength} : {})};
}

function object(fields) {
	const entries = Object.entries(fields);

	return {type: "object", additionalProperties: false,
		required: entries.filter(([, f]) => f.required === true).map(([name]) => name),
		properties: Object.fromEntries(entries.map(([name, f]) => [name, field(f)]))};
}

function dutch(languages) {
	const schema = object(JSON.parse(read(source)).properties);

	if (languages)
		schema.properties.lang.enum = languages.split(",");
	return schema;
}

const ajv = new Ajv2020({strict: false, allErrors: true});
const isDutch = what === "dutch";
const validate = ajv.compile(isDutch ? dutch(rest.shift()) : JSON.parse(read(source)));
const counts = {documents: 0, rows: 0, errors: 0};

for (const file of rest) {
	const rows = isDutch ? JSON.parse(read(file)) : read(file).split("\n").filter(Boolean).map((line) => JSON.parse(line).record);

	counts.documents++;
	for (const row of rows) {
		counts.rows++;
		if (validate(row))
			continue;
		counts.errors += validate.errors.length;
		validate.errors.slice(0, 5).forEach((e) => console.log(`    ${file}: ${JSON.stringify(row.name)}: ${e.instancePath} ${e.message}`));
	}
}
console.log(JSON.stringify(counts));
process.exit(counts.errors ? 1 : 0);
