// Reads the output of tests/tools/records.c: ajv, in strict mode, must accept the schema and agree with our
// validator on every record.
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
const counts = { true: 0, false: 0 };
let validate = null;
let wrong = 0;

for await (const line of createInterface({ input: process.stdin })) {
	const said = JSON.parse(line);
	if (!validate) {
		validate = ajv.compile(said.schema);
		continue;
	}
	if (validate(said.record) !== said.fits) {
		wrong += 1;
		console.log(`    we say ${said.fits}, ajv: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
		console.log(`    ${line.slice(0, 2000)}`);
	}
	counts[said.fits] += 1;
	if (wrong > 3) break;
}
const enough = counts.true >= 500 && counts.false >= 500;
console.log(`${wrong || !enough ? "not ok" : "ok"} - ajv and our validator agree on ${counts.true} good and ${counts.false} bad records`);
process.exit(wrong || !enough ? 1 : 0);
