/* passkey.js - asks the browser for a passkey, and puts the answer into the button's form.
 *
 * A form with data-passkey ("make", "prove", "sign-in") is sent once its fields are filled. The
 * challenge is fetched when the button is pressed (data-ask), because it is valid for a few minutes
 * only. The request names no passkey: its owner chooses one in the browser's own dialogue. */
"use strict";

(() => {

const bytesOf = (text) => Uint8Array.from(
	atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const ofHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
	.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const known = (asked) => asked.known.map((id) => ({type: "public-key", id: ofHex(id)}));

const made = (asked) => navigator.credentials.create({publicKey: {
	challenge: bytesOf(asked.challenge),
	rp: {id: asked.rp, name: document.querySelector(".brand").textContent},
	user: {id: ofHex(asked.id), name: asked.login, displayName: asked.name},
	pubKeyCredParams: asked.algorithms.map((alg) => ({type: "public-key", alg})),
	authenticatorSelection: {residentKey: "required", requireResidentKey: true,
		userVerification: "required"},
	attestation: "none",
	excludeCredentials: known(asked),
}});
const used = (asked) => navigator.credentials.get({publicKey: {
	challenge: bytesOf(asked.challenge),
	rpId: asked.rp,
	userVerification: "required",
	allowCredentials: asked.known ? known(asked) : [],
}});

function tell(form, text) {
	const box = form.querySelector(".signing");

	box.textContent = text;
	box.hidden = false;
	box.focus();
}

async function ask(form) {
	const answer = await fetch(form.dataset.ask, {redirect: "error"});

	if (!answer.ok)
		throw new Error((await answer.json()).message);
	return answer.json();
}

function fill(form, asked, {rawId, response}) {
	const fields = form.elements;

	fields.challenge.value = asked.challenge;
	fields.client_data.value = textOf(response.clientDataJSON);
	if (form.dataset.passkey === "make") {
		fields.authenticator.value = textOf(response.getAuthenticatorData());
		return;
	}
	fields.authenticator.value = textOf(response.authenticatorData);
	fields.signature.value = textOf(response.signature);
	fields.credential.value = textOf(rawId);
	fields.user.value = response.userHandle ? textOf(response.userHandle) : "";
}

/* The browser's own messages are in English and meant for programmers. */
function words(form, fault) {
	const {cancelled, twice, failed} = form.dataset;

	if (fault.name === "NotAllowedError" || fault.name === "AbortError")
		return cancelled;
	return fault.name === "InvalidStateError" ? twice : `${failed} (${fault.message})`;
}

async function send(form) {
	const asked = await ask(form);

	fill(form, asked, await (form.dataset.passkey === "make" ? made : used)(asked));
	form.submit();
}

function offer(form) {
	const button = form.querySelector("button");

	form.hidden = false;
	if (location.origin !== form.dataset.origin)
		return tell(form, form.dataset.elsewhere);
	if (!window.PublicKeyCredential || !AuthenticatorAttestationResponse.prototype.getAuthenticatorData)
		return tell(form, form.dataset.unable);
	button.disabled = false;
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		button.disabled = true;
		send(form).catch((fault) => tell(form, words(form, fault)))
			.finally(() => { button.disabled = false; });
	});
}

document.querySelectorAll("form[data-passkey]").forEach(offer);

})();
