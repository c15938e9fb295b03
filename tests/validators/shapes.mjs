// shapes.mjs FOLDER FILE …: DCAT-AP documents (JSON-LD) against the official SHACL shapes of FOLDER. Prints
// the violations of shapes.ttl (mandatory) and range.ttl (classes), and counts what shapes_recommended.ttl
// would like besides. mdr-vocabularies.shape.ttl needs the EU's vocabularies beside it, and is left out.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import jsonld from "jsonld";
import { Parser, Store } from "n3";
import SHACLValidator from "rdf-validate-shacl";

const [folder, ...files] = process.argv.slice(2);
const SHAPES = ["shapes.ttl", "range.ttl", "shapes_recommended.ttl"];
const read = (...path) => readFileSync(join(...path), "utf8");
const short = (term) => term?.value?.split(/[#/]/).pop();
const counts = {documents: 0, datasets: 0, violations: 0, wishes: 0};

// The context is in the document; nothing is fetched.
const offline = (url) => { throw new Error(`the document asks for ${url}`); };
const validators = SHAPES.map((name) => new SHACLValidator(new Store(new Parser().parse(read(folder, name)))));

for (const file of files) {
	const quads = await jsonld.toRDF(JSON.parse(read(file)), {format: "application/n-quads", documentLoader: offline});
	const data = new Store(new Parser({format: "N-Quads"}).parse(quads));

	counts.documents++;
	counts.datasets += data.countQuads(null, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/ns/dcat#Dataset");
	for (const validator of validators)
		for (const r of (await validator.validate(data)).results) {
			if (short(r.severity) !== "Violation") {
				counts.wishes++;
				continue;
			}
			if (++counts.violations <= 20)
				console.log(`    ${file}: ${r.focusNode?.value} ${short(r.path)}: ${short(r.sourceConstraintComponent)}`);
		}
}
console.log(JSON.stringify(counts));
process.exit(counts.violations ? 1 : 0);
