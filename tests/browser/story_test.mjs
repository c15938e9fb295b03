/* story_test.mjs - the whole story of a system, by click, from the invitation of the people to the end of its use:
 * in Korean on a desk's screen, and in English on a phone, where what needs no signature is done without script. axe
 * looks at every page on the way. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { claim, demoCity, finish, gaya, openBrowser, reader, serve, sound as look, work } from "./lib.mjs";
import { TEXTS } from "./person.mjs";

const DEPARTMENT = "waterworks", OFFICE = "ai-city-policy", MODEL = "smart-water";
const data = join(work, "story"), words = join(work, "words");
demoCity(data);
const office = (...rest) => gaya("office", "--data", data, "--clock-is-right", ...rest);
const secret = (login) => `four ${login}s on a tram`;
const register = await serve(data), browser = await openBrowser();
const there = register.url.replace("127.0.0.1", "localhost"); /* passkeys need a name */
const main = (page) => page.locator("main").innerText();

/* Somebody whose device has an authenticator. */
async function somebody(options) {
	const page = await reader(browser, {...options, bypassCSP: true});
	const session = await page.context().newCDPSession(page);

	await session.send("WebAuthn.enable");
	await session.send("WebAuthn.addVirtualAuthenticator", {options: {protocol: "ctap2", transport: "internal",
		hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true}});
	return page;
}

async function signIn(page, lang, login) {
	await page.goto(`${there}/${lang}/office/sign-in`);
	await page.locator("#login").fill(login);
	await page.locator("#password").fill(secret(login));
	await page.locator("form:has(#password) button").click();
	await page.waitForURL(/\/office(\/account\?weak=1)?$/);
}

async function setUpPasskey(page, lang) {
	await page.goto(`${there}/${lang}/office/account`);
	await look(page, "the account");
	await page.locator("#passkey_name").fill("my device");
	await page.locator("form[data-passkey=make] button").click();
	await page.waitForURL(/account\?done=1$/);
}

async function askForKey(page, lang) {
	await page.goto(`${there}/${lang}/office/account`);
	await page.locator("#key form button").click();
	await page.waitForURL(/done=1$/);
	await page.locator("#key .task code").first().waitFor();
}

writeFileSync(words, secret("sora"));
const sora = JSON.parse(gaya("account", "add", "--data", data, "--login", "sora", "--name", "이소라", "--email",
	"sora@gimhae.example", "--password-file", words, "--role", "administrator", "--department", OFFICE, "--json",
	"--clock-is-right")).person;
const administrator = await somebody({});

await claim("the first administrator, whom the operator made, has a passkey and a key of her browser's", async () => {
	await signIn(administrator, "ko", "sora");
	await setUpPasskey(administrator, "ko");
	await askForKey(administrator, "ko");
	const vkey = await administrator.locator("#key .task code").first().textContent();
	office("key-grant", OFFICE, vkey, "--person", sora);
});

const DESK = {viewport: {width: 1280, height: 800}};
const PHONE = {viewport: {width: 360, height: 740}, isMobile: true, hasTouch: true};

async function story(lang, screen, script) {
	const how = `${lang}, ${screen.viewport.width} px${script ? "" : ", without script where nothing is signed"}`;
	const SLUG = `leak-finder-${lang}`, T = TEXTS[lang], officer = `minji-${lang}`, reviewer = `jiho-${lang}`;
	const people = {}, plain = await reader(browser, {...screen, javaScriptEnabled: script});
	const to = (page, path) => page.goto(`${there}/${lang}${path}`);

	async function invite(login, name, role, department) {
		await administrator.goto(`${there}/${lang}/office/people`);
		await administrator.locator("#name").fill(name);
		await administrator.locator("#login").fill(login);
		await administrator.locator("#email").fill(`${login}@gimhae.example`);
		await administrator.locator("section[aria-labelledby=new] button").click();
		const link = await administrator.locator("code.secret").innerText();
		const card = administrator.locator(".task", {hasText: login});
		await look(administrator, "the people");
		await card.locator("summary").click();
		await card.locator("select[name=role]").selectOption(role);
		await card.locator("select[name=department]").selectOption(department);
		await card.locator("form[data-prepare*='/appoint/'] button").click();
		await administrator.waitForURL(/done=1$/);
		return new URL(link).pathname;
	}

	for (const [login, name, role, department] of [[officer, "김민지", "officer", DEPARTMENT],
		[reviewer, "박지호", "reviewer", OFFICE]])
		await claim(`${role}: invited by a link, in with a password${role === "officer" && !script ? "" : " and a passkey"}, with a key that is granted; ${how}`, async () => {
			const link = await invite(login, name, role, department), page = people[login] = await somebody(screen);

			await page.goto(there + link);
			await look(page, "the invitation");
			await page.locator("#password").fill(secret(login));
			await page.locator("#again").fill(secret(login));
			await page.locator("main form button").click();
			await page.waitForURL(/\/office/);
			assert.equal((await page.request.get(there + link)).status(), 410, "the link works twice");
			await signIn(page, lang, login);
			if (role === "reviewer" || script) /* the office's people need a strong way */
				await setUpPasskey(page, lang);
			await askForKey(page, lang);
			await administrator.goto(`${there}/${lang}/office/people`);
			await administrator.locator("form[data-prepare*='/grant/'] button").click();
			await administrator.waitForURL(/done=1$/);
		});
	const minji = people[officer], jiho = people[reviewer];

	/* Who writes: in a browser without script, where the run says so. */
	const writer = script ? minji : plain;
	let draft;
	/* The list of the page of drafts in which the draft is; `list` is that of drafts in work, which
	 * alone is on the desk, too. */
	const isIn = async (page, where) => {
		await to(page, "/office");
		assert.equal(await page.locator(`section:has(#drafts) a[href="${new URL(draft).pathname}"]`).count(), where === "list" ? 1 : 0);
		await to(page, "/office/drafts");
		for (const list of ["list", "waiting"])
			assert.equal(await page.locator(`section:has(#${list}) .task`, {hasText: SLUG}).count(), where === list ? 1 : 0, list);
	};
	if (!script)
		await claim(`without script a password lets the officer in; ${how}`, async () => signIn(plain, lang, officer));
	await claim(`the officer begins a draft from a copy, breaks a rule, is led to it, and mends it; ${how}`, async () => {
		await to(writer, "/office/drafts");
		await writer.locator("#system").fill(SLUG);
		await writer.locator("#copy").fill(MODEL);
		await writer.locator("section[aria-labelledby=new] button").click();
		await writer.waitForURL(/\/office\/drafts\/[0-9a-f]{32}$/);
		draft = writer.url();
		await writer.goto(`${draft}/identity`);
		await writer.locator('[id="name.ko"]').fill(`누수 찾기 ${lang}`);
		await writer.locator('[id="name.en"]').fill(`Leak finder ${lang}`);
		await writer.locator("#contact_phone").fill("전화 없음");
		await writer.locator('.save button[value="save"]').click();
		const error = writer.locator('#errors a[href="#contact_phone"]');
		await error.waitFor();
		assert.equal(await writer.locator("#contact_phone").inputValue(), "전화 없음", "what was written is lost");
		await writer.locator("#contact_phone").fill("055-330-1000");
		await writer.locator('.save button[value="save"]').click();
		await writer.waitForURL(/saved=1/);
		if (script)
			await look(writer, "a step of the draft");
	});
	await claim(`what will be signed is shown, and a click files it; ${how}`, async () => {
		await minji.goto(draft);
		await look(minji, "the draft");
		await minji.locator(".actions a[href$='/sign']").click();
		assert.ok((await main(minji)).includes(lang === "ko" ? "누수 찾기 ko" : "Leak finder en"));
		await look(minji, "what is signed");
		await minji.locator("form[data-prepare*='/file/'] button").click();
		await minji.waitForURL(/filed=1$/);
		await look(minji, "the officer's desk");
		await isIn(minji, "waiting");
		await minji.locator("section:has(#waiting) .task", {hasText: SLUG}).locator("a[href*='/drafts/']").click();
		await minji.waitForURL(draft.replace(register.url, there));
		assert.ok((await main(minji)).includes(T.draft_is_waiting));
		assert.equal(await minji.locator(".actions a[href$='/sign']").count(), 0, "it is filed as it is");
	});
	await claim(`it is returned with a reason, which leads the officer from her desk to the draft; ${how}`, async () => {
		const name = lang === "ko" ? "누수 찾기 ko" : "Leak finder en";

		await to(jiho, "/office");
		await jiho.locator("section:has(#filings) h3 a", {hasText: name}).click();
		await jiho.locator("[name='reason.ko']").fill("목적을 더 적어 주십시오.");
		await jiho.locator("[name='reason.en']").fill("Say more about its purpose.");
		await jiho.locator("form[data-prepare*='/return/'] button").click();
		await jiho.waitForURL(/\/office$/);
		await to(minji, "/office");
		await minji.locator("section:has(#returned) h3 a", {hasText: name}).click();
		assert.match(await minji.locator("#returned").innerText(), /목적을 더|more about/);
		await look(minji, "the filing that was returned");
		const filing = minji.url();
		await isIn(minji, "list");
		await minji.goto(filing);
		await minji.locator("#returned .button").click();
		await minji.waitForURL(draft.replace(register.url, there));
		await minji.locator(".actions a[href$='/sign']").click();
		const since = await minji.locator("section:has(> #since)").innerText();
		assert.ok(/목적을 더|more about/.test(since) && since.includes(T.filing_since_none), since);
		assert.equal(await minji.locator("section:has(> #changes)").isVisible(), false, "all of it is shown as new");
		await look(minji, "what is signed again");
		await minji.locator("form[data-prepare*='/file/'] button").click();
		await minji.waitForURL(/filed=1$/);
	});
	await claim(`who filed cannot approve it; a second person reads and publishes it; ${how}`, async () => {
		const {filings} = JSON.parse(office("waiting", "--json"));
		const {filing} = filings.find((one) => one.system === SLUG);

		await to(minji, `/office/filings/${filing}`);
		assert.equal(await minji.locator("form[data-prepare*='/approve/']").count(), 0);
		await to(jiho, "/office");
		await look(jiho, "the reviewer's desk");
		await to(jiho, `/office/filings/${filing}`);
		await look(jiho, "the filing");
		await jiho.locator("form[data-prepare*='/approve/'] button").click();
		await jiho.locator("#done a").click();
		await jiho.waitForURL(new RegExp(`/systems/${SLUG}$`));
		await isIn(minji, null);
	});
	await claim(`what was published is begun again from its version by a click, and is over until it is changed; ${how}`, async () => {
		await minji.locator(`.correct form:has([value="${SLUG}"]) button`).click();
		await minji.waitForURL(draft.replace(register.url, there));
		const text = await main(minji);
		assert.ok(text.includes(T.draft_published), text);
		assert.ok(!text.includes(T.draft_outdated.slice(0, 20)), text);
		await isIn(minji, null);
	});

	const citizen = await reader(browser, {...screen, javaScriptEnabled: script}), asked = `왜 우리 집입니까? ${lang}`;
	let receipt;
	await claim(`a citizen reads the record and asks; ${how}`, async () => {
		await citizen.goto(`${register.url}/${lang}/systems/${SLUG}`);
		assert.ok((await main(citizen)).includes(lang === "ko" ? "누수 찾기 ko" : "Leak finder en"));
		assert.ok((await main(citizen)).includes("055-330-1000"));
		await citizen.getByRole("link", {name: T.ask, exact: true}).first().click();
		await citizen.locator("#text").fill(asked);
		await citizen.locator("form:has(#text)").getByRole("button").click();
		await citizen.waitForURL(/\/feedback\/[0-9a-f]{32}$/);
		receipt = citizen.url();
		assert.ok((await main(citizen)).includes(asked));
	});
	await claim(`the office publishes the question, the department answers, and who asked reads it; ${how}`, async () => {
		const {feedback} = JSON.parse(office("waiting", "--json")).feedback.find((q) => q.text === asked);

		await to(jiho, `/office/questions/${feedback}`);
		await look(jiho, "the question");
		await jiho.locator("form[data-prepare*='/publish/'] button").first().click();
		await jiho.locator("form[data-prepare*='/answer/']").waitFor();
		await to(minji, `/office/questions/${feedback}`);
		await minji.locator("#text-ko").fill("수도관이 오래된 곳부터 봅니다.");
		await minji.locator("#text-en").fill("We begin where pipes are oldest.");
		await minji.locator("form[data-prepare*='/answer/'] button").click();
		await minji.locator("section.task").waitFor();
		await citizen.goto(receipt);
		assert.ok((await main(citizen)).includes(lang === "ko" ? "오래된 곳부터" : "pipes are oldest"));
	});
	await claim(`a figure is reported with its target, and stands on the record; ${how}`, async () => {
		await to(minji, `/office/reports/${SLUG}/figures`);
		await look(minji, "the figures");
		await minji.locator("[name='indicator.ko']").fill("찾은 누수");
		await minji.locator("[name='indicator.en']").fill("Leaks found");
		await minji.locator("#period").fill("2026-10");
		await minji.locator("#value").fill("12");
		await minji.locator("#unit").fill("건");
		await minji.locator("#target").fill("10");
		if (script) /* comes late, and the button is pressed as soon as there is one */
			await minji.route("**/static/sign.js", (route) => setTimeout(() => route.continue(), 500));
		await minji.locator("form:has(#period) button").click({noWaitAfter: true});
		await minji.locator("form[data-sign] button").click();
		await minji.locator("#done a").click();
		await minji.unrouteAll({behavior: "wait"});
		await minji.waitForURL(new RegExp(`/systems/${SLUG}#figures$`));
		await citizen.goto(`${register.url}/${lang}/systems/${SLUG}`);
		assert.ok((await citizen.locator("#figures").innerText()).includes("12"));
	});
	await claim(`an incident is reported, and closed with what was done; ${how}`, async () => {
		const yesterday = new Date(Date.now() - 86400000).toISOString().slice(0, 10);

		await to(minji, `/office/reports/${SLUG}/incidents`);
		await look(minji, "the incidents");
		for (const [tag, text] of [["ko", "하루 동안 값이 오지 않았습니다."], ["en", "No values came for a day."]])
			await minji.locator(`[name='what.${tag}']`).last().fill(text);
		for (const [tag, text] of [["ko", "집 300곳"], ["en", "300 homes"]])
			await minji.locator(`[name='affected.${tag}']`).fill(text);
		await minji.locator("#since").fill(yesterday);
		await minji.locator("#aware").fill(yesterday);
		await minji.locator("#severity").selectOption("serious");
		await minji.locator("form:has(#since) button").click();
		await look(minji, "what is reported of the incident");
		await minji.locator("form[data-sign] button").click();
		await minji.locator("#done a").click();
		await minji.waitForURL(new RegExp(`/systems/${SLUG}#incidents$`));
		await to(minji, `/office/reports/${SLUG}/incidents`);
		await minji.locator("details.panel summary").click();
		await minji.locator("details.panel [name='text.ko']").fill("통신 장치를 바꾸었습니다.");
		await minji.locator("details.panel [name='text.en']").fill("The modem was replaced.");
		await minji.locator("details.panel [value='incident-close']").click();
		await minji.locator("form[data-sign] button").click();
		await minji.locator("#done a").click();
		await minji.waitForURL(new RegExp(`/systems/${SLUG}#incidents$`));
		await citizen.goto(`${register.url}/${lang}/systems/${SLUG}`);
		assert.ok((await citizen.locator("#incidents").innerText()).includes(lang === "ko" ? "통신 장치를" : "The modem"));
	});
	await claim(`the office finds the system, suspends, resumes and retires it, each with its reason; ${how}`, async () => {
		await to(jiho, "/office/systems");
		await look(jiho, "the office's systems");
		await jiho.locator("#find").fill(lang === "ko" ? "누수 찾기" : "leak finder");
		await jiho.locator("form.find button").click();
		await jiho.locator(`a[href$="/office/systems/${SLUG}"]`).click();
		for (const [act, state] of [["suspend", "suspended"], ["resume", "in_use"], ["retire", "retired"]]) {
			const form = jiho.locator(`form[data-prepare*='/${act}/']`);

			await look(jiho, `the system, to ${act} it`);
			if (act === "suspend") { /* without a reason nothing is signed */
				await form.locator("button").click();
				await form.locator(".signing", {hasText: lang === "ko" ? "최소 한 언어로" : "at least one language"}).waitFor();
			}
			await form.locator("[name='reason.ko']").fill(`이유: ${act}`);
			await form.locator("[name='reason.en']").fill(`Reason: ${act}`);
			if (act === "retire") { /* neither without the tick, nor to what is no name of a system */
				await form.locator("button").click();
				assert.equal(await form.locator("#sure:invalid").count(), 1);
				await form.locator("#sure").check();
				await form.locator("#successor").fill("Leak Finder");
				await form.locator("button").click();
				await form.locator(".signing", {hasText: "/systems/civil-chatbot"}).waitFor();
				await form.locator("#successor").fill(MODEL);
			}
			await form.locator("button").click();
			await form.waitFor({state: "detached"});
			await jiho.locator(`.status-${state}`).waitFor();
		}
		await look(jiho, "the system that is retired");
		await isIn(minji, null);
		await citizen.goto(`${register.url}/${lang}/systems/${SLUG}`);
		const text = await main(citizen);
		assert.ok(text.includes(lang === "ko" ? "이유: retire" : "Reason: retire"), text);
		assert.equal(await citizen.locator(`main a[href="/${lang}/systems/${MODEL}"]`).count() > 0, true);
	});
	await claim(`history says who did what by their ids; nothing was wider than the screen; ${how}`, async () => {
		const {history} = await (await fetch(`${register.url}/api/v1/systems/${SLUG}/history`)).json();

		assert.deepEqual(history.filter((one) => /^system\.(published|suspended|resumed|retired)$/.test(one.type))
			.map((one) => [one.type, one.decided_by, one.role]),
			["retired", "resumed", "suspended", "published"].map((act) => [`system.${act}`, "person", "reviewer"]));
		for (const page of [minji, jiho, citizen, plain])
			assert.deepEqual(page.faults, []);
	});
}

await story("ko", DESK, true);
await story("en", PHONE, false);
await claim("what came of it verifies, and a rebuild gives the same", async () => {
	gaya("verify", data);
	await browser.close();
	await register.stop();
	gaya("rebuild", "--data", data);
	gaya("verify", data);
});
finish();
