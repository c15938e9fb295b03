/* verify.js - the "verify" control of record pages and receipts.
 *
 * The page holds an empty <div id="verify"> whose data-* attributes say what the page claims:
 * which log entries, which content. Without this script it stays empty, and the page only links to
 * /verify. With the script it has a button. When somebody presses it, the script fetches everything
 * and computes it again (log.js), shows each step as it happens, and ends with one sentence.
 *
 * The browser remembers key and checkpoint (localStorage, so per origin). At the next visit the log
 * must extend the remembered checkpoint; if it does not, the script keeps the old one as evidence.
 * The result also says what was not checked. A server that lies could send another script, too;
 * `gaya verify` and other people's tools do not depend on it. */
"use strict";

(() => {

const box = document.getElementById("verify"), lang = document.documentElement.lang;

if (!box || typeof TransparencyLog !== "object")
	return;

const log = TransparencyLog, {Fault, ensure} = log;
const claims = box.dataset; /* what the page claims about itself */
const LANGUAGES = (claims.languages || lang).split(" "); /* of the pages; the city's own is first */
/* The sections after the record, the last one first. Entries of their own report them. */
const REPORTED = {figures: "words_figures_title", incidents: "words_incidents_title"};
const APART = Object.keys(REPORTED).map((id) => `#${id}`).join(", ");
const MEMORY = "gaya.log";

/* --- what the reader sees --- */

let messages = {}; /* web/messages/verify.<lang>.json, fetched from /static/ when first needed */

/* A message with its {values} filled in. Only ever put in as text, never as HTML. */
function say(key, values = {}) {
	return (messages[key] || key).replace(/\{([a-z_]+)\}/g, (whole, name) => {
		const value = values[name];

		return typeof value === "number" ? value.toLocaleString(messages.locale)
			: String(value ?? whole);
	});
}

/* To make a formatter takes much longer than to use it, so each is made once, when it is first needed. */
let clock = null, calendar = null;

/* Year, month, day, hour (0 to 23) and minute in the register's zone. */
function localParts(time) {
	clock ??= new Intl.DateTimeFormat("sv-SE", {year: "numeric", month: "2-digit", day: "2-digit",
		hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: claims.zone || "UTC"});
	return clock.format(time).match(/\d+/g);
}

const localDay = (time) => localParts(time).slice(0, 3).join("-");

/* These write times and days as the pages do. */
function sayTime(at) {
	const time = new Date(at);

	return Number.isNaN(time.getTime()) ? String(at)
		: `${sayDay(at)} ${localParts(time).slice(3).join(":")}`;
}

const sayDay = (at) => sayDate(localDay(new Date(at)));

function element(name, className, text = "") {
	const made = document.createElement(name);

	made.className = className;
	made.textContent = text;
	return made;
}

function details(key, text) {
	const made = element("details", "");

	made.append(element("summary", "", say(key)), element("pre", "", text));
	return made;
}

const MARKS = {busy: "…", ok: "✓", bad: "✗", open: "–", new: "–"};

/* Makes an empty place for results. Its begin() shows a step and returns the function that ends it. */
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
			return (how, text, proof) => {
				item.className = how;
				mark.textContent = MARKS[how];
				body.append(element("span", "vh", ` ${say(`mark_${how}`)} `),
					element("p", "", text));
				if (proof)
					body.append(details("statement", proof));
			};
		},
		/* One sentence, remarks, and the evidence or the command to run instead. */
		end(how, text, more, evidence) {
			const verdict = element("div", `verdict ${how}`);

			verdict.append(element("p", "", text), element("p", "note", more));
			if (how !== "bad")
				verdict.append(element("code", "",
					`gaya verify ${location.origin}`));
			if (evidence)
				verdict.append(details("evidence", evidence));
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

/* A cache on the way may hold a checkpoint back for a moment, so one that is smaller than that of
 * the last visit is fetched a second time. */
async function fetchNewest(memory) {
	const signed = await fetchSigned();

	if (!memory || signed.checkpoint.size >= memory.checkpoint.size)
		return signed;
	await new Promise((done) => setTimeout(done, 2000));
	return fetchSigned();
}

/* Returns the statement of a change of keys. First proves that this entry of the log carries it and
 * that its tree is the beginning of this one. */
async function readStatement(tree, change) {
	const {type, key, entry, statement} = change;
	const {event} = await entryThat(tree, entry, {type, key, log: tree.origin});
	const bytes = await log.need(`/log/content/${event.content.sha256}`);
	const content = await readContent(bytes, event.content), note = log.parseNote(log.encoder.encode(statement));

	ensure(content.statement === statement, "other_event", {index: entry, name: "content"});
	await tree.extends(log.parseCheckpoint(note.text));
	return {note, keys: log.parseKeyLines(note.text)};
}

/* A change of keys is an entry with a statement that both keys sign: it says which keys sign from
 * then on. Starting from the known key, each key vouches for the next. An announced key counts while
 * the known one still signs beside it. */
async function followKeys(known, {key, note}, tree) {
	const {changes} = JSON.parse(log.textOf(await log.need("/log/keys")));
	let current = await log.parseKey(known), announced = [], proof = null;

	for (const change of changes) {
		const given = log.parseNote(log.encoder.encode(change.statement));
		if (!log.hasLineOf(given, current))
			continue; /* an earlier change, between other keys */
		const {note: stated, keys} = await readStatement(tree, change);
		await log.verifyNote(stated, current);
		announced = keys;
		proof = change;
		if (!keys.includes(current.text))
			current = await log.parseKey(keys.at(-1));
	}
	ensure(announced.includes(key.text) && current.name === key.name, "key_changed");
	await log.verifyNote(note, current);
	return proof;
}

async function checkKey(memory, signed, tree) {
	try {
		return await followKeys(memory.vkey, signed, tree);
	} catch (e) {
		if (e instanceof Fault && e.open)
			throw e;
		throw new Fault("key_changed", {old: memory.vkey, now: signed.key.text});
	}
}

async function compareWithMemory(memory, signed, tree) {
	const values = {size: signed.checkpoint.size};
	let how = "first_visit", change = null;

	if (memory) {
		try {
			if (memory.vkey !== signed.key.text)
				change = await checkKey(memory, signed, tree);
			await tree.extends(memory.checkpoint);
		} catch (e) {
			if (e instanceof Fault && !e.open)
				e.evidence = [memory.at, memory.vkey, "", memory.note,
					new Date().toISOString(), signed.key.text, "",
					signed.text].join("\n");
			throw e;
		}
		how = change ? "key_handed_on"
			: memory.checkpoint.size === signed.checkpoint.size ? "unchanged" : "grown";
		Object.assign(values, {old: memory.checkpoint.size, at: sayTime(memory.at),
			entry: change?.entry});
	}
	return remember(signed) ? [memory ? "ok" : "new", say(how, values), null, change?.statement]
		: ["open", say("not_remembered")];
}

/* --- entries and their content --- */

/* Proves that the tree has the entry at this index and that its members are as expected. */
async function entryThat(tree, index, expected) {
	const {bytes, hashes} = await tree.entry(index);
	const line = log.textOf(bytes).split("\n", 1)[0];
	let event = null;

	try {
		event = JSON.parse(line);
	} catch {
		/* reported below */
	}
	ensure(event, "other_event", {index, name: "-"});
	for (const [name, value] of Object.entries(expected))
		ensure(event[name] === value, "other_event", {index, name});
	const text = say("entry_proven", {index, hashes, at: sayTime(event.at)});
	return {bytes, line, event, text};
}

/* Parses the bytes of an event's content after checking their hash and size. */
async function readContent(bytes, of) {
	const digest = log.hex(await log.sha256(bytes));

	ensure(digest === of.sha256 && bytes.length === of.size, "other_content", {sha: digest});
	return JSON.parse(log.textOf(bytes));
}

/* Checks the department's own signature, under the key that the office granted in an earlier entry.
 * Only somebody who reads all entries can know whether the key was revoked in between; the result
 * says so. */
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

/* A size as the pages write it. */
const sayBytes = (n) => n < 1000 ? `${n} B` : n < 999500 ? `${Math.floor((n + 500) / 1000)} KB`
	: `${(Math.floor((n + 50000) / 100000) / 10).toFixed(1)} MB`;

const files = new Map(); /* files that the record names: SHA-256 -> the page's words for each */

/* For an erased file, proves the entry that erased it. Its size comes from the API and is not proven. */
async function checkErased(tree, sha256) {
	const known = JSON.parse(log.textOf(await log.need(`/api/v1/files/${sha256}`)));

	await entryThat(tree, Number(known.erased_entry), {type: "content.erased", erased: sha256});
	files.set(sha256, say("words_file_erased", {size: sayBytes(known.size)}));
}

/* A text that looks like a SHA-256 names a file if the register has a content with this hash. */
async function checkFiles(tree, named) {
	let erased = 0, bytesRead = 0;

	for (const sha256 of named) {
		const path = `/log/content/${sha256}`, {status, bytes} = await log.get(path);

		ensure([200, 404, 410].includes(status), "not_given", {path, status});
		if (status === 200) {
			ensure(log.hex(await log.sha256(bytes)) === sha256, "other_file", {sha: sha256});
			files.set(sha256, say("words_file_link", {size: sayBytes(bytes.length)}));
			bytesRead += bytes.length;
		} else if (status === 410) {
			await checkErased(tree, sha256);
			erased++;
		}
	}
	const values = {n: files.size - erased, erased, size: bytesRead};
	return erased ? ["open", say("files_fit_but", values)] : ["ok", say("files_fit", values)];
}

/* Checks that the receipt's proof file, which its holder keeps, proves this entry by itself. The
 * proof that counts here is computed from tiles all the same. */
async function fetchProof(entry, key, {origin}) {
	const path = `/${lang}/feedback/${claims.receipt}/receipt.tlog-proof`, index = Number(claims.entry);
	const proof = log.parseProof(await log.need(path));

	ensure(proof.index === index && proof.extra, "other_receipt");
	const extra = JSON.parse(proof.extra);
	ensure(extra.entry === log.textOf(entry.bytes), "other_receipt");
	await log.verifyNote(proof.note, key);
	const checkpoint = log.parseCheckpoint(proof.note.text);
	ensure(checkpoint.origin === origin, "other_receipt");
	await log.checkInclusion(index, checkpoint.size, await log.leafHash(entry.bytes), proof.path,
		checkpoint.root);
	return ["ok", say("proof_fits", {index, size: checkpoint.size}), extra];
}

/* Does the entry that removes a flood name this question? */
async function lists(event, feedback) {
	const bytes = await log.need(`/log/content/${event.content.sha256}`);

	return (await readContent(bytes, event.content)).feedback.includes(feedback);
}

/* Reads the question, as it was sent, from the proof file. If the text is missing, an entry of the
 * log must have erased it. */
async function readQuestion(tree, entry, extra) {
	if (extra.content === undefined) {
		const gone = Number(claims.gone), {feedback, content: {sha256}} = entry.event;

		ensure(claims.gone, "not_erased");
		const {event} = await entryThat(tree, gone, {});
		ensure(event.type === "content.erased" && event.erased === sha256 ||
			event.type === "feedback.withdrawn" && event.feedback === feedback ||
			event.type === "feedback.swept" && await lists(event, feedback), "not_erased");
		return ["open", say("question_erased", {entry: gone}), null];
	}
	const of = entry.event.content;
	const content = await readContent(log.encoder.encode(extra.content), of);
	return ["ok", say("content_fits", {size: of.size}), content];
}

/* --- the page itself --- */

/* Prints a JSON value with sorted members, so that equal values have equal texts. */
function canonical(value) {
	if (Array.isArray(value))
		return `[${value.map(canonical).join()}]`;
	if (value && typeof value === "object")
		return `{${Object.keys(value).sort()
			.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
	return JSON.stringify(value);
}

/* Compares the version that programs get with what the log says about it. */
async function checkJson(facts) {
	const path = `/${lang}/systems/${claims.slug}/versions/${claims.version}.json`;
	const bytes = await log.need(path);
	let given = {};

	try {
		given = JSON.parse(log.textOf(bytes));
	} catch {
		/* the comparison below fails */
	}
	for (const [name, value] of Object.entries(facts))
		ensure(canonical(given[name]) === canonical(value), "json_differs", {name});
	return ["ok", say("json_fits")];
}

/* Chooses the text that the page shows from one per language. Returns it with its language. */
function chosen(texts) {
	const tags = Object.keys(texts ?? {});
	const tag = [lang, ...tags.filter((t) => t.startsWith(`${lang}-`)), ...LANGUAGES, ...tags]
		.find((t) => texts?.[t]);

	return typeof texts === "string" ? [texts] : Array.isArray(texts) ? [] : [texts?.[tag], tag];
}

const textIn = (texts) => chosen(texts)[0];
const isEmpty = (value) => value === null || value === undefined || value === "" ||
	typeof value === "object" && Object.keys(value).length === 0;

/* --- the page itself: how values are shown --- */

/* A day or a month in the words of the page. */
function sayDate(date) {
	const [, year, month, day] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(date) || [];

	if (!year)
		return date;
	calendar ??= new Intl.DateTimeFormat(messages.locale, {month: "long", timeZone: "UTC"});
	const name = calendar.format(new Date(Date.UTC(2000, month - 1)));
	return say(day ? "date_day" : "date_month", {year, name, month: `${+month}`, day: `${+day}`});
}

const isLink = (url) => /^https?:\/\/[^\s<>\\"\x00-\x20\x7f]*$/.test(url);

/* An object of a text and an address is a link by that name. */
function titleOf({members}, value) {
	return members.length === 2 && members[0].type === "text" && members[1].type === "url" &&
		isLink(value[members[1].name]) && textIn(value[members[0].name]);
}

/* A rule is shown by the name of its policy, if that is known, and its own. */
function namedRule(value) {
	const name = messages[`words_policy_${value?.policy}`];
	const {rule, ...rest} = value ?? {};

	return name ? {...rest, policy: `${name} (${rule ?? value.policy})`} : value;
}

/* The texts of a value in the order in which the page shows them: [kind, text, its language],
 * where a kind is "text" (as it is), "markdown" or "label". */
function partsOf(standard, top, field, value) {
	const inner = (f, v) => partsOf(standard, top, f, v);
	const label = (from) => from && textIn(from.label);

	if (top === "risk_basis" && field.type === "object")
		value = namedRule(value);
	if (isEmpty(value))
		return [];
	switch (field.type) {
	case "list":
		return value.flatMap((item) => inner(field.item, item));
	case "object":
		return titleOf(field, value) ? [["text", ...chosen(value[field.members[0].name])]]
			: field.members.filter(({name}) => !isEmpty(value[name])).flatMap((member) =>
				[["label", label(member)], ...inner(member, value[member.name])]);
	case "enum":
		return [["text", label(field.values.find((v) => v.value === value)) ?? value]];
	case "markdown":
		return [["markdown", ...chosen(value)]];
	case "date":
	case "month":
		return [["text", sayDate(value)]];
	case "code": /* pages show the label of a field that a record lists */
		return [["text", ["withheld", "supplier_statements"].includes(top) && field.name === "field" &&
			label(standard.fields.find((f) => f.name === value)) || textIn(value)]];
	case "file":
		return [["text", files.has(value) ? `${files.get(value)} (SHA-256: ${value})` : value]];
	default:
		return [["text", ...textIn(value) ? chosen(value) : [canonical(value)]]];
	}
}

const unix = (text) => text.replace(/\r\n?/g, "\n");
const plain = (text) => text.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&"); /* in a regular expression */
const squeeze = (text) => text.normalize("NFC").replace(/\s+/g, "");

/* Keeps letters, digits and the punctuation within numbers, which no formatting changes. */
const letters = (text) => (text.normalize("NFC").replace(/[*_`]/g, "")
	.match(/[\p{L}\p{N}\p{M}\p{Sc}%]|(?<=\p{N})[.,:/~-](?=\p{N})/gu) || []).join("");
const exactly = (text) => letters(text).replace(/[.$]/g, "\\$&");

/* A pattern for the letters that a Markdown text shows. The numbers of a list are not in the page's text. */
function markdownPattern(markdown) {
	return unix(markdown)
		.replace(/\]\((?:<[^>\n]*>|[^\s()<>]*)(?:\s+(?:"[^"]*"|'[^']*'))?\)/g, "]")
		.split(/^([ \t>]*(?:(?:[-+*][ \t]+)*\d{1,9}[.)](?:[ \t]+|$))+)/m)
		.map((part, i) => i % 2 ? part.match(/\d+/g).map((n) => `(?:${n})?`).join("")
			: exactly(part.replace(/\\([!-/:-@[-`{-~])/g, "$1")))
		.join("");
}

/* Only a complete parser can tell which words such Markdown shows. If the page has others than
 * expected, the result says that the text was not compared. */
const isHard = (markdown) => /&#?\w+;|\][[:]|\[\s*\]|\]\([^)]*[(\\]|<[^>]*>|^[ \t>]*(```|~~~)/m.test(markdown) ||
	/\\/.test(markdown) && /`|^( {4}|\t)/m.test(markdown);

/* Every text is in its place, and there is no other. */
function sayTheSame(parts, shown) {
	const whole = squeeze(shown);
	let at = 0;

	if (parts.every(([kind]) => kind === "text"))
		return whole === squeeze(parts.map(([, text]) => text).join(""));
	for (const [, text] of parts.filter(([kind]) => kind === "text")) {
		const here = whole.indexOf(squeeze(text), at);

		if (here < 0)
			return false;
		at = here + squeeze(text).length;
	}
	return new RegExp(`^${parts.map(([kind, text]) =>
		kind === "markdown" ? markdownPattern(text) : exactly(text)).join("")}$`, "u")
		.test(letters(shown));
}

const strings = (value) => value && typeof value === "object" ? Object.values(value).flatMap(strings)
	: [String(value)];

function decoded(url) {
	try {
		return decodeURI(url);
	} catch {
		return url;
	}
}

/* The targets of links and all other attributes must come from the value, too. */
function attributesFit(shown, value) {
	const source = decoded(strings(value).join("\n"));
	const has = (text) => source.includes(decoded(text));
	const isFile = (text) => strings(value).some((sha256) => files.has(sha256) &&
		text === `/${lang}/systems/${claims.slug}/files/${sha256}`);
	const isPhone = (text) => strings(value).some((number) =>
		/^\+?[\d .()-]+$/.test(number) && text === `tel:${number.replace(/[^+\d]/g, "")}`);
	const known = {__proto__: null, href: (text) => has(text) || has(text.replace(/^mailto:/, "")) || isFile(text) ||
		isPhone(text),
		title: has, start: has, class: (text) => has(text.replace(/^language-/, ""))};

	return [...shown.querySelectorAll("*")].every((e) =>
		[...e.attributes].every(({name, value: text}) => known[name]?.(text)));
}

/* --- the page itself: it shows this record and nothing else --- */

/* The fields that pages show as questions if the standard does not name any. */
const FACTS = {goal: "fact_goal", automation_level: "fact_decides", personal_data: "fact_personal",
	risk_category: "fact_risk", objection_procedure: "fact_object"};
const askedFirst = (standard) => standard.asked_first?.map(({field, question, with: also = []}) =>
	({field, question: textIn(question), also})) ?? Object.entries(FACTS).map(([field, words]) =>
	({field, question: say(`words_${words}`), also: []}));
const HEADING = {name: "h1", description_short: ".lead"};
const TAGS = new Set(["section", "nav", "div", "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li",
	"a", "strong", "em", "code", "pre", "blockquote", "hr", "br", "span", "table", "caption", "tbody", "tr", "th", "td"]);

const more = (e) => new Fault("page_has_more", {text: e.textContent.trim().slice(0, 80) || e.localName});

/* An element's children. Text between them is an error. */
function childrenOf(e) {
	for (const node of e.childNodes)
		if (node.nodeType === Node.TEXT_NODE && node.data.trim())
			throw more(node);
	return [...e.children];
}

function checkText(e, text, label) {
	ensure(e && squeeze(e.textContent) === squeeze(text), "page_differs", {label});
}

/* A reader of the page that takes its elements one by one and compares them with the record. */
function pageReader(standard, record, counts, logged) {
	const same = (field, value, shown, label, answer) => {
		const parts = answer ? [["text", textIn(answer)]]
			: partsOf(standard, field.name, field, value);
		const markdown = parts.filter(([kind]) => kind === "markdown");
		const fits = sayTheSame(parts, shown.textContent) && attributesFit(shown, value);
		const open = fits ? 0 : markdown.filter(([, text]) => isHard(text)).length;

		ensure(fits || open, "page_differs", {label});
		counts.all += parts.filter(([kind]) => kind !== "label").length;
		counts.open += fits ? 0 : parts.filter(([kind]) => kind !== "label").length;
		return parts.map(([, , tag]) => tag).filter((tag) => tag && tag !== lang).at(-1);
	};
	const nothing = (name, shown, label) => {
		const why = record.withheld?.find?.((entry) => entry.field === name);
		const basis = why && textIn(why.legal_basis);

		checkText(shown, why ? `${say("words_withheld")}${textIn(why.reason) ?? ""}${
			basis ? `(${basis})` : ""}` : say("words_missing"), label);
	};
	/* The register's notes on a text: a machine translated it; its original has changed since. Only
	 * the sentence is checked here, not whether it is true. */
	const ofText = (left) => {
		while (left[0]?.matches("p.note.of-text")) {
			const said = squeeze(left.shift().textContent);

			ensure(["words_machine_translation", "words_translation_outdated"].some((name) =>
				new RegExp(`^${plain(squeeze(messages[name])).replace(/\\{\w+\\}/g, ".{1,40}")}$`, "u").test(said)),
			"page_differs", {label: said.slice(0, 80)});
			counts.all++;
			counts.open++;
		}
	};
	const field = (f, shown, asked) => {
		const question = asked?.question;
		const value = record[f.name], label = textIn(f.label);
		let left = childrenOf(shown);

		checkText(left.shift(), question ?? label, label);
		if (!question) {
			ensure(left.length === 1, "page_differs", {label});
			left = childrenOf(left[0]);
		}
		const body = left.shift();
		ensure(body, "page_differs", {label});
		if (isEmpty(value)) {
			nothing(f.name, body, label);
		} else if (f.type === "assessments") { /* checkFacts() reads the entries that the page names */
			logged.facts.push([body, value]);
			counts.all += Object.values(value).reduce((n, facts) => n + Object.keys(facts).length, 0);
		} else {
			const chosenOne = question && f.values?.find((v) => v.value === value);
			const answer = chosenOne?.answer, hint = !answer && chosenOne?.help;
			const foreign = same(f, value, body, label, answer);

			const stated = record.supplier_statements?.find?.((entry) => entry.field === f.name);
			if (stated)
				checkText(left.shift(), say("words_stated_by", {supplier: stated.supplier}), label);
			if (foreign)
				checkText(left.shift(), say("words_only_in", {foreign:
					messages[`words_lang_${foreign.split("-")[0]}`] ?? foreign}), label);
			ofText(left);
			/* Since when the log has the item. checkLogged() reads the entries that the page names. */
			for (const note of logged.expected(f, value)) {
				ensure(left[0]?.matches("p.logged"), "page_differs", {label});
				logged.found.push({...note, label, shown: left.shift()});
			}
			/* The page may add a later decision of the office to the status; it is not checked here. */
			if (f.name === "status" && left[0]?.matches("p.note")) {
				left.shift();
				counts.all++;
				counts.open++;
			}
			if (hint)
				checkText(left.shift(), textIn(hint), label);
			if (answer)
				checkText(left.shift(), `${label}: ${textIn(chosenOne.label)}`, label);
			/* Part of the judgement: checkWhy() compares it. */
			if (f.name === "risk_category" && left[0]?.matches("p.reason") &&
				document.getElementById("why"))
				left.shift();
		}
		for (const name of asked?.also.filter((one) => !isEmpty(record[one])) ?? []) {
			const other = standard.fields.find((one) => one.name === name), title = textIn(other.label);
			const [heading, value_, ...rest] = childrenOf(left.shift() ?? shown);

			checkText(heading, title, title);
			ensure(value_, "page_differs", {label: title});
			if (same(other, record[name], value_, title))
				rest.shift();
			ofText(rest);
			if (rest.length)
				throw more(rest[0]);
		}
		if (left.length)
			throw more(left[0]);
	};
	/* All of these fields, in this order, and no other element. */
	const fields = (expected, elements, askedOf = () => undefined) => {
		for (const f of expected) {
			const label = textIn(f.label), shown = elements.shift();

			ensure(shown, "page_differs", {label});
			if (!expected.some(({name}) => shown.id === `f-${name}`))
				throw more(shown);
			ensure(shown.id === `f-${f.name}`, "page_differs", {label});
			field(f, shown, askedOf(f));
		}
		if (elements.length)
			throw more(elements[0]);
	};
	return fields;
}

function requires({required}, record) {
	return required === true || !!required && typeof required === "object" &&
		Object.entries(required).every(([name, values]) => values.includes(record[name]));
}

function withheld({name}, record) {
	return !!record.withheld?.some?.((entry) => entry.field === name);
}

/* The groups of the standard with those of their fields that the page has to show. */
function groupsOf(standard, record) {
	const answered = document.getElementById("why"); /* it shows the answers, under each policy */
	const asked = askedFirst(standard).map(({field}) => field);
	const shown = standard.fields.filter((f) => !HEADING[f.name] && !asked.includes(f.name) &&
		!(answered && f.type === "assessments") &&
		(!isEmpty(record[f.name]) || !f.auto && (requires(f, record) || withheld(f, record))));
	const other = Object.keys(record).filter((key) => !standard.fields.some((f) => f.name === key))
		.map((name) => ({name, label: name, type: "text"}));

	return [...standard.groups.map(({name, label}) =>
		({name, label: textIn(label), fields: shown.filter((f) => f.group === name)})),
	{name: "other", label: say("words_group_other"), fields: other}].filter((g) => g.fields.length);
}

/* No field is shown outside these areas, and nothing in them is hidden or of another kind. */
function checkArea(main, areas) {
	for (const e of main.querySelectorAll(".fact, .field, .value, .facts, .groups, .toc, [id^='f-']"))
		if (!areas.some((area) => area.contains(e)) && !(e.matches(".field") && e.closest("#proof")))
			throw more(e);
	for (const e of areas.flatMap((area) => [area, ...area.querySelectorAll("*")]))
		if (!e.closest(`#proof, #why, ${APART}`) && (!TAGS.has(e.localName) || e.hidden ||
			e.hasAttribute("style") || e.classList.contains("vh")))
			throw more(e);
}

/* Reads the standard whose words the page uses from the entry that adopted it. A version's page must
 * use one that had been adopted before the version was published. */
async function fetchStandard(tree) {
	const entry = Number(claims.standardEntry), version = Number(claims.standard);
	const {event} = await entryThat(tree, entry, {type: "standard.adopted", version});
	const isVersion = /\/versions\//.test(location.pathname);

	ensure(!isVersion || entry < Number(claims.entry), "later_standard", {entry});
	const bytes = await log.need(`/log/content/${event.content.sha256}`);
	return ["ok", say("standard_fits", {version, entry, at: sayTime(event.at)}),
		await readContent(bytes, event.content)];
}

/* `expected` returns the items whose day the record claims and for which a policy asks since when the log has
 * them. `found` receives the page's note on each. */
function loggedOf(asked = {}) {
	const expected = ({name, item}, value) => {
		const how = asked[name], items = [value].flat();

		return !how ? [] : items.map((one, i) => ({one, i, how, field: name, several: items.length > 1,
			member: textIn(item?.members?.find((m) => m.name === how.claimed)?.label)}))
			.filter(({one}) => one?.[how.claimed] && how.any.some((m) => typeof one[m] === "string"));
	};
	return {expected, found: [], facts: []};
}

/* --- the page itself: the department's answers to the questions of policies --- */

/* An answer in the words of its question. A value that the question does not offer is shown unchanged. */
function answerWords(question, value) {
	const word = (one) => textIn(question?.values?.find((choice) => choice.value === one)?.label) ??
		(typeof one === "boolean" ? say(one ? "words_answer_yes" : "words_answer_no") : String(one));

	return ![value].flat().length ? say("words_answer_none") : [value].flat().map(word).join(question ? "; " : ", ");
}

/* The answers that count: a question may depend on the answers before it. */
function askedOf(questions, facts) {
	const asked = {__proto__: null}, holds = (fact, values) => [asked[fact] ?? []].flat().some((one) => values.includes(one));

	for (const {fact, when = {}} of questions)
		if (Object.hasOwn(facts, fact) && Object.entries(when).every(([other, values]) => holds(other, values)))
			asked[fact] = facts[fact];
	return asked;
}

function checkPairs(shown, expected, label) {
	ensure(shown.length === expected.length, "page_differs", {label});
	expected.forEach((texts, i) => {
		const cells = childrenOf(shown[i]);

		ensure(cells.length === texts.length, "page_differs", {label});
		texts.forEach((text, k) => checkText(cells[k], text, label));
	});
}

/* Under each policy that judged, the page shows the answers that count and no others. */
function checkAnswers(card, {questions}, facts = {}) {
	const asked = askedOf(questions, facts), label = say("words_why_title"), lists = card.querySelectorAll(".answers");
	const expected = questions.filter(({fact}) => fact in asked)
		.map((one) => [textIn(one.label), answerWords(one, asked[one.fact])]);

	ensure(lists.length === (expected.length ? 1 : 0), "page_differs", {label});
	checkPairs([...lists].flatMap(childrenOf), expected, label);
	return expected.length;
}

/* The questions of a policy, from the entry that adopted it before this version was published. */
async function questionsOf(tree, {policy, entry, sha256}) {
	const {event} = await entryThat(tree, Number(entry), {type: "policy.adopted", policy});

	ensure(Number(entry) < Number(claims.entry), "other_event", {index: entry, name: "policy"});
	ensure(event.content?.sha256 === sha256, "other_event", {index: entry, name: "sha256"});
	const {files: {"questions.json": text}} = await readContent(await log.need(`/log/content/${sha256}`), event.content);
	return JSON.parse(text);
}

/* If no policy judged the record, the page shows all of its answers by policy; those to a policy that was never
 * adopted have no words. */
async function checkFacts(tree, shown, value) {
	const policies = Object.keys(value).sort(), tables = childrenOf(shown), label = say("words_why_title");

	ensure(tables.length === policies.length, "page_differs", {label});
	for (const [i, policy] of policies.entries()) {
		const {dataset} = tables[i], facts = value[policy];
		const {title, questions} = dataset.entry ? await questionsOf(tree, {...dataset, policy}) : {questions: []};
		const [caption, body] = childrenOf(tables[i]);
		const names = [...questions.map(({fact}) => fact).filter((fact) => fact in facts),
			...Object.keys(facts).filter((fact) => !questions.some((one) => one.fact === fact)).sort()];

		checkText(caption, title ? textIn(title) : messages[`words_policy_${policy}`] ?? policy, label);
		checkPairs(childrenOf(body), names.length ? names.map((fact) => {
			const question = questions.find((one) => one.fact === fact);

			return [question ? textIn(question.label) : fact, answerWords(question, facts[fact])];
		}) : [[say("words_facts_none")]], label);
	}
}

/* Checks that the entry which the page names published this item of this system, on the day that it shows. */
async function checkLogged(tree, {one, i, how, field, several, member, label, shown}) {
	const entry = Number(shown.dataset.entry), system = claims.slug;
	const {event} = await entryThat(tree, entry, {type: "system.published", system});
	const {event: filed} = await entryThat(tree, event.filing, {type: "system.filed", system});
	const content = await readContent(await log.need(`/log/content/${filed.content.sha256}`), filed.content);
	const same = (other, name) => JSON.stringify(other?.[name]) === JSON.stringify(one[name]);
	const on = localDay(new Date(event.at)), claimed = one[how.claimed];

	ensure([content.record[field]].flat().some((other) => how.same.every((name) => same(other, name)) &&
		how.any.some((name) => typeof one[name] === "string" && same(other, name))), "other_event",
	{index: entry, name: field});
	checkText(shown, `${several ? `${i + 1}. ` : ""}${say(claimed < on ? "words_logged_claimed" : "words_logged_since",
		{label: member, claimed: sayDate(claimed), on: sayDate(on)})} ${say("words_entry_n", {entry})}`, label);
}

/* Compares the text that people read on this page with the content. */
async function checkPage(tree, record, standard, lists) {
	const main = document.getElementById("main"), counts = {all: 0, open: 0};
	const [facts, toc, groups] = [".facts", ".body > .toc", ".body > .groups"].map((place) =>
		main.querySelector(place));
	const logged = loggedOf(lists);
	const takeFields = pageReader(standard, record, counts, logged);
	const expected = groupsOf(standard, record);

	ensure(facts && toc && groups, "page_differs", {label: say("words_facts")});
	checkArea(main, [facts, toc, groups]);
	for (const e of [facts.previousElementSibling, facts.nextElementSibling,
		...childrenOf(groups.parentElement)])
		if (![groups, toc, groups.parentElement].includes(e) && !e?.matches("header.head"))
			throw more(e ?? facts);

	for (const [name, place] of Object.entries(HEADING)) {
		const f = standard.fields.find((field) => field.name === name), shown = main.querySelectorAll(
			place), label = textIn(f.label);

		ensure(shown.length === (isEmpty(record[name]) && name !== "name" ? 0 : 1), "page_differs",
			{label});
		if (!isEmpty(record[name]))
			checkText(shown[0], textIn(record[name]), label);
		counts.all += shown.length;
	}

	const [title, ...rest] = childrenOf(facts);
	checkText(title, say("words_facts"), say("words_facts"));
	const asked = askedFirst(standard);
	takeFields(asked.map(({field}) => standard.fields.find((f) => f.name === field))
		.filter((f) => f && (!isEmpty(record[f.name]) || requires(f, record) || withheld(f, record))),
	rest, (f) => asked.find(({field}) => field === f.name));

	const sections = childrenOf(groups);
	ensure(sections.pop()?.id === "proof", "page_differs", {label: say("words_proof")});
	const beside = []; /* the titles of sections that follow the record and are not part of it */
	for (const [id, title] of Object.entries({...REPORTED, why: "words_why_title"}))
		if (sections.at(-1)?.id === id) {
			sections.pop();
			beside.unshift(say(title));
		}
	for (const {name, label, fields} of expected) {
		const section = sections.shift();

		ensure(section?.id === `g-${name}`, "page_differs", {label});
		const [heading, ...shown] = childrenOf(section);
		checkText(heading, label, label);
		takeFields(name === "other" ? shown.map((e) => fields.find((f) => e.id === `f-${f.name}`))
			.filter(Boolean) : fields, shown);
		ensure(name !== "other" || section.children.length === fields.length + 1, "page_differs",
			{label});
	}
	const empty = standard.fields.filter((f) => !HEADING[f.name] && !f.auto &&
		isEmpty(record[f.name]) && !requires(f, record) && !withheld(f, record)).length;
	if (empty)
		checkText(sections.shift(), say(empty === 1 ? "words_optional_one" : "words_optional_many",
			{n: empty}), say("words_facts"));
	if (sections.length)
		throw more(sections[0]);
	checkText(toc, [say("words_toc"), ...expected.map((g) => g.label), ...beside, say("words_proof")].join(""),
		say("words_toc"));

	for (const note of logged.found)
		await checkLogged(tree, note);
	for (const [shown, value] of logged.facts)
		await checkFacts(tree, shown, value);
	ensure(main.querySelectorAll(".logged").length === logged.found.length, "page_differs",
		{label: say("words_facts")});

	const values = {compared: counts.all - counts.open, all: counts.all};
	return counts.open ? ["open", say("page_fits_but", values), ["done_partly", values]]
		: ["ok", say("page_fits", values), ["done_record", values]];
}

/* --- the page itself: why the level --- */

/* Of a legal basis, "공공 AI법 19조 / Act 21392 Art 19", pages show the half in their language. */
function halfOf(basis) {
	const at = (basis ?? "").indexOf(" / ");

	return at < 0 ? basis : lang === LANGUAGES[0] ? basis.slice(0, at) : basis.slice(at + 3);
}

/* The line that the page should show: the text, or the rule's name if there is none; the legal basis; for a
 * reason, the rule's name; since when it applies. */
function lineOf(before, {text, id, rule, basis, applies_from: from, due, met, handed}) {
	return [before, textIn(text) ?? rule ?? id, halfOf(basis), rule ? `· ${rule}` : "",
		from ? `· ${say("words_why_from", {from: sayDate(from)})}` : "",
		due ? `· ${dueWords(due, met ? null : daySpokenOf())}` : "",
		handed ? `· ${say("words_duty_event", {date: sayDate(handed.day)})} ${
			say("words_entry_n", {entry: handed.entry})}` : ""].join(" ");
}

/* If the page says that an event of the office fulfilled a duty, and the judgement names such an event, proves the
 * event and counts the duty as met. */
async function takeFulfilled(tree, card, {duties}) {
	for (const shown of card.querySelectorAll(".duties > .met[data-entry]")) {
		const entry = Number(shown.dataset.entry), duty = duties.find((one) => !one.met && one.event &&
			squeeze(shown.textContent).includes(squeeze(textIn(one.text) ?? one.id)));

		ensure(duty, "page_differs", {label: say("words_why_title")});
		const {event} = await entryThat(tree, entry, duty.event);
		Object.assign(duty, {met: true, handed: {entry, day: event.day}});
	}
}

/* The day from which this page counts days. Null on a version's page and for a retired system, whose state
 * checkHead() checks. */
function daySpokenOf() {
	if (/\/versions\//.test(location.pathname))
		return null;
	return new URLSearchParams(location.search).get("as-of") ??
		(document.querySelector(".status-retired[data-part=status-badge]") ? null : localDay(new Date()));
}

/* The words for a due day and its distance from `today`. */
function dueWords(due, today) {
	const days = today && Math.round((Date.parse(due) - Date.parse(today)) / (24 * 60 * 60 * 1000));
	const values = {due: sayDate(due), days: Math.abs(days)};

	return !today ? say("words_due_on", values) : !days ? say("words_due_today", values)
		: days < -1 ? say("words_due_overdue", values) : days < 0 ? say("words_due_overdue_one", values)
			: days < 2 ? say("words_due_ahead_one", values) : say("words_due_ahead", values);
}

/* Checks all reasons and duties of one policy, in order: which duties are met, and the fields that show them. The
 * department's answers are not part of the judgement. */
function checkPolicy(shown, {reasons, duties}, standard) {
	const label = say("words_why_title"), lines = (place) => [...shown.querySelectorAll(place)];
	const labels = ({fields = []}) => fields.map((name) => standard.fields.find((f) => f.name === name))
		.filter(Boolean).map((field) => textIn(field.label)).join(" ");
	const unmet = duties.filter(({met}) => !met), met = duties.filter((duty) => duty.met);

	for (const [place, before, expected, rest] of [[".reasons > li", "", reasons, () => ""],
		[".duties > .unmet", say("words_why_unmet"), unmet, labels],
		[".duties > .met", say("words_why_met"), met, labels]]) {
		const found = lines(place);

		ensure(found.length === expected.length, "page_differs", {label});
		expected.forEach((one, i) => ensure(squeeze(found[i].textContent) ===
			squeeze(`${lineOf(before, one)} ${rest(one)}`), "page_differs", {label}));
	}
	ensure(lines(".duties > li").length === duties.length, "page_differs", {label});
	return reasons.length + duties.length;
}

/* The sentence beside the level gives a reason of a policy that derives exactly this level, and names the policy. */
function checkReason({level, policies}, titles) {
	const shown = [...document.querySelectorAll("#main .reason")], label = say("words_why_title");
	const why = policies.filter(({risk}) => risk === level).flatMap((one) => one.reasons
		.filter((reason) => reason.level === one.level).map(({text}) => squeeze(`${say("words_why_reason")} ${
			textIn(text) ?? ""} (${titles.get(one.policy)}) ${say("words_why_more")}`)));

	ensure(shown.length < 2 && shown.every((e) => why.includes(squeeze(e.textContent))), "page_differs", {label});
}

/* Checks a policy's name, the level that it gave and the department's answers, in the words of the policy that
 * the judgement names by its hash. */
async function checkRules(card, {policy, sha256, level, risk}, facts) {
	const label = say("words_why_title"), bytes = await log.need(`/log/content/${sha256}`);

	ensure(log.hex(await log.sha256(bytes)) === sha256, "other_content", {sha: sha256});
	const rules = JSON.parse(JSON.parse(log.textOf(bytes)).files["questions.json"]);
	const {title, levels, not_binding: foreign, logged = {}} = rules;
	const named = levels?.find((one) => one.level === level), badges = [...card.querySelectorAll(".badge")];
	/* The levels of a law that grades no risk all have the same, and no colour (judgement_view.h). */
	const colour = risk && levels?.some((one) => one.risk !== levels[0].risk) ? `risk-${risk}` : "";

	checkText(card.querySelector('[data-part="policy"]'), textIn(title), label);
	ensure(badges.length === (named ? 1 : 0) && badges.every((badge) =>
		[...badge.classList].filter((one) => one.startsWith("risk-")).join() === colour), "page_differs", {label});
	if (named)
		checkText(badges[0], textIn(named.label), label);
	return {title: textIn(title), foreign: foreign && textIn(foreign), logged,
		answers: checkAnswers(card, rules, facts?.[policy])};
}

const RISKS = ["minimal", "limited", "high", "prohibited"]; /* the laxest first */
const labelIn = (standard, field, value) => textIn(standard.fields.find(({name}) => name === field)
	?.values?.find((one) => one.value === value)?.label) ?? value;

/* Checks the sentence about the derived level, and whether the page says that the published level is below it.
 * `again`: when it was judged again, or null. */
function checkLevel({level}, standard, {risk_category: risk}, again) {
	const label = say("words_why_title"), shown = document.querySelectorAll('#main [data-part="level"]');
	const named = (value) => labelIn(standard, "risk_category", value);
	const rank = (value) => RISKS.indexOf(value);
	const laxer = [...document.querySelectorAll('#main [data-part="laxer"]')];

	ensure(shown.length === 1, "page_differs", {label});
	checkText(shown[0], [level ? say("words_why_level", {label: named(level)}) : say("words_why_none"),
		level && rank(risk) > rank(level) ? say("words_why_stricter", {label: named(risk)}) : "",
		again ? say("words_why_again", {date: sayDay(again)}) : ""].join(""), label);
	ensure(laxer.length === (rank(risk) < rank(level) ? 1 : 0), "page_differs", {label});
	for (const e of laxer)
		checkText(e, `${say("words_why_laxer", {label: named(level)})} ${say("words_why_more")}`, label);
}

/* The elements among the reasons that checkPolicy(), checkRules() and checkLevel() compare. */
const COMPARED = '[data-part], .reasons > li, .duties > li, .answers';
const WHY_TAGS = new Set([...TAGS, "details", "summary", "dl", "dt", "dd"]);

/* The other texts of a policy, in their order: headings, notes, sums, links. */
function besidePolicy({failed, duties}, {foreign, answers}) {
	const met = duties.filter((duty) => duty.met).length;

	return [foreign, failed && say("words_why_failed"),
		duties.length && say("words_why_duties", {duties_met: met, duties_n: duties.length}), met && say("words_why_met_show"),
		answers && say("words_why_facts"), say("words_why_rules")];
}

/* All other text among the reasons must be that of `expected`, in this order, and nothing may be hidden. */
function checkWhyArea(why, expected) {
	const walker = document.createTreeWalker(why, NodeFilter.SHOW_TEXT), beside = expected.filter(Boolean).map(squeeze);

	for (const e of why.querySelectorAll("*"))
		if (!WHY_TAGS.has(e.localName) || e.hidden || e.hasAttribute("style") || e.classList.contains("vh") ||
			(e.matches("ul, ol, dl, table") && !e.matches(".reasons, .duties, .answers")) ||
			(e.href && new URL(e.href).origin !== location.origin))
			throw more(e);
	for (let node = walker.nextNode(); node; node = walker.nextNode())
		if (node.data.trim() && !node.parentElement.closest(COMPARED) && squeeze(node.data) !== beside.shift())
			throw more(node);
	ensure(!beside.length, "page_differs", {label: say("words_why_title")});
}

/* Checks the judgement of the policies: the content of the publication or of a later entry that judged again. */
async function checkWhy(tree, published, {system, version, standard, record}) {
	const why = document.getElementById("why"), label = say("words_why_title");

	ensure(why, "page_differs", {label});
	const entry = Number(why.dataset.entry);
	const event = entry === Number(claims.entry) ? published
		: (await entryThat(tree, entry, {type: "system.judged", system, version})).event;
	ensure(event.content?.sha256 === why.dataset.sha256, "other_event", {index: entry, name: "sha256"});
	const judgement = await readContent(await log.need(`/log/content/${event.content.sha256}`),
		event.content);
	const cards = [...why.querySelectorAll(".policy")];
	ensure(cards.length === judgement.policies.length, "page_differs", {label});
	const cardOf = (id) => cards.find((card) => card.dataset.policy === id);
	ensure(judgement.policies.every(({policy}) => cardOf(policy)), "page_differs", {label});
	for (const one of judgement.policies)
		await takeFulfilled(tree, cardOf(one.policy), one);
	let n = judgement.policies.map((one) => checkPolicy(cardOf(one.policy), one, standard))
		.reduce((a, b) => a + b, 0), answers = 0;
	const titles = new Map(), beside = new Map();
	for (const one of judgement.policies) {
		const rules = await checkRules(cardOf(one.policy), one, record.assessments);

		Object.assign(judgement.logged ??= {}, rules.logged);
		answers += rules.answers;
		titles.set(one.policy, rules.title);
		beside.set(one.policy, besidePolicy(one, rules));
	}
	checkWhyArea(why, [label, why.querySelector(":scope > p.note") && say("words_why_stale"),
		...cards.flatMap(({dataset}) => beside.get(dataset.policy)), say("words_entry_n", {entry}), say("words_why_content")]);
	checkReason(judgement, titles);
	checkLevel(judgement, standard, record, entry === Number(claims.entry) ? null : event.at);
	return ["ok", say("why_fits", {n, answers, policies: cards.length, entry}), judgement];
}

/* Is the text of the element one of these messages, in the page's language? */
function isSaid(e, ...words) {
	return words.some((name) => squeeze(say(`words_${name}`)) === squeeze(e?.textContent ?? ""));
}

const MASK = "▇▇▇";

/* Is this the text that was sent, with masks in place of some parts, as others read it? */
function isMasked(shown, text) {
	const parts = [""]; /* between masks */
	let at = 0;

	for (const node of shown?.childNodes ?? [])
		if (node.localName === "strong" && node.textContent === MASK)
			parts.push("");
		else if (node.nodeType === Node.TEXT_NODE)
			parts[parts.length - 1] += node.nextSibling?.localName === "small" ? "" : node.data;
		else if (node.localName !== "small" || !isSaid(node, "masked"))
			return false;
	const last = parts.pop();
	return text.startsWith(parts[0] ?? last) && parts.every((part, i) => {
		const found = text.indexOf(part, i && at + 1);

		at = found + part.length;
		return found >= 0;
	}) && text.endsWith(last) && (parts.length ? text.length - last.length > at : text === last);
}

/* Is this one of the receipt's other parts: the name that was sent, the text as others read it, or the
 * note that an answer to another question answers this one, too? */
function isOfQuestion(e, content) {
	const [title, body] = e.children, [first, note, ...more] = body?.children ?? [];

	if (e.matches(".answer, p.waiting"))
		return true;
	if (!content || more.length)
		return false;
	switch (e.dataset.what) {
	case "name":
		return isSaid(title, "feedback_name") && first.textContent === content.name &&
			isSaid(note, "receipt_name_text", "receipt_name_masked");
	case "masked":
		return isSaid(title, "receipt_masked") && isMasked(first, unix(content.text)) &&
			isSaid(note, "receipt_masked_text");
	case "same":
		return squeeze(e.textContent) === squeeze(say("words_receipt_same") + say("words_question_same_link"));
	}
	return false;
}

/* The question's place holds its text or, if that was erased (`content` is null), says so. After it
 * come its other parts, of which answers are not checked here, and nothing else. */
async function checkQuestion(content) {
	const place = document.querySelectorAll('#main [data-part="said"]');

	ensure(place.length === 1, "question_differs");
	const [, shown, ...rest] = childrenOf(place[0]);
	if (content)
		ensure(shown?.matches("p.said") && shown.textContent === unix(content.text), "question_differs");
	else
		ensure(shown?.matches("p.missing") &&
			isSaid(shown, "question_erased", "receipt_withdrawn_text", "question_swept"), "question_differs");
	for (const e of rest)
		if (!isOfQuestion(e, content))
			throw more(e);
	return ["ok", say(content ? "question_fits" : "question_gone")];
}

/* --- the page itself: the head above the record --- */

const partsNamed = (name) => [...document.querySelectorAll(`#main [data-part="${name}"]`)];

/* Checks that a part is there once with this text or, for null, that it is not there. */
function checkPart(name, text, label) {
	const found = partsNamed(name);

	ensure(found.length === (text === null ? 0 : 1), "page_differs", {label});
	if (text !== null)
		checkText(found[0], text, label);
	return found[0];
}

/* Proves the entry of a suspension or retirement, with its reason. It cannot know of a later entry. */
async function checkNotice(tree) {
	const [notice, ...others] = partsNamed("notice"), reason = partsNamed("notice-reason");
	const label = say("words_label_status"), entry = partsNamed("status-badge")[0]?.dataset.entry;

	ensure(!others.length && (entry || !notice), "page_differs", {label});
	if (!entry)
		return null;
	const {event} = await entryThat(tree, Number(entry), {system: claims.slug});
	const [, state] = /^system\.(suspended|retired)$/.exec(event.type) ?? [];
	ensure(state, "other_event", {index: Number(entry), name: "type"});
	if (!notice)
		return state;
	checkText(notice.querySelector("#notice"), say(`words_notice_${state}`), label);
	const {status, bytes} = await log.get(`/log/content/${event.content.sha256}`);
	ensure([200, 410].includes(status) && (status === 200 ? reason.length === 1 : !reason.length),
		"page_differs", {label});
	if (status === 200)
		checkText(reason[0], textIn((await readContent(bytes, event.content)).reason), label);
	return state;
}

/* Checks the department's name against the entry in which the office gave it. */
async function checkDepartmentName(tree, slug) {
	const label = say("words_label_department"), [shown] = partsNamed("department");
	const {event} = await entryThat(tree, Number(shown?.dataset.entry), {type: "department.added", department: slug});
	const bytes = await log.need(`/log/content/${event.content.sha256}`);
	const {name} = await readContent(bytes, event.content);

	checkPart("department", textIn(name) ?? slug, label);
	ensure([...shown.querySelectorAll("*")].every((e) => e.matches("a") && e.getAttribute("href") ===
		`/${lang}/departments/${slug}`), "page_differs", {label});
}

/* "2026-08-31" and 6 months: "2027-02-28". */
function monthsLater(at, months) {
	const [year, month, day] = at.slice(0, 10).split("-").map(Number);
	const last = new Date(Date.UTC(year, month + months, 0));

	return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(),
		Math.min(day, last.getUTCDate()))).toISOString().slice(0, 10);
}

/* The review is due on the day that the record names or that follows from the policies, whichever is sooner.
 * Only the current page of a system in use must say so. */
function checkReview(record, published, why, state) {
	const days = [record.revision_date, why?.review_months && monthsLater(published.at, why.review_months)];
	const due = days.filter(Boolean).sort()[0], label = say("words_label_review");
	const today = new Date(), soon = new Date(today.getTime() + 30 * 24 * 60 * 60 * 1000);
	const isToday = !/\/versions\//.test(location.pathname) && !/[?&]as-of=/.test(location.search);
	const isDue = due && state !== "retired" && (isToday || partsNamed("review").length > 0);
	const urgency = !isDue ? "" : due < localDay(today) ? say("words_review_overdue")
		: due <= localDay(soon) ? say("words_review_soon") : "";

	checkPart("review", isDue ? `${sayDate(due)}${urgency}` : null, label);
	checkPart("review-badge", urgency || null, label);
}

/* The first day on which an unmet duty is due. Only the current page of a system in use must show it. */
function checkDuties(why, state) {
	const today = new Date(), soon = new Date(today.getTime() + 30 * 24 * 60 * 60 * 1000);
	const due = (why?.policies ?? []).flatMap(({duties}) => duties).filter((duty) => duty.due && !duty.met)
		.map((duty) => duty.due).sort()[0];
	const isToday = !/\/versions\//.test(location.pathname) && !/[?&]as-of=/.test(location.search);
	const urgency = !due || !isToday || state === "retired" ? ""
		: due < localDay(today) ? say("words_duty_overdue") : due <= localDay(soon) ? say("words_duty_soon") : "";

	checkPart("duty-badge", urgency || null, say("words_label_duty"));
}

/* Checks level, status, department, version, review and duties by entries of the log. Nothing else may look like
 * one of them. */
async function checkHead(tree, {standard, record, published, filed, why}) {
	const badge = (name, field, value) => {
		const label = say(`words_label_${name}`);
		const shown = checkPart(`${name}-badge`, value ? `${label}: ${labelIn(standard, field, value)}` : null, label);

		ensure(!value || shown.className === `badge ${name}-${value}`, "page_differs", {label});
	};
	const state = await checkNotice(tree);

	badge("risk", "risk_category", record.risk_category);
	badge("status", "status", state ?? record.status);
	await checkDepartmentName(tree, filed.department);
	checkPart("version", say("words_version_number", {n: published.version, date: sayDay(published.at)}),
		say("words_label_version"));
	checkReview(record, published, why, state);
	checkDuties(why, state);
	for (const e of document.querySelectorAll("#main .badge, #main .meta dd"))
		if (!e.dataset.part && !e.closest(`#why, ${APART}`))
			throw more(e);
	return ["ok", document.querySelector(APART) ? `${say("head_fits")} ${say("head_apart")}` : say("head_fits")];
}

/* A page whose record was erased shows none. */
async function checkEmpty() {
	for (const e of document.querySelectorAll(
		"#main .facts, #main .fact, #main .value, #main .lead, #main .toc, #main #why, #main [id^='f-'], #main [id^='g-']"))
		throw more(e);
	return ["ok", say("page_empty")];
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
	const standard = await step("standard", () => fetchStandard(tree));
	if (!content) {
		await step("head", () => checkHead(tree, {standard, record: {}, published, filed: filed.event}));
		await step("page", checkEmpty);
		return ["done_erased"];
	}
	await step("json", () => checkJson({system, n: version, sha256, filing,
		entry: Number(claims.entry), at: published.at, filed_at: filed.event.at,
		department: filed.event.department, record: content.record}));
	const named = strings(content.record).filter((text) => /^[0-9a-f]{64}$/.test(text));
	if (named.length)
		await step("files", () => checkFiles(tree, [...new Set(named)]));
	/* If a publication has a judgement, its page must show it: a page without it would hide a level. */
	const why = published.content || document.getElementById("why") ? await step("why", () =>
		checkWhy(tree, published, {system, version, standard, record: content.record})) : null;
	await step("head", () => checkHead(tree,
		{standard, record: content.record, published, filed: filed.event, why}));
	return step("page", () => checkPage(tree, content.record, standard, why?.logged));
}

/* The id of a question is the hash of its receipt's code, which only its sender knows. */
async function receiptId(code) {
	const hash = await log.sha256(log.encoder.encode(`\0gaya receipt ${code}`));
	return log.hex(hash).slice(0, 32);
}

async function verifyReceipt(tree, step, signed) {
	const entry = await step("received", async () => {
		const feedback = await receiptId(claims.receipt);
		const received = await entryThat(tree, Number(claims.entry),
			{type: "feedback.received", feedback, system: claims.slug});
		return ["ok", received.text, received];
	});
	const extra = await step("proof", () => fetchProof(entry, signed.key, tree));
	const content = await step("receipt", () => readQuestion(tree, entry, extra));
	await step("question", () => checkQuestion(content));
	return [content ? "done_receipt" : "done_receipt_erased"];
}

const KINDS = {record: verifyRecord, receipt: verifyReceipt};

/* --- the button --- */

async function verify(view) {
	/* Shows each step when it begins. The first step that fails is the last. */
	const step = async (key, work) => {
		const end = view.begin(key);

		try {
			const [how, text, value, proof] = await work();
			end(how, text, proof);
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
	return KINDS[claims.kind](tree, step, signed);
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
		const [key, values] = await verify(view);
		view.end(key === "done_partly" ? "part" : "ok", say(key, values),
			say(`limits_${claims.kind}`));
	} catch (fault) {
		if (fault.evidence)
			view.end("bad", say("alarm"), say("alarm_do"), fault.evidence);
		else if (fault.open)
			view.end("open", say("no_result"), say("no_result_do"));
		else
			view.end("bad", say("false"), say("false_do"));
	}
}

/* Folded parts are printed, too: not every browser can open them by a style sheet. */
window.addEventListener("beforeprint", () => document.querySelectorAll("#main details").forEach((e) => {
	e.open = true;
}));

/* The style sheet is requested here, so that pages which do not need it do not wait for it. */
const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = "/static/verify.css";
document.head.append(sheet);

const button = element("button", "", claims.label);
button.type = "button";
button.addEventListener("click", () => {
	/* The button is not disabled while this runs: that would take the focus from somebody who uses the keyboard. */
	if (button.getAttribute("aria-busy") === "true")
		return;
	button.setAttribute("aria-busy", "true");
	run().catch((e) => {
		show().end("open", claims.failed, e.message);
	}).finally(() => button.removeAttribute("aria-busy"));
});
box.append(button);

})();
