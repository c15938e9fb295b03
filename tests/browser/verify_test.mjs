/* verify_test.mjs - the "verify" control in a real browser: before an honest server, and before
 * one that lies in every way we could think of. */
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, randomBytes, createHash, sign } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ORIGIN, ask, claim, demoCity, finish, flip, forgetful, gaya, liar, openBrowser, press, reader,
	serve, visit, work } from "./lib.mjs";

const SLUG = "civil-chatbot";
const TEXTS = Object.fromEntries(["ko", "en"].map((lang) =>
	[lang, JSON.parse(readFileSync(`web/messages/verify.${lang}.json`, "utf8"))]));

const data = join(work, "data"), forkData = join(work, "fork"), otherData = join(work, "other");
demoCity(data);
const honest = await serve(data);
/* Over 256 entries, so that there is a full tile, a partial one, and one above both. */
await Promise.all(Array.from({length: 100}, (_, i) => ask(honest.url, "cctv-control", `질문 ${i}`)));
const receipt = await ask(honest.url, SLUG, "상담 내용은 얼마나 보관합니까?\n<b>\"인용\"</b> & 끝");
await honest.stop();
cpSync(data, forkData, {recursive: true}); /* key, mark and all: from here on, a second history */
gaya("init", "--data", otherData, "--origin", ORIGIN, "--demo");

/* A record that the register filed itself, in a language that the pages are not in. */
const profile = join(work, "next-city");
mkdirSync(profile);
writeFileSync(join(profile, "profile.json"), JSON.stringify({profile: "next-city", input: "csv",
	title: {ko: "옆 도시", en: "Next city"}, retire_missing: false}));
writeFileSync(join(profile, "map.jq"), `{id: .id, key: .id, key_if_repeated: .id, slug_hint: .id,
	department: {slug: "next-city", name: {en: "Next"}}, dropped: [],
	record: ({name: {nl: .name}, goal: {nl: .goal}} +
		if .id == "next-two" then {}
		elif .id == "next-three" then {name: {nl: .name, en: "Three"}, goal: {nl: .goal, en: "Fast"},
			translations: [{language: "en", status: "machine"}]} else {supplier_statements: [{field: "goal", supplier: "Wolters & <Zn>"}]} end)}`);
writeFileSync(join(work, "next.csv"), "id,name,goal\nnext-one,Een *ster* & meer,Snel 5 > 3 & [goed]\n" +
	"next-two,Twee,Goed &amp; snel\nnext-three,Drie,Snel\n");
gaya("import", "--data", data, "--profile", profile, join(work, "next.csv"));

const [register, fork, other] = [await serve(data), await serve(forkData), await serve(otherData)];
const proxy = await liar(register.url);
const browser = await openBrowser(`--host-resolver-rules=MAP register.example 127.0.0.1`);
const version = await (await fetch(`${register.url}/en/systems/${SLUG}.json`)).json();
const record = (lang) => `${proxy.url}/${lang}/systems/${SLUG}`;
const receiptPage = (lang) => `${proxy.url}/${lang}/feedback/${receipt}`;

/* A message as a pattern: what is filled in may be anything. */
const pattern = (lang, key) => new RegExp(TEXTS[lang][key]
	.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[a-z_]+\}/g, "[^]*"));
const FIRST = {ko: "첫 방문", en: "First visit"};

function says(result, lang, key) {
	assert.match(result.all, pattern(lang, key));
}

function holds(result, lang, key) {
	assert.equal(result.how, "ok", result.all);
	assert.match(result.sentence, pattern(lang, key));
	assert.ok(result.steps.every((step) => step.how !== "bad" && step.how !== "busy"), result.all);
}

/* Found out: the last step says why, and the sentence does not leave it open. */
function found(result, lang, ...keys) {
	assert.equal(result.how, "bad", result.all);
	assert.equal(result.sentence, TEXTS[lang].false);
	assert.equal(result.steps.at(-1).how, "bad", result.all);
	assert.ok(keys.some((key) => pattern(lang, key).test(result.steps.at(-1).text)), result.all);
}

const memory = (page) => page.evaluate(() => localStorage.getItem("gaya.log"));

/* Who comes for the first time, to an honest server. A low screen is drawn at half the cost; nothing here depends on it.
 * Nor does it depend on whether a page is drawn at all, so this one is not: what the control says is read from it by
 * scripts alone. Pages that a person looks at are `drawn`. */
const SCREEN = {viewport: {width: 640, height: 160}}, newcomer = await forgetful(browser, SCREEN);
const drawn = await forgetful(browser, SCREEN);
await newcomer.addInitScript(() => {
	const sheet = new CSSStyleSheet();

	sheet.replaceSync("body { display: none }");
	document.adoptedStyleSheets.push(sheet);
});
async function stranger(page = newcomer) {
	await page.forget(proxy.url);
	proxy.honest();
	return page;
}

/* A first visit, a lie, an answer. */
async function under(tamper, url, page = newcomer) {
	await stranger(page);
	proxy.tamper = tamper;
	const result = await visit(page, url);
	assert.deepEqual(page.faults, []);
	return result;
}

/* Pages that lie: a page is loaded once, and then stands there as if the server had sent other HTML. That the lie alone
 * is found, and not how it got there, is shown by the page's own HTML, which is put there first. The register is honest, and
 * what it said of the log is kept. */
async function rewriter(url) {
	await newcomer.forget(new URL(url).origin);
	const html = await (await fetch(url)).text();
	const rewrite = async (text) => {
		await newcomer.evaluate((sent) => {
			const [now, then] = [document, new DOMParser().parseFromString(sent, "text/html")].map((d) => d.querySelector("#main"));
			const [control, claims] = [now, then].map((main) => main.querySelector("#verify"));

			for (const {name, value} of claims.attributes)
				control.setAttribute(name, value);
			claims.replaceWith(control);
			now.replaceWith(document.adoptNode(then));
		}, text);
		const result = await press(newcomer);
		assert.deepEqual(newcomer.faults, []);
		return result;
	};

	await newcomer.goto(url, {waitUntil: "load"});
	await newcomer.evaluate(() => {
		const {fetch} = globalThis, answers = new Map();

		globalThis.fetch = async (path, how) => {
			if (!answers.has(path))
				answers.set(path, fetch(path, how));
			return (await answers.get(path)).clone();
		};
	});
	holds(await rewrite(html), "en", "done_record");
	return {html, rewrite};
}

const lie = (prefix, change) => (path, body) => path.startsWith(prefix) ? change(body) : undefined;

/* --- an honest server --- */

for (const lang of ["ko", "en"]) {
	await claim(`a record page is verified, step by step, in ${lang}`, async () => {
		const result = await under(() => undefined, record(lang), drawn);
		holds(result, lang, "done_record");
		assert.equal(result.steps.length, 12);
		assert.equal(result.steps[2].how, "new"); /* nothing is claimed of a first visit */
		assert.match(result.steps[2].text, new RegExp(FIRST[lang]));
		assert.match(result.steps[3].text, lang === "ko" ? /2026\. \d+\. \d+\. \d\d:\d\d/
			: /\d September 2026 \d\d:\d\d/);
		assert.match(result.all, lang === "ko" ? /증인의 서명/ : /cosignatures/);
		for (const key of ["checkpoint_fits", "tree_fits", "first_visit", "entry_proven", "signed_by",
			"content_fits", "json_fits", "limits_record"])
			says(result, lang, key);
	});
	await claim(`a receipt is verified in ${lang}, of a question that is not published`, async () => {
		const result = await under(() => undefined, receiptPage(lang), drawn);
		holds(result, lang, "done_receipt");
		says(result, lang, "question_fits");
	});
	await claim(`an older version's page is verified in ${lang}`, async () =>
		holds(await under(() => undefined, `${record(lang)}/versions/1`), lang, "done_record"));
}
await claim("an imported record says that no department signed it, and is verified otherwise", async () => {
	const result = await under(() => undefined, `${proxy.url}/ko/systems/next-one`);
	holds(result, "ko", "done_record");
	says(result, "ko", "not_signed");
	assert.ok(result.steps.some((step) => step.how === "open"));
});
await claim("a page that hides that a supplier said it is found out, and so is one that makes it up", async () => {
	const note = /<p class="note stated">[^]*?<\/p>/;
	const hidden = (body) => { assert.match(String(body), note); return Buffer.from(String(body).replace(note, "")); };
	const madeUp = (body) => Buffer.from(String(body).replace('<p class="note">', '<p class="note stated">공급자</p>$&'));

	for (const [slug, change] of [["next-one", hidden], ["next-two", madeUp]]) {
		const page = `/ko/systems/${slug}`;

		found(await under((path, body) => path === page ? change(body) : undefined, proxy.url + page), "ko",
			"page_differs", "page_has_more");
	}
});
await claim("a text that the page cannot be compared with makes the result a partial one", async () => {
	for (const lang of ["ko", "en"]) {
		const result = await under(() => undefined, `${proxy.url}/${lang}/systems/next-two`);
		assert.equal(result.how, "part", result.all);
		assert.match(result.sentence, pattern(lang, "done_partly"));
		assert.equal(result.steps.at(-1).how, "open");
		says(result, lang, "page_fits_but");
	}
});
await claim("a page of texts that a machine translated is verified but for what the register says of them", async () => {
	const page = "/en/systems/next-three", result = await under(() => undefined, proxy.url + page);

	assert.equal(result.how, "part", result.all);
	assert.match(result.sentence, pattern("en", "done_partly"));
	found(await under((path, body) => path === page ? Buffer.from(String(body).replace(
		/(<p class="note of-text">)[^<]*/, "$1It is quite safe.")) : undefined, proxy.url + page), "en", "page_differs");
});
await claim("every system's newest page is verified, in one language or the other", async () => {
	const {systems} = await (await fetch(`${register.url}/api/v1/systems?limit=500`)).json();
	const page = newcomer;
	let compared = 0;

	await page.forget(register.url);
	for (const [i, {slug}] of systems.filter((s) => !["next-two", "next-three"].includes(s.slug)).entries()) {
		const lang = ["ko", "en"][i % 2];
		const result = await visit(page, `${register.url}/${lang}/systems/${slug}`);
		holds(result, lang, "done_record");
		compared += Number(result.steps.at(-1).text.match(/[0-9]+/)[0]);
	}
	assert.ok(systems.length >= 10 && compared > 400, `${systems.length} systems, ${compared} texts`);
	assert.deepEqual(page.faults, []);
});
await claim("what the page computes with comes from tiles, and not from the server's proofs", async () => {
	await under(() => undefined, record("en"));
	assert.ok(proxy.asked.some((path) => path.startsWith("/log/tile/0/")));
	assert.ok(!proxy.asked.some((path) => /^\/log\/(proof|consistency)\//.test(path)));
});
await claim("where a partial tile is gone, the full one does", async () => {
	/* The proxy plays a log that has grown to a full tile since: its first hashes are the same. */
	const tail = Buffer.alloc(32 * 256, 7);
	const tamper = (path, body) => {
		if (path.includes(".p/"))
			return {status: 404, body: "gone\n"};
		const whole = /^\/log\/tile\/(.*)$/.exec(path);
		return whole && body.length !== 32 * 256 ? {status: 200, body: filled.get(path)} : undefined;
	};
	const filled = new Map();
	await under((path, body) => {
		if (path.includes(".p/"))
			filled.set(path.replace(/\.p\/.*/, ""), Buffer.concat([body, tail]).subarray(0, 32 * 256));
	}, record("en"));
	assert.ok(filled.size > 0);
	holds(await under(tamper, record("en")), "en", "done_record");
});

/* --- a server that lies --- */

const entries = {published: version.entry, filed: version.filing, granted: version.key_entry};
for (const [name, index] of Object.entries(entries))
	await claim(`a byte flipped anywhere in the entry of what was ${name} is found`, async () => {
		const {length} = Buffer.from(await (await fetch(`${register.url}/log/entry/${index}`)).arrayBuffer());
		for (const at of [Math.floor(length / 3), length - 1])
			found(await under((path, body) =>
				path === `/log/entry/${index}` ? flip(body, at) : undefined, record("en")),
				"en", "bad_inclusion");
	});
await claim("another entry of the log in its place is found", async () => {
	const wrong = Buffer.from(await (await fetch(`${register.url}/log/entry/3`)).arrayBuffer());
	found(await under(lie(`/log/entry/${version.filing}`, () => wrong), record("ko")), "ko",
		"bad_inclusion");
});
await claim("a byte flipped anywhere in any tile that is used is found", async () => {
	await under(() => undefined, record("en"));
	const tiles = proxy.asked.filter((path) => path.startsWith("/log/tile/"));
	assert.ok(tiles.length >= 3, tiles.join());
	for (const tile of tiles)
		for (let i = 0; i < 2; i++)
			found(await under(lie(tile, (body) => flip(body,
				randomBytes(4).readUInt32BE() % body.length, 1 << i)), record("en")),
				"en", "bad_tile", "bad_edge");
});
await claim("a tile cut short is found", async () =>
	found(await under(lie("/log/tile/0/", (body) => body.subarray(0, -32)), record("en")), "en",
		"bad_tile"));
await claim("a tile that is not given out is found", async () =>
	found(await under(lie("/log/tile/0/", () => ({status: 404, body: "no\n"})), record("ko")), "ko",
		"not_given"));
await claim("a byte flipped anywhere in the checkpoint is found", async () => {
	const {length} = Buffer.from(await (await fetch(`${register.url}/log/checkpoint`)).arrayBuffer());
	for (let at = 0; at < length; at += 23)
		found(await under(lie("/log/checkpoint", (body) => flip(body, at)), record("en")), "en",
			"bad_signature", "no_signature", "bad_note", "bad_base64", "not_text");
});
await claim("a wrong signature is named as such, in both languages", async () => {
	for (const lang of ["ko", "en"])
		/* One character of it for another that base64 has, too. */
		found(await under(lie("/log/checkpoint", (body) => Buffer.from(body.toString()
			.replace(/.(.{20})\n$/, (old, rest) => `${old[0] === "A" ? "B" : "A"}${rest}\n`))),
			record(lang)), lang, "bad_signature");
});
await claim("a checkpoint of another size is found", async () =>
	found(await under(lie("/log/checkpoint", (body) =>
		Buffer.from(body.toString().replace(/\n([0-9]+)\n/, (_, n) => `\n${n - 1}\n`))), record("en")),
		"en", "bad_signature"));
await claim("another key is found, also on a first visit", async () => {
	const key = Buffer.from(await (await fetch(`${other.url}/log/vkey`)).arrayBuffer());
	found(await under(lie("/log/vkey", () => key), record("ko")), "ko", "no_signature");
});
await claim("a key that is no key is found", async () => {
	for (const at of [0, 22, 30, 50])
		found(await under(lie("/log/vkey", (body) => flip(body, at)), record("en")), "en",
			"bad_key", "bad_base64", "no_signature");
});
await claim("a byte flipped anywhere in the content is found", async () => {
	for (let i = 0; i < 2; i++)
		found(await under(lie("/log/content/", (body) => flip(body,
			randomBytes(4).readUInt32BE() % body.length)), record("en")), "en", "other_content");
});
await claim("content that is withheld is found", async () =>
	found(await under(lie("/log/content/", () => ({status: 404, body: "no\n"})), record("en")), "en",
		"not_given"));
await claim("content called erased, where no entry says so, is found", async () =>
	found(await under(lie("/log/content/", () => ({status: 410, body: "no\n"})), record("en")), "en",
		"not_given"));
await claim("a letter changed in the version's JSON is found", async () => {
	for (const lang of ["ko", "en"])
		found(await under(lie(`/${lang}/systems/${SLUG}/versions/`, (body) => Buffer.from(body
			.toString().replace(/("description_short": \{\s+"[a-z]+": ")./, "$1X"))), record(lang)),
			lang, "json_differs");
});
await claim("a byte flipped anywhere in the record of the version's JSON is found", async () => {
	for (let i = 0; i < 3; i++)
		found(await under(lie(`/en/systems/${SLUG}/versions/`, (body) => {
			const from = body.indexOf('"record": {'), to = body.indexOf("\n  }", from);
			return flip(body, from + randomBytes(4).readUInt32BE() % (to - from));
		}), record("en")), "en", "json_differs");
});
await claim("a letter changed in the page that people read is found, wherever it stands", async () => {
	const page = await (await fetch(`${register.url}/en/systems/${SLUG}`)).text();
	const {goal, provider, description_short: summary, name} = version.record;
	for (const text of [goal.en, provider.en, summary.en, name.en].filter(Boolean)) {
		const shown = text.slice(0, 12).replace(/[&<>"].*/, "");
		assert.ok(page.includes(shown), shown);
		found(await under(lie(`/en/systems/${SLUG}`, (body) => body.toString().startsWith("<!doctype")
			? Buffer.from(body.toString().replaceAll(shown, shown.slice(0, -1) + "X")) : undefined),
			record("en")), "en", "page_differs");
	}
});
await claim("since when the log has an assessment is compared with the entry that is named", async () => {
	const {html, rewrite} = await rewriter(`${register.url}/en/systems/traffic-signal-optimisation`);
	const [note, entry] = /<p class="note logged"[^>]*data-entry="([0-9]+)"[^]*?<\/p>/.exec(html) ?? [];
	const edits = [
		["the day of the log", "page_differs", note.replace("19 October 2026", "12 October 2026")],
		["the day that is claimed", "page_differs", note.replace("12 October 2026", "19 October 2026")],
		["the whole of it, left out", "page_differs", ""],
		["one more of it", "page_has_more", `${note}${note}`],
		["the entry that it names, by another", "other_event", note.replaceAll(entry, `${entry - 1}`)],
	];

	for (const [name, how, instead] of edits) {
		assert.notEqual(instead, note, name);
		found(await rewrite(html.replace(note, instead)), "en", how);
	}
});
await claim("that an event fulfilled a duty is compared with that event", async () => {
	const {html, rewrite} = await rewriter(`${register.url}/en/systems/civil-kiosk`);
	const [duty, entry] = /<li class="met" data-entry="([0-9]+)">[^]*?<\/li>/.exec(html) ?? [];
	const edits = [
		["the event, by another one", "other_event", duty.replaceAll(entry, `${entry - 1}`)],
		["the day", "page_differs", duty.replace(/(handed the list over on )[0-9]+/, "$11")],
		["the event, by none", "page_differs", duty.replace(/ data-entry="[0-9]+"/, "")],
	];

	for (const [name, how, instead] of edits) {
		assert.notEqual(instead, duty, name);
		found(await rewrite(html.replace(duty, instead)), "en", how);
	}
	/* A duty that no event fulfils is not fulfilled by one. */
	const unmet = /<li class="unmet"><strong>[^]*?<\/strong>/.exec(html)[0];
	found(await rewrite(html.replace(unmet, unmet.replace('class="unmet"', `class="met" data-entry="${entry}"`))), "en",
		"page_differs");
});
await claim("whatever else is changed in, added to or taken from the record on the page is found", async () => {
	const field = '<div class="field" id="f-trust"><h3>Trust</h3><div><div class="value"><p>Fine.</p></div></div></div>';
	const edits = [
		["a sentence", (html) => html.replace(/(id="f-goal"[^]*?<\/p>)/, "$1<p>And nothing else.</p>")],
		["a field of the standard", (html) => html.replace(/(<div class="groups">)/,
			`$1${field.replace("f-trust", "f-audit")}`)],
		["a value", (html) => html.replace(/(id="f-risk_category"[^]*?<p>)[^<]*/, "$1Minimal risk, trust us")],
		["a badge", (html) => html.replace(/(badge risk-[a-z]+"[^>]*><span[^]*?<\/span>)[^<]*/, "$1None")],
		["a word of a list in Markdown", (html) => html.replace("<li>If it finds none", "<li>If it finds two")],
		["a list item in Markdown", (html) => html.replace("<li>If it finds none", "<li>It never errs.</li>$&")],
		["a number", (html) => html.replace("weekdays 9 to 18", "weekdays 9 to 19")],
		["a member of an object", (html) => html.replace("Plausible but wrong answers", "None")],
		["a member's label", (html) => html.replace("<strong>Mitigation:", "<strong>Certified:")],
		["a hint", (html) => html.replace(/(<p class="hint">)[^<]*/, "$1A person checks everything.")],
		["a hint where there is none", (html) => html.replace(/(id="f-goal"[^]*?<\/div>)/,
			'$1<p class="hint">Approved.</p>')],
		["a question", (html) => html.replace("How risky is it?", "How safe is it?")],
		["a day", (html) => html.replace(/(id="f-revision_date"[^]*?)31 January 2027/, "$1" + "28 February 2026")],
		["a reason for the level", (html) => html.replace(/(<ul class="reasons">\n<li>)[^<]*/, "$1It is harmless.")],
		["a reason's legal basis", (html) => html.replace(/(<ul class="reasons">\n<li>[^<]*<span class="note">)[^<]*/, "$1Charter of the United Nations · ")],
		["a reason's rule", (html) => html.replace(/(<ul class="reasons">\n<li>[^]*?<code>)[^<]*/, "$1none")],
		["a duty's legal basis", (html) => html.replace(/(class="unmet"><strong>[^]*?<span class="note">)[^<]*/, "$1A custom")],
		["a duty's field", (html) => html.replace(/(class="unmet"><strong>[^]*?<p class="shown"><a[^>]*>)[^<]*/, "$1None")],
		["a duty that is not met", (html) => html.replace('class="unmet"', 'class="met"')],
		["the reasons for the level, left out", (html) => html.replace(/<section class="group why"[^]*?<\/section>\n/, "")],
		["an answer to a policy's question", (html) => html.replace(/(<dl class="answers">\n<div><dt>[^]*?<dd>)Yes/, "$1No")],
		["an answer in more words", (html) => html.replace(/(<dl class="answers">\n<div><dt>[^]*?<dd>)Yes/, "$1Yes, and safely")],
		["a policy's question", (html) => html.replace(/(<dl class="answers">\n<div><dt>)[^<]*/, "$1Is it good?")],
		["an answer left out", (html) => html.replace(/(<dl class="answers">\n)<div>[^]*?<\/div>\n/, "$1")],
		["an answer that nobody gave", (html) => html.replace(/(<dl class="answers">\n)/, "$1<div><dt>Is it good?</dt><dd>Yes</dd></div>\n")],
		["all answers left out", (html) => html.replace(/<dl class="answers">[^]*?<\/dl>/, "")],
		["two lists of answers", (html) => html.replace(/<dl class="answers">[^]*?<\/dl>/, "$&$&")],
		["true answers hidden beside false ones", (html) => html.replace(/<dl class="answers">([^]*?)<\/dl>/,
			(_, list) => `<dl>${list.replaceAll("<dd>Yes", "<dd>No")}</dl><dl class="answers" hidden>${list}</dl>`)],
		["another list beside the answers", (html) => html.replace(/<dl class="answers">[^]*?<\/dl>/, "$&<dl><div><dt>Is it certified?</dt><dd>Yes</dd></div></dl>")],
		["other reasons, the true ones hidden", (html) => html.replace('<ul class="reasons">', '<ul><li>It is harmless.</li></ul><ul class="reasons" hidden>')],
		["duties hidden", (html) => html.replace('<ul class="duties">', '<ul class="duties" hidden>')],
		["a sentence among the reasons", (html) => html.replace(/(data-part="level">[^]*?<\/p>)/, "$1<p>The ministry has certified it.</p>")],
		["the sentence of the level hidden", (html) => html.replace('<p data-part="level">', '<p class="note">It is of minimal risk.</p><p data-part="level" hidden>')],
		["a second note among the reasons", (html) => html.replace('<p data-part="level">', '<p class="note">It is safe.</p><p class="note">It is of minimal risk.</p>$&')],
		["the sum of the duties", (html) => html.replace(/(<p class="sum">)[0-9]+/, "$19")],
		["a sentence after the sum of the duties", (html) => html.replace(/(<p class="sum">[^<]*)/, "$1. It is certified.")],
		["the sum of the duties left out", (html) => html.replace(/<p class="sum">[^<]*<\/p>/, "")],
		["other words for changed rules", (html) => html.replace('<p data-part="level">', '<p class="note">It is of minimal risk.</p>$&')],
		["that a law does not bind, left out", (html) => html.replace(/ <span class="note">[^<]*<\/span><\/summary>/, "</summary>")],
		["a sentence after the reason beside the level", (html) => html.replace(/(class="hint reason">[^<]*)/, "$1 It is certified.")],
		["the policy that the reason beside the level is from", (html) => html.replace(/(class="hint reason">[^]*?<span>)[^<]*/, "$1(Charter of the United Nations)")],
		["a link among the reasons that leads elsewhere", (html) => html.replace(/(<a class="more" href=")\/en\/policies/, "$1https://evil.example")],
		["text beside the answers", (html) => html.replace(/<dl class="answers">/, "$&Approved.")],
		["a month", (html) => html.replace("May 2026", "May 2016")],
		["a link", (html) => html.replace('href="https://www.gimhae.example/chatbot"', 'href="https://evil.example/"')],
		["a label", (html) => html.replace("<h3>Responsible organisation", "<h3>Certified organisation")],
		["an unknown field at the end of a group", (html) => html.replace(/(id="g-risk"[^]*?)(<\/section>)/, `$1${field}$2`)],
		["an unknown field before the record", (html) => html.replace('<section class="facts"', `${field}$&`)],
		["a group", (html) => html.replace('<p class="note">', '<section class="group" id="g-more"><h2>More</h2></section>$&')],
		["text beside the fields", (html) => html.replace('<div class="field" id="f-description">', "Approved.$&")],
		["a picture", (html) => html.replace(/(id="f-goal"[^]*?<p>)/, '$1<img alt="Approved" src="/icon.svg">')],
		["a field left out", (html) => html.replace(/<div class="field" id="f-cost">[^]*?<\/div>\n<\/div>\n<\/div>\n/, "")],
		["the count of empty fields", (html) => html.replace(/[0-9]+ optional fields/, "2 optional fields")],
	];
	const {html, rewrite} = await rewriter(`${register.url}/en/systems/${SLUG}`);

	for (const [name, edit] of edits) {
		assert.notEqual(edit(html), html, name);
		const result = await rewrite(edit(html));
		assert.equal(result.how, "bad", `${name}: ${result.all}`);
		found(result, "en", "page_differs", "page_has_more");
	}
});
await claim("what stands above the record is compared: each lie about it is found", async () => {
	const part = (name, change) => (html) => html.replace(new RegExp(`(data-part="${name}"[^>]*>)((?:<a [^>]*>)?[^]*?)(</(?:dd|span|p|strong|div)>)`),
		(whole, open, text, close) => `${open}${change(text)}${close}`);
	const instead = (words) => (text) => text.replace(/[^<>]+(?=(<\/a>)?$)/, words);
	const edits = [
		["the level on the badge", "", part("risk-badge", instead("Minimal"))],
		["the colour of the badge", "", (html) => html.replace(/badge risk-[a-z]+" data-part/, 'badge risk-minimal" data-part')],
		["the status", "", part("status-badge", instead("In use"))],
		["a second badge", "", (html) => html.replace(/<h1/, '<span class="badge">Certified</span>$&')],
		["no badge", "", (html) => html.replace(/<span class="badge risk[^]*?<\/span><\/span>|<span class="badge risk-[^]*?<\/span>[^<]*<\/span>/, "")],
		["the department", "", part("department", instead("Trusted Division"))],
		["the department's address", "", (html) => html.replace('href="/en/departments/', 'href="/en/systems/')],
		["the entry that names the department", "", (html) => html.replace(/(data-part="department" data-entry=")[0-9]+/, "$1" + "0")],
		["the version", "", part("version", (text) => text.replace(/[0-9]+/, "9"))],
		["the day of the version", "", part("version", (text) => text.replace(/, [0-9]+/, ", 99"))],
		["the next review", "", part("review", (text) => text.replace(/20[0-9][0-9]/, "2099"))],
		["a review that is soon", "", part("review", (text) => `${text} <strong>Review due soon</strong>`)],
		["no review", "", (html) => html.replace(/<div><dt>Next review[^]*?<\/dd><\/div>/, "")],
		["one more line", "", (html) => html.replace('<dl class="meta">', "$&<div><dt>Audited</dt><dd>Yes</dd></div>")],
		["the sentence of the level", "", part("level", (text) => text.replace(/“[^”]*”/, "“Minimal”"))],
		["a sentence after it", "", part("level", (text) => `${text} It is safe.`)],
		["a policy's name", "", part("policy", instead("World safety mark"))],
		["a policy's level", "", part("policy-level", instead("No risk"))],
		["a suspension", "", (html) => html.replace('<header class="head">',
			'<section class="notice warning" data-part="notice"><h2>This system is suspended</h2></section>$&')],
		["a suspension by another's entry", "", (html) => html.replace(/data-part="status-badge"/,
			`$& data-entry="${suspension}"`)],
		["another reason", "welfare-precheck", part("notice-reason", instead("A holiday."))],
	];
	const suspension = /status-badge" data-entry="([0-9]+)"/.exec(
		await (await fetch(`${register.url}/en/systems/welfare-precheck`)).text())[1];
	let open = null;

	for (const [name, slug, edit] of edits) {
		if (open?.slug !== slug)
			open = {slug, ...await rewriter(`${register.url}/en/systems/${slug || SLUG}`)};
		assert.notEqual(edit(open.html), open.html, name);
		const result = await open.rewrite(edit(open.html));
		assert.equal(result.how, "bad", `${name}: ${result.all}`);
		found(result, "en", "page_differs", "page_has_more", "other_event");
	}
});
await claim("answers to a policy that nobody adopted are compared as they are, and each lie about them is found", async () => {
	const plain = join(work, "plain");

	gaya("init", "--data", plain, "--origin", "plain.example/log");
	writeFileSync(join(work, "four.csv"), "id,name,goal\nnext-four,Vier,Snel\n");
	const told = join(work, "told");
	cpSync(profile, told, {recursive: true});
	writeFileSync(join(told, "map.jq"), `{id: .id, key: .id, key_if_repeated: .id, slug_hint: .id, department: {slug: "next-city", name: {en: "Next"}},
		dropped: [], record: {name: {nl: .name}, assessments: {"eu-ai-act": {annex_iii: ["5a", "5b"], practices: [], is_ai_system: true}, "none": {}}}}`);
	gaya("import", "--data", plain, "--profile", told, join(work, "four.csv"));
	const quiet = await serve(plain), {html, rewrite} = await rewriter(`${quiet.url}/en/systems/next-four`);

	assert.match(html, /<th scope="row">annex_iii<\/th><td>5a, 5b<\/td>/);
	for (const [name, edit] of [["a fact", (text) => text.replace(">is_ai_system<", ">is_safe<")], ["an answer", (text) => text.replace("<td>5a, 5b</td>", "<td>5b</td>")],
		["a fact left out", (text) => text.replace(/<tr><th scope="row">annex_iii[^]*?<\/tr>\n/, "")], ["a policy", (text) => text.replace("<caption>none", "<caption>gimhae")],
		["a table more", (text) => text.replace(/<table[^]*?<\/table>/, "$&$&")],
		["words of an adoption that there is not", (text) => text.replace('data-policy="none"', '$& data-entry="0" data-sha256="00"')]]) {
		assert.notEqual(edit(html), html, name);
		found(await rewrite(edit(html)), "en", "page_differs", "page_has_more", "other_event");
	}
	await quiet.stop();
});
await claim("a policy other than the one that the judgement names is found", async () => {
	const {judged} = await (await fetch(`${register.url}/en/systems/${SLUG}.json`)).json();
	found(await under(lie(`/log/content/${judged.judgement.policies[0].sha256}`, (body) => flip(body, 40)), record("en")),
		"en", "other_content");
});
await claim("a page that names another entry, version or content is found", async () => {
	const edits = {filing: version.filing - 1, entry: version.entry - 1, version: 99, granted: 3,
		sha256: "0".repeat(64), slug: "cctv-control"};
	for (const [name, value] of Object.entries(edits)) {
		const result = await under((path, body) => path === `/en/systems/${SLUG}`
			? Buffer.from(body.toString().replace(new RegExp(`data-${name}="[^"]*"`),
				`data-${name}="${value}"`)) : undefined, record("en"));
		found(result, "en", "other_event", "bad_inclusion", "no_key");
	}
});
await claim("an entry beyond the signed log is found", async () =>
	found(await under((path, body) => path === `/en/systems/${SLUG}`
		? Buffer.from(body.toString().replace(/data-entry="[0-9]+"/, 'data-entry="99999"'))
		: undefined, record("en")), "en", "no_such_entry"));
await claim("a receipt whose question was changed, on the page or in its proof, is found", async () => {
	found(await under((path, body) => path === `/ko/feedback/${receipt}`
		? Buffer.from(body.toString().replace("얼마나", "언제나")) : undefined, receiptPage("ko")),
		"ko", "question_differs");
	const proof = (change) => (path, body) => path.endsWith(".tlog-proof") ? Buffer.from(body
		.toString().replace(/extra (.*)\n/, (_, base64) => `extra ${Buffer.from(change(
			Buffer.from(base64, "base64").toString())).toString("base64")}\n`)) : undefined;
	found(await under(proof((extra) => extra.replace("얼마나", "언제나")), receiptPage("en")), "en",
		"other_content");
	found(await under(proof((extra) => extra.replace("citizen", "officer")), receiptPage("en")), "en",
		"other_receipt");
});
await claim("a downloadable proof whose hashes or checkpoint are junk is found", async () => {
	const proof = (change) => (path, body) => path.endsWith(".tlog-proof") ? Buffer.from(change(body.toString())) : undefined;
	const lines = (change) => proof((text) => text.replace(/(index [0-9]+\n)([^]*?)(\n\n)/, (_, index, hashes, end) =>
		`${index}${change(hashes.split("\n")).join("\n")}${end}`));
	const junk = Buffer.alloc(32, 7).toString("base64");

	found(await under(lines((hashes) => hashes.map(() => junk)), receiptPage("en")), "en", "bad_inclusion");
	found(await under(lines((hashes) => hashes.slice(1)), receiptPage("ko")), "ko", "bad_inclusion");
	found(await under(lines((hashes) => [...hashes, junk]), receiptPage("en")), "en", "bad_inclusion");
	found(await under(lines((hashes) => ["junk", ...hashes]), receiptPage("en")), "en", "bad_proof", "bad_base64");
	found(await under(proof((text) => text.replace(/\n\n[^]*/, "\n\njunk\n")), receiptPage("en")), "en", "bad_note", "bad_proof");
	found(await under(proof((text) => text.replace(/(\n\n.*\n)([0-9]+)\n/, (_, before, n) => `${before}${Number(n) + 1}\n`)),
		receiptPage("en")), "en", "bad_signature");
	found(await under(proof((text) => text.replace(/.(.{20})\n$/, (old, rest) =>
		`${old[0] === "A" ? "B" : "A"}${rest}\n`)), receiptPage("ko")), "ko", "bad_signature");
	found(await under(proof((text) => text.replace(/\nindex [0-9]+/, "\nindex 3")), receiptPage("en")), "en", "other_receipt");
});
const noText = (path, body) => path.endsWith(".tlog-proof") ? Buffer.from(body.toString().replace(/extra (.*)\n/,
	(_, base64) => `extra ${Buffer.from(JSON.stringify({entry: JSON.parse(Buffer.from(base64, "base64")).entry}))
		.toString("base64")}\n`)) : undefined;
await claim("a proof file without the text, which no entry says was erased, is found", async () => {
	const named = (entry) => (path, body) => path === `/en/feedback/${receipt}` ? Buffer.from(body.toString()
		.replace("얼마나", "언제나").replace(/data-receipt=/, `data-gone="${entry}" $&`)) : noText(path, body);

	found(await under(noText, receiptPage("en")), "en", "not_erased");
	found(await under((path, body) => path === `/ko/feedback/${receipt}`
		? Buffer.from(body.toString().replace("얼마나", "언제나")) : noText(path, body), receiptPage("ko")), "ko", "not_erased");
	found(await under(named(3), receiptPage("en")), "en", "not_erased");
	found(await under(named(999999), receiptPage("en")), "en", "no_such_entry");
});
await claim("a second text beside the question is found", async () =>
	found(await under((path, body) => path === `/en/feedback/${receipt}` ? Buffer.from(body.toString()
		.replace(/<p class="said"[^]*?<\/p>/, '$&<p class="said">And I was wrong.</p>')) : undefined, receiptPage("en")),
	"en", "page_has_more"));
{
	/* Asks with a name: the code of the receipt, and the question's id. */
	const asked = async (text) => {
		const answer = await fetch(`${register.url}/ko/systems/${SLUG}/feedback`, {method: "POST", redirect: "manual",
			body: new URLSearchParams({text, lang: "ko", name: "김가야", email: "", leave_empty: ""})});

		return {code: /([0-9a-f]{32})/.exec(answer.headers.get("location"))[1],
			id: JSON.parse(gaya("office", "--data", data, "waiting", "--json")).feedback.find((q) => q.text === text.replace(/\r/g, "")).feedback};
	};
	const latest = (id) => String(JSON.parse(gaya("office", "--data", data, "feedback-show", id, "--json")).latest);
	const first = await asked("저는 김가야입니다.\r\n왜 (늘) 느린가요? 김가야"), again = await asked("왜 늘 느리죠?");
	const page = (lang, {code} = first) => `${proxy.url}/${lang}/feedback/${code}`;
	const changed = (lang, from, to) => under((path, body) => path === `/${lang}/feedback/${first.code}`
		? Buffer.from(body.toString().replace(from, to)) : undefined, page(lang));

	await claim("a receipt with a name is verified, and a name that was not sent is found", async () => {
		for (const lang of ["ko", "en"])
			holds(await under(() => undefined, page(lang)), lang, "done_receipt");
		found(await changed("ko", '<p dir="auto">김가야</p>', '<p dir="auto">이신라</p>'), "ko", "page_has_more");
	});
	await claim("so is one that was masked, and a mask beside other words is found", async () => {
		gaya("office", "--data", data, "feedback-publish", first.id, latest(first.id), "--mask", "김가야", "--mask-name");
		for (const lang of ["ko", "en"])
			holds(await under(() => undefined, page(lang)), lang, "done_receipt");
		found(await changed("en", /느린가요\? <strong>/, "빠른가요? <strong>"), "en", "page_has_more");
		found(await changed("ko", /(<p class="said" dir="auto">저는 )<strong>[^]*?<\/small>/, "$1김수로"), "ko", "page_has_more");
	});
	await claim("and one that another question answers", async () => {
		gaya("office", "--data", data, "feedback-merge", again.id, first.id, latest(again.id));
		for (const lang of ["ko", "en"])
			holds(await under(() => undefined, page(lang, again)), lang, "done_receipt");
	});
}
await claim("a receipt of another question is found", async () => {
	const code = await ask(register.url, SLUG, "다른 질문");
	found(await under((path, body) => path === `/ko/feedback/${receipt}`
		? Buffer.from(body.toString().replace(`data-receipt="${receipt}"`, `data-receipt="${code}"`))
		: undefined, receiptPage("ko")), "ko", "other_event");
});

/* From here on the register has another standard: a level and a field go by other words. */
const standard = JSON.parse(readFileSync("policies/standard.json", "utf8")), first = await (await fetch(
	`${register.url}/en/systems/${SLUG}/versions/1`)).text();
for (const value of standard.fields.find(({name}) => name === "risk_category").values)
	value.label = {ko: `새 ${value.label.ko}`, en: `New ${value.label.en}`};
standard.fields.find(({name}) => name === "goal").label = {ko: "새 목적", en: "A new goal"};
writeFileSync(join(work, "standard.json"), JSON.stringify(standard));
gaya("standard", "adopt", join(work, "standard.json"), "--data", data, "--version", "1");
await claim("a version and a day before another standard was adopted are verified in the words of their time", async () => {
	for (const lang of ["ko", "en"])
		for (const place of ["/versions/1", `?as-of=${version.at.slice(0, 10)}`, ""]) {
			const result = await under(() => undefined, `${record(lang)}${place}`);
			holds(result, lang, "done_record");
			says(result, lang, "standard_fits");
			assert.match(result.all, place ? /\(1차\)|no\. 1\)/ : /\(2차\)|no\. 2\)/);
		}
	const main = (html) => html.slice(html.indexOf("<main"), html.indexOf("</main>"));
	assert.equal(main(await (await fetch(`${register.url}/en/systems/${SLUG}/versions/1`)).text()), main(first),
		"the page of a version does not change");
});
await claim("an earlier version in today's words is found, whether or not the page names today's standard", async () => {
	const today = await (await fetch(`${register.url}/en/systems/${SLUG}`)).text();
	const claimed = /data-standard="[0-9]+" data-standard-entry="[0-9]+"/;
	const relabel = (html) => html.replaceAll(">Limited", ">New Limited").replaceAll("(Limited", "(New Limited");
	const page = (change) => (path, body) => path === `/en/systems/${SLUG}/versions/1`
		? Buffer.from(change(body.toString())) : undefined;
	assert.notEqual(relabel(first), first);
	found(await under(page(relabel), `${record("en")}/versions/1`), "en", "page_differs");
	found(await under(page((html) => relabel(html).replace(claimed, claimed.exec(today)[0])),
		`${record("en")}/versions/1`), "en", "later_standard");
	found(await under(page((html) => html.replace(/data-standard-entry="[0-9]+"/, 'data-standard-entry="3"')),
		`${record("en")}/versions/1`), "en", "other_event");
});
await claim("another standard than the one that the log names is found", async () => {
	const {sha256} = JSON.parse((await (await fetch(`${register.url}/log/entry/${/data-standard-entry="([0-9]+)"/.exec(first)[1]}`))
		.text()).split("\n")[0]).content;
	found(await under(lie(`/log/content/${sha256}`, (body) => Buffer.from(body.toString().replace("Limited", "Minimal"))),
		`${record("en")}/versions/1`), "en", "other_content");
});

/* --- what a browser remembers --- */

/* Visits honestly, then again under a lie: the second answer, and the memory before and after. */
async function twice(meanwhile, tamper, to) {
	const page = await stranger();

	holds(await visit(page, record("en")), "en", "done_record");
	const before = await memory(page);
	await meanwhile?.();
	proxy.honest(to);
	proxy.tamper = tamper || (() => undefined);
	const result = await visit(page, record("en"));
	const after = await memory(page);
	assert.deepEqual(page.faults, []);
	proxy.honest();
	const then = await visit(page, record("en"));
	return {result, before, after, then};
}

function alarms({result, before, after, then}, key) {
	assert.equal(result.how, "bad", result.all);
	assert.equal(result.sentence, TEXTS.en.alarm);
	assert.match(result.steps.at(-1).text, pattern("en", key));
	assert.equal(after, before, "the old checkpoint is kept");
	const {vkey, note} = JSON.parse(before);
	assert.ok(result.evidence.includes(vkey) && result.evidence.includes(note), result.evidence);
	holds(then, "en", "done_record"); /* and the honest log still fits it */
}

const checkpointOf = async (url) =>
	Buffer.from(await (await fetch(`${url}/log/checkpoint`)).arrayBuffer());

await claim("a second visit says that nothing changed", async () => {
	const {result} = await twice();
	holds(result, "en", "done_record");
	says(result, "en", "unchanged");
});
await claim("a log that grew is proven to hold all that was seen before", async () => {
	const {result, before, after} = await twice(() => ask(register.url, SLUG, "질문 하나"));
	holds(result, "en", "done_record");
	says(result, "en", "grown");
	assert.notEqual(after, before);
});
await claim("an older checkpoint after a newer one is an alarm", async () => {
	const older = await checkpointOf(register.url);
	await ask(register.url, SLUG, "질문 둘");
	alarms(await twice(null, lie("/log/checkpoint", () => older)), "smaller");
});
await claim("a forked log that is smaller is an alarm", async () =>
	alarms(await twice(null, null, fork.url), "smaller"));
await claim("a forked log of the same size is an alarm", async () => {
	const size = (note) => Number(note.toString().split("\n")[1]);
	const want = size(await checkpointOf(register.url));
	while (size(await checkpointOf(fork.url)) < want)
		await ask(fork.url, SLUG, "다른 역사");
	assert.equal(size(await checkpointOf(fork.url)), want);
	alarms(await twice(null, null, fork.url), "forked");
});
await claim("a forked log that is larger is an alarm", async () => {
	for (let i = 0; i < 3; i++)
		await ask(fork.url, SLUG, "더 긴 역사");
	alarms(await twice(null, null, fork.url), "forked");
});
await claim("another log under another key is an alarm", async () =>
	alarms(await twice(null, null, other.url), "key_changed"));
await claim("a second key in the notes that no entry announces is an alarm", async () => {
	const key = createPrivateKey({format: "der", type: "pkcs8", key: Buffer.concat([
		Buffer.from("302e020100300506032b657004220420", "hex"), randomBytes(32)])});
	const typed = Buffer.concat([Buffer.of(1),
		createPublicKey(key).export({format: "der", type: "spki"}).subarray(-32)]);
	const id = createHash("sha256").update(`${ORIGIN}\n`).update(typed).digest().subarray(0, 4);
	const vkey = Buffer.from(`${ORIGIN}+${id.toString("hex")}+${typed.toString("base64")}\n`);
	const cosign = (keepOld) => (path, body) => {
		const [text, line] = body.toString().split("\n\n");
		if (path === "/log/vkey")
			return vkey;
		if (path !== "/log/checkpoint")
			return undefined;
		const blob = Buffer.concat([id, sign(null, Buffer.from(`${text}\n`), key)]);
		return Buffer.from(`${text}\n\n${keepOld ? line : ""}\u2014 ${ORIGIN} ${blob.toString("base64")}\n`);
	};
	alarms(await twice(null, cosign(false)), "key_changed");
	alarms(await twice(null, cosign(true)), "key_changed");
});

/* From here on the register has changed its key: readers who knew the old one are led to the new. */
const rotate = (...how) => gaya("key", "rotate", "--data", data, ...how);
const handedOn = async (page, lang) => {
	const result = await visit(page, record(lang));
	holds(result, lang, "done_record");
	says(result, lang, "key_handed_on");
	assert.ok((await page.locator("#verify .steps details pre").textContent())
		.includes(`\nkey ${ORIGIN}+`), "the statement is shown");
};
const [early, late, lied] = [await reader(browser, SCREEN), await reader(browser, SCREEN), await reader(browser, SCREEN)];
proxy.honest();
for (const page of [early, late, lied])
	await visit(page, record("en"));
await claim("a key that an entry announces, beside the known one, is taken over", async () => {
	rotate("begin");
	await handedOn(early, "ko");
	holds(await visit(early, record("en")), "en", "done_record");
	rotate("finish", "--early");
	await ask(register.url, SLUG, "새 키로");
	holds(await visit(early, record("en")), "en", "done_record");
	await early.context().close();
});
await claim("who comes back after the old key has ended is led to the new one, and shown why", async () => {
	await handedOn(late, "en");
	const result = await visit(late, record("en"));
	says(result, "en", "unchanged");
	await late.context().close();
});
await claim("another statement of the keys, or none, is an alarm", async () => {
	const change = (alter) => lie("/log/keys", (body) => {
		const told = JSON.parse(body);
		alter(told);
		return Buffer.from(JSON.stringify(told));
	});
	for (const tamper of [change((told) => { told.changes = []; }),
		change((told) => told.changes.pop()),
		change((told) => told.changes.forEach((c) => { c.statement = c.statement.replace("\nkey ", "\nkey x"); })),
		change((told) => told.changes.forEach((c) => { c.entry -= 1; }))]) {
		proxy.tamper = tamper;
		const result = await visit(lied, record("en"));
		assert.equal(result.sentence, TEXTS.en.alarm, result.all);
		assert.match(result.steps.at(-1).text, pattern("en", "key_changed"));
	}
	proxy.honest();
	await handedOn(lied, "en");
	await lied.context().close();
});
await claim("a browser that keeps nothing says so, and checks the rest", async () => {
	const page = await reader(browser, SCREEN);
	await page.addInitScript(() => {
		Storage.prototype.setItem = () => {
			throw new DOMException("full", "QuotaExceededError");
		};
	});
	proxy.honest();
	const result = await visit(page, record("ko"));
	holds(result, "ko", "done_record");
	says(result, "ko", "not_remembered");
	await page.context().close();
});

/* --- where there is nothing to judge --- */

await claim("a server that fails on the way is neither good nor bad", async () => {
	const result = await under(lie("/log/content/", () => ({status: 503, body: "no\n"})), record("en"));
	assert.equal(result.how, "open");
	assert.equal(result.sentence, TEXTS.en.no_result);
	says(result, "en", "no_answer");
});
await claim("erased content is told from missing content", async () => {
	const erased = (await (await fetch(`${register.url}/en/systems/${SLUG}/versions/1.json`)).json()).sha256;
	gaya("office", "--data", data, "erase", erased, "--reason", "ko=개인정보", "--reason", "en=personal data");
	const result = await under(() => undefined, `${record("en")}/versions/1`);
	holds(result, "en", "done_erased");
	says(result, "en", "erased");
});
await claim("an erased record whose page shows something of it is found", async () => {
	for (const more of ['<section class="facts"><h2>What matters most</h2></section>', '<p class="lead">It is harmless.</p>',
		'<span class="badge risk-minimal" data-part="risk-badge">Minimal</span>'])
		found(await under((path, body) => path === `/en/systems/${SLUG}/versions/1` ? Buffer.from(body.toString()
			.replace('<dl class="meta">', `${more}$&`)) : undefined, `${record("en")}/versions/1`), "en",
		"page_has_more", "page_differs");
});
await claim("a receipt whose text was erased says so, by the entry that says it, and nothing in its place", async () => {
	const code = await ask(register.url, SLUG, "제 전화번호는 010-0000-0000"), to = (lang) => `${proxy.url}/${lang}/feedback/${code}`;
	const {feedback} = JSON.parse(gaya("office", "--data", data, "waiting", "--json"));
	gaya("office", "--data", data, "erase", feedback.find(({text}) => text?.includes("010-0000-0000")).sha256,
		"--reason", "ko=개인정보", "--reason", "en=personal data");
	for (const lang of ["ko", "en"]) {
		const result = await under(() => undefined, to(lang));
		holds(result, lang, "done_receipt_erased");
		says(result, lang, "question_erased");
		says(result, lang, "question_gone");
	}
	const page = (change) => (path, body) => path === `/en/feedback/${code}` ? Buffer.from(change(body.toString())) : undefined;
	found(await under(page((html) => html.replace(/<p class="missing">[^<]*/, '<p class="said">I praise the city.')), to("en")),
		"en", "question_differs");
	found(await under(page((html) => html.replace(/(<p class="missing">)[^<]*/, "$1I praise the city.")), to("en")), "en",
		"question_differs");
	found(await under(page((html) => html.replace(/<p class="missing">[^<]*<\/p>/, "$&<p>I praise the city.</p>")), to("en")), "en",
		"page_has_more");
	found(await under(page((html) => html.replace(/data-gone="[0-9]+"/, "")), to("en")), "en", "not_erased");
});
await claim("without JavaScript there is no control, and the way to /verify is there", async () => {
	const page = await reader(browser, {javaScriptEnabled: false});
	proxy.honest();
	for (const url of [record("ko"), receiptPage("ko")]) {
		await page.goto(url);
		assert.equal(await page.locator("#verify button").count(), 0);
		assert.ok(await page.locator('#main a.more[href="/ko/verify"]').isVisible());
	}
	await page.context().close();
});
await claim("a browser without Ed25519 says so plainly, and what to do instead", async () => {
	for (const lang of ["ko", "en"]) {
		const page = await reader(browser, SCREEN);
		await page.addInitScript(() => {
			SubtleCrypto.prototype.importKey = () =>
				Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
		});
		proxy.honest();
		const result = await visit(page, record(lang));
		assert.equal(result.how, "open");
		assert.equal(result.sentence, TEXTS[lang].old_browser);
		assert.match(result.all, /gaya verify http:\/\/127\.0\.0\.1/);
		assert.ok(!proxy.asked.some((path) => path.startsWith("/log/")));
		await page.context().close();
	}
});
await claim("a browser that says yes to every signature is not believed", async () => {
	const page = await reader(browser, SCREEN);
	await page.addInitScript(() => {
		SubtleCrypto.prototype.verify = () => Promise.resolve(true);
	});
	assert.equal((await visit(page, record("en"))).sentence, TEXTS.en.old_browser);
	await page.context().close();
});
await claim("over plain http from elsewhere it says that https is needed", async () => {
	const page = await stranger();
	const result = await visit(page, record("ko").replace("127.0.0.1", "register.example"));
	assert.equal(result.sentence, TEXTS.ko.insecure);
});
await claim("it can be pressed by keyboard, keeps the focus, and can be pressed again", async () => {
	const page = await stranger(drawn);
	await page.goto(record("ko"));
	await page.locator("#verify > button").focus();
	await page.keyboard.press("Enter");
	await page.locator("#verify .verdict").waitFor();
	assert.ok(await page.evaluate(() => document.activeElement.closest("#verify") !== null));
	holds(await press(page), "ko", "done_record");
	assert.equal(await page.locator("#verify .result").count(), 1);
	assert.equal(await page.locator("#verify .result").getAttribute("role"), "status");
});
await claim("in print it does not show", async () => {
	const page = await stranger(drawn);
	await visit(page, record("ko"));
	await page.emulateMedia({media: "print"});
	assert.ok(!await page.locator("#verify").isVisible());
});

await browser.close();
for (const server of [register, fork, other])
	await server.stop();
proxy.stop();
finish();
