/* pages_test.mjs - every kind of page, in both languages, on a desk and on a phone: axe finds nothing,
 * headings are an outline, links lead to what is there, and nothing is cut off or lost. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { accessible, ask, claim, demoCity, finish, fits, openBrowser, reader, serve, work } from "./lib.mjs";

const data = join(work, "data"), SLUG = "civil-chatbot";
demoCity(data);
const register = await serve(data), browser = await openBrowser();
const json = async (path) => (await fetch(register.url + path)).json();
const receipt = await ask(register.url, SLUG, "누가 제 글을 읽습니까?");

/* A page of each kind, and of each state that a page can be in. REST is all others. */
const systems = (await json("/api/v1/systems?limit=100")).systems;
const departments = (await json("/api/v1/departments")).departments;
const KINDS = ["", "systems", "systems?q=zzzz", "departments", "policies", "policies/gimhae", "law", "verify", "about",
	"data", "feedback", "withholding", "office/sign-in", "nothing-of-the-sort", `feedback/${receipt}`, `feedback/${receipt}?erased=1`,
	`systems/${SLUG}?as-of=2026-06-01`, `systems/${SLUG}/versions`, `systems/${SLUG}/versions/1`,
	`systems/${SLUG}/versions/2/changes`, `systems/${SLUG}/feedback`,
	...[...new Map(systems.map((s) => [s.status, s.slug])).values()].map((slug) => `systems/${slug}`),
	...[...new Map(departments.map((d) => [d.coverage, d.slug])).values()].map((slug) => `departments/${slug}`)];
const REST = [...systems.flatMap(({slug}) => ["", "/versions", "/feedback"].map((part) => `systems/${slug}${part}`)),
	...departments.map(({slug}) => `departments/${slug}`),
	...(await json("/api/v1/policies")).policies.map(({id}) => `policies/${id}`)].filter((path) => !KINDS.includes(path));
assert.ok(KINDS.length > 20 && REST.length > 50, "there are pages to look at");

/* What is in the page, seen from inside. */
const look = () => {
	const shown = (e) => e.checkVisibility() && e.getClientRects().length > 0;
	const dead = [...document.querySelectorAll('a[href*="#"]')].filter((a) => a.pathname === location.pathname &&
		a.search === location.search && !document.getElementById(decodeURIComponent(a.hash.slice(1)))).map((a) => a.hash);
	const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => Number(h.tagName[1]));
	const ids = [...document.querySelectorAll("[id]")].map(({id}) => id);
	const loose = [...document.body.children].filter((e) => shown(e) && !e.matches("header, nav, main, footer, aside, .skip"))
		.map((e) => e.outerHTML.slice(0, 80));

	return {dead, headings, loose, twice: ids.filter((id, i) => ids.indexOf(id) !== i)};
};
/* Leads to other pages' parts, to be found there. */
const abroad = () => [...document.querySelectorAll('a[href*="#"]')].filter((a) => a.origin === location.origin &&
	(a.pathname !== location.pathname || a.search !== location.search)).map((a) => a.pathname + a.search + a.hash);

/* WCAG 1.4.12: a reader's own spacing of text. */
const SPACING = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
	p { margin-bottom: 2em !important }`;
/* What hides a part of its own text, and what reaches over the screen's edge. */
const cut = () => [...document.querySelectorAll("body *")].filter((e) => {
	const {overflowX, overflowY, clipPath} = getComputedStyle(e);
	return e.checkVisibility() && clipPath === "none" && e.textContent.trim() && !e.matches("select, option, textarea") &&
		((["hidden", "clip"].includes(overflowY) && e.scrollHeight > e.clientHeight + 1) ||
			(["hidden", "clip"].includes(overflowX) && e.scrollWidth > e.clientWidth + 1));
}).map((e) => e.outerHTML.slice(0, 120));

function outline(headings) {
	assert.equal(headings[0], 1, `h1 comes first: ${headings}`);
	assert.equal(headings.filter((level) => level === 1).length, 1, `and alone: ${headings}`);
	headings.forEach((level, i) => assert.ok(i === 0 || level <= headings[i - 1] + 1, `h${headings[i - 1]} to h${level}: ${headings}`));
}

async function inspect(page) {
	await structured(page);
	await accessible(page);
}

async function structured(page) {
	const {dead, headings, loose, twice} = await page.evaluate(look);

	assert.deepEqual({dead, loose, twice}, {dead: [], loose: [], twice: []});
	outline(headings);
	(await page.evaluate(abroad)).forEach((link) => elsewhere.add(link));
}

const elsewhere = new Set();
const DESK = {width: 1280, height: 900}, PHONE = {width: 360, height: 740}, SMALL = {width: 320, height: 640};
const desk = await reader(browser, {viewport: DESK, bypassCSP: true});
const phone = await reader(browser, {viewport: PHONE, bypassCSP: true});
const resized = await reader(browser, {bypassCSP: true});
for (const path of KINDS)
	for (const lang of ["ko", "en"]) {
		const url = `${register.url}/${lang}/${path}`;

		await claim(`/${lang}/${path}: axe finds nothing, headings are an outline, links have their targets`, async () => {
			/* What axe finds by the width of a page it finds in one language, and the other way round. */
			const [thorough, brief] = lang === "ko" ? [PHONE, DESK] : [DESK, PHONE];

			await resized.setViewportSize(thorough);
			await resized.goto(url);
			await inspect(resized);
			await resized.setViewportSize(brief);
			await structured(resized);
		});
		await claim(`/${lang}/${path}: at 320 px, with a reader's spacing, nothing is cut off`, async () => {
			if (resized.url() !== url)
				await resized.goto(url);
			await resized.setViewportSize(SMALL);
			await resized.addStyleTag({content: SPACING});
			assert.deepEqual(await resized.evaluate(cut), []);
			assert.ok(await fits(resized), "the page has one column");
		});
	}
await claim("on all other pages, too, headings are an outline and links have their targets", async () => {
	for (const path of REST) {
		await desk.goto(`${register.url}/ko/${path}`);
		await structured(desk).catch((e) => {
			throw new Error(`${path}: ${e.message}`);
		});
	}
});
await claim("a link to a part of another page leads to a part that is there", async () => {
	assert.ok(elsewhere.size > 0);
	for (const link of elsewhere) {
		const [address, id] = link.split("#");
		const html = await (await fetch(register.url + address)).text();
		assert.ok(html.includes(`id="${id}"`), link);
	}
});
for (const lang of ["ko", "en"])
	await claim(`the page about the city under the law is one sheet of A4 on paper in ${lang}`, async () => {
		await desk.goto(`${register.url}/${lang}/law`);
		await desk.evaluate(() => { /* as full as it gets: every ground, four officers, three days, four sentences */
			const more = (selector, n) => {
				const one = document.querySelector(selector);
				for (let i = 0; i < n; i++)
					one.after(one.cloneNode(true));
			};
			more("#assessments .points:not(.screen) li", 4);
			more("#who .points li", 3);
			more("#assessments .field > div > p", 2);
			more("#assessments > p", 3);
		});
		const pdf = await desk.pdf({format: "A4", margin: {top: "1cm", bottom: "1cm", left: "1cm", right: "1cm"}});
		assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1);
	});
for (const lang of ["ko", "en"])
	await claim(`a form that comes back in ${lang} says what is wrong where the reader is, and leads to it`, async () => {
		for (const javaScriptEnabled of [true, false]) {
			const page = await reader(browser, {javaScriptEnabled, bypassCSP: true});
			await page.goto(`${register.url}/${lang}/systems/${SLUG}/feedback#ask`);
			await page.locator('[name="email"]').fill("no-address");
			await page.locator('form:has([name="text"]) button').click();
			await page.locator("#errors").waitFor();
			await page.waitForFunction(() => document.activeElement.id === "errors");
			assert.ok((await page.title()).length > 0);
			for (const link of await page.locator("#errors a").all()) {
				await link.press("Enter");
				assert.equal(await page.evaluate(() => `#${document.activeElement.id}`), await link.getAttribute("href"));
				assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-invalid")), "true");
			}
			if (javaScriptEnabled)
				await inspect(page);
			await page.context().close();
		}
	});
for (const lang of ["ko", "en"])
	await claim(`the filters of the ${lang} list fold on a phone and always show on a wide screen, without script, too`, async () => {
		const page = await reader(browser, {javaScriptEnabled: false, viewport: {width: 360, height: 740}});
		const [filters, summary] = [page.locator(".filters select"), page.locator(".filters summary")];
		const shown = async () => (await filters.evaluateAll((all) => all.map((e) => e.checkVisibility({contentVisibilityAuto: true,
			visibilityProperty: true}) && e.getBoundingClientRect().height > 0))).filter(Boolean).length;
		const all = async () => assert.equal(await shown(), await filters.count());

		await page.goto(`${register.url}/${lang}/systems`);
		assert.equal(await shown(), 0);
		assert.ok(await page.locator('.filters [type="search"]').isVisible() && await page.locator(".filters button").isVisible());
		assert.ok((await page.locator(".count").boundingBox()).y < 740, "the number of systems is on the first screen");
		await summary.click();
		await all();
		await page.goto(`${register.url}/${lang}/systems?risk=high`);
		await all();
		await page.setViewportSize({width: 1280, height: 900});
		for (const path of ["systems", "systems?risk=high"]) {
			await page.goto(`${register.url}/${lang}/${path}`);
			await all();
			assert.ok(!await summary.isVisible());
		}
		await page.goto(`${register.url}/${lang}/systems`);
		await page.locator('.filters [type="search"]').focus();
		await page.keyboard.press("Tab");
		assert.equal(await page.evaluate(() => document.activeElement.id), "department", "the keyboard reaches them");
		await page.context().close();
	});
await claim("on a phone and on a desk, the buttons of the list's search stand in one row", async () => {
	for (const page of [phone, desk])
		for (const lang of ["ko", "en"]) {
			await page.goto(`${register.url}/${lang}/systems?q=AI`);
			const tops = await page.locator(".filters .go > *").evaluateAll((all) => all.map((e) => e.getBoundingClientRect().top));
			assert.equal(tops.length, 2);
			assert.equal(tops[0], tops[1]);
		}
});
await claim("in forced colours the menu's current entry has a line that the others lack", async () => {
	const page = await reader(browser, {forcedColors: "active"});
	await page.goto(`${register.url}/ko/systems`);
	const line = (selector) => page.locator(selector).first().evaluate((e) => getComputedStyle(e).borderBottomColor);
	const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	assert.equal(await line(".main a:not([aria-current])"), ground, "a line that nobody sees");
	assert.notEqual(await line(".main [aria-current]"), ground, "and one that everybody sees");
	await page.context().close();
});

await browser.close();
await register.stop();
finish();
