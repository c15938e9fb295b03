/* decide_test.mjs - the office decides about a filing in the browser: reads all there is to know of it,
 * comments on its fields, decides with a second person, consults the public; each by click. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, claim, demoCity, finish, gaya, later, openBrowser, reader, serve, sound, work } from "./lib.mjs";

const SLUG = "smart-water", DEPARTMENT = "waterworks", OFFICE = "ai-city-policy";
const data = join(work, "decide"), words = join(work, "words");
demoCity(data);
const office = (...rest) => gaya("office", "--data", data, "--clock-is-right", ...rest);
const secret = (login) => `four ${login}s on a tram`;

function account(login, name, role, department) {
	writeFileSync(words, secret(login));
	return JSON.parse(gaya("account", "add", "--data", data, "--login", login, "--name", name,
		"--email", `${login}@gimhae.example`, "--password-file", words, "--role", role,
		"--department", department, "--json", "--clock-is-right")).person;
}
const people = {
	sora: account("sora", "이소라", "administrator", OFFICE),
	jiho: account("jiho", "박지호", "reviewer", OFFICE),
	hana: account("hana", "정하나", "reviewer", OFFICE),
	minji: account("minji", "김민지", "officer", DEPARTMENT),
};
let register = await serve(data);
const browser = await openBrowser();
const pages = {};
const main = (page) => page.locator("main").innerText();
const go = (page, path, lang = "ko") => page.goto(`${register.url}/${lang}${path}`);

async function signIn(login, options = {}) {
	const page = await reader(browser, options);

	await go(page, "/office");
	await page.locator("#login").fill(login);
	await page.locator("#password").fill(secret(login));
	await page.locator("main form button").click();
	await page.waitForURL(/\/office$/);
	return page;
}

/* Signed in, with a key of the browser's own that may sign. */
async function enter(login, department) {
	const page = pages[login] = await signIn(login);

	await go(page, "/office/account");
	await page.locator("#key form button").click();
	await page.waitForURL(/done=1$/);
	const vkey = await page.locator("#key .task code").first().textContent();

	office("key-grant", department, vkey, "--person", people[login]);
}
await claim("people of the office and of a department sign in, each with a key of their browser", async () => {
	await enter("jiho", OFFICE);
	await enter("hana", OFFICE);
	await enter("sora", OFFICE);
	await enter("minji", DEPARTMENT);
});

async function published(slug) {
	return (await (await fetch(`${register.url}/api/v1/systems/${slug}`)).json()).published.record;
}
/* Files what is published, changed by `change`, with the department's own key. */
async function file(slug, change) {
	const path = join(work, "record.json"), record = await published(SLUG);

	change(record);
	writeFileSync(path, JSON.stringify(record));
	gaya("file", "--server", register.url, "--key", join(data, `demo-keys/${DEPARTMENT}.key`),
		"--system", slug, "--yes", path);
	const {filings} = JSON.parse(office("waiting", "--json"));

	return filings.find((one) => one.system === slug).filing;
}
async function sign(page, act, to) {
	const form = page.locator(`form[data-prepare*='/${act}/']`), done = page.locator("#done a");
	const refusal = form.locator(".signing:not([hidden])");

	await form.locator("button").click();
	if (act === "approve") {
		await done.or(refusal).waitFor();
		assert.equal((await refusal.allInnerTexts()).join(), "");
		await done.click();
	}
	await page.waitForURL(to);
}

await claim("a reviewer sees the words that changed, the level before and after, and the duties that are new", async () => {
	const filing = await file(SLUG, (record) => {
		record.name.ko += " 새 이름";
		record.assessments.gimhae.generates_content = true;
	});
	const page = pages.jiho;

	await ask(register.url, SLUG, "수압은 왜 밤에만 낮습니까?");
	await go(page, `/office/filings/${filing}`);
	assert.ok((await page.locator("#f-name ins").allInnerTexts()).join(" ").includes("새 이름"));
	assert.ok(!(await main(page)).includes("generates_content"), "a fact is said by its question");
	const policy = page.locator("details.policy", {hasText: "김해시 AI 등록 기준"});
	assert.ok((await policy.textContent()).includes("새로 생긴 의무"));
	await page.locator("#record ~ details summary").first().click();
	await page.locator("#r-capability").waitFor();
	assert.ok((await page.locator("section:has(> #reviews)").innerText()).includes("2판으로 공개"));
	assert.ok((await page.locator("section:has(> #asked)").innerText()).includes("수압은 왜"));
});

const comment = (page, place) => page.locator(`${place} details.comments`);
async function write(page, place, text) {
	const box = comment(page, place);

	if (!(await box.locator("textarea").isVisible()))
		await box.locator("summary").click();
	await box.locator("textarea").fill(text);
	await box.locator("button").last().click();
	await page.locator(`${place} .comment .said`, {hasText: text}).waitFor();
}
await claim("a reviewer comments on a field, and the officer reads and answers it in the draft", async () => {
	const {jiho, minji} = pages;

	await write(jiho, "#f-name", "무엇이 새 이름인지 적어 주십시오.");
	await go(minji, "/office/drafts");
	await minji.locator(`form:has(input[value="${SLUG}"]) button`).click();
	await minji.waitForURL(/\/office\/drafts\/[0-9a-f]{32}$/);
	await write(minji, "#c-name", "곧 고치겠습니다.");
	await minji.locator("#c-name h3 a").click();
	assert.ok((await minji.locator("div.comments").first().innerText()).includes("무엇이 새 이름인지"));
	await go(minji, new URL(jiho.url()).pathname.slice(3));
	assert.equal(await comment(minji, "#f-name").locator(".comment").count(), 2);
});
await claim("a comment that is too long comes back with what was written", async () => {
	const page = pages.minji, long = "가".repeat(2001), box = comment(page, "#f-name");

	await box.locator("textarea").fill(long);
	await box.locator("button").last().click();
	await page.locator("[role=alert]", {hasText: "2000"}).waitFor();
	assert.equal(await comment(page, "#f-name").locator("textarea").inputValue(), long);
});
await claim("open comments go into the reason of a return where the reviewer copies them, done ones do not", async () => {
	const page = pages.jiho;

	await page.reload();
	await page.locator("#f-name .comment", {hasText: "곧 고치겠습니다"}).locator("button").click();
	await page.locator("#f-name .comment.closed").waitFor();
	await page.locator("button[data-take]").click();
	assert.equal(await page.locator("[id='reason.ko']").inputValue(), "명칭: 무엇이 새 이름인지 적어 주십시오.");
	await page.locator("[id='reason.ko']").fill("이름을 고쳐 주십시오.");
	await page.locator("[id='reason.en']").fill("Mend the name.");
	await sign(page, "return", /\/office$/);
});
await claim("no comment is in the log, in a mirror, or on a public page", async () => {
	const bytes = [readFileSync(join(data, "register.db")), readFileSync(join(data, "register.db-wal"))];
	const said = Buffer.from("무엇이 새 이름인지");

	for (const file of bytes)
		assert.equal(file.indexOf(said), -1);
});

const day = (n) => new Date(Date.now() + n * 86400000).toLocaleDateString("sv-SE", {timeZone: "Asia/Seoul"});
async function first(page) {
	await page.locator("form[data-prepare*='/first/'] button").click();
	await page.locator(".notice.good", {hasText: "승인하셨습니다"}).waitFor();
}
await claim("where the rules ask for two, the first approves and another one publishes, with an earlier review", async () => {
	const {jiho, hana} = pages, sooner = day(20);

	office("rules", day(0), "--two_approvals", "high", "--consultation", "high", "--reason", "ko=안전", "--reason", "en=Safety");
	const filing = await file(SLUG, (record) => {
		record.name.ko += " 고침";
		record.revision_date = "2190-01-01";
		record.introduced_on = "2190-01-01";
	});
	await go(jiho, `/office/filings/${filing}`);
	assert.equal(await jiho.locator("form[data-prepare*='/approve/']").count(), 0);
	const since = await jiho.locator("section:has(> #since)").innerText();
	assert.ok(since.includes("이름을 고쳐 주십시오") && since.includes("고침"), "what changed since the return");
	assert.ok((await main(jiho)).includes("승인 2건 가운데 0건"));
	assert.ok((await main(jiho)).includes("도입일은 아직 오지 않은 날"), "answers that hardly go together");
	await first(jiho);
	if (process.env.SHOTS)
		for (const [lang, width] of [["ko", 1280], ["en", 360]]) {
			await jiho.setViewportSize({width, height: 900});
			for (const [name, path] of [["filing-since", `/office/filings/${filing}`], ["list-approvals", "/office"]]) {
				await jiho.goto(`${register.url}/${lang}${path}`);
				await jiho.screenshot({path: join(process.env.SHOTS, `${name}-${lang}.png`), fullPage: true});
			}
			await jiho.setViewportSize({width: 1280, height: 900});
		}
	await go(jiho, `/office/filings/${filing}`);
	assert.ok((await main(jiho)).includes("승인 2건 가운데 1건"));
	assert.equal(await jiho.locator("form[data-prepare*='/approve/'], form[data-prepare*='/first/']").count(), 0);
	await go(hana, "/office");
	await hana.locator(".task .badge", {hasText: "승인 2건 중 1건"}).waitFor();
	await go(hana, `/office/filings/${filing}`);
	assert.ok((await main(hana)).includes("첫 번째 승인: 박지호"));
	await hana.locator("summary", {hasText: "재검토"}).click();
	await hana.locator("#review_by").fill(sooner);
	await sign(hana, "approve", new RegExp(`/systems/${SLUG}$`));
	const proof = await hana.locator("#proof").innerText();
	assert.ok(proof.includes(people.jiho.slice(0, 8)) && proof.includes(people.hana.slice(0, 8)));
	assert.ok(proof.includes("이르게 정한 날짜"));
	await go(hana, "/about");
	assert.ok((await hana.locator("#decisions").innerText()).includes("두 사람이 승인해야"));
});

const PLAN = "pump-plan";
await claim("the public is asked about what is planned, writes, and is read", async () => {
	const {jiho, hana} = pages;
	const filing = await file(PLAN, (record) => {
		record.name = {ko: "펌프 계획 (예시)", en: "Pump plan (example)"};
		record.status = "planned";
	});

	await go(jiho, `/office/filings/${filing}`);
	assert.match(await jiho.locator("#consulted").innerText(), /아직 시민 의견을 듣지 않았습니다.*시의 규칙에 따라/);
	await first(jiho);
	await go(hana, `/office/filings/${filing}`);
	await sign(hana, "approve", new RegExp(`/systems/${PLAN}$`));
	await go(jiho, `/office/consultations/${PLAN}`);
	assert.equal(await jiho.locator("#closes").getAttribute("min"), day(1), "not even one day to write");
	const soon = await jiho.evaluate(async (path) => (await (await fetch(path)).json()).message,
		`/ko/office/prepare/consult/${PLAN}?closes=${day(0)}&shown=1`);
	assert.ok(soon.includes("적어도 하루"), soon);
	await jiho.locator("#closes").fill(day(1));
	await jiho.locator("[id='question.ko']").fill("펌프를 밤에 세워도 됩니까?");
	await jiho.locator("[id='question.en']").fill("May pumps stand still at night?");
	await jiho.locator("form[data-prepare*='/consult/'] button").click();
	await jiho.locator("section.task").waitFor();
	assert.ok((await main(jiho)).includes("펌프를 밤에"));
	const citizen = await reader(browser);
	await go(citizen, `/systems/${PLAN}`);
	await citizen.locator("[data-part=consultation] a").click();
	await citizen.waitForURL(/\/consultation$/);
	await citizen.locator("#text").fill("밤에는 괜찮습니다.");
	await citizen.locator("#question button:not(.leave)").last().click();
	await citizen.waitForURL(/\/feedback\/[0-9a-f]{32}/);
	await go(jiho, "/office");
	await jiho.locator(".task", {hasText: "밤에는 괜찮습니다"}).locator("a").first().click();
	await jiho.locator("form[data-prepare*='/publish/'] button").click();
	await jiho.locator("form[data-prepare*='/answer/']").waitFor();
	await go(citizen, `/systems/${PLAN}/consultation`);
	await citizen.locator(".question", {hasText: "밤에는 괜찮습니다"}).waitFor();
	assert.ok((await (await fetch(`${register.url}/ko/feed.atom`)).text()).includes("의견 수렴을 시작했습니다"));
	assert.ok((await (await fetch(`${register.url}/ko/systems/${PLAN}/versions`)).text()).includes("의견 수렴을 시작했습니다"));
	const {consultations} = await (await fetch(`${register.url}/api/v1/systems/${PLAN}`)).json();
	assert.deepEqual([consultations[0].closes, consultations[0].written], [day(1), 1]);
});
await claim("it is not published as in use before the city answered", async () => {
	const {jiho, hana} = pages;
	const filing = await file(PLAN, (record) => {
		record.name = {ko: "펌프 (예시)", en: "Pumps (example)"};
	});

	await go(jiho, `/office/filings/${filing}`);
	assert.match(await jiho.locator("#consulted").innerText(), /이 시스템에 대한 시민 의견을 .*까지 받습니다/);
	for (const [lang, width] of process.env.SHOTS ? [["ko", 1280], ["en", 360]] : []) {
		await jiho.setViewportSize({width, height: 900});
		await go(jiho, `/office/filings/${filing}`, lang);
		await jiho.screenshot({path: join(process.env.SHOTS, `consulted-${lang}.png`), fullPage: true});
	}
	await go(jiho, `/office/filings/${filing}`);
	await jiho.locator("#consulted a").click();
	await jiho.waitForURL(new RegExp(`/consultations/${PLAN}$`));
	await go(jiho, `/office/filings/${filing}`);
	await first(jiho);
	await go(hana, `/office/filings/${filing}`);
	assert.ok((await main(hana)).includes("시민 의견을 듣고 결과를 밝힌 뒤"));
	await hana.locator("form[data-prepare*='/approve/'] button").click();
	await hana.locator(".signing", {hasText: "시민 의견을 들은 뒤"}).waitFor();
});

await claim("the consultation ends with the system: the public page says so, and takes no opinion", async () => {
	const {jiho} = pages, citizen = await reader(browser), late = await reader(browser);

	await go(late, `/systems/${PLAN}/consultation`);
	await go(jiho, `/office/systems/${PLAN}`);
	const form = jiho.locator("form[data-prepare*='/retire/']");
	await form.locator("[name='reason.ko']").fill("쓰지 않습니다.");
	await form.locator("[name='reason.en']").fill("Not used.");
	await form.locator("#sure").check();
	await form.locator("button").click();
	await form.waitFor({state: "detached"});
	await go(citizen, `/systems/${PLAN}/consultation`);
	assert.ok((await main(citizen)).includes("의견 수렴도 끝났습니다"));
	assert.equal(await citizen.locator("#question").count(), 0);
	await late.locator("#text").fill("너무 늦었습니다.");
	await late.locator("#question button:not(.leave)").last().click();
	await late.locator("#errors", {hasText: "이 의견 수렴은 끝나서"}).waitFor();
});

/* What the filing says of the consultation, in both languages, to somebody who decides. */
async function consulted(filing, ko, en) {
	const page = await signIn("hana", {bypassCSP: true});

	for (const [lang, width, words] of [["ko", 1280, ko], ["en", 360, en]]) {
		await page.setViewportSize({width, height: 900});
		await go(page, `/office/filings/${filing}`, lang);
		assert.match(await page.locator("#consulted").innerText(), words);
		await sound(page, `the filing, ${lang}`);
		await page.locator("#consulted a").click();
		await page.waitForURL(new RegExp(`/${lang}/office/consultations/${SLUG}$`));
		await sound(page, `the consultation, ${lang}`);
		await go(page, `/systems/${SLUG}/consultation`, lang);
		await sound(page, `the public page, ${lang}`);
	}
	await page.context().close();
}
let asked;
await claim("who decides reads that the public may write, in both languages, and axe finds nothing", async () => {
	const {jiho} = pages;

	asked = await file(SLUG, (record) => record.name.ko += " 더");
	await go(jiho, `/office/consultations/${SLUG}`);
	await jiho.locator("#closes").fill(day(1));
	await jiho.locator("[id='question.ko']").fill("밤에 수압을 낮춰도 됩니까?");
	await jiho.locator("[id='question.en']").fill("May the pressure be lower at night?");
	await jiho.locator("form[data-prepare*='/consult/'] button").click();
	await jiho.locator("section.task").waitFor();
	await consulted(asked, /이 시스템에 대한 시민 의견을 .*까지 받습니다/, /The city asks what you think of this system, until/);
});
await claim("once the day is over, who decides reads so, and axe finds nothing", async () => {
	const [port] = /\d+$/.exec(register.url);

	await register.stop();
	later(2);
	register = await serve(data, "--listen", `127.0.0.1:${port}`);
	await consulted(asked, /까지 의견을 받았고, 결과는 아직 밝히지 않았습니다/, /People could write until .* has not answered yet/);
});
await claim("the office answers, which the filing and the public page say, and axe finds nothing", async () => {
	const {jiho} = pages;

	await go(jiho, `/office/consultations/${SLUG}`);
	await jiho.locator("#login").fill("jiho"); /* two days later nobody is signed in any more */
	await jiho.locator("#password").fill(secret("jiho"));
	await jiho.locator("main form button").click();
	await jiho.waitForURL(new RegExp(`/consultations/${SLUG}$`));
	await jiho.locator("[id='answer.ko']").fill("밤에는 수압을 조금 낮춥니다.");
	await jiho.locator("[id='answer.en']").fill("At night it will be a little lower.");
	await jiho.locator("form[data-prepare*='/consulted/'] button").click();
	await jiho.locator("form[data-prepare*='/consulted/']").waitFor({state: "detached"});
	await consulted(asked, /시민 의견을 듣고 결과를 밝혔습니다/, /The public was asked, and the city answered/);
	const citizen = await reader(browser);
	await go(citizen, `/systems/${SLUG}/consultation`);
	assert.ok((await main(citizen)).includes("밤에는 수압을 조금 낮춥니다."));
});

await claim("what came of it verifies, and no page complained", async () => {
	gaya("verify", data);
	for (const [login, page] of Object.entries(pages))
		assert.deepEqual(page.faults, [], login);
});

await finish(browser, register);
