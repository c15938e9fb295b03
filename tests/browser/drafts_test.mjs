/* drafts_test.mjs - an officer writes a record: it saves itself, says when it could not, and axe finds nothing. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ORIGIN, claim, demoCity, finish, gaya, openBrowser, reader, serve, sound, work } from "./lib.mjs";

const PASSWORD = "four ducks on a tram", data = join(work, "drafts"), file = join(work, "password");
demoCity(data);
writeFileSync(file, PASSWORD + "\n");
const people = {};
for (const [login, name] of [["minji", "김민지"], ["jisoo", "이지수"]])
	people[login] = JSON.parse(gaya("account", "add", "--data", data, "--login", login, "--name", name, "--email", `${login}@gimhae.example`,
		"--password-file", file, "--role", "officer", "--department", "ai-city-operation", "--json")).person;
gaya("account", "add", "--data", data, "--login", "jiho", "--name", "박지호", "--email", "jiho@gimhae.example",
	"--password-file", file, "--role", "reviewer", "--department", "ai-city-policy");
const register = await serve(data), browser = await openBrowser();

async function officer(login, options) {
	const page = await reader(browser, options);

	await page.goto(`${register.url}/ko/office/sign-in`);
	await page.locator("#login").fill(login);
	await page.locator("#password").fill(PASSWORD);
	await page.locator("main form button").click();
	await page.waitForURL(/\/office$/);
	return page;
}
const says = (page, text) => page.waitForFunction((wanted) =>
	document.getElementById("draft-state").textContent.includes(wanted), text, {timeout: 60000});
const minji = await officer("minji"), jisoo = await officer("jisoo");
let draft;

await claim("a click begins to correct what is published", async () => {
	await minji.goto(`${register.url}/ko/office/drafts`);
	await minji.locator(".correct button").first().click();
	await minji.waitForURL(/\/office\/drafts\/[0-9a-f]{32}$/);
	draft = minji.url();
});

await claim("a telephone number is found, corrected and saved by itself", async () => {
	await minji.locator("#find").fill("전화");
	await minji.locator("form.find button").click();
	await minji.locator('.fields a[href$="#contact_phone"]').click();
	await minji.locator("#contact_phone").fill("055-330-7777");
	await says(minji, "모두 저장했습니다");
	await jisoo.goto(`${draft}/identity`);
	assert.equal(await jisoo.locator("#contact_phone").inputValue(), "055-330-7777");
});

await claim("what was typed and said to be saved is there after the browser was closed on the page", async () => {
	const own = await officer("minji"), area = (page) => page.locator("[id='goal.ko']");

	await own.goto(`${draft}/purpose`);
	await area(own).fill("닫기 전에 쓴 말");
	await says(own, "모두 저장했습니다");
	await own.context().close();
	const again = await officer("minji");
	await again.goto(`${draft}/purpose`);
	assert.equal(await area(again).inputValue(), "닫기 전에 쓴 말");
	await again.context().close();
});

await claim("without script each step saves what was typed, and the next one follows", async () => {
	const plain = await officer("minji", {javaScriptEnabled: false}), area = plain.locator("[id='goal.ko']");

	await plain.goto(`${draft}/purpose`);
	await area.fill("스크립트 없이 쓴 말");
	await plain.locator('.save button[value="next"]').click();
	await plain.waitForURL((url) => !url.pathname.endsWith("/purpose"));
	await plain.goto(`${draft}/purpose`);
	assert.equal(await area.inputValue(), "스크립트 없이 쓴 말");
	await plain.context().close();
});

await claim("on a phone the bar that says so covers no input that is focused", async () => {
	const phone = await officer("minji", {viewport: {width: 360, height: 740}, hasTouch: true, isMobile: true});

	for (const step of ["identity", "purpose", "technology", "lifecycle"]) {
		await phone.goto(`${draft}/${step}`);
		const n = await phone.evaluate(() => (window.inputs = [...document.querySelectorAll("main form :is(input, textarea, select)")]
			.filter((one) => one.offsetParent && !one.closest(".save"))).length);
		assert.ok(n > 3, `${step}: ${n} inputs`);
		for (let i = n - 1; i >= 0; i -= Math.max(1, n >> 3)) {
			await phone.evaluate((at) => window.inputs[at].focus(), i);
			await phone.waitForFunction((at) => {
				const own = window.inputs[at].getBoundingClientRect();
				const bar = document.querySelector(".save").getBoundingClientRect();
				return document.activeElement === window.inputs[at] && own.top >= 0 && own.bottom <= innerHeight &&
					(own.bottom <= bar.top || own.top >= bar.bottom);
			}, i, {timeout: 20000}).catch(() => assert.fail(`${step}: input ${i} of ${n} is covered`));
		}
	}
	await phone.context().close();
});

await claim("who was overtaken is told so, and sees both by the button", async () => {
	await jisoo.locator("#contact_phone").fill("055-330-8888");
	await says(jisoo, "모두 저장했습니다");
	await minji.locator("#contact_phone").fill("055-330-9999");
	await says(minji, "다른 사람이 이 단계를 저장했습니다");
	await minji.locator('.save button[value="save"]').click();
	await minji.locator(".sides").waitFor();
	assert.match(await minji.locator(".sides").innerText(), /055-330-9999[^]*055-330-8888/);
	await minji.locator(".save button").click();
	await minji.waitForURL(/saved=1/);
	assert.equal(await minji.locator("#contact_phone").inputValue(), "055-330-9999");
});

await claim("who overtook themselves in another window is not told of somebody else", async () => {
	const other = await minji.context().newPage();

	await other.goto(`${draft}/identity`);
	await minji.goto(`${draft}/identity`);
	await other.locator("#contact_phone").fill("055-330-1111");
	await says(other, "모두 저장했습니다");
	await minji.locator("#contact_phone").fill("055-330-9999");
	await minji.locator("#contact_phone").fill("055-330-2222");
	await says(minji, "다른 창에서 이 단계를 저장하셨습니다");
	await minji.locator('.save button[value="save"]').click();
	await minji.getByRole("heading", {name: "두 창에서 다르게 고쳤습니다"}).waitFor();
	const text = await minji.locator("main").innerText();
	assert.ok(text.includes("다른 창에서 저장한 내용") && !text.includes("다른 사람") && !text.includes("김민지 님"), text);
	await minji.locator(".save button").click();
	await minji.waitForURL(/saved=1/);
	await other.close();
});

await claim("who signs in again after a session ended is told that one more press saves", async () => {
	const own = await officer("minji"), title = own.locator("h1");

	await own.goto(`${draft}/purpose`);
	await own.locator("[id='goal.ko']").fill("로그인이 끝난 뒤에 쓴 말");
	await own.context().clearCookies();
	await own.locator('.save button[value="save"]').click();
	await own.getByRole("heading", {name: "로그인이 끝나 저장하지 못했습니다"}).waitFor();
	const [window] = await Promise.all([own.waitForEvent("popup"), own.getByRole("link", {name: "새 창에서 로그인"}).click()]);
	await window.locator("#login").fill("minji");
	await window.locator("#password").fill(PASSWORD);
	await window.locator("main form button").click();
	await window.waitForURL(/\/office$/);
	await own.getByRole("button", {name: "다시 저장"}).click();
	await own.getByRole("heading", {name: "다시 로그인했습니다. 한 번 더 눌러 저장하십시오"}).waitFor();
	assert.match(await own.title(), /^다시 로그인했습니다/);
	await own.getByRole("button", {name: "다시 저장"}).click();
	await own.waitForURL(/saved=1/);
	assert.equal(await own.locator("[id='goal.ko']").inputValue(), "로그인이 끝난 뒤에 쓴 말");
	await own.context().close();
});

await claim("who leaves with something unsaved is asked", async () => {
	let asked = "";

	await minji.route("**/identity", (route) => route.request().method() === "POST" ? route.abort() : route.continue());
	await minji.locator("#contact_phone").pressSequentially("1");
	minji.once("dialog", (dialog) => (asked = dialog.type(), dialog.accept()));
	await minji.goto(`${register.url}/ko/office/drafts`);
	assert.equal(asked, "beforeunload");
	await minji.unroute("**/identity");
});

await claim("what could be easier to read is told beside the text, and a click on it leads there", async () => {
	await minji.goto(`${draft}/technology`);
	await minji.locator('[id="limitations.ko"]').fill("OCR가 틀릴 수 있습니다.");
	await minji.locator('.save button[value="save"]').click();
	await minji.waitForURL(/saved=1/);
	await minji.locator("details.advised summary").click();
	await minji.locator('details.advised a[href="#limitations.ko"]').click();
	assert.match(await minji.locator('[id="limitations.ko-advice"]').innerText(), /OCR\(풀이\)/);
});

await claim("Markdown is shown as citizens will see it, while it is written", async () => {
	const text = minji.locator('[id="limitations.ko"]'), preview = minji.locator('[data-of="limitations.ko"]');

	await preview.locator("summary").click();
	await text.fill("비 오는 **밤**에 틀립니다. <img src=x onerror=alert(1)>");
	await preview.locator("strong", {hasText: "밤"}).waitFor();
	assert.equal(await preview.locator("img").count(), 0);
	await text.fill("OCR가 _틀릴_ 수 있습니다.");
	await preview.locator("em", {hasText: "틀릴"}).waitFor();
	await minji.locator('.save button[value="preview"]').click();
	await minji.waitForURL(/preview=1/);
	assert.ok(await preview.evaluate((details) => details.open));
});

await claim("a preview of a step that has nothing to preview says so", async () => {
	const told = minji.locator(".notice.good");

	assert.match(await told.innerText(), /시민에게 보이는 모습은 아래 각 항목에/);
	await minji.goto(`${draft}/risk`);
	for (const area of await minji.locator("main form textarea:visible").all())
		await area.fill("");
	for (const open of await minji.locator("details.preview").all())
		assert.equal(await open.getAttribute("open"), null);
	await minji.locator('.save button[value="preview"]').click();
	await minji.waitForURL(/preview=1/);
	assert.match(await told.innerText(), /따로 미리 볼 것은 없습니다/);
	assert.equal(await minji.locator("details.preview[open]").count(), 0);
});

/* One that nobody attached yet. */
const PDF = Buffer.concat([readFileSync("demo/files/welfare-fria.pdf"), Buffer.from("\n% of another\n%%EOF\n")]);
const HASH = createHash("sha256").update(PDF).digest("hex");
const attach = (on = minji) => on.locator('[data-attach="attachments.0.sha256"]');

await claim("a file that is no PDF, or has no key to be signed with, is refused at its field before anything is sent", async () => {
	await minji.goto(`${draft}/lifecycle?more=attachments`);
	await attach().locator("input").setInputFiles({name: "계약서.hwp", mimeType: "application/x-hwp", buffer: Buffer.from("HWP Document File")});
	await attach().locator(".error", {hasText: "PDF 파일이 아닙니다"}).waitFor();
	assert.ok(await attach().locator("button").first().isDisabled());
	await attach().locator("input").setInputFiles({name: "빈 파일.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(0)});
	await attach().locator(".error", {hasText: "파일이 비어 있습니다"}).waitFor();
	await attach().locator("input").setInputFiles({name: "계약서.pdf", mimeType: "application/pdf", buffer: PDF});
	await attach().locator(".error").waitFor({state: "hidden"});
	await attach().locator("button").first().click();
	await attach().locator(".error", {hasText: "서명 키"}).waitFor();
});

await claim("a file that was chosen and not sent stops every button of the form, until it is cleared or its item is removed", async () => {
	const unsent = attach().locator(".error", {hasText: "파일을 아직 올리지 않았습니다"}), at = `${draft}/lifecycle?more=attachments`;
	const choose = () => attach().locator("input").setInputFiles({name: "계약서.pdf", mimeType: "application/pdf", buffer: PDF});

	await minji.goto(at);
	await choose();
	for (const value of ["next", "save", "add:attachments"]) {
		await minji.locator(`main form button:not(.leave)[value="${value}"]`).first().click();
		await unsent.waitFor();
		assert.ok(await attach().locator("input").evaluate((one) => one === document.activeElement), value);
		assert.equal(minji.url(), at);
		await choose();
		await unsent.waitFor({state: "hidden"});
	}
	let asked = 0;
	const stay = (dialog) => (asked++, dialog.dismiss());
	minji.on("dialog", stay);
	await minji.locator(".stepnav a").first().click();
	await minji.waitForTimeout(300);
	minji.off("dialog", stay);
	assert.deepEqual([asked, minji.url()], [1, at]);
	await attach().getByRole("button", {name: "고른 파일 지우기"}).click();
	await minji.locator('.save button[value="save"]').click();
	await minji.waitForURL(/saved=1/);
	await minji.goto(at);
	await choose();
	await minji.locator('button[value="without:attachments.0"]').click();
	await minji.waitForURL(/saved=1/);
});

await claim("nobody is asked for a hash where the browser makes it, and without script it can be written", async () => {
	const plain = await officer("minji", {javaScriptEnabled: false}), hash = '[name="attachments.0.sha256"]';

	await minji.goto(`${draft}/lifecycle?more=attachments`);
	await attach().getByText("PDF 파일 붙이기").waitFor();
	assert.ok(await minji.locator(hash).isHidden());
	assert.deepEqual(await attach().locator("input").evaluate((one) => [...one.labels].map((label) => label.innerText)),
		["파일 (필수)", "PDF 파일 붙이기"]);
	await plain.goto(`${draft}/lifecycle?more=attachments`);
	assert.ok(await plain.locator(hash).isVisible());
	await plain.context().close();
});

await claim("a file is signed and sent with the browser's key, its progress is told, and who writes and decides can open it", async () => {
	await minji.goto(`${register.url}/ko/office/account`);
	await minji.locator("#key form button").click();
	await minji.waitForURL(/done=1$/);
	gaya("office", "--data", data, "key-grant", "ai-city-operation", await minji.locator("#key .task code").first().textContent(),
		"--person", people.minji);
	await minji.goto(`${draft}/lifecycle?more=attachments`);
	await attach().locator("input").setInputFiles({name: "계약서.pdf", mimeType: "application/pdf", buffer: PDF});
	await attach().locator("button").first().click();
	await attach().getByText("계약서.pdf 파일을 올렸습니다").waitFor();
	assert.equal(await minji.locator('[name="attachments.0.sha256"]').inputValue(), HASH);
	assert.match(await attach().locator(".sent").innerText(), new RegExp(`^계약서\\.pdf SHA-256 ${HASH.slice(0, 8)}…$`));
	assert.equal(await attach().locator(".sent a").getAttribute("href"), `/ko/office/files/${HASH}`);
	assert.equal(await attach().locator("progress").isHidden(), true);
	assert.equal(await attach().locator("input").evaluate((one) => getComputedStyle(one).borderTopWidth), "1px");
	await says(minji, "모두 저장했습니다");
	await minji.goto(`${draft}/lifecycle`);
	const link = minji.locator(".attached a");
	assert.match(await link.innerText(), /붙인 파일 열기 \(PDF, 4 KB\)/);
	const [download] = await Promise.all([minji.waitForEvent("download"), link.click()]);
	assert.ok(readFileSync(await download.path()).equals(PDF));
	assert.equal((await minji.request.get(`${register.url}/ko/systems/civil-chatbot/files/${HASH}`)).status(), 403);
});

await claim("who decides on a filing opens the file that it names, before anybody else may", async () => {
	const {published} = await (await fetch(`${register.url}/api/v1/systems/civil-chatbot`)).json();
	const filed = join(work, "filed.json"), reviewer = await officer("jiho");

	writeFileSync(filed, JSON.stringify({...published.record, attachments: [{kind: "contract", title: {ko: "계약서", en: "Contract"}, sha256: HASH}]}));
	gaya("file", "--server", register.url, "--key", join(data, "demo-keys/ai-city-operation.key"), "--system", "civil-chatbot", "--yes", filed);
	await reviewer.reload();
	await reviewer.locator('main a[href*="/office/filings/"]', {hasText: "챗봇"}).first().click();
	await reviewer.locator("main details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
	const [download] = await Promise.all([reviewer.waitForEvent("download"),
		reviewer.locator(`main a[href$="/office/files/${HASH}"]`).first().click()]);
	assert.ok(readFileSync(await download.path()).equals(PDF));
	await reviewer.close();
});

await claim("a large file shows how far it is and can be stopped, and the same file twice is attached once", async () => {
	await minji.goto(`${draft}/lifecycle?more=attachments`);
	const next = minji.locator(".attach").last();
	await minji.route("**/api/v1/files", () => {}); /* a line that stands still */
	await next.locator("input").setInputFiles({name: "큰 파일.pdf", mimeType: "application/pdf", buffer: Buffer.concat([PDF, Buffer.alloc(3 << 20)])});
	await next.locator("button").first().click();
	await next.locator("progress").waitFor();
	await next.getByRole("button", {name: "그만두기"}).click();
	await next.locator(".error", {hasText: "그만두었습니다"}).waitFor();
	assert.equal(await next.locator("progress").isHidden(), true);
	await next.locator("input").setInputFiles({name: "같은 파일.pdf", mimeType: "application/pdf", buffer: PDF});
	await next.locator("button").first().click();
	await next.getByText("같은 파일.pdf 파일을 올렸습니다").waitFor(); /* nothing was sent: it is there */
	await minji.unroute("**/api/v1/files");
	await says(minji, "모두 저장했습니다");
});

await claim("a spreadsheet's file shows what each row would change, and the rows that are ticked become drafts", async () => {
	await minji.goto(`${register.url}/ko/office/drafts`);
	await minji.locator('main a[href$="/office/import"]').click();
	await minji.locator("#file").setInputFiles({name: "새 시스템.csv", mimeType: "text/csv",
		buffer: Buffer.from("\ufeffname.ko,goal.ko,id\r\n관로 점검,뚫습니다,\r\n수질 예측,예측합니다,\r\n")});
	await minji.locator("form:has(#file) button").click();
	assert.ok((await minji.locator("#errors").innerText()).includes("다른 설정"));
	await minji.locator("#file").setInputFiles({name: "새 시스템.csv", mimeType: "text/csv",
		buffer: Buffer.from("\ufeffname.ko,goal.ko,id\r\n관로 점검,뚫습니다,\r\n수질 예측,예측합니다,\r\n")});
	await minji.locator("details.entry summary").click();
	await minji.locator("#partial").check();
	await minji.locator("form:has(#file) button").click();
	await minji.locator("#row-2").uncheck();
	await minji.locator("#system-3").fill("water-forecast");
	await minji.locator("form:has([name=kept]) button").click();
	await minji.waitForURL(/drafts\?imported=1$/);
	const text = await minji.locator("main").innerText();
	assert.ok(text.includes("수질 예측") && text.includes("새 시스템.csv 3행") && !text.includes("관로 점검"), text);
});

/* A row under the sheet's own, as a spreadsheet program saves it: with its separator, and quotes where it needs them. */
function filled(text, cells, separator) {
	const rows = [[]], quoted = (cell) => /["\r\n]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell;

	for (const [, cell, plain, end] of text.replace(/^\ufeff/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/g)) {
		rows.at(-1).push(cell?.replaceAll('""', '"') ?? plain);
		if (end === "\r\n")
			rows.push([]);
	}
	const [head, guide] = rows;

	assert.deepEqual(Object.keys(cells).filter((label) => !head.includes(label)), []);
	return [head, guide, head.map((label) => cells[label] ?? "")].map((row) => row.map(quoted).join(separator) + "\r\n").join("");
}

for (const [lang, width, separator, cells, code] of [
	["ko", 1280, ";", {"명칭": "누수 점검 로봇", "상태": "운영 중", "알고리즘 유형": "학습 기반", "정책 분야": "수도; 안전"}, "운영 중"],
	["en", 360, "\t", {Name: "Leak robot", Status: "In use", "Type of algorithm": "Self-learning", "Policy domain": "Water; Safety"}, "In use"]])
	await claim(`${lang}, ${width} px: the empty sheet is downloaded, filled in by its labels and becomes a draft`, async () => {
		const page = await officer("minji", {viewport: {width, height: 900}, bypassCSP: true, acceptDownloads: true});

		await page.goto(`${register.url}/${lang}/office/import`);
		const [download] = await Promise.all([page.waitForEvent("download"), page.locator('a[href$="/sheet.csv"]').click()]);
		const text = filled(readFileSync(await download.path(), "utf8"), cells, separator);

		assert.match(download.suggestedFilename(), /\.csv$/);
		await page.locator("#file").setInputFiles({name: "sheet.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${text}`)});
		await page.locator("form:has(#file) button").click();
		await page.locator("details.said summary").click();
		assert.ok((await page.locator("details.said").innerText()).includes("status"));
		await sound(page);
		await page.locator("#system-3").fill(`leak-robot-${lang}`);
		await page.locator("form:has([name=kept]) button").click();
		await page.waitForURL(/drafts\?imported=1$/);
		await page.locator(`main a:has-text("${Object.values(cells)[0]}")`).first().click();
		await page.goto(`${page.url()}/lifecycle`);
		assert.equal((await page.locator('label:has(:checked), :checked + label').first().innerText()).trim().split("\n")[0], code);
		await page.context().close();
	});

let link;

await claim("a supplier answers by a link, and the officer takes over what is ticked", async () => {
	await minji.goto(draft);
	await minji.locator('a[href$="/supplier"]').click();
	await minji.locator("#supplier").fill("ACME");
	await minji.locator('button[value="link"]').click();
	link = register.url + (await minji.locator("code.secret").innerText()).match(/\/ko\/supplier\/.*/)[0];
	const supplier = await reader(browser);

	await supplier.goto(link);
	await supplier.locator('[id="limitations.ko"]').fill("안개 낀 밤에 틀립니다.");
	await supplier.locator('.save button[value="save"]').click();
	await supplier.waitForURL(/saved=1/);
	await minji.goto(`${draft}/supplier`);
	await minji.locator('[id^="take.limitations"]').check();
	await minji.locator('button[value="take"]').click();
	await minji.waitForURL(/done=1/);
	await minji.goto(`${draft}/technology`);
	assert.equal(await minji.locator('[id="limitations.ko"]').inputValue(), "안개 낀 밤에 틀립니다.");
	await minji.locator('[id="own.limitations"]').check();
	await minji.locator('.save button[value="save"]').click();
	await minji.waitForURL(/saved=1/);
	assert.equal(await minji.locator('[id="own.limitations"]').count(), 0);
});

for (const [format, extension, lang, width] of [["cyclonedx", "json", "ko", 1280], ["spdx", "jsonld", "en", 360], ["huggingface", "md", "ko", 360]])
	await claim(`${lang}, ${width} px: a supplier chooses a file (${format}), sees what it filled in, and saves it`, async () => {
		const {file, want} = JSON.parse(readFileSync(`policies/modelcards/${format}/cases.json`, "utf8"))[0];
		const text = Array.isArray(file) ? `${file.join("\n")}\n` : typeof file === "string" ? file : JSON.stringify(file);
		const supplier = await reader(browser, {viewport: {width, height: 900}, bypassCSP: true});

		await minji.goto(`${draft}/supplier`);
		await minji.locator("#supplier").fill(format);
		await minji.locator('button[value="link"]').click();
		await supplier.goto(register.url + (await minji.locator("code.secret").innerText()).match(/\/ko\/supplier\/.*/)[0].replace("/ko/", `/${lang}/`));
		await supplier.locator("#file").setInputFiles({name: `card.${extension}`, mimeType: "application/octet-stream", buffer: Buffer.from(text)});
		await supplier.locator('button[value="file"]').click();
		await supplier.locator("section[role=status]").waitFor();
		assert.ok((await supplier.locator("section[role=status]").innerText()).includes(want.format));
		for (const [name, value] of Object.entries(want.fields))
			if (!Array.isArray(value) && typeof value === "object")
				for (const [of, said] of Object.entries(value))
					assert.equal(await supplier.locator(`[id="${name}.${of}"]`).inputValue(), said, name);
		await sound(supplier);
		await supplier.locator('.save button[value="save"]').click();
		await supplier.waitForURL(/saved=1/);
		await minji.goto(`${draft}/supplier`);
		assert.ok((await minji.locator("main").innerText()).includes(Object.values(want.fields.provider)[0]));
		await supplier.context().close();
	});

const page = await officer("minji", {bypassCSP: true});
for (const [lang, width] of [["ko", 1280], ["en", 360]]) {
	await page.setViewportSize({width, height: 900});
	await claim(`${lang}, ${width} px: axe finds nothing on a file's rows, whatever became of them`, async () => {
		await page.goto(`${register.url}/${lang}/office/import`);
		await page.locator("#table").fill("name.ko\tgoal.ko\tid\tregister\n관로\tx\t\t\n관로\tx\t\t\n\tx\t\t\n"
			+ `남의 것\tx\tsmart-water\t${ORIGIN}\n우리 것\tx\tcivil-chatbot\t${ORIGIN}\n`
			+ `${"unbroken-".repeat(12)}\tx\t\t\n`);
		await page.locator("details.entry summary").click();
		await page.locator("#partial").check();
		await page.locator("form:has(#file) button").click();
		assert.ok(await page.locator("[name=row]").count() >= 2);
		await page.locator("main > details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
		await sound(page);
	});
	for (const path of ["", "/identity", "/technology?preview=1", "/risk", "/lifecycle?more=attachments", "/policy-gimhae", "/identity?more=supervisor", "?find=a", "/supplier", "supplier"])
		await claim(`${lang}, ${width} px, ${path || "the whole"}: axe finds nothing, nothing is wider than the page`, async () => {
			await page.goto((path === "supplier" ? link : draft + path).replace("/ko/", `/${lang}/`));
			await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
			await sound(page);
		});
	await claim(`${lang}, ${width} px: what is wrong is said on top, by a link to the field, and at the field, in the page's language`, async () => {
		const phone = page.locator("#contact_phone"), at = page.locator("#contact_phone-error");

		await page.goto(`${draft}/identity`.replace("/ko/", `/${lang}/`));
		await phone.fill("abc");
		await page.locator('.save button[value="save"]').click();
		await page.waitForURL(/saved=1/);
		assert.match(await at.innerText(), {ko: /^‘문의 전화’에는 .*써 주세요\.$/, en: /^“Telephone” must be one telephone number/}[lang]);
		const top = page.locator("#errors a[href='#contact_phone']");
		assert.equal(await top.innerText(), await at.innerText());
		await sound(page, "what is wrong");
		await top.click();
		await page.waitForFunction(() => document.activeElement.id === "contact_phone");
		await phone.fill("055-330-7777");
		await page.locator('.save button[value="save"]').click();
		await at.waitFor({state: "detached"});
	});
	await claim(`${lang}, ${width} px: axe finds nothing on a field whose value is no choice any more`, async () => {
		await page.goto(`${draft}/lifecycle`.replace("/ko/", `/${lang}/`));
		/* As the standard does that leaves a choice out. */
		await page.locator("input[name=status]").first().evaluate((one) => Object.assign(one, {value: "abolished", checked: true}));
		await page.locator('.save button[value="save"]').click();
		await page.waitForURL(/saved=1/);
		const words = {ko: "이전 값 ‘abolished’: 이제 고를 수 없는 값입니다", en: "Was: “abolished”, which is not a choice any more"}[lang];
		const was = page.locator("fieldset#status");
		assert.ok((await was.innerText()).includes(words), await was.innerText());
		await sound(page, "what is no choice");
	});
}

await browser.close();
await register.stop();
finish();
