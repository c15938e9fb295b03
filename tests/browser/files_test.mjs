/* files_test.mjs - the "verify" control on a record that names a file, in a register of its own. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ORIGIN, approve, claim, finish, flip, forgetful, gaya, liar, openBrowser, serve, visit, work } from "./lib.mjs";

const PDF = "demo/files/welfare-fria.pdf", SLUG = "tourism-recommender";
const FILE = createHash("sha256").update(readFileSync(PDF)).digest("hex");
const TEXTS = Object.fromEntries(["ko", "en"].map((lang) =>
	[lang, JSON.parse(readFileSync(`web/messages/verify.${lang}.json`, "utf8"))]));

const data = join(work, "files"), key = join(work, "tourism.key"), record = join(work, "record.json");
gaya("init", "--data", data, "--origin", ORIGIN);
const vkey = gaya("key", "new", "--origin", ORIGIN, "--department", "tourism", "--out", key).trim();
gaya("office", "--data", data, "department-add", "tourism", "--name", "ko=관광과", "--name", "en=Tourism");
gaya("office", "--data", data, "key-grant", "tourism", vkey);
const register = await serve(data);
const {assessments, ...filed} = JSON.parse(readFileSync(`demo/systems/${SLUG}.json`)).history[0].record;
filed.attachments = [{kind: "contract", title: {ko: "계약서", en: "The contract"}, sha256: "welfare-fria.pdf"}];
writeFileSync(record, JSON.stringify(filed));
gaya("file", "--server", register.url, "--key", key, "--system", SLUG, "--yes", "--attach", PDF, record);
approve(data, SLUG);

const proxy = await liar(register.url), browser = await openBrowser();
const pattern = (lang, name) => new RegExp(TEXTS[lang][name]
	.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[a-z]+\}/g, "[^]*"));

const newcomer = await forgetful(browser, {viewport: {width: 640, height: 160}});
async function under(tamper, lang) {
	await newcomer.forget(proxy.url);
	proxy.honest();
	proxy.tamper = tamper;
	const result = await visit(newcomer, `${proxy.url}/${lang}/systems/${SLUG}`);
	assert.deepEqual(newcomer.faults, []);
	return result;
}

function says(result, lang, how, ...names) {
	assert.equal(result.how, how, result.all);
	for (const name of names)
		assert.match(result.all, pattern(lang, name));
}

const lie = (prefix, change) => (path, body) => path.startsWith(prefix) ? change(body) : undefined;
const page = (from, to) => (path, body) => path === `/en/systems/${SLUG}` && String(body).includes(from)
	? Buffer.from(String(body).replace(from, to)) : undefined;

for (const lang of ["ko", "en"])
	await claim(`a file that a record names is read, and its hash compared, in ${lang}`, async () =>
		says(await under(() => undefined, lang), lang, "ok", "done_record", "files_fit"));
await claim("a byte flipped anywhere in a file is found", async () => {
	for (const at of [0, 1700, 3510])
		says(await under(lie(`/log/content/${FILE}`, (body) => flip(body, at)), "en"), "en", "bad",
			"other_file");
});
await claim("a file that is withheld is found", async () =>
	says(await under(lie(`/log/content/${FILE}`, () => ({status: 403, body: "no\n"})), "en"), "en", "bad",
		"not_given"));
await claim("a file called erased, where no entry says so, is found", async () => {
	const result = await under(lie(`/log/content/${FILE}`, () => ({status: 410, body: "no\n"})), "en");

	assert.notEqual(result.how, "ok", result.all);
});
await claim("a page that says another size, or leads to another file, is found", async () => {
	says(await under(page("PDF, 4 KB", "PDF, 5 KB"), "en"), "en", "bad", "page_differs");
	says(await under(page(`/files/${FILE}`, `/files/${"0".repeat(64)}`), "en"), "en", "bad", "page_differs");
});
gaya("office", "--data", data, "erase", FILE, "--reason", "ko=개인정보", "--reason", "en=personal data");
for (const lang of ["ko", "en"])
	await claim(`an erased file is told, with the entry that says so proven, in ${lang}`, async () =>
		says(await under(() => undefined, lang), lang, "ok", "done_record", "files_fit_but"));

await browser.close();
proxy.stop();
finish();
