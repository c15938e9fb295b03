/* work_test.mjs - what waits for whom at the office, list by list, by click; in both languages, on a desk
 * and on a phone, and without script. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, claim, demoCity, finish, fits, gaya, openBrowser, reader, serve, sound, work } from "./lib.mjs";
import { TEXTS } from "./person.mjs";

const SLUG = "smart-water", DEPARTMENT = "waterworks", OFFICE = "ai-city-policy";
const data = join(work, "work"), words = join(work, "words");
demoCity(data);
const office = (...rest) => gaya("office", "--data", data, "--clock-is-right", ...rest);

function account(login, name, role, department) {
	writeFileSync(words, `four ${login}s on a tram`);
	return JSON.parse(gaya("account", "add", "--data", data, "--login", login, "--name", name,
		"--email", `${login}@gimhae.example`, "--password-file", words, "--role", role,
		"--department", department, "--json", "--clock-is-right")).person;
}
const people = {};
people.sora = account("sora", "이소라", "administrator", OFFICE);
people.jiho = account("jiho", "박지호", "reviewer", OFFICE);
people.minji = account("minji", "김민지", "officer", DEPARTMENT);
people.haneul = account("haneul", "이하늘", "head", DEPARTMENT);
people.yuna = account("yuna", "정유나", "auditor", OFFICE);
people.narae = account("narae", "한나래", "head", "environment");
const register = await serve(data), browser = await openBrowser();
const main = (page) => page.locator("main").innerText();

async function signIn(login, options = {}) {
	const page = await reader(browser, options);

	await page.goto(`${register.url}/ko/office`);
	await page.locator("#login").fill(login);
	await page.locator("#password").fill(`four ${login}s on a tram`);
	await page.locator("main form button").click();
	await page.waitForURL(/\/office$/);
	return page;
}
/* Files what is published, with more in its name and in the rest: the filing's entry. */
async function file(more, rest = {}) {
	const answer = await fetch(`${register.url}/api/v1/systems/${SLUG}`);
	const {published: {record}} = await answer.json(), path = join(work, "record.json");

	record.name.ko += more;
	record.name.en += more;
	Object.assign(record, rest);
	writeFileSync(path, JSON.stringify(record));
	gaya("file", "--server", register.url, "--key", join(data, `demo-keys/${DEPARTMENT}.key`),
		"--system", SLUG, "--yes", path);
	return JSON.parse(office("waiting", "--json")).filings.find((f) => f.system === SLUG).filing;
}
/* The lists that somebody sees, with what stands beside each: {"filings": "1", …}. */
const lists = (page) => page.locator("main section > h2").evaluateAll((headings) => Object.fromEntries(
	headings.map((h) => [h.id, h.querySelector(".count").textContent])));
/* Whoever needs no script signs in once. */
const signedIn = {};
const plainly = async (login) => signedIn[login] ??= await signIn(login, {javaScriptEnabled: false});
const jiho = await plainly("jiho"), minji = await plainly("minji");

await claim("a filing is on the reviewer's list with its age, and once returned on the department's, first", async () => {
	const filing = await file(" 2");

	await jiho.goto(`${register.url}/ko/office`);
	assert.equal((await lists(jiho)).filings, "1");
	assert.ok((await jiho.locator("section:has(#filings)").innerText()).includes("오늘부터"));
	assert.ok((await jiho.locator("section:has(#filings) .note").innerText()).includes("수도"), "whose it is");
	office("return", SLUG, String(filing), "--reason", "ko=목적을 더 적어 주세요.", "--reason", "en=Say more.");
	await jiho.reload();
	assert.equal((await lists(jiho)).filings, undefined);
	assert.equal((await lists(jiho)).returned, "1");
	await minji.goto(`${register.url}/ko/office`);
	assert.equal(Object.keys(await lists(minji))[0], "returned");
	assert.ok((await minji.locator("section:has(#returned)").innerText()).includes("목적을 더 적어 주세요."));
	await minji.locator("section:has(#returned) h3 a").click();
	await minji.waitForURL(`${register.url}/ko/office/filings/${filing}`);
	assert.ok((await minji.locator("#returned blockquote").innerText()).includes("목적을 더 적어 주세요."));
	assert.equal(await minji.locator("#returned .button").getAttribute("href"), "/ko/office/drafts");
	await jiho.goto(minji.url());
	assert.equal(await jiho.locator("#returned .button").count(), 0, "who decides mends nothing");
});
await claim("lists with nothing on them are said in one line", async () => {
	await minji.goto(`${register.url}/ko/office`);
	const empty = await minji.locator(".emptied").innerText();

	for (const list of ["filings", "dues", "drafts"])
		assert.ok(empty.includes(TEXTS.ko[`desk_${list}`]), list);
	assert.ok(!empty.includes(TEXTS.ko.desk_returned));
	assert.ok(!(await main(minji)).includes(TEXTS.ko.desk_keys), "keys are for who grants them");
});
await claim("a draft that was begun is on its department's list, and on nobody else's", async () => {
	await minji.goto(`${register.url}/ko/office/drafts`);
	await minji.locator("#system").fill(" Leak-Finder "); /* as a telephone may write it: a system's name has no capitals */
	await minji.locator("section.panel form button").click();
	await minji.waitForURL(/\/office\/drafts\/[0-9a-f]{32}$/);
	await minji.goto(`${register.url}/ko/office`);
	assert.equal((await lists(minji)).drafts, "1");
	await minji.locator("section:has(#drafts) h3 a").click();
	await minji.waitForURL(/\/office\/drafts\/[0-9a-f]{32}$/);
	await jiho.goto(`${register.url}/ko/office`);
	assert.equal((await lists(jiho)).drafts, undefined);
	assert.equal((await jiho.goto(`${register.url}/ko/office/lists/drafts`)).status(), 404);
});
await claim("a long list goes on page by page, from the first on", async () => {
	for (let i = 0; i < 52; i++)
		await ask(register.url, SLUG, `${i + 1}번째 질문입니다.`);
	await jiho.goto(`${register.url}/ko/office`);
	assert.ok(Number((await lists(jiho)).questions) >= 52);
	assert.equal(await jiho.locator("section:has(#questions) .task").count(), 5);
	await jiho.locator("section:has(#questions) a.more").click();
	await jiho.waitForURL(/\/lists\/questions$/);
	const seen = new Set();
	for (const [next, some] of [[true, 50], [false, 2]]) {
		const links = await jiho.locator("main .task h2 a").evaluateAll((all) => all.map((a) => a.href));

		links.forEach((link) => assert.ok(!seen.has(link), "a row comes twice"));
		links.forEach((link) => seen.add(link));
		assert.ok(links.length >= some, `${links.length}`);
		assert.equal(await jiho.locator("a[rel=next]").count(), next ? 1 : 0);
		if (!next)
			continue;
		await jiho.locator("a[rel=next]").click();
		await jiho.waitForURL(/after=/);
	}
	await minji.goto(`${register.url}/ko/office`);
	assert.equal((await lists(minji)).questions, undefined, "the department sees none before it is decided about");
});
await claim("an auditor sees lists, and nobody's name, draft, key or unpublished question", async () => {
	const yuna = await plainly("yuna");

	await yuna.goto(`${register.url}/ko/office`);
	assert.ok((await lists(yuna)).returned);
	for (const list of ["drafts", "keys"])
		assert.ok(!(await main(yuna)).includes(TEXTS.ko[`desk_${list}`]));
	assert.ok(!(await main(yuna)).includes("번째 질문"));
});
const DUTY = `office/duties/${SLUG}/kr-public-ai-act/krp.32.1`, day = (ahead) =>
	new Date(Date.now() + (ahead * 24 + 9) * 3600000).toISOString().slice(0, 10);
const OTHER = "office/duties/civil-kiosk/kr-public-ai-act/krp.32.1";
const haneul = await plainly("haneul");
/* Gives the duty that is open, or takes it back, and waits for what comes. */
async function give(page, person, until) {
	await page.goto(`${register.url}/ko/${DUTY}`);
	if (person)
		await page.locator("#person").selectOption(person);
	await page.locator("#day").fill(until);
	await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"),
		page.locator("button[value=give]").click()]);
	await page.locator("main h1").waitFor();
}
await claim("a head gives a duty to a person of the department with a day, and it is first on that person's lists", async () => {
	await haneul.goto(`${register.url}/ko/office`);
	await haneul.locator("main > p a.more").click();
	await haneul.waitForURL(/\/lists\/duties$/);
	await haneul.locator(`a[href$="${DUTY}"]`).click();
	await haneul.waitForURL(new RegExp(`${DUTY}$`));
	assert.deepEqual((await haneul.locator("#person option").allInnerTexts()).slice(1).map((text) => text.split(",")[0]).sort(),
		["김민지", "이하늘"]);
	await give(haneul, people.minji, day(5));
	assert.ok((await haneul.locator(`.task:has(a[href$="${DUTY}"])`).innerText()).includes("담당 김민지"));
	await minji.goto(`${register.url}/ko/office`);
	assert.equal(Object.keys(await lists(minji))[0], "given");
	assert.ok((await minji.locator("section:has(#given)").innerText()).includes("5일 남음"));
	assert.equal(await minji.locator(`a[href$="${DUTY}"]`).count(), 0, "an officer gives nothing");
});
await claim("without a person or with a day that is over nothing is given, and it says why", async () => {
	for (const [who, until, at] of [["", day(3), "person"], [people.haneul, day(-3), "day"]]) {
		await haneul.goto(`${register.url}/ko/${DUTY}`);
		await haneul.locator("#person").selectOption(who);
		await haneul.locator("#day").fill(until);
		await haneul.locator("button[value=give]").click();
		await haneul.locator(`#${at}-error`).waitFor();
	}
	await minji.goto(`${register.url}/ko/office`);
	assert.equal((await lists(minji)).given, "1");
});
await claim("an officer, another department's head and an auditor may not give it, and the auditor reads no name", async () => {
	for (const login of ["minji", "narae", "yuna"]) {
		const page = await plainly(login);

		assert.equal((await page.goto(`${register.url}/ko/${DUTY}`)).status(), 403, login);
		await page.goto(`${register.url}/ko/office/lists/duties`);
		assert.equal((await main(page)).includes("김민지"), login === "minji", login);
	}
});
await claim("the office gives it to somebody else, and takes it back", async () => {
	await give(jiho, people.haneul, day(2));
	await minji.goto(`${register.url}/ko/office`);
	assert.equal((await lists(minji)).given, undefined);
	await haneul.goto(`${register.url}/ko/office`);
	assert.equal((await lists(haneul)).given, "1");
	await jiho.goto(`${register.url}/ko/${DUTY}`);
	await jiho.locator("button[value=take]").click();
	await jiho.waitForURL(/\/lists\/duties$/);
	await haneul.reload();
	assert.equal((await lists(haneul)).given, undefined);
});
await claim("a duty that is fulfilled is on nobody's list any more", async () => {
	await give(haneul, people.minji, day(5));
	const filing = await file(" 3", {impact_assessments: [{kind: "public_ai_impact_assessment",
		title: {ko: "공공분야 인공지능 영향평가", en: "Public-sector AI impact assessment"}, date: "2026-09-30",
		summary: {ko: "남은 위험은 분기마다 봅니다.", en: "What risk remains is looked at every quarter."},
		url: "https://www.gimhae.example/ai/water", assessor: {ko: "김해시", en: "Gimhae"},
		covers: {ko: "투명성, 성능·신뢰성, 편향 가능성", en: "Transparency, performance, bias"}}]});

	office("approve", SLUG, String(filing));
	await minji.goto(`${register.url}/ko/office`);
	assert.equal((await lists(minji)).given, undefined);
	assert.equal((await haneul.goto(`${register.url}/ko/${DUTY}`)).status(), 404);
	assert.ok(!readFileSync(join(data, "register.db")).includes("김민지"));
});
/* In a browser whose key may sign. */
async function withKey(login, department) {
	const page = await signIn(login);

	await page.goto(`${register.url}/ko/office/account`);
	await page.locator("#key form button").click();
	await page.waitForURL(/done=1$/);
	office("key-grant", department, await page.locator("#key .task code").first().textContent(),
		"--person", people[login]);
	return page;
}
await claim("an administrator reads the rules, writes new ones, sees them as they will be published, and signs", async () => {
	const sora = await withKey("sora", OFFICE);

	await sora.goto(`${register.url}/ko/office/rules`);
	assert.ok((await main(sora)).includes(TEXTS.ko.rules_never));
	await sora.locator("[id='two_approvals.high']").check();
	await sora.locator("[id='consultation.high']").check();
	await sora.locator("#from").fill("2020-01-01");
	await sora.locator("[id='reason.ko']").fill("중요한 결정은 두 사람이 봅니다.");
	await sora.locator("section.panel form[action] button").click();
	await sora.locator("#from-error").waitFor();
	assert.ok(await sora.locator("[id='two_approvals.high']").isChecked(), "what was written is lost");
	assert.equal(await sora.locator("[id='reason.ko']").inputValue(), "중요한 결정은 두 사람이 봅니다.");
	await sora.locator("#from").fill(day(0));
	await sora.locator("section.panel form[action] button").click();
	await sora.locator("#preview").waitFor();
	assert.ok((await sora.locator("section:has(#preview)").innerText()).includes("두 사람이 승인해야"));
	await sora.locator("form[data-prepare] button").click();
	await sora.locator(".task .badge").waitFor();
	assert.equal(await sora.locator(".task .badge").innerText(), TEXTS.ko.rules_now);
	await sora.goto(`${register.url}/ko/about`);
	assert.ok((await sora.locator("#decisions").innerText()).includes("중요한 결정은 두 사람이 봅니다."));
	assert.deepEqual(sora.faults, []);
});
await claim("a reviewer reads the rules and sets none, an officer reads them, too", async () => {
	for (const page of [jiho, minji]) {
		await page.goto(`${register.url}/ko/office/rules`);
		assert.equal(await page.locator(".task .badge").innerText(), TEXTS.ko.rules_now);
		assert.equal(await page.locator("main form").count(), 0);
	}
});
await claim("an incident that is held back is read by its department and the office, and by nobody else", async () => {
	const officer = await withKey("minji", DEPARTMENT), path = `office/reports/${SLUG}/incidents`, secret = "밤새 수압을 잘못 계산했습니다.";

	await officer.goto(`${register.url}/ko/${path}`);
	await officer.locator("#since").fill(day(-3));
	await officer.locator("#aware").fill(day(-3));
	await officer.locator("#severity").selectOption("serious");
	await officer.locator("[id='what.ko']").fill(secret);
	await officer.locator("[id='affected.ko']").fill("한 동네");
	await officer.locator("#ground").selectOption("security");
	await officer.locator("#public_on").fill(day(20));
	await officer.locator("button[value=incident]").click();
	await officer.locator("form[data-prepare*='/incident/'] button").click();
	await officer.waitForURL(/incidents\?done=1$/);
	await officer.goto(`${register.url}/ko/systems/${SLUG}`);
	assert.ok(!(await main(officer)).includes(secret), "everybody reads it");
	await jiho.goto(`${register.url}/ko/office`);
	await jiho.locator("section:has(#incidents) h3 a").click();
	await jiho.waitForURL(/\/incidents#incident-/);
	assert.ok((await main(jiho)).includes(secret));
	assert.equal(await jiho.locator("main form").count(), 0);
	await haneul.goto(`${register.url}/ko/${path}`);
	assert.ok((await main(haneul)).includes(secret));
	for (const login of ["narae", "yuna"]) {
		const page = await plainly(login);

		assert.equal((await page.goto(`${register.url}/ko/${path}`)).status(), 403, login);
		await page.goto(`${register.url}/ko/office/lists/incidents`);
		assert.ok(!(await main(page)).includes(secret), login);
	}
});
const WIDE = {width: 1280, height: 800}, NARROW = {width: 360, height: 800};
for (const [lang, first, then] of [["ko", NARROW, WIDE], ["en", WIDE, NARROW]])
	for (const login of ["sora", "minji"])
		await claim(`axe finds nothing on the lists of ${login}, and nothing is wider than 1280 px or 360 px, ${lang}`, async () => {
			/* What axe finds by the width of a page it finds in one language, and the other way round. */
			const page = await signIn(login, {viewport: first, bypassCSP: true});
			const own = {sora: [OTHER], minji: ["office/drafts", "office/reports"]}[login];

			if (login === "sora") {
				await page.goto(`${register.url}/ko/office/account`);
				own.push(/office\/keys\/\d+$/.exec(await page.locator("#key .task a").first().getAttribute("href"))[0]);
			}
			for (const path of ["office", "office/lists/questions", "office/lists/duties", "office/rules",
				`office/reports/${SLUG}/incidents`, ...own]) {
				assert.equal((await page.goto(`${register.url}/${lang}/${path}`)).status(), 200, path);
				await sound(page, path);
				await page.setViewportSize(then);
				assert.ok(await fits(page), `${path} is too wide for ${then.width} px`);
				await page.setViewportSize(first);
			}
			await page.context().close();
		});

await browser.close();
await register.stop();
gaya("verify", data);
finish();
