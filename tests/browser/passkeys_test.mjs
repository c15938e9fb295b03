/* passkeys_test.mjs - a passkey in the browser: set up, used, proved with, removed; and what is refused of
 * one. The authenticator is Chromium's own virtual one. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ORIGIN, claim, finish, gaya, openBrowser, reader, serve, sound, work } from "./lib.mjs";

const OFFICE = "ai-policy";
const data = join(work, "passkeys"), words = join(work, "words");
gaya("init", "--data", data, "--origin", ORIGIN);
gaya("office", "--data", data, "--clock-is-right", "department-add", OFFICE, "--name", "ko=AI정책과",
	"--name", "en=AI policy office");

for (const login of ["sora", "jiho"]) {
	writeFileSync(words, `four ${login}s on a tram`);
	gaya("account", "add", "--data", data, "--login", login, "--name", login, "--email", `${login}@gimhae.example`,
		"--password-file", words, "--role", "administrator", "--department", OFFICE, "--clock-is-right");
}
const register = await serve(data), browser = await openBrowser();
const there = register.url.replace("127.0.0.1", "localhost");

/* A reader whose device has an authenticator: page.authenticator(method, more) asks it. */
async function device(options = {}) {
	const page = await reader(browser, options);
	const session = await page.context().newCDPSession(page);

	await session.send("WebAuthn.enable");
	const {authenticatorId} = await session.send("WebAuthn.addVirtualAuthenticator", {options: {
		protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
		isUserVerified: true, automaticPresenceSimulation: true}});
	page.authenticator = (method, more = {}) => session.send(`WebAuthn.${method}`, {authenticatorId, ...more});
	return page;
}

async function withPassword(page, login, base = there, lang = "ko") {
	await page.goto(`${base}/${lang}/office/sign-in`);
	await page.locator("#login").fill(login);
	await page.locator("#password").fill(`four ${login}s on a tram`);
	await page.locator("form:has(#password) button").click();
	await page.waitForURL(/\/office(\/code|\/account\?weak=1)?$/);
}

async function setUp(page, called) {
	await page.goto(`${there}/ko/office/account`);
	await page.locator("#passkey_name").fill(called);
	await page.locator("form[data-passkey=make] button").click();
	await page.waitForURL(/account\?done=1$/);
}

async function withPasskey(page) {
	await page.goto(`${there}/ko/office/sign-in`);
	await page.locator("form[data-passkey=sign-in] button").click();
}

async function signOut(page) {
	await page.locator(".desk form button").click();
	await page.waitForURL(/sign-in$/);
}

/* Presses the button, but keeps what the script would post: the form's fields. */
async function answerOf(page, selector) {
	await page.evaluate(() => {
		HTMLFormElement.prototype.submit = function () { window.posted = Object.fromEntries(new FormData(this)); };
	});
	await page.locator(`${selector} button`).click();
	return (await page.waitForFunction(() => window.posted)).jsonValue();
}

/* Posts fields as a page of this reader's would: {status, text}. */
const post = (page, path, fields) => page.evaluate(async ([to, body]) => {
	const answer = await fetch(to, {method: "POST", body: new URLSearchParams(body), redirect: "manual"});

	return {status: answer.status, type: answer.type, text: await answer.text()};
}, [path, fields]);
const SIGN_IN = "/ko/office/sign-in";

const sora = await device(), jiho = await device();

await claim("at an IP address the page says where passkeys work, and offers none", async () => {
	await sora.goto(`${register.url}/ko/office/sign-in`);
	assert.equal(await sora.locator("form[data-passkey]").count(), 0);
	assert.ok((await sora.locator("#passkey").innerText()).includes(there));
});
await claim("without script the page says so, and the password still lets in", async () => {
	const page = await reader(browser, {javaScriptEnabled: false, viewport: {width: 360, height: 740}});

	await page.goto(`${there}/ko/office/sign-in`);
	assert.ok((await page.locator("#passkey").innerText()).includes("자바스크립트"));
	await withPassword(page, "jiho");
	await page.context().close();
});
await claim("with a password alone the office's people may do nothing but look after their account", async () => {
	await withPassword(sora, "sora");
	await sora.goto(`${there}/ko/office/people`);
	assert.match(sora.url(), /office\/account\?weak=1$/);
	assert.ok((await sora.locator(".notice.danger").first().innerText()).includes("비밀번호만으로는"));
});
await claim("a passkey is set up by a click, is listed by its name, and counts as the strong way at once", async () => {
	await setUp(sora, "사무실 노트북");
	assert.ok((await sora.locator("#passkeys").innerText()).includes("사무실 노트북"));
	const {credentials} = await sora.authenticator("getCredentials");
	assert.equal(credentials.length, 1);
	assert.equal(credentials[0].isResidentCredential, true);
	assert.equal(credentials[0].rpId, "localhost");
	assert.equal((await sora.goto(`${there}/ko/office/people`)).status(), 200);
});
await claim("one device takes no second passkey of the same person, and says so", async () => {
	await sora.goto(`${there}/ko/office/account`);
	await sora.locator("form[data-passkey=make] button").click();
	await sora.locator("form[data-passkey=make] .signing:not([hidden])").waitFor();
	assert.ok((await sora.locator("form[data-passkey=make] .signing").innerText()).includes("이미"));
});
await claim("it signs in without a name being typed, and strongly", async () => {
	await signOut(sora);
	await withPasskey(sora);
	await sora.waitForURL(/\/office$/);
	assert.equal((await sora.goto(`${there}/ko/office/people`)).status(), 200);
});
await claim("after it a password alone is half a sign-in, which the passkey completes", async () => {
	await signOut(sora);
	await withPassword(sora, "sora");
	assert.match(sora.url(), /\/office\/code$/);
	await sora.locator("form[data-passkey=sign-in] button").click();
	await sora.waitForURL(/\/office$/);
});
for (const [lang, width] of [["ko", 1280], ["en", 360]])
	await claim(`${lang}, ${width} px: axe finds nothing on the two pages of a sign-in`, async () => {
		const page = await reader(browser, {viewport: {width, height: 740}, bypassCSP: true});

		await page.goto(`${there}/${lang}/office/sign-in`);
		await sound(page, "the sign-in");
		await withPassword(page, "sora", there, lang);
		assert.match(page.url(), /\/office\/code$/);
		await sound(page, "the code");
		await page.context().close();
	});
await claim("the way back is kept: one comes to the page that one asked for", async () => {
	await signOut(sora);
	await sora.goto(`${there}/ko/office/people`);
	await sora.locator("form[data-passkey=sign-in] button").click();
	await sora.waitForURL(/\/office\/people$/);
});
await claim("an answer that was used once is refused the second time", async () => {
	await signOut(sora);
	await sora.goto(`${there}/ko/office/sign-in`);
	const fields = await answerOf(sora, "form[data-passkey=sign-in]");
	const thief = await reader(browser);

	await thief.goto(`${there}/ko/office/sign-in`);
	assert.equal((await post(sora, SIGN_IN, fields)).type, "opaqueredirect");
	const again = await post(thief, SIGN_IN, fields);
	assert.equal(again.status, 403);
	/* Its count did not go on; of one that does not count, the challenge was used (people_test). */
	assert.match(again.text, /이미 사용한|복사된/);
	assert.equal((await thief.goto(`${there}/ko/office/account`)).url().includes("sign-in"), true);
	await thief.context().close();
});
await claim("an answer for a challenge that nobody gave out, or with a bit changed, is refused", async () => {
	await sora.goto(`${there}/ko/office/sign-in`);
	const fields = await answerOf(sora, "form[data-passkey=sign-in]");

	for (const [field, value] of [["challenge", "A".repeat(56)], ["signature", `A${fields.signature.slice(1)}`],
		["credential", "AAAAAAAAAAAAAAAAAAAAAA"], ["client_data", ""], ["authenticator", "!"]])
		assert.ok([400, 403].includes((await post(sora, SIGN_IN, {...fields, [field]: value})).status), field);
	assert.equal((await post(sora, SIGN_IN, fields)).type, "opaqueredirect");
});
await claim("a passkey proves no other account, and an answer to sign in proves nothing", async () => {
	await withPassword(jiho, "jiho");
	await setUp(jiho, "PIN 열쇠");
	await sora.goto(`${there}/ko/office/sign-in`);
	const hers = await answerOf(sora, "form[data-passkey=sign-in]");
	await jiho.goto(`${there}/ko/office/account`);
	const csrf = await jiho.locator("input[name=csrf]").first().inputValue();
	const asked = await jiho.evaluate(async () => (await fetch("/ko/office/account/passkey")).json());

	assert.equal(asked.login, "jiho");
	/* Her answer to another challenge; and, signed by her key, one to his. */
	assert.equal((await post(jiho, "/ko/office/account", {...hers, csrf, do: "passkey-prove"})).status, 400);
	const {credentials: [key]} = await sora.authenticator("getCredentials");
	await jiho.authenticator("addCredential", {credential: {...key, signCount: key.signCount + 5}});
	const forged = await jiho.evaluate(async (challenge) => {
		const bytes = (t) => Uint8Array.from(atob(t.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
		const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
		const {challenge: c, hers} = challenge;
		const got = await navigator.credentials.get({publicKey: {challenge: bytes(c), rpId: "localhost",
			userVerification: "required", allowCredentials: [{type: "public-key", id: bytes(hers)}]}});
		const r = got.response;

		return {challenge: c, client_data: text(r.clientDataJSON), authenticator: text(r.authenticatorData),
			signature: text(r.signature), credential: text(got.rawId), user: ""};
	}, {challenge: asked.challenge, hers: hers.credential});
	const answer = await post(jiho, "/ko/office/account", {...forged, csrf, do: "passkey-prove"});
	assert.equal(answer.status, 403);
	assert.ok(answer.text.includes("다른 계정"), answer.text);
	await jiho.authenticator("removeCredential", {credentialId: key.credentialId});
});
await claim("a count that goes back, as a copied key's does, is refused", async () => {
	const {credentials: [key]} = await jiho.authenticator("getCredentials");

	await signOut(jiho);
	await withPasskey(jiho);
	await jiho.waitForURL(/\/office$/);
	await signOut(jiho);
	await jiho.authenticator("removeCredential", {credentialId: key.credentialId});
	await jiho.authenticator("addCredential", {credential: {...key, signCount: 1}});
	await withPasskey(jiho);
	await jiho.locator("#errors").waitFor();
	assert.ok((await jiho.locator("#errors").innerText()).includes("복사된"));
	await jiho.authenticator("removeCredential", {credentialId: key.credentialId});
	await jiho.authenticator("addCredential", {credential: {...key, signCount: 1000}});
	await withPasskey(jiho);
	await jiho.waitForURL(/\/office$/);
});
await claim("who is not verified by PIN, finger or face signs in nowhere", async () => {
	await signOut(jiho);
	await jiho.authenticator("setUserVerified", {isUserVerified: false});
	await withPasskey(jiho);
	await jiho.locator("form[data-passkey=sign-in] .signing:not([hidden])").waitFor();
	await jiho.authenticator("setUserVerified", {isUserVerified: true});
});
await claim("a passkey is removed by a click, and signs in no more", async () => {
	await withPasskey(jiho);
	await jiho.waitForURL(/\/office$/);
	await jiho.goto(`${there}/ko/office/account`);
	await jiho.locator("#passkeys .task button").click();
	await jiho.waitForURL(/done=1$/);
	assert.equal(await jiho.locator("#passkeys .task").count(), 0);
	await signOut(jiho);
	await withPasskey(jiho);
	await jiho.locator("#errors").waitFor();
	assert.ok((await jiho.locator("#errors").innerText()).includes("등록"));
	assert.equal((await jiho.goto(`${there}/ko/office/account`)).url().includes("sign-in"), true);
});
await claim("no page complained", async () => {
	for (const page of [sora, jiho])
		assert.deepEqual(page.faults, []);
});

await finish(browser, register);
