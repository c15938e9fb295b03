/* verify.js - the "verify" control of record pages and receipts.
 *
 * The page holds an empty <div id="verify"> whose data-* attributes say what the page claims:
 * which log entries, which content. Without this script it stays empty and the page's link to
 * /verify is all there is. With it, a button: pressed, everything is fetched and computed again
 * here (log.js), each step is shown as it happens, and one sentence says how it ended.
 *
 * Key and checkpoint are remembered (localStorage, so per origin). The next time the log must
 * extend what was remembered; where it does not, the old checkpoint is kept: it is the evidence.
 * What this cannot tell is said with the result. A server that lies could send another script,
 * too; `gaya verify` and other people's tools do not depend on it. */
"use strict";

(() => {

const box = document.getElementById("verify"), lang = document.documentElement.lang;

if (!box || typeof TransparencyLog !== "object")
	return;

const log = TransparencyLog, {Fault, ensure} = log;
const claims = box.dataset; /* what the page says of itself, to be borne out */
const MEMORY = "gaya.log";

/* --- what the reader sees --- */

let messages = {}; /* static/verify.<lang>.json, fetched when first needed */
const locale = lang === "en" ? "en-GB" : lang; /* days before months, as the pages write them */

/* A message with its {values} filled in. Only ever put in as text, never as HTML. */
function say(key, values = {}) {
	return (messages[key] || key).replace(/\{([a-z]+)\}/g, (whole, name) => {
		const value = values[name];

		return typeof value === "number" ? value.toLocaleString(locale)
			: String(value ?? whole);
	});
}

function sayTime(at) {
	const time = new Date(at);

	return Number.isNaN(time.getTime()) ? String(at)
		: time.toLocaleString(locale, {dateStyle: "long", timeStyle: "short"});
}

function element(name, className, text = "") {
	const made = document.createElement(name);

	made.className = className;
	made.textContent = text;
	return made;
}

const MARKS = {busy: "…", ok: "✓", bad: "✗", open: "–"};

/* A fresh place for results: begin() shows a step and gives back what ends it. */
function show() {
	const area = element("div", "result"), list = element("ol", "steps");

	area.setAttribute("role", "status"); /* read out as it fills */
	area.setAttribute("aria-atomic", "false");
	area.append(list);
	box.querySelector(".result")?.remove();
	box.append(area);
	return {
		begin(key) {
			const item = element("li", "busy"), mark = element("span", "mark", MARKS.busy);
			const body = element("div", "", say(`step_${key}`));

			mark.setAttribute("aria-hidden", "true");
			item.append(mark, body);
			list.append(item);
			return (how, text) => {
				item.className = how;
				mark.textContent = MARKS[how];
				body.append(element("span", "vh", ` ${say(`mark_${how}`)} `),
					element("p", "", text));
			};
		},
		/* One sentence, what else there is to say, the evidence or what to run instead. */
		end(how, text, more, evidence) {
			const verdict = element("div", `verdict ${how}`);

			verdict.append(element("p", "", text), element("p", "note", more));
			if (how !== "bad")
				verdict.append(element("code", "",
					`gaya verify ${location.origin}`));
			if (evidence) {
				const details = element("details", "");

				details.append(element("summary", "", say("evidence")),
					element("pre", "", evidence));
				verdict.append(details);
			}
			area.append(verdict);
		},
	};
}

/* --- the log: its signature, and what this browser remembers of it --- */

async function fetchSigned() {
	const vkey = log.textOf(await log.need("/log/vkey"));
	const key = await log.parseKey(vkey.replace(/\n$/, ""));
	const bytes = await log.need("/log/checkpoint");
	const note = log.parseNote(bytes);

	await log.verifyNote(note, key);
	const checkpoint = log.parseCheckpoint(note.text);
	ensure(checkpoint.origin === key.name, "other_origin", {origin: checkpoint.origin});
	return {key, note, checkpoint, text: log.textOf(bytes)};
}

function recall() {
	try {
		const {vkey, note, at} = JSON.parse(localStorage.getItem(MEMORY));
		const {text} = log.parseNote(log.encoder.encode(note));

		return {vkey, note, at, checkpoint: log.parseCheckpoint(text)};
	} catch {
		return null; /* never here before */
	}
}

function remember({key, text}) {
	try {
		localStorage.setItem(MEMORY,
			JSON.stringify({vkey: key.text, note: text, at: new Date().toISOString()}));
		return true;
	} catch {
		return false; /* this browser keeps nothing for this site */
	}
}

/* A checkpoint may be held back by caches on the way for a moment: a smaller one than that of
 * the last visit gets a second chance. */
async function fetchNewest(memory) {
	const signed = await fetchSigned();

	if (!memory || signed.checkpoint.size >= memory.checkpoint.size)
		return signed;
	await new Promise((done) => setTimeout(done, 2000));
	return fetchSigned();
}

/* A change of keys is announced by the old key, which signs beside the new one for a while. */
async function checkKey(memory, {key, note}) {
	try {
		const old = await log.parseKey(memory.vkey);

		ensure(old.name === key.name, "key_changed");
		await log.verifyNote(note, old);
	} catch {
		throw new Fault("key_changed", {old: memory.vkey, now: key.text});
	}
}

async function compareWithMemory(memory, signed, tree) {
	const values = {size: signed.checkpoint.size};
	let how = "first_visit";

	if (memory) {
		try {
			if (memory.vkey !== signed.key.text)
				await checkKey(memory, signed);
			await tree.extends(memory.checkpoint);
		} catch (e) {
			if (e instanceof Fault && !e.open)
				e.evidence = [memory.at, memory.vkey, "", memory.note,
					new Date().toISOString(), signed.key.text, "",
					signed.text].join("\n");
			throw e;
		}
		how = memory.vkey !== signed.key.text ? "key_handed_on"
			: memory.checkpoint.size === signed.checkpoint.size ? "unchanged" : "grown";
		Object.assign(values, {old: memory.checkpoint.size, at: sayTime(memory.at)});
	}
	return remember(signed) ? ["ok", say(how, values)] : ["open", say("not_remembered")];
}

/* --- entries and their content --- */

/* An entry that the tree has at this index, and that says what the page says it does. */
async function entryThat(tree, index, expected) {
	const {bytes, hashes} = await tree.entry(index);
	const line = log.textOf(bytes).split("\n", 1)[0];
	let event = null;

	try {
		event = JSON.parse(line);
	} catch {
		/* said below */
	}
	ensure(event, "other_event", {index, name: "-"});
	for (const [name, value] of Object.entries(expected))
		ensure(event[name] === value, "other_event", {index, name});
	const text = say("entry_proven", {index, hashes, at: sayTime(event.at)});
	return {bytes, line, event, text};
}

/* Bytes that the event speaks of, as JSON. */
async function readContent(bytes, of) {
	const digest = log.hex(await log.sha256(bytes));

	ensure(digest === of.sha256 && bytes.length === of.size, "other_content", {sha: digest});
	return JSON.parse(log.textOf(bytes));
}

/* The department's own signature, under the key that the office granted to it in an earlier
 * entry. Whether the key was revoked in between would take all entries to know: that is said. */
async function checkDepartment(tree, filing) {
	const {by} = filing.event, department = by.replace(/^department\//, "");

	if (department === by)
		return ["open", say("not_signed", {by})];
	const granted = Number(claims.granted);
	ensure(claims.granted && granted < Number(claims.filing), "no_key", {department});
	const {event} = await entryThat(tree, granted, {type: "key.granted", department});
	const key = await log.parseKey(event.key), note = log.parseNote(filing.bytes);
	ensure(key.name === `${tree.origin}/${department}` && note.text === `${filing.line}\n`,
		"no_key", {department});
	await log.verifyNote(note, key);
	return ["ok", say("signed_by", {name: key.name, granted})];
}

async function fetchContent(tree, of) {
	const path = `/log/content/${of.sha256}`, {status, bytes} = await log.get(path);

	if (status === 410 && claims.erased) {
		const erased = Number(claims.erased);

		await entryThat(tree, erased, {type: "content.erased", erased: of.sha256});
		return ["open", say("erased", {erased}), null];
	}
	ensure(status === 200, "not_given", {path, status});
	return ["ok", say("content_fits", {size: of.size}), await readContent(bytes, of)];
}

/* The receipt's proof file (c2sp.org/tlog-proof), of which only what it carries beside the proof
 * is used: the entry, and the question as it was sent. The proof itself is computed from tiles. */
async function fetchReceipt(entry) {
	const path = `/${lang}/feedback/${claims.receipt}/receipt.tlog-proof`;
	const text = log.textOf(await log.need(path));
	const parts = /^c2sp\.org\/tlog-proof@v1\nextra ([^\n]+)\nindex ([0-9]+)\n/.exec(text);

	ensure(parts && parts[2] === claims.entry, "other_receipt");
	const extra = JSON.parse(log.textOf(log.fromBase64(parts[1])));
	ensure(extra.entry === log.textOf(entry.bytes), "other_receipt");
	if (extra.content === undefined)
		return ["open", say("question_erased"), null];
	const of = entry.event.content;
	const content = await readContent(log.encoder.encode(extra.content), of);
	return ["ok", say("content_fits", {size: of.size}), content];
}

/* --- the page itself --- */

/* One spelling for one JSON value: members sorted. */
function canonical(value) {
	if (Array.isArray(value))
		return `[${value.map(canonical).join()}]`;
	if (value && typeof value === "object")
		return `{${Object.keys(value).sort()
			.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
	return JSON.stringify(value);
}

/* The version as the register gives it to programs, against what the log says of it. */
async function checkJson(facts) {
	const path = `/${lang}/systems/${claims.slug}/versions/${claims.version}.json`;
	const bytes = await log.need(path);
	let given = {};

	try {
		given = JSON.parse(log.textOf(bytes));
	} catch {
		/* then it differs */
	}
	for (const [name, value] of Object.entries(facts))
		ensure(canonical(given[name]) === canonical(value), "json_differs", {name});
	return ["ok", say("json_fits")];
}

/* Of a text per language, the one that the page shows. */
function textIn(texts) {
	if (typeof texts === "string" || !texts)
		return texts;
	const all = Object.values(texts);

	return texts[lang] ?? texts.ko ?? texts.en ?? (all.length === 1 ? all[0] : undefined);
}

const squeeze = (text) => text.normalize("NFC").replace(/\s+/g, "");
/* Markdown that does not come out as the characters that went in. */
const FORMATTED = /[*_`[\]<>&\\~#|]|^\s*([-+=]|[0-9]+[.)])/m;

/* The texts of a field's value in the order in which the page shows them; undefined for what it
 * shows in other words: dates, codes, addresses, formatted text. */
function textsOf(field, value) {
	if (value === null || value === undefined || Object.keys(value).length === 0) /* or "" */
		return [];
	switch (field.type) {
	case "list":
		return value.flatMap((item) => textsOf(field.item, item));
	case "object":
		return field.members.flatMap((member) => textsOf(member, value[member.name]));
	case "enum":
		return [textIn(field.values.find((v) => v.value === value)?.label)];
	case "markdown":
		return [FORMATTED.test(textIn(value) ?? "*") ? undefined : textIn(value)];
	default:
		return [field.type === "text" ? textIn(value) : undefined];
	}
}

const isPlain = (field) => field.type !== "object" && (!field.item || isPlain(field.item));

/* Every text in its place and, where a field is nothing but texts, nothing else beside them. */
function checkField(field, texts, shown) {
	const label = textIn(field.label), whole = shown && squeeze(shown.textContent);
	const exact = isPlain(field) && !texts.includes(undefined);
	let at = 0;

	ensure(shown, "page_differs", {label});
	for (const text of texts.filter((t) => t !== undefined).map(squeeze)) {
		const here = whole.indexOf(text, at);

		ensure(exact ? here === at : here >= 0, "page_differs", {label});
		at = here + text.length;
	}
	ensure(!exact || at === whole.length, "page_differs", {label});
}

/* What stands on this page, against the content: what people read, not what programs are given. */
async function checkPage(record) {
	const standard = JSON.parse(log.textOf(await log.need("/api/v1/standard")));
	const heading = {name: document.querySelector("#main h1"),
		description_short: document.querySelector("#main .lead")};
	const risk = document.querySelector("#main .badge[class*='risk-']");
	let compared = 0, other = 0;

	for (const field of standard.fields) {
		const texts = textsOf(field, record[field.name]);
		const shown = heading[field.name] ||
			document.getElementById(`f-${field.name}`)?.querySelector(".value");

		if (field.name === "risk_category" && risk)
			ensure(squeeze(risk.textContent).endsWith(squeeze(texts[0] ?? "?")),
				"page_differs", {label: textIn(field.label)});
		if (texts.length > 0)
			checkField(field, texts, shown);
		else /* the content says nothing here, and nor may the page */
			ensure(!shown, "page_differs", {label: textIn(field.label)});
		compared += texts.filter((t) => t !== undefined).length;
		other += texts.filter((t) => t === undefined).length;
	}
	return ["ok", say(other ? "page_fits_but" : "page_fits", {compared, other})];
}

async function checkQuestion(content) {
	const shown = document.querySelector("#main .said")?.textContent;

	ensure(shown === content.text.replace(/\r\n?/g, "\n"), "question_differs");
	return ["ok", say("question_fits")];
}

/* --- the two kinds of page --- */

async function verifyRecord(tree, step) {
	const {slug: system, sha256} = claims;
	const filing = Number(claims.filing), version = Number(claims.version);

	const published = await step("published", async () => {
		const entry = await entryThat(tree, Number(claims.entry),
			{type: "system.published", system, version, filing});
		return ["ok", entry.text, entry.event];
	});
	const filed = await step("filed", async () => {
		const entry = await entryThat(tree, filing, {type: "system.filed", system});
		ensure(entry.event.content?.sha256 === sha256, "other_event",
			{index: filing, name: "sha256"});
		return ["ok", entry.text, entry];
	});
	await step("signed", () => checkDepartment(tree, filed));
	const content = await step("content", () => fetchContent(tree, filed.event.content));
	if (!content)
		return "done_erased";
	await step("json", () => checkJson({system, n: version, sha256, filing,
		entry: Number(claims.entry), at: published.at, filed_at: filed.event.at,
		department: filed.event.department, record: content.record}));
	await step("page", () => checkPage(content.record));
	return "done_record";
}

/* The id of a question is the hash of its receipt's code, which only its sender knows. */
async function receiptId(code) {
	const hash = await log.sha256(log.encoder.encode(`\0gaya receipt ${code}`));
	return log.hex(hash).slice(0, 32);
}

async function verifyReceipt(tree, step) {
	const entry = await step("received", async () => {
		const feedback = await receiptId(claims.receipt);
		const received = await entryThat(tree, Number(claims.entry),
			{type: "feedback.received", feedback, system: claims.slug});
		return ["ok", received.text, received];
	});
	const content = await step("receipt", () => fetchReceipt(entry));
	if (!content)
		return "done_receipt_erased";
	await step("question", () => checkQuestion(content));
	return "done_receipt";
}

const KINDS = {record: verifyRecord, receipt: verifyReceipt};

/* --- from the press of the button to the last sentence --- */

async function verify(view) {
	/* Each step is shown when it begins; the first that does not hold is the last. */
	const step = async (key, work) => {
		const end = view.begin(key);

		try {
			const [how, text, value] = await work();
			end(how, text);
			return value;
		} catch (e) {
			const fault = e instanceof Fault ? e
				: new Fault("unexpected", {why: e.message}, true);

			end(fault.open ? "open" : "bad", say(fault.key, fault.values));
			throw fault;
		}
	};
	const memory = recall();
	const signed = await step("checkpoint", async () => {
		const now = await fetchNewest(memory);
		return ["ok", say("checkpoint_fits", {size: now.checkpoint.size, id: now.key.id}), now];
	});
	const tree = await step("tree", async () =>
		["ok", say("tree_fits"), await log.openTree("/log", signed.checkpoint)]);

	await step("memory", () => compareWithMemory(memory, signed, tree));
	return KINDS[claims.kind](tree, step);
}

async function run() {
	const answer = await fetch(`/static/verify.${lang}.json`);

	messages = await answer.json();
	const view = show();
	if (!globalThis.crypto?.subtle)
		return isSecureContext ? view.end("open", say("old_browser"), say("old_browser_do"))
			: view.end("open", say("insecure"), say("insecure_do"));
	if (!await log.canVerify())
		return view.end("open", say("old_browser"), say("old_browser_do"));
	try {
		view.end("ok", say(await verify(view)), say(`limits_${claims.kind}`));
	} catch (fault) {
		if (fault.evidence)
			view.end("bad", say("alarm"), say("alarm_do"), fault.evidence);
		else if (fault.open)
			view.end("open", say("no_result"), say("no_result_do"));
		else
			view.end("bad", say("false"), say("false_do"));
	}
}

/* The sheet is asked for here, so that no page waits for it that has no use for it. */
const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = "/static/verify.css";
document.head.append(sheet);

const button = element("button", "", claims.label);
button.type = "button";
button.addEventListener("click", () => {
	/* Not disabled while it runs: that would take the focus away from who pressed it by key. */
	if (button.getAttribute("aria-busy") === "true")
		return;
	button.setAttribute("aria-busy", "true");
	run().catch((e) => {
		show().end("open", claims.failed, e.message);
	}).finally(() => button.removeAttribute("aria-busy"));
});
box.append(button);

})();
