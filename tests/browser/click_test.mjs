/* click_test.mjs - what people do in the pages, done as they do it: with a mouse, with the keyboard
 * alone, with a finger on a phone; with script and without; over http and https. */
import assert from "node:assert/strict";
import http from "node:http";
import { join } from "node:path";
import { claim, demoCity, finish, mirror, openBrowser, secured, serve, work } from "./lib.mjs";
import { HANDS, TEXTS, person } from "./person.mjs";

const SLUG = "civil-chatbot", WITH_FILE = "welfare-precheck";
const [data, proxied] = [join(work, "data"), join(work, "proxied")];
demoCity(data);
demoCity(proxied);
const register = await serve(data);
const proxy = await secured("ai.gimhae.example");
const behind = await serve(proxied, "--trust-proxy", "--base", proxy.url);
proxy.upstream = behind.url;
const copy = await mirror(register.url, join(work, "copy"));
const browser = await openBrowser();

/* Where a register may stand. A browser tells only https and itself where a form was sent from:
 * by a name, plain http is what it calls insecure. */
const PLACES = {
	"at home": register.url,
	"over plain http": register.url.replace("127.0.0.1", "ai.gimhae.example"),
	"over https, behind a proxy": proxy.url,
};

/* --- what people do: each takes a person, a register's address and a language --- */

const form = (page) => page.locator('form:has(textarea[name="text"])');
const RECEIPT = /\/feedback\/[0-9a-f]{32}$/;
let asked = 0;

async function ask({page, press, write}, text = `누가 제 글을 읽습니까? ${++asked}`, email = "") {
	await write(form(page).locator('[name="text"]'), text);
	if (email)
		await write(form(page).locator('[name="email"]'), email);
	await press(form(page).getByRole("button"), RECEIPT);
	assert.ok((await page.locator("main").innerText()).includes(text), "the receipt shows the question");
}

async function question(me, url, lang) {
	const {page, press, follow} = me, forget = page.locator('form[action$="/forget"]').getByRole("button");

	await page.goto(`${url}/${lang}/systems/${SLUG}`);
	await follow(TEXTS[lang].ask, /\/feedback#/);
	await ask(me, undefined, "citizen@example.kr");
	const receipt = page.url();
	await press(forget, /\?erased=1$/);
	assert.ok(await page.getByRole("status").isVisible(), "the page says that the address is erased");
	await page.goto(receipt);
	assert.equal(await forget.count(), 0, "nothing is left to erase");
}

async function corrected(me, url, lang) {
	const {page, press, focused} = me;

	await page.goto(`${url}/${lang}/systems/${SLUG}/feedback`);
	await press(form(page).getByRole("button"), /\/feedback$/);
	const fault = page.locator("#errors").getByRole("link").first();
	await fault.waitFor();
	await press(fault);
	await focused(form(page).locator('[name="text"]')); /* an error leads to its field */
	await ask(me);
}

async function search({page, press, write, follow}, url, lang) {
	const field = page.locator('main form[role="search"] [name="q"]');
	const button = page.locator('main form[role="search"]').getByRole("button");

	for (const start of ["", "nothing-of-the-sort", "systems"]) {
		await page.goto(`${url}/${lang}/${start}`);
		await write(field, lang === "ko" ? "상담" : "chatbot");
		await press(button, /\/systems\?q=/);
		assert.ok(await page.locator(".card").count() > 0, `something is found from /${start}`);
	}
	await press(page.locator(".card").getByRole("link").first(), /\/systems\/[a-z-]+$/);
	await page.goto(`${url}/${lang}/systems?q=zzzz`);
	assert.equal(await page.locator(".card").count(), 0);
	await follow(TEXTS[lang].clear, /\/systems$/);
	assert.ok(await page.locator(".card").count() > 0);
}

async function filter({page, press, choose, follow}, url, lang) {
	await page.goto(`${url}/${lang}/systems`);
	const all = await page.locator(".card").count();
	for (const name of ["status", "risk", "department"]) {
		const list = page.locator(`select[name="${name}"]`);
		const value = await list.locator("option").nth(1).getAttribute("value");
		const fold = page.locator("form.filters summary"); /* shows on a phone alone */
		assert.equal(await fold.isVisible(), page.viewportSize().width < 768);
		if (await fold.isVisible())
			await press(fold);
		await choose(list, value);
		await press(page.locator("form.filters").getByRole("button"), new RegExp(`${name}=${value}`));
		assert.equal(await list.inputValue(), value, "the list says what is shown");
		assert.ok(await page.locator(".card").count() < all, `${name} leaves fewer`);
		await follow(TEXTS[lang].clear, /\/systems$/);
	}
	await page.goto(`${url}/${lang}/`);
	await press(page.locator(".board li").getByRole("link").first(), /\?risk=/);
}

async function language({page, press}, url, lang) {
	const other = lang === "ko" ? "en" : "ko";

	for (const path of ["", "systems", `systems/${SLUG}`, `systems/${SLUG}/versions`,
		`systems/${SLUG}/feedback`, "departments", "policies", "verify", "about", "data"]) {
		await page.goto(`${url}/${lang}/${path}`);
		await press(page.locator("a.language"), `${url}/${other}/${path}`);
		assert.equal(await page.locator("html").getAttribute("lang"), other);
		await press(page.locator("a.language"), `${url}/${lang}/${path}`);
	}
}

async function history({page, press, follow}, url, lang) {
	const T = TEXTS[lang], record = `${url}/${lang}/systems/${SLUG}`;

	await page.goto(record);
	await follow(T.history, /\/versions$/);
	await press(page.getByRole("link", {name: T.read_version, exact: true}).last(), /\/versions\/1$/);
	await follow(T.to_newest, record);
	await follow(T.history, /\/versions$/);
	await follow(T.what_changed, /\/changes$/);
	assert.ok(await page.locator("ins, del").count() > 2, "changes are marked");
	const more = page.locator("details:not([open])").first();
	await press(more.locator("summary"));
	await page.locator("details[open]").first().waitFor();
	await page.goto(`${record}/versions`);
	await page.locator('[name="as-of"]').fill("2026-06-01"); /* its calendar is the browser's */
	await press(page.locator("form.filters").getByRole("button"), /as-of=2026-06-01/);
	assert.ok(await page.getByRole("note").first().isVisible(), "an old page says that it is old");
	await follow(T.to_newest, record);
}

async function download({page, press, follow, link, saves}, url, lang) {
	const T = TEXTS[lang];

	await page.goto(`${url}/${lang}/systems`);
	await follow(T.data_link, /\/data$/);
	const csv = await saves(link("systems.csv"));
	assert.equal(csv.name, "systems.csv");
	assert.ok(csv.bytes.includes("\r\n"), "rows");
	await page.goto(`${url}/${lang}/systems/${WITH_FILE}`);
	const file = page.locator('a[href*="/files/"]').first();
	assert.ok((await saves(file)).bytes.subarray(0, 5).equals(Buffer.from("%PDF-")));
	await page.goto(`${url}/${lang}/systems/${SLUG}`);
	await press(link("JSON"), /\.json$/);
	assert.ok(JSON.parse(await page.locator("pre").first().innerText()).record);
}

async function proof(me, url, lang) {
	await me.page.goto(`${url}/${lang}/systems/${SLUG}/feedback`);
	await ask(me);
	const saved = await me.saves(me.link(TEXTS[lang].receipt_proof_get));
	assert.equal(saved.name, "receipt.tlog-proof");
	assert.ok(saved.bytes.toString().startsWith("c2sp.org/tlog-proof@v1\n"));
}

async function reading({page, press, follow}, url, lang) {
	const T = TEXTS[lang];

	await page.goto(`${url}/${lang}/`);
	await follow(T.nav_departments, /\/departments$/);
	await press(page.locator("main .rows").getByRole("link").first(), /\/departments\/[a-z-]+$/);
	await follow(T.nav_policies, /\/policies$/);
	await press(page.locator("main .card").getByRole("link").first(), /\/policies\/[a-z-]+$/);
	await press(page.locator("main summary").first());
	await page.locator("main details[open] .field").first().waitFor();
	await page.goto(`${url}/${lang}/policies`);
	await follow(T.law_link, /\/law$/);
	await press(page.locator("main .points").getByRole("link").first(), /\/systems\/[a-z-]+$/);
	await follow(T.nav_verify, /\/verify$/);
	await follow(T.nav_about, /\/about$/);
	await follow(T.nav_home, `${url}/${lang}/`);
	await press(page.locator("main .timeline").getByRole("link").first(), /\/systems\/[a-z-]+$/);
	await press(page.locator(".toc").getByRole("link").nth(1), /#g-/);
	assert.ok(await page.locator(":target").isVisible());
	await follow(T.nav_systems, /\/systems$/);
}

async function skipping({page, hand}, url, lang) {
	await page.goto(`${url}/${lang}/systems/${SLUG}`);
	await page.keyboard.press("Tab");
	const skip = page.getByRole("link", {name: TEXTS[lang].skip});
	assert.ok(await skip.evaluate((e) => e === document.activeElement && e.getBoundingClientRect().top >= 0),
		"the first stop is the way past the menu, and it shows");
	await page.keyboard.press("Enter");
	await page.keyboard.press("Tab");
	assert.ok(await page.evaluate(() => document.activeElement.closest("main")), `past the menu (${hand})`);
}

async function mirrored(me, url, lang) {
	await me.page.goto(`${copy.url}/${lang}/systems/${SLUG}`);
	await me.follow(TEXTS[lang].ask, /\/feedback#/);
	assert.equal(await form(me.page).count(), 0, "a mirror takes no question");
	await me.press(me.page.locator("main .panel").getByRole("link"), `${register.url}/${lang}/systems/${SLUG}/feedback#ask`);
	await ask(me);
}

async function verification({page, press}, url, lang, script) {
	await page.goto(`${url}/${lang}/systems/${SLUG}`);
	if (!script) {
		await press(page.locator("#proof a.more"), /\/verify$/);
		return;
	}
	await press(page.locator("#verify > button"));
	await page.locator("#verify .verdict.ok").waitFor();
}

const DEEDS = {
	"asks a question from a record and has the e-mail address erased": question,
	"is told of a mistake, goes to it and sends the question": corrected,
	"searches": search,
	"filters the list, and lets it go": filter,
	"changes the language": language,
	"reads what changed, and what stood there on a day": history,
	"downloads": download,
	"saves the proof of a receipt": proof,
	"reads on from page to page": reading,
	"is led from a mirror to where questions are taken": mirrored,
	"has a record verified": verification,
};

/* One person for each hand, with script and without, does all its deeds: a new one costs as much as four pages. Who did
 * something before forgets it. */
const people = new Map();
async function somebody(hand, javaScriptEnabled) {
	const who = `${hand} ${javaScriptEnabled}`;

	if (!people.has(who))
		people.set(who, await person(browser, hand, {javaScriptEnabled}));
	await people.get(who).forget();
	return people.get(who);
}
for (const hand of HANDS)
	for (const javaScriptEnabled of [true, false])
		for (const [deed, work] of Object.entries({...DEEDS, ...(hand === "keyboard" && {"passes the menu": skipping})}))
			await claim(`with the ${hand}, ${javaScriptEnabled ? "with" : "without"} script, one ${deed}`, async () => {
				const me = await somebody(hand, javaScriptEnabled);
				await work(me, register.url, javaScriptEnabled ? "ko" : "en", javaScriptEnabled);
				me.content();
			});
/* At home, with script in Korean and without it in English, the mouse has done the very same above. */
const done = (url, javaScriptEnabled, lang) => url === register.url && javaScriptEnabled === (lang === "ko");
for (const [place, url] of Object.entries(PLACES))
	for (const javaScriptEnabled of [true, false])
		for (const lang of ["ko", "en"].filter((one) => !done(url, javaScriptEnabled, one)))
			await claim(`${place}, ${javaScriptEnabled ? "with" : "without"} script, one ${Object.keys(DEEDS)[0]} in ${lang}`, async () => {
				const me = await somebody("mouse", javaScriptEnabled);
				await question(me, url, lang);
				me.content();
			});
/* Pages of others that send our forms with their visitor's browser. They have our pages' own form,
 * whose Origin is as empty as ours. */
const STRANGERS = {"another site": "evil.example", "a neighbour of the same city": "blog.gimhae.example"};
const trap = http.createServer((request, response) => {
	response.setHeader("Referrer-Policy", request.url.startsWith("/hides") ? "no-referrer" : "unsafe-url");
	response.setHeader("Content-Type", "text/html").end(`<form method="post" action="${
		proxy.url}/ko/systems/${SLUG}/feedback"><input name="text" value="x"><button>Win!</button></form>`);
});
await new Promise((done) => trap.listen(0, "127.0.0.1", done));
for (const [who, host] of Object.entries(STRANGERS))
	for (const how of ["hides", "shows"])
		await claim(`a click on a page of ${who}, which ${how} where it is, sends nothing here`, async () => {
			const {page, press, content} = await somebody("mouse", true);
			const before = await (await fetch(`${behind.url}/log/checkpoint`)).text();

			await page.goto(`http://${host}:${trap.address().port}/${how}`);
			await press(page.getByRole("button"), /\/feedback$/);
			assert.equal(await page.locator("main .eyebrow").innerText(), "403");
			assert.equal(await (await fetch(`${behind.url}/log/checkpoint`)).text(), before);
			content();
		});

await browser.close();
for (const server of [register, behind, copy])
	await server.stop();
proxy.stop();
trap.close();
finish();
