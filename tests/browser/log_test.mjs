/* log_test.mjs - log.js against others' known answers, without a browser. */
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import vm from "node:vm";

let passed = 0, failed = 0;
async function claim(sentence, work) {
	try {
		await work();
		passed++;
		console.log(`ok - ${sentence}`);
	} catch (e) {
		failed++;
		console.log(`not ok - ${sentence}\n${String(e.stack || e).replace(/^/gm, "    ")}`);
	}
}

const log = vm.runInThisContext(
	`(crypto) => { ${readFileSync("web/static/log.js", "utf8")}; return TransparencyLog; }`)(webcrypto);
const vectors = JSON.parse(readFileSync("tests/vectors/log-vectors.json", "utf8"));
const hash = (base64) => Uint8Array.from(Buffer.from(base64 || "", "base64"));
const holds = (promise) => promise.then(() => true, (e) => {
	assert.ok(e instanceof log.Fault, e);
	return false;
});

await claim("inclusion proofs: every vector of transparency-dev/merkle", async () => {
	/* A leaf's hash of no bytes cannot get this far: what is hashed here has 32. */
	for (const v of vectors.inclusion.filter(({leafHash}) => leafHash))
		assert.equal(await holds(log.checkInclusion(Number(v.leafIdx), Number(v.treeSize),
			hash(v.leafHash), (v.proof || []).map(hash), hash(v.root))), !v.wantErr, JSON.stringify(v));
});
await claim("consistency proofs: every vector but those from the empty tree", async () => {
	for (const v of vectors.consistency.filter(({size1}) => size1 !== "0"))
		assert.equal(await holds(log.checkConsistency(Number(v.size1), Number(v.size2), hash(v.root1),
			hash(v.root2), (v.proof || []).map(hash))), !v.wantErr, JSON.stringify(v));
});
await claim("a tile has one name", () => {
	assert.deepEqual([0, 5, 999, 1000, 67000, 1234067, 1000000].map(log.tileName), ["000", "005",
		"999", "x001/000", "x067/000", "x001/x234/067", "x001/x000/000"]);
});
await claim("the known answer of the signed-note specification", async () =>
	assert.ok(await log.canVerify()));

/* A tree of `size` leaves, kept whole: what the paths made from its nodes must lead to. */
async function grow(size) {
	const leaves = await Promise.all(Array.from({length: size},
		(_, i) => log.leafHash(log.encoder.encode(`entry ${i}`))));
	/* Each hash is asked for many times, and computed once. */
	const once = (work) => {
		const known = new Map();

		return (...at) => {
			const key = at.join();

			if (!known.has(key))
				known.set(key, work(...at));
			return known.get(key);
		};
	};
	const pair = async (left, right) => log.sha256(Uint8Array.of(1), await left, await right);
	const node = once((height, index) => height === 0 ? leaves[index]
		: pair(node(height - 1, 2 * index), node(height - 1, 2 * index + 1)));
	const root = once((from, n) => {
		let k = 1;
		while (k * 2 < n)
			k *= 2;
		return n === 1 ? leaves[from] : pair(root(from, k), root(from + k, n - k));
	});
	return {leaves, node, root};
}

await claim("paths made from tiles hold, for every entry and every earlier tree of 1 to 40", async () => {
	const {leaves, node, root} = await grow(40);
	for (let size = 1; size <= 40; size++)
		for (let i = 0; i < size; i++) {
			await log.checkInclusion(i, size, leaves[i], await log.inclusionPath(node, i, size),
				await root(0, size));
			await log.checkConsistency(i + 1, size, await root(0, i + 1), await root(0, size),
				await log.consistencyPath(node, i + 1, size));
		}
});
await claim("keys and notes with a byte too many, or one that may not be, are refused", async () => {
	const key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
	for (const bad of ["", `${key}A`, ` ${key}`, key.replace("530d", "530D"), key.replace("foo", "fo"),
		key.slice(0, -1), key.replace("+530", "++530")])
		assert.equal(await holds(log.parseKey(bad)), false, bad);
	for (const bad of ["", "text\n", "text\n\n", "text\n\n\u2014 a AAAA", "text\n\n\u2014 a AAAA\n",
		"text\n\n- a AAAAAAA=\n", "te\u0001xt\n\n\u2014 a AAAAAAA=\n", "text\n\n\u2014 a AAAAAAB=\n"])
		assert.throws(() => log.parseNote(log.encoder.encode(bad)), log.Fault, bad);
	log.parseNote(log.encoder.encode("text\n\n\u2014 a AAAAAAA=\n"));
});

await claim("what the control says is there in both languages, with the same values, and all used", () => {
	const [ko, en] = ["ko", "en"].map((lang) =>
		JSON.parse(readFileSync(`web/messages/verify.${lang}.json`, "utf8")));
	const names = (text) => [...text.matchAll(/\{[^}]*\}/g)].map(String).sort();
	const code = ["log", "verify"].map((name) => readFileSync(`web/static/${name}.js`, "utf8")).join();

	assert.deepEqual(Object.keys(ko), Object.keys(en));
	for (const key of Object.keys(en)) {
		if (!/^date_/.test(key)) /* one says a month by its number, the other by its name */
			assert.deepEqual([...new Set(names(ko[key]))], [...new Set(names(en[key]))], key);
		const put = key.replace(/^(step|mark|limits|words(?:_policy|_lang)?)_.*/, "`$1_${");
		const named = /^step_/.test(key) ? code.includes(`step("${key.slice(5)}"`) : true;
		assert.ok(named && (code.includes(`"${key}"`) || code.includes(`messages.${key}`) || code.includes(put)), `${key} is not used`);
	}
	for (const [, key] of code.matchAll(/(?:say|Fault)\("([a-z_]+)"/g))
		assert.ok(en[key], `no message ${key}`);
});

await claim("the words that the control expects on pages are those of the pages", () => {
	const named = (_, path) => `{${path.replace(/\.text$/, "").split(".").at(-1)}}`;

	for (const lang of ["ko", "en"]) {
		const [page, ours] = ["", "verify."].map((kind) =>
			JSON.parse(readFileSync(`web/messages/${kind}${lang}.json`, "utf8")));

		for (const key of Object.keys(page).filter((k) => /^(policy_|lang_(?!own_)|fact_)/.test(k)))
			assert.ok(ours[`words_${key}`], `words_${key} is missing`);
		for (const [key, text] of Object.entries(ours))
			if (/^words_(?!optional_)/.test(key))
				assert.equal(text, page[key.slice(6)]?.replace(/\{\{([a-z._]+)\}\}/g, named), key);
	}
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
