/* office.js - saves a draft's form a few seconds after a change, warns people who leave before that,
 * and shows Markdown while it is written.
 *
 * Without this script, every button of the form saves as well. The script sends what the buttons
 * send, with "auto". The server answers with the revision that it made, and with the value that the
 * form sends next to say which state it has seen. If somebody else was faster, the script stops and
 * says so; the button then shows both texts. */
"use strict";
(() => {
	const form = document.getElementById("draft");
	const state = document.getElementById("draft-state");
	const wait = 3000; /* ms without a change */
	const pause = 30000; /* ms after it could not be saved */
	const previewWait = 400;
	let timer = 0, changes = 0, saved = 0, sending = false, stopped = false;

	if (!form || !state)
		return;
	const say = (key) => { state.textContent = form.dataset[key]; };

	async function send() {
		const sent = changes, body = new URLSearchParams(new FormData(form));

		body.set("do", "auto");
		const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
		if (answer.status === 409) {
			stopped = true;
			return say((await answer.json()).own ? "own" : "conflict");
		}
		if (!answer.ok)
			throw new Error(answer.status);
		const told = await answer.json();
		form.elements.revision.value = told.revision;
		form.elements.seen.value = told.seen;
		saved = sent;
		say(saved === changes ? "saved" : "unsaved");
	}

	async function save() {
		if (sending || stopped || saved === changes)
			return;
		sending = true;
		say("saving");
		let then = wait;
		try {
			await send();
		} catch {
			say("failed");
			then = pause;
		}
		sending = false;
		if (saved !== changes && !stopped)
			later(then);
	}

	function later(ms) {
		clearTimeout(timer);
		timer = setTimeout(save, ms);
	}

	form.addEventListener("input", () => {
		changes++;
		if (!stopped && !sending)
			say("unsaved");
		later(wait);
	});
	form.addEventListener("submit", (event) => {
		if (event.defaultPrevented)
			return;
		clearTimeout(timer);
		saved = changes;
	});
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "hidden")
			save();
	});
	/* --- Markdown as citizens will see it, while the preview is open --- */

	const previewing = new Map();

	async function preview(details) {
		const input = document.getElementById(details.dataset.of), text = input.value;
		const body = new URLSearchParams({csrf: form.elements.csrf.value, text});
		const answer = await fetch(form.dataset.preview, { method: "POST", body, redirect: "manual" });

		if (!answer.ok || text !== input.value)
			return;
		/* A separate document runs no scripts and loads nothing. */
		const made = new DOMParser().parseFromString((await answer.json()).html, "text/html");
		details.querySelector(".value").replaceChildren(...made.body.childNodes);
	}

	function previewSoon(details, ms) {
		clearTimeout(previewing.get(details));
		previewing.set(details, setTimeout(() => preview(details).catch(() => {}), ms));
	}

	for (const details of form.querySelectorAll("details.preview")) {
		details.addEventListener("toggle", () => details.open && previewSoon(details, 0));
		document.getElementById(details.dataset.of).addEventListener("input", () =>
			details.open && previewSoon(details, previewWait));
	}

	addEventListener("beforeunload", (event) => {
		if (saved !== changes)
			event.preventDefault();
	});
})();
