/* office_test.mjs - people at the office in the browser: in by a password, a key of the browser's own,
 * granted by who may, a record filed, a second person who publishes it; each by click. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ask, claim, demoCity, finish, gaya, openBrowser, reader, serve, work } from "./lib.mjs";

const SLUG = "smart-water", DEPARTMENT = "waterworks", OFFICE = "ai-city-policy";
const data = join(work, "office"), words = join(work, "words");
demoCity(data);
const office = (...rest) => gaya("office", "--data", data, "--clock-is-right", ...rest);

/* An account that signs in at once: the person's id. */
function account(login, name, role, department) {
	writeFileSync(words, `four ${login}s on a tram`);
	return JSON.parse(gaya("account", "add", "--data", data, "--login", login, "--name", name,
		"--email", `${login}@gimhae.example`, "--password-file", words, "--role", role,
		"--department", department, "--json", "--clock-is-right")).person;
}
const sora = account("sora", "이소라", "administrator", OFFICE);
const jiho = account("jiho", "박지호", "reviewer", OFFICE);
const minji = account("minji", "김민지", "officer", DEPARTMENT);
const register = await serve(relative(process.cwd(), data)), browser = await openBrowser();
const pages = {};
const main = (page) => page.locator("main").innerText();

async function signIn(login, options = {}, lang = "ko", secret = `four ${login}s on a tram`) {
	const page = await reader(browser, options);

	await page.goto(`${register.url}/${lang}/office`);
	await page.locator("#login").fill(login);
	await page.locator("#password").fill(secret);
	await page.locator("main form button").click();
	await page.waitForURL(/\/office(\/sign-in)?$/);
	return page;
}

for (const [how, lang, options] of [["at a desk", "ko", {}],
	["on a phone, without script", "en", {viewport: {width: 360, height: 740}, javaScriptEnabled: false}]]) {
	await claim(`a wrong password says so and keeps the login, and the right one lets in, ${how}`, async () => {
		const page = await signIn("minji", options, lang, "not the password of hers");

		assert.equal(await page.locator("#login").inputValue(), "minji");
		assert.equal(await page.locator("#password").inputValue(), "");
		assert.equal(await page.locator("#errors").count(), 1);
		await page.locator("#password").fill("four minjis on a tram");
		await page.locator("main form button").click();
		await page.waitForURL(/\/office$/);
		assert.ok((await page.locator(".desk").innerText()).includes("김민지"));
		await page.locator(".desk form button").click();
		await page.waitForURL(/\/office\/sign-in$/);
		await page.goto(`${register.url}/${lang}/office/account`);
		assert.ok(page.url().includes("/office/sign-in?to="));
	});
}

/* Makes the browser's key, and asks for it to be granted. */
async function askForKey(page) {
	await page.goto(`${register.url}/ko/office/account`);
	await page.locator("#key form button").click();
	await page.waitForURL(/done=1$/);
	await page.locator("#key .task code").first().waitFor();
}

await claim("who has no granted key reads so where one signs: first to make it, then who grants it", async () => {
	const page = pages.sora = await signIn("sora"), lacks = page.locator("#key-lacks");

	await page.goto(`${register.url}/ko/office/people`);
	await lacks.locator("a[href$='/office/account#key']").waitFor();
	assert.equal(await lacks.locator("pre").count(), 0);
	/* Storing the key takes long: whoever leaves the page before it ends has a granted key that is nowhere. */
	await page.addInitScript(() => {
		const put = IDBObjectStore.prototype.put;

		IDBObjectStore.prototype.put = function (...what) {
			const request = put.apply(this, what);
			let more = 2000;
			const again = () => more-- && this.get("").addEventListener("success", again);

			request.addEventListener("success", again);
			return request;
		};
	});
	await askForKey(page);
	await page.locator("#key .fingerprint", {hasText: "+"}).waitFor();
	const command = await page.locator("#key pre").textContent();
	await page.goto(`${register.url}/ko/office/people`);
	assert.equal(await lacks.locator("pre").textContent(), command);
	assert.ok(command.includes(`--data '${data}'`), command);
	await page.goto(`${register.url}/ko/office/account`);
});
await claim("the first administrator's key is granted on the machine, by the command that the page shows", async () => {
	const page = pages.sora;

	const [, department, vkey, id] = /key-grant (\S+) \\\s+'([^']+)' \\\s+--person (\S+)/.exec(
		await page.locator("#key pre").textContent());
	assert.deepEqual([department, id], [OFFICE, sora]);
	office("key-grant", department, vkey, "--person", id);
	await page.reload();
	assert.equal(await page.locator("#key .task .badge").innerText(), "등록됨");
	await page.locator("#key form button").waitFor({state: "hidden"});
	await page.goto(`${register.url}/ko/office/people`);
	assert.equal(await page.locator("#key-lacks").count(), 0);
});
await claim("who was invited and has no role yet is led to the own account, which says so, and can sign out", async () => {
	const page = pages.invited = await reader(browser), main = page.locator("main");

	await pages.sora.locator("#name").fill("한새봄");
	await pages.sora.locator("#login").fill("saebom");
	await pages.sora.locator("#email").fill("saebom@gimhae.example");
	await pages.sora.locator("button:below(#email)").first().click();
	const [path] = /\/ko\/office\/invitation\/[0-9a-f]+/.exec(await pages.sora.locator(".secret").innerText());
	const row = pages.sora.locator(".task", {hasText: "saebom"});
	assert.match(await row.innerText(), /아직 역할이 없습니다: 임명하면/);
	assert.ok(!(await pages.sora.locator(".task", {hasText: "이소라"}).innerText()).includes("역할이 없습니다"));
	await page.goto(register.url + path);
	for (const field of await main.locator("input[type=password]").all())
		await field.fill("four saeboms on a tram");
	await main.locator("form button").click();
	await page.waitForURL(/\/office\/account$/);
	assert.match(await page.locator("#no-role").innerText(), /역할이 없습니다.*관리자/);
	assert.equal(await page.locator(".desk a[href$='/office']").count(), 0);
	await page.goto(`${register.url}/ko/office/questions/${"0".repeat(32)}`);
	assert.match(page.url(), /\/office\/account$/);
	await page.locator(".desk form button").click();
	await page.waitForURL(/\/office\/sign-in$/);
});
await claim("from then on she grants the others' keys by a click, which signs", async () => {
	for (const login of ["jiho", "minji"]) {
		pages[login] = await signIn(login);
		await askForKey(pages[login]);
		await pages.sora.goto(`${register.url}/ko/office/people`);
		await pages.sora.locator("form[data-prepare*='/grant/'] button").click();
		await pages.sora.waitForURL(/done=1$/);
		assert.equal(await pages.sora.locator("form[data-prepare*='/grant/']").count(), 0);
	}
	const {people} = JSON.parse(office("people", "--json"));
	assert.deepEqual(people.map((p) => [p.person, p.keys]).sort(), [[sora, 1], [jiho, 1], [minji, 1]].sort());
});

/* Files what is published, with more in its name. */
async function file(more) {
	const answer = await fetch(`${register.url}/api/v1/systems/${SLUG}`);
	const {published: {record}} = await answer.json(), path = join(work, "record.json");

	record.name.ko += more;
	record.name.en += more;
	writeFileSync(path, JSON.stringify(record));
	gaya("file", "--server", register.url, "--key", join(data, `demo-keys/${DEPARTMENT}.key`),
		"--system", SLUG, "--yes", path);
}

await claim("an officer corrects a telephone number, sees what changes, and signs it", async () => {
	const page = pages.minji;

	await page.goto(`${register.url}/ko/office/drafts`);
	await page.locator(`form:has(input[value="${SLUG}"]) button`).click();
	await page.waitForURL(/\/office\/drafts\/[0-9a-f]{32}$/);
	await page.locator("#find").fill("전화");
	await page.locator("form.find button").click();
	await page.locator('.fields a[href$="#contact_phone"]').click();
	await page.locator("#contact_phone").fill("055-330-1234");
	await page.locator('.save button[value="save"]').click();
	await page.waitForURL(/saved=1/);
	await page.goto(page.url().replace(/\/[a-z-]+\?.*$/, ""));
	await page.locator(".actions a[href$='/sign']").click();
	assert.ok((await page.locator("ins").allInnerTexts()).join(" ").includes("1234"));
	await page.locator("form[data-prepare*='/file/'] button").click();
	await page.waitForURL(/filed=1$/);
});
await claim("she may not decide about it; the reviewer publishes it, and both stand in the log by their ids", async () => {
	const {filings} = JSON.parse(office("waiting", "--json"));
	const {filing: own} = filings.find((one) => one.system === SLUG);
	const entry = await (await fetch(`${register.url}/log/entry/${own}`)).text();

	assert.ok(entry.includes(`"by":"department/${DEPARTMENT}"`));
	await pages.minji.goto(`${register.url}/ko/office/filings/${own}`);
	assert.equal(await pages.minji.locator("form[data-sign]").count(), 0);
	await pages.jiho.goto(`${register.url}/ko/office/filings/${own}`);
	await pages.jiho.locator("form[data-prepare*='/approve/'] button").click();
	await pages.jiho.locator("#done a").click();
	await pages.jiho.waitForURL(new RegExp(`/systems/${SLUG}$`));
	assert.ok((await main(pages.jiho)).includes("055-330-1234"));
});

await claim("history and feed say who filed and who decided by their ids, and which acts are the operator's", async () => {
	const {history} = await (await fetch(`${register.url}/api/v1/systems/${SLUG}/history`)).json();

	assert.deepEqual([history[0].decided_by, history[0].person, history[0].role, history[0].filed_by],
		["person", jiho, "reviewer", minji]);
	assert.deepEqual([history.at(-1).decided_by, history.at(-1).person], ["operator", null]);
	const {published} = await (await fetch(`${register.url}/api/v1/systems/${SLUG}`)).json();
	assert.deepEqual([published.decided_by, published.person, published.filed_by], ["person", jiho, minji]);
	const feed = await (await fetch(`${register.url}/ko/systems/${SLUG}/feed.atom`)).text();
	assert.ok(feed.includes(`검토자 ${jiho.slice(0, 8)}의 전자서명`), feed);
	assert.ok(feed.includes("서버에서 명령으로 결정했습니다"), feed);
});

let filing;
await claim("a filing waits at the reviewer's desk, with what it changes and its level", async () => {
	await file(" 새 이름");
	await pages.jiho.goto(`${register.url}/ko/office`);
	await pages.jiho.locator("a[href*='/office/filings/']").click();
	await pages.jiho.waitForURL(/filings\/\d+$/);
	filing = /filings\/(\d+)$/.exec(pages.jiho.url())[1];
	await pages.jiho.locator("ins").first().waitFor();
	assert.ok((await pages.jiho.locator("ins").allInnerTexts()).join(" ").includes("새 이름"));
	assert.ok((await main(pages.jiho)).includes("정책에 따른 판정"));
});
await claim("an officer reads it, and is offered no decision", async () => {
	await pages.minji.goto(`${register.url}/ko/office/filings/${filing}`);
	assert.equal(await pages.minji.locator("form[data-sign]").count(), 0);
});
await claim("the reviewer publishes it by a click, and the public page says who signed", async () => {
	await pages.jiho.locator("form[data-prepare*='/approve/'] button").click();
	await pages.jiho.locator("#done").waitFor();
	assert.equal(await pages.jiho.locator("#changes").innerText(), "항목 1개가 달라졌습니다.", "published, it is compared with the version before");
	await pages.jiho.locator("#done a").click();
	await pages.jiho.waitForURL(new RegExp(`/systems/${SLUG}$`));
	assert.ok((await main(pages.jiho)).includes("새 이름"));
	assert.ok((await pages.jiho.locator("#proof").innerText()).includes(`검토자 ${jiho.slice(0, 8)}의 전자서명`));
});
await claim("a filing is sent back by a click, with the reason for its department", async () => {
	await file(" 또 다른 이름");
	await pages.jiho.goto(`${register.url}/ko/office`);
	await pages.jiho.locator("a[href*='/office/filings/']").click();
	await pages.jiho.locator("[id='reason.ko']").fill("이름이 너무 깁니다.");
	await pages.jiho.locator("[id='reason.en']").fill("The name is too long.");
	await pages.jiho.locator("form[data-prepare*='/return/'] button").click();
	await pages.jiho.waitForURL(/\/office$/);
	await pages.minji.goto(`${register.url}/ko/office`);
	assert.ok((await main(pages.minji)).includes("이름이 너무 깁니다."));
});
await claim("a question is published by the office and answered by the department, each by a click", async () => {
	await ask(register.url, SLUG, "수압은 왜 밤에만 낮습니까?");
	await pages.minji.goto(`${register.url}/ko/office`);
	assert.ok(!(await main(pages.minji)).includes("수압은"), "the department reads what nobody decided about");
	await pages.jiho.goto(`${register.url}/ko/office`);
	await pages.jiho.locator(".task", {hasText: "수압은"}).locator("a").click();
	await pages.jiho.waitForURL(/\/questions\/[0-9a-f]{32}$/);
	await pages.jiho.locator("form[data-prepare*='/publish/'] button").click();
	await pages.jiho.locator("form[data-prepare*='/answer/']").waitFor();
	await pages.minji.goto(pages.jiho.url());
	await pages.minji.locator("#text-ko").fill("밤에는 압력을 낮춰 새는 물을 줄입니다.");
	await pages.minji.locator("#text-en").fill("At night less pressure means fewer leaks.");
	await pages.minji.locator("form[data-prepare*='/answer/'] button").click();
	await pages.minji.locator("section.task").waitFor();
	await pages.minji.goto(`${register.url}/ko/systems/${SLUG}/feedback`);
	assert.ok((await main(pages.minji)).includes("밤에는 압력을 낮춰"));
});
await claim("a marked number is not published without a tick, nor by a press on a page opened before a colleague withheld it", async () => {
	const page = pages.jiho, state = async (id) => (await (await fetch(`${register.url}/api/v1/feedback/${id}`)).json()).state;

	await ask(register.url, SLUG, "제 이름은 홍길동, 010-1234-5678입니다.");
	await page.goto(`${register.url}/ko/office`);
	await page.locator(".task", {hasText: "홍길동"}).locator("a").click();
	await page.waitForURL(/\/questions\/[0-9a-f]{32}$/);
	const question = /[0-9a-f]{32}$/.exec(page.url())[0];
	const publish = page.locator("form[data-prepare*='/publish/']");

	await publish.locator("button").click();
	assert.equal(await publish.locator("input:invalid").count(), 1);
	assert.equal(await state(question), "received");
	await publish.locator("input[type=checkbox]").check();
	const {latest} = JSON.parse(office("feedback-show", question, "--json"));
	office("feedback-withhold", question, String(latest), "--code", "personal-data");
	await publish.locator("button").click();
	await publish.locator(".signing:not([hidden])").waitFor();
	assert.match(await publish.locator(".signing").innerText(), /이 화면을 연 뒤에 로그 \d+번이/);
	assert.equal(await state(question), "withheld");
	page.faults.length = 0; /* the browser's line about the refusal */
});
await claim("of a stolen browser she sees what its key signed since a day, and revokes it from that day on", async () => {
	const page = pages.sora, today = new Date().toLocaleDateString("sv", {timeZone: "Asia/Seoul"});

	await pages.minji.goto(`${register.url}/ko/office/account`);
	await pages.minji.locator("#key .task a").click();
	await pages.minji.waitForURL(/\/office\/keys\/\d+$/);
	const key = pages.minji.url();
	assert.equal(await pages.minji.locator("form[data-sign]").count(), 0, "an officer revokes");
	assert.ok((await main(pages.minji)).includes(SLUG), "what she filed is not listed");
	assert.equal((await pages.minji.goto(key.replace(/\d+$/, "1"))).status(), 404);
	await page.goto(`${register.url}/ko/office/people`);
	await page.locator(".task", {hasText: "김민지"}).locator("a[href*='/office/keys/']").click();
	await page.waitForURL(key);
	await page.locator("#since").fill(today);
	await page.locator("form.sinceform button").click();
	await page.waitForURL(/since=/);
	assert.equal(await page.locator("main p.task").count(), 2);
	await page.locator("form[data-prepare*='/revoke/'] button").click();
	await page.waitForURL(key);
	assert.match(await main(page), /20\d\d\. \d+\. \d+\.부터 도난/);
	assert.equal(await page.locator("main p.task").count(), 2);
	assert.equal(await page.locator("form[data-sign]").count(), 0);
	const revoked = /log\/entry\/(\d+)/.exec(await page.locator("header.head a").nth(1).getAttribute("href"))[1];
	assert.ok((await (await fetch(`${register.url}/log/entry/${revoked}`)).text()).includes(`"since":"${today}"`));
});
await claim("its owner reads that the key was revoked, not that one was never granted", async () => {
	await pages.minji.goto(`${register.url}/ko/office/account`);
	await pages.minji.locator("#key .task a").click();
	await pages.minji.waitForURL(/\/office\/keys\/\d+$/);
	assert.match(await pages.minji.locator("#key-lacks").innerText(), /^서명 키가 폐기되어 서명할 수 없습니다\s+.*새 키를 만들고 등록을 요청하십시오/);
});
await claim("and what it signs from then on is refused, in words", async () => {
	await ask(register.url, SLUG, "새 질문입니다.");
	await pages.jiho.goto(`${register.url}/ko/office`);
	await pages.jiho.locator(".task", {hasText: "새 질문"}).locator("a").click();
	await pages.jiho.locator("form[data-prepare*='/publish/'] button").click();
	await pages.jiho.locator("form[data-prepare*='/answer/']").waitFor();
	await pages.minji.goto(pages.jiho.url());
	await pages.minji.locator("#text-ko").fill("답변");
	await pages.minji.locator("#text-en").fill("An answer");
	await pages.minji.locator("form[data-prepare*='/answer/'] button").click();
	await pages.minji.locator(".signing:not([hidden])").waitFor();
	assert.match(await pages.minji.locator(".signing:not([hidden])").innerText(), /폐기|취소/);
});
await claim("its owner makes another key in the same browser, and asks for that to be granted", async () => {
	const page = pages.minji, here = page.locator("#key .fingerprint");

	await page.goto(`${register.url}/ko/office/account`);
	await page.locator("#key .fingerprint", {hasText: "+"}).waitFor();
	const before = await here.innerText();

	await page.locator("#key form button").click();
	await page.locator("#key .task .badge", {hasText: "등록 대기"}).waitFor();
	assert.notEqual(await here.innerText(), before);
	await page.locator("#key form button").waitFor({state: "hidden"});
});
await claim("a revoked key leaves its owner signed in, which the key's page says, and a click there ends it", async () => {
	const page = pages.sora, sessions = page.locator("section[aria-labelledby='sessions']");

	await pages.minji.goto(`${register.url}/ko/office/account`);
	await pages.minji.locator("#key .task a").click();
	await pages.minji.waitForURL(/\/office\/keys\/\d+$/);
	assert.equal(await pages.minji.locator("section[aria-labelledby='sessions']").count(), 0, "to an officer");
	await page.goto(pages.minji.url());
	assert.match(await sessions.innerText(), / 1곳에 로그인되어 있습니다/);
	await sessions.locator("button").click();
	await page.waitForURL(/\/office\/keys\/\d+\?done=1$/);
	await page.locator(".notice.good").waitFor();
	assert.equal(await sessions.count(), 0);
	await pages.minji.goto(`${register.url}/ko/office`);
	assert.match(pages.minji.url(), /\/office\/sign-in/);
	await page.goto(`${register.url}/ko/office`);
	assert.match(page.url(), /\/office$/, "the administrator is signed out");
});
/* Opens the person's row at the administrator's: its forms that appoint and dismiss. */
async function rowOf(id) {
	const form = (act) => pages.sora.locator(`form[data-prepare$='/${act}/${id}']`);

	await pages.sora.goto(`${register.url}/ko/office/people`);
	await pages.sora.locator(".task", {has: form("appoint")}).locator("summary").click();
	return {appoint: form("appoint"), dismiss: form("dismiss")};
}
await claim("who is dismissed by a click, once it was ticked that it is meant, signs nothing any more", async () => {
	const {dismiss} = await rowOf(jiho);

	await dismiss.locator("button").click();
	assert.equal(await dismiss.locator(":invalid").getAttribute("name"), "sure");
	assert.equal((await pages.jiho.goto(`${register.url}/ko/office`)).url(), `${register.url}/ko/office`);
	await dismiss.locator("[name=sure]").check();
	await dismiss.locator("button").click();
	await pages.sora.waitForURL(/done=1$/);
	await pages.jiho.goto(`${register.url}/ko/office`);
	assert.match(pages.jiho.url(), /\/office\/account$/);
	await pages.jiho.locator("#no-role").waitFor();
	assert.equal((await pages.jiho.goto(`${register.url}/ko/office/prepare/suspend/${SLUG}`)).status(), 403);
});
await claim("the last administrator is neither dismissed nor given another role or department, and reads what to do first", async () => {
	const refused = async (form, hasText) => {
		await form.locator("button").click();
		await form.locator(".signing:not([hidden])", {hasText}).waitFor();
	};
	const {appoint, dismiss} = await rowOf(sora);

	await dismiss.locator("[name=sure]").check();
	await refused(dismiss, /마지막 관리자.*먼저 다른 사람을/);
	await appoint.locator("[name=role]").selectOption("reviewer");
	await refused(appoint, /마지막 관리자/);
	await appoint.locator("[name=role]").selectOption("administrator");
	await refused(appoint, /이미/); /* this changes nothing, so it takes no administrator away */
	await appoint.locator("[name=department]").selectOption(DEPARTMENT);
	await refused(appoint, /마지막 관리자/);
	const {people} = JSON.parse(office("people", "--json"));
	assert.equal(people.find((p) => p.person === sora).role, "administrator");
});
await claim("with a second administrator the first may go", async () => {
	const {appoint} = await rowOf(jiho);

	await appoint.locator("[name=role]").selectOption("administrator");
	await appoint.locator("[name=department]").selectOption(OFFICE);
	await appoint.locator("button").click();
	await pages.sora.waitForURL(/done=1$/);
	assert.equal((await pages.sora.goto(`${register.url}/ko/office/prepare/dismiss/${sora}?shown=99999`)).status(), 200);
	const {dismiss} = await rowOf(jiho);
	await dismiss.locator("[name=sure]").check();
	await dismiss.locator("button").click();
	await pages.sora.waitForURL(/done=1$/);
});
await claim("whose account a click signs out everywhere must sign in again", async () => {
	const {appoint} = await rowOf(jiho), person = pages.sora.locator(".task", {has: appoint});

	assert.match(await person.innerText(), /해임되었습니다: 다시 임명하면/);
	await person.locator("button[value=end-sessions]").click();
	await pages.sora.waitForURL(/done=1$/);
	await pages.jiho.goto(`${register.url}/ko/office/account`);
	assert.match(pages.jiho.url(), /\/office\/sign-in/);
});
/* Lets the time pass in which a password that was given counts. */
const muchLater = () => execFileSync("sqlite3", ["-cmd", ".timeout 5000", join(data, "people.db"),
	"UPDATE session SET proved = proved - 3600"]);
const prove = async (page, password) => {
	await page.locator("#prove-password").fill(password);
	await page.locator("#prove form button").first().click();
};
await claim("who signed in long ago gets the form back as it was typed, and proves in another window who she is", async () => {
	const page = pages.sora;

	muchLater();
	await page.goto(`${register.url}/ko/office/people`);
	await page.locator("#name").fill("윤가람");
	await page.locator("#login").fill("garam");
	await page.locator("#email").fill("garam@gimhae.example");
	await page.locator("#new + form button").click();
	await page.locator("#undone").waitFor();
	assert.equal(await page.locator("#undone").evaluate((e) => e === document.activeElement), true);
	assert.deepEqual([await page.locator("#name").inputValue(), await page.locator("#login").inputValue(),
		await page.locator("#email").inputValue()], ["윤가람", "garam", "garam@gimhae.example"]);
	const [other] = await Promise.all([page.waitForEvent("popup"), page.locator("#undone a").click()]);

	await prove(other, "four soras on a tram");
	await other.waitForURL(/account\?done=1$/);
	await other.close();
	await page.locator("#new + form button").click();
	await page.locator(".secret").waitFor();
	assert.equal(await page.locator("#undone").count(), 0);
});
await claim("the other forms of the page say so, too, and its notice leads to the proof and back, by no other address", async () => {
	const page = pages.sora;

	for (const what of ["invite", "end-sessions"]) {
		muchLater();
		await (await rowOf(jiho)).appoint.locator(`xpath=following::button[@value="${what}"]`).first().click();
		await page.locator("#undone").waitFor();
	}
	await page.goto(`${register.url}/ko/office/people`);
	await page.locator(".notice a[href$='#prove']").click();
	await prove(page, "not the password of hers");
	assert.ok((await page.locator("#prove .error").innerText()).startsWith("비밀번호가 틀렸습니다"));
	await prove(page, "four soras on a tram");
	await page.waitForURL(`${register.url}/ko/office/people`);
	assert.equal(await page.locator("a[href$='#prove']").count(), 0);
	muchLater();
	await page.goto(`${register.url}/ko/office/account?to=//elsewhere.example/ko/office/people`);
	await prove(page, "four soras on a tram");
	await page.waitForURL(`${register.url}/ko/office/account?done=1`);
});
await claim("what came of it verifies, and no page complained", async () => {
	gaya("verify", data);
	for (const [login, page] of Object.entries(pages))
		assert.deepEqual(page.faults, [], login);
});

await finish(browser, register);
