/* reports_test.mjs - what a department tells of its systems besides records, in the browser: figures
 * by a form and by a table, signed by click, and what the public reads of it. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { claim, demoCity, finish, gaya, openBrowser, reader, serve, work } from "./lib.mjs";

const SLUG = "smart-water", DEPARTMENT = "waterworks";
const data = join(work, "reports"), words = join(work, "words");
demoCity(data);
writeFileSync(words, "four minjis on a tram");
const minji = JSON.parse(gaya("account", "add", "--data", data, "--login", "minji", "--name", "김민지",
	"--email", "minji@gimhae.example", "--password-file", words, "--role", "officer",
	"--department", DEPARTMENT, "--json", "--clock-is-right")).person;
const register = await serve(data), browser = await openBrowser();

async function signIn(lang = "ko", options = {}) {
	const page = await reader(browser, options);

	await page.goto(`${register.url}/${lang}/office`);
	await page.locator("#login").fill("minji");
	await page.locator("#password").fill("four minjis on a tram");
	await page.locator("main form button").click();
	await page.waitForURL(/\/office$/);
	return page;
}
const page = await signIn();
const shot = (name, on = page) => process.env.SHOTS && on.screenshot({path: join(process.env.SHOTS, `${name}.png`), fullPage: true});

await claim("an officer's browser makes a key, which is granted on the machine", async () => {
	await page.goto(`${register.url}/ko/office/account`);
	await page.locator("#key form button").click();
	await page.waitForURL(/done=1$/);
	const vkey = await page.locator("#key .task code").first().textContent();
	gaya("office", "--data", data, "--clock-is-right", "key-grant", DEPARTMENT, vkey, "--person", minji);
});

await claim("a figure that breaks a rule comes back with all that was written, and the rule at its input", async () => {
	await page.goto(`${register.url}/ko/office`);
	await page.locator(".desk a[href$='/office/reports']").click();
	await page.locator(`a[href$='/reports/${SLUG}/figures']`).click();
	await page.locator("[name='indicator.ko']").fill("누수 의심 알림 가운데 실제 누수");
	await page.locator("#period").fill("2026년 13월");
	await page.locator("#value").fill("71.0");
	await page.locator("#unit").fill("%");
	await page.locator("#target").fill("70");
	await page.locator("form:has(#period) button").click();
	assert.ok((await page.locator("#period-error").innerText()).includes("기간은 달(2026-03)"));
	assert.equal(await page.locator("#value").inputValue(), "71.0");
	assert.equal(await page.locator("form[data-sign]").count(), 0);
	await shot("figures-wrong");
});
await claim("what will be reported is shown, with what it corrects, and a click signs it", async () => {
	await page.locator("#period").fill("2026년 3분기");
	await page.locator("form:has(#period) button").click();
	const preview = await page.locator("section:has(form[data-sign]) table").innerText();
	assert.ok(preview.includes("71.0%") && preview.includes("69.2%") && preview.includes("70% 이상"), preview);
	await shot("figures-preview");
	await page.locator("form[data-sign] button").click();
	await page.locator("#done a").click();
	await page.waitForURL(new RegExp(`/ko/systems/${SLUG}#figures$`));
	const text = await page.locator("#figures").innerText();
	assert.ok(text.includes("71.0%") && text.includes("목표 달성"), text);
	await page.locator("#figures summary").first().click();
	assert.ok((await page.locator("#figures table").first().innerText()).includes("먼저 보고한 값 69.2%"));
});
await claim("a spreadsheet's file is read row by row, and its wrong rows are told by number", async () => {
	await page.goto(`${register.url}/ko/office/reports/${SLUG}/figures`);
	await page.locator("#file").setInputFiles({name: "실적.csv", mimeType: "text/csv",
		buffer: Buffer.from("\ufeff지표,기간,값,단위\r\n수요 예측 오차,2026-10,3.5,%\r\n절감한 전력,2026-10,많음,kWh\r\n")});
	await page.locator("#sheet").evaluate((e) => new Promise((done) => {
		const look = () => e.value ? done() : setTimeout(look, 10);
		look();
	}));
	await page.locator("form:has(#sheet) button").click();
	const told = await page.locator("#sheet-error").innerText();
	assert.ok(told.includes('3행: 값 "많음": 값은 87.5처럼'), told);
	await page.locator("#sheet").fill((await page.locator("#sheet").inputValue()).replace("많음", '"1,250"'));
	await page.locator("form:has(#sheet) button").click();
	await page.locator("form[data-sign] button").click();
	await page.locator("#done a").click();
	await page.waitForURL(new RegExp(`/ko/systems/${SLUG}#figures$`));
	assert.ok((await page.locator("#figures").innerText()).includes("1,250 kWh"));
});
await claim("on a phone, in English and without script, all but signing works", async () => {
	const phone = await signIn("en", {viewport: {width: 360, height: 740}, javaScriptEnabled: false});

	await phone.goto(`${register.url}/en/office/reports/${SLUG}/figures`);
	await phone.locator("#sheet").fill("indicator\tperiod\tvalue\tunit\nRepairs\t2026-09\t4\tcases");
	await phone.locator("form:has(#sheet) button").click();
	assert.ok((await phone.locator("main").innerText()).includes("4 cases"));
	assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth) <= 360);
	await shot("figures-phone", phone);
	await phone.goto(`${register.url}/en/systems/${SLUG}`);
	assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth) <= 360);
	await phone.context().close();
});

const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
await claim("an incident without its day comes back with what was written", async () => {
	await page.goto(`${register.url}/ko/office/reports`);
	await page.locator(`a[href$='/reports/${SLUG}/incidents']`).click();
	await page.locator("[name='what.ko']").last().fill("수위계가 밤새 틀린 값을 보였습니다.");
	await page.locator("form:has(#since) button").click();
	assert.equal(await page.locator("#since-error").count(), 1);
	assert.equal(await page.locator("[name='what.ko']").last().inputValue(), "수위계가 밤새 틀린 값을 보였습니다.");
	await shot("incident-wrong");
});
await claim("one that is held back is public at once, but for what happened", async () => {
	await page.locator("#since").fill(day(-3));
	await page.locator("#aware").fill(day(-2));
	await page.locator("#severity").selectOption("serious");
	await page.locator("[name='affected.ko']").fill("배수지 한 곳, 단수는 없었습니다.");
	await page.locator("#ground").selectOption("security");
	await page.locator("#public_on").fill(day(30));
	await page.locator("form:has(#since) button").click();
	const facts = await page.locator("#facts").innerText();
	assert.match(facts, /사고가 시작된 날[^]*시가 사고를 알게 된 날[^]*중대한 정도[^]*감독기관에 보고할 기한: [^]*사고를 안 날부터 15일, 유럽연합 AI법 73조/);
	await shot("incident-preview");
	await page.locator("form[data-sign] button").click();
	await page.locator("#done a").click();
	await page.waitForURL(new RegExp(`/ko/systems/${SLUG}#incidents$`));
	const text = await page.locator("#incidents").innerText();
	assert.ok(text.includes("정보공개법 9조 1항 3호") && text.includes("중대한 사고"), text);
	assert.ok(!(await page.content()).includes("밤새 틀린"));
	await shot("incident-held");
	const {incidents: [one]} = await (await fetch(`${register.url}/api/v1/systems/${SLUG}`)).json();
	assert.equal(one.what, null);
	const entry = await (await fetch(`${register.url}/log/entry/${one.entry}`)).text();
	const {content: {sha256}} = JSON.parse(entry.split("\n")[0]);
	assert.equal((await fetch(`${register.url}/log/content/${sha256}`)).status, 403);
});
await claim("the work list says by when an authority is to be told", async () => {
	await page.goto(`${register.url}/ko/office`);
	const text = await page.locator("section:has(#incidents)").innerText();
	assert.ok(text.includes("스마트 물관리") && text.includes("감독기관 보고") && text.includes("사고를 안 날부터 15일"), text);
	await shot("incident-desk");
});
await claim("news of it that breaks a rule come back in their own form, with all that was written", async () => {
	await page.goto(`${register.url}/ko/office/reports/${SLUG}/incidents`);
	const note = page.locator("details.panel");
	await note.locator("summary").click();
	await note.locator("[name='text.ko']").fill("수위계를 점검하고 있습니다.");
	await note.locator("[name='text.en']").fill("The gauge is being looked at.");
	await note.locator("[name='told_on']").fill(day(20));
	await note.locator("[name='severity']").selectOption("infrastructure");
	await note.locator("[value='incident-update']").click();
	assert.ok((await page.locator("#errors a").getAttribute("href")).startsWith("#told_on-"));
	assert.ok((await note.locator(".wrong .error").innerText()).includes("아직 오지 않은 날"));
	assert.equal(await note.locator("[name='text.ko']").inputValue(), "수위계를 점검하고 있습니다.");
	assert.equal(await note.locator("[name='text.en']").inputValue(), "The gauge is being looked at.");
	assert.equal(await note.locator("[name='told_on']").inputValue(), day(20));
	assert.equal(await note.locator("[name='severity']").inputValue(), "infrastructure");
	assert.equal(await page.locator("#severity").inputValue(), "");
	await shot("incident-note-wrong");
	await note.locator("[name='text.ko']").fill("");
	await note.locator("[name='text.en']").fill(" ");
	await note.locator("[name='told_on']").fill(day(-1));
	await note.locator("[value='incident-update']").click();
	assert.ok((await page.locator("#errors a").getAttribute("href")).startsWith("#text-"));
	assert.equal(await note.locator("[name='told_on']").inputValue(), day(-1));
});
await claim("a page of the list that there is not is none", async () => {
	assert.equal((await page.goto(`${register.url}/ko/office/reports?page=2`)).status(), 404);
});
await claim("it is closed by a click, and stays on the page with its end", async () => {
	await page.goto(`${register.url}/ko/office`);
	await page.locator("section:has(#incidents) h3 a").click();
	assert.ok((await page.locator("main").innerText()).includes("밤새 틀린"));
	await page.locator("details.panel summary").click();
	await page.locator("details.panel [name='text.ko']").fill("수위계를 바꾸었습니다.");
	await page.locator("details.panel [name='told_on']").fill(day(-1));
	await page.locator("details.panel [value='incident-close']").click();
	await page.locator("form[data-sign] button").click();
	await page.locator("#done a").click();
	await page.waitForURL(new RegExp(`/ko/systems/${SLUG}#incidents$`));
	const text = await page.locator("#incidents").innerText();
	assert.ok(text.includes("종결") && text.includes("감독기관에 알린 날") && !text.includes("수위계를"), text);
});

await finish(browser, register);
