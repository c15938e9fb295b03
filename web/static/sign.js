/* sign.js - makes and keeps a person's signing key in this browser, and signs with it.
 *
 * The key is Ed25519 of WebCrypto. Nothing can take it out of the browser, not even this script; it
 * is in IndexedDB, so there is one per origin and browser. The office grants its public half once.
 * A form with data-sign is not sent. Instead, this script fetches the event that it asks for,
 * without a signature (data-prepare; web/office/page_prepare.c), hashes the content, makes and signs
 * the line that goes into the log, and posts it to /api/v1/events, where departments' programs post,
 * too. There state_identify() and state_check() of registry/event/state.c check the signature.
 *
 * People who do not trust this server to send this script can sign with gaya file on a machine. */
"use strict";

(() => {

const SIGNATURE_TYPE = 1; /* C2SP signed-note: Ed25519 */
const bytesOf = (text) => new TextEncoder().encode(text);
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function join(...parts) {
	const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));

	parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
	return out;
}

/* Prints JSON as the server does: keys in the order of their code points, no spaces. */
function canonical(value) {
	if (Array.isArray(value))
		return `[${value.map(canonical).join(",")}]`;
	if (value === null || typeof value !== "object")
		return JSON.stringify(value);
	return `{${Object.keys(value).sort().map((k) =>
		`${JSON.stringify(k)}:${canonical(value[k])}`).join(",")}}`;
}

/* --- the key --- */

const opened = (request) => new Promise((done, failed) => {
	request.onsuccess = () => done(request.result);
	request.onerror = () => failed(request.error);
});

/* Waits for the end of the transaction, not only for the request: a page that is left before may take what it wrote
 * back, and the office would grant a key that no browser has. */
async function keys(mode, use) {
	const open = indexedDB.open("gaya", 1);

	open.onupgradeneeded = () => open.result.createObjectStore("keys");
	const transaction = (await opened(open)).transaction("keys", mode, {durability: "strict"});
	const asked = use(transaction.objectStore("keys"));

	await new Promise((done, failed) => {
		transaction.oncomplete = done;
		transaction.onabort = () => failed(transaction.error);
	});
	return asked.result;
}

/* One key per person, because two people may share a browser. */
const kept = (person) => keys("readonly", (store) => store.get(person));

/* The first 4 bytes of a note's signature, which identify the key among those of its name. */
async function keyId(name, raw) {
	const hash = await sha256(join(bytesOf(`${name}\n`), [SIGNATURE_TYPE], raw));

	return hash.slice(0, 4);
}

async function publicLine(pair, name) {
	const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));

	return `${name}+${hex(await keyId(name, raw))}+${base64(join([SIGNATURE_TYPE], raw))}`;
}

async function makeKey(person) {
	const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);

	await keys("readwrite", (store) => store.put(pair, person));
	return pair;
}

async function signedNote(pair, name, text) {
	const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
	const signature = new Uint8Array(
		await crypto.subtle.sign("Ed25519", pair.privateKey, bytesOf(text)));

	return `${text}\n— ${name} ${base64(join(await keyId(name, raw), signature))}\n`;
}

/* --- an event --- */

/* Texts per language of a form's fields: "reason.ko" and the like; languages left empty are left out. */
function textsOf(fields, member) {
	const texts = {};

	for (const [name, value] of fields)
		if (name.startsWith(`${member}.`) && value.trim())
			texts[name.slice(member.length + 1)] =
				value.trim().replace(/\r\n?/g, "\n").normalize("NFC");
	return texts;
}

function contentOf(form, fields, prepared) {
	const salt = hex(crypto.getRandomValues(new Uint8Array(16)));

	if (typeof prepared.content === "string")
		return prepared.content;
	if (form.dataset.content)
		return canonical({...JSON.parse(form.dataset.content),
			...("unsalted" in form.dataset ? {} : {salt})});
	if (prepared.record)
		return canonical({record: prepared.record, salt});
	if (!form.dataset.texts)
		return null;
	const texts = textsOf(fields, form.dataset.texts);

	return "optional" in form.dataset && !Object.keys(texts).length ? null
		: canonical({[form.dataset.texts]: texts, salt});
}

async function entryOf(form, fields, prepared, pair) {
	const content = contentOf(form, fields, prepared), event = {...prepared.event,
		...JSON.parse(form.dataset.members || "{}")};

	if (content !== null) {
		const bytes = bytesOf(content);

		event.content = {sha256: hex(await sha256(bytes)), size: bytes.length,
			type: "application/json"};
	}
	return {entry: await signedNote(pair, prepared.key, `${canonical(event)}\n`),
		...(content === null ? {} : {content})};
}

/* --- pages --- */

const lang = document.documentElement.lang;
/* How many entries the log had when this page was made: nobody signs a decision on later ones. */
const {shown} = document.currentScript.dataset;

function tell(form, texts) {
	const box = form.querySelector(".signing");
	const list = document.createElement("ul");

	for (const text of texts) {
		const item = document.createElement("li");

		item.textContent = text;
		list.append(item);
	}
	box.replaceChildren(list);
	box.hidden = false;
	box.focus();
}

/* The address that gives the event. data-query names the fields that it takes; "" means all. */
function addressOf(form, fields) {
	const address = new URL(form.dataset.prepare, location), names = form.dataset.query?.split(" ").filter(Boolean);

	for (const [name, value] of names ? fields : [])
		if (value && (!names.length || names.includes(name)))
			address.searchParams.append(name, value);
	address.searchParams.set("shown", shown);
	return address;
}

/* Did who signs tick that the texts may be public, and leave them as they were shown? */
const isSeen = (form) => form.querySelector("[name=seen]")?.checked
	&& [...form.querySelectorAll("textarea")].every((text) => text.value === text.defaultValue);

/* Asks the page at the form's own address whether a text that is about to be published seems to hold personal
 * data. A person who has looked at it has ticked "seen". */
async function isPersonal(form, fields) {
	const answer = await fetch(form.action, {method: "POST", headers: {"Accept-Language": lang},
		body: new URLSearchParams([...fields, ["ask", "1"]])});

	if (!answer.ok)
		throw new Error(String(answer.status));
	return (await answer.json()).found;
}

/* Signs the fields as they are when the button is pressed. Nobody has chosen to sign what is typed while an
 * answer is awaited. */
async function send(form, words) {
	const fields = [...new FormData(form)], look = "look" in form.dataset && !isSeen(form);
	const pair = await kept(form.dataset.sign);

	if (!pair)
		return tell(form, [words.nokey]);
	if (look && await isPersonal(form, fields))
		return form.submit();
	const prepared = await fetch(addressOf(form, fields), {headers: {"Accept-Language": lang}});

	if (!prepared.ok)
		return tell(form, [(await prepared.json().catch(() => ({}))).message || words.failed]);
	const body = await entryOf(form, fields, await prepared.json(), pair);
	const answer = await fetch("/api/v1/events", {method: "POST", body: JSON.stringify(body),
		headers: {"Content-Type": "application/json", "Accept-Language": lang}});
	const said = await answer.json().catch(() => ({}));

	if (answer.status !== 201)
		return tell(form, [said.message || words.failed, ...(said.texts || []).map((t) =>
			typeof t === "string" ? t : t.text || t.message || "")]);
	location.href = form.dataset.done;
}

/* The page loads this script before its forms, and this listens to all of them: a button that is pressed as soon as it
 * is seen signs, too. Without the script the browser would send the form, which signs nothing. */
document.addEventListener("submit", (event) => {
	const form = event.target, button = form.querySelector("button");

	if (!("sign" in form.dataset))
		return;
	event.preventDefault();
	button.disabled = true;
	send(form, form.dataset).catch((fault) => tell(form, [`${form.dataset.failed} (${fault})`]))
		.finally(() => { button.disabled = false; });
});

/* Only the person who writes a reason copies comments into it. */
function offerComment(button) {
	button.hidden = false;
	button.addEventListener("click", () => {
		const into = document.getElementById(button.dataset.into);

		into.value = [into.value.trim(), button.dataset.take].filter(Boolean).join("\n");
		into.focus();
	});
}

/* Puts the text of a table's file into the form. Korean spreadsheets save CSV as CP949 unless somebody
 * chooses otherwise. */
function offerFile(chooser) {
	const input = chooser.querySelector("input");

	chooser.hidden = false;
	input.addEventListener("change", async () => {
		const bytes = await input.files[0].arrayBuffer();
		let text;

		try {
			text = new TextDecoder("utf-8", {fatal: true}).decode(bytes);
		} catch {
			text = new TextDecoder("euc-kr").decode(bytes);
		}
		document.getElementById(chooser.dataset.fileInto).value = text;
	});
}

/* --- files that a record names --- */

const PDF = "application/pdf";

/* Says what is wrong with a file before it is sent; "" if nothing is. */
async function fileFault(file, words) {
	if (file.size > Number(words.attachMax))
		return words.attachLarge;
	if (!file.size)
		return words.attachEmpty;
	return await file.slice(0, 5).text() === "%PDF-" ? "" : words.attachType;
}

/* fetch() does not report how much was sent, so this uses XMLHttpRequest. */
function sendFile(request, entry, file, progress, words) {
	return new Promise((done, failed) => {
		if (request.stopped) /* stopped while the file was read, when there was nothing to abort yet */
			return failed(new Error(words.attachStopped));
		request.upload.onprogress = ({loaded, total}) => progress(loaded / total);
		request.onload = () => request.status === 201 ? done()
			: failed(new Error(request.response?.message || words.attachFailed));
		request.onerror = () => failed(new Error(words.attachFailed));
		request.onabort = () => failed(new Error(words.attachStopped));
		request.open("POST", "/api/v1/files");
		request.responseType = "json";
		request.setRequestHeader("Content-Type", PDF);
		request.setRequestHeader("Gaya-Entry", base64(bytesOf(entry)));
		request.setRequestHeader("Accept-Language", lang);
		request.send(file);
	});
}

/* Signs the file with the key that signs filings, because the register takes no unsigned file. Returns
 * its SHA-256. */
async function attachFile(file, request, progress, words) {
	const pair = await kept(words.attachPerson);

	if (!pair)
		throw new Error(words.attachNokey);
	const digest = hex(await sha256(await file.arrayBuffer()));
	const asked = await fetch(`/${lang}/office/prepare/attach/${digest}`, {headers: {"Accept-Language": lang}});
	const prepared = await asked.json().catch(() => ({}));

	if (!asked.ok)
		throw new Error(prepared.message || words.attachFailed);
	if (!prepared.there) {
		const event = {...prepared.event, content: {sha256: digest, size: file.size, type: PDF}};

		await sendFile(request, await signedNote(pair, prepared.key, `${canonical(event)}\n`), file,
			progress, words);
	}
	return digest;
}

/* The file's field holds a hash, which nobody types where this script runs: the chooser takes the place of its input, with
 * its label and its address, and the input stays in the form. A value that is no hash stays to be seen and mended. */
function takePlace(input, chooser) {
	const {id} = input, [own, hint] = [`label[for="${id}"]`, `[id="${id}-hint"]`].map((one) => input.form.querySelector(one));

	if (input.value && !/^[0-9a-f]{64}$/.test(input.value))
		return;
	input.hidden = true;
	input.removeAttribute("id");
	for (const label of chooser.labels)
		label.htmlFor = id;
	chooser.id = id;
	if (hint)
		hint.hidden = true;
	if (own && input.getAttribute("aria-invalid") === "true")
		chooser.setAttribute("aria-describedby", `${chooser.getAttribute("aria-describedby")} ${id}-error`);
}

function attaching(box) {
	const input = document.getElementById(box.dataset.attach), {form} = input, words = form.dataset;
	const [send, clear, cancel] = box.querySelectorAll("button"), chooser = box.querySelector("input");
	const bar = box.querySelector("progress"), told = box.querySelector("[role=status]");
	const wrong = box.querySelector(".error"), shown = box.querySelector(".sent");
	const before = box.parentElement.querySelector(".attached");
	let request = null, tenth = 0;

	const refuse = (text) => {
		wrong.textContent = text;
		wrong.hidden = !text;
		chooser.setAttribute("aria-invalid", String(Boolean(text)));
	};
	const busy = (now) => {
		bar.hidden = cancel.hidden = !now;
		send.disabled = chooser.disabled = clear.disabled = now;
	};
	/* Screen readers announce each tenth, not each packet. */
	const progress = (share) => {
		bar.value = Math.round(share * 100);
		if (Math.floor(share * 10) > tenth)
			told.textContent = `${(tenth = Math.floor(share * 10)) * 10}%`;
	};
	/* A chosen file is one that was not sent: sending it empties the chooser. */
	const empty = () => {
		chooser.value = "";
		send.disabled = clear.hidden = true;
	};
	const show = (name) => {
		const link = document.createElement("a");

		link.href = `/${lang}/office/files/${input.value}`;
		link.textContent = name;
		shown.replaceChildren(...(name ? [link, " "] : []), `SHA-256 ${input.value.slice(0, 8)}…`);
		shown.hidden = !input.value;
		if (before && name)
			before.hidden = true;
		if (input.value)
			box.querySelector("label").textContent = words.attachReplace;
	};
	const chosen = async () => {
		const file = chooser.files[0];

		told.textContent = "";
		refuse(file ? await fileFault(file, words) : "");
		send.disabled = !file || !wrong.hidden;
		clear.hidden = !file;
	};

	takePlace(input, chooser);
	show("");
	box.hidden = false;
	if (chooser.files[0]) /* a browser may keep it when the page is loaded again */
		chosen();
	chooser.addEventListener("input", (event) => event.stopPropagation()); /* no change of the draft */
	chooser.addEventListener("change", chosen);
	clear.addEventListener("click", () => {
		empty();
		chosen();
		chooser.focus();
	});
	send.addEventListener("click", async () => {
		const file = chooser.files[0];

		request = new XMLHttpRequest();
		tenth = bar.value = 0;
		refuse("");
		busy(true);
		try {
			input.value = await attachFile(file, request, progress, words);
			input.dispatchEvent(new Event("input", {bubbles: true}));
			told.textContent = words.attachSent.replace("{name}", file.name);
			show(file.name);
			busy(false);
			empty();
		} catch (fault) {
			told.textContent = "";
			refuse(fault.message);
			busy(false);
		}
	});
	cancel.addEventListener("click", () => {
		request.stopped = true;
		request.abort();
	});
	/* The form does not carry the file: its buttons would lead away from it and lose it. Only the button that removes
	 * the file's own item says that the file is not wanted. In the capture phase this comes before the script that takes
	 * the draft for saved. */
	form.addEventListener("submit", (event) => {
		const {submitter} = event;

		if (!chooser.files.length)
			return;
		if (submitter?.value.startsWith("without:") && submitter.parentElement.contains(box))
			return empty();
		refuse(words.attachUnsent);
		if (!event.defaultPrevented)
			(chooser.disabled ? cancel : chooser).focus();
		event.preventDefault();
	}, true);
	addEventListener("beforeunload", (event) => {
		if (chooser.files.length)
			event.preventDefault();
	});
}

/* The account page makes the key and asks the office to grant it. */
async function keyPanel(form) {
	const button = form.querySelector("button"), line = form.querySelector("input[name=vkey]");
	let pair = await kept(form.dataset.person);

	form.hidden = false;
	if (pair) {
		const here = await publicLine(pair, form.dataset.name);
		const known = Array.from(form.parentElement.querySelectorAll(".task code"))
			.find((code) => code.textContent === here);

		form.querySelector(".fingerprint").textContent = here;
		if (known && "revoked" in known.dataset)
			pair = null; /* it signs nothing any more: the button makes another */
		else
			button.hidden = Boolean(known); /* it already waits for the office, or may sign */
	}
	form.addEventListener("submit", async (event) => {
		if (line.value)
			return;
		event.preventDefault();
		try {
			pair = pair || await makeKey(form.dataset.person);
			line.value = await publicLine(pair, form.dataset.name);
			form.submit();
		} catch (fault) {
			tell(form, [form.dataset.unable]);
		}
	});
	button.disabled = false;
}

document.addEventListener("DOMContentLoaded", () => {
	document.querySelectorAll("button[data-take]").forEach(offerComment);
	document.querySelectorAll("[data-file-into]").forEach(offerFile);
	document.querySelectorAll("[data-attach]").forEach(attaching);
	for (const form of document.querySelectorAll("form[data-key]"))
		keyPanel(form).catch(() => tell(form, [form.dataset.unable]));
});

})();
