/* person.mjs - a person before a screen: the one way in which they can reach, press and write. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { reader } from "./lib.mjs";

export const TEXTS = Object.fromEntries(["ko", "en"].map((lang) =>
	[lang, JSON.parse(readFileSync(`web/messages/${lang}.json`, "utf8"))]));

const DESK = {viewport: {width: 1280, height: 800}};
const OPTIONS = {
	mouse: DESK,
	keyboard: DESK,
	finger: {viewport: {width: 360, height: 740}, deviceScaleFactor: 2, isMobile: true, hasTouch: true},
};
export const HANDS = Object.keys(OPTIONS);
const TABS_MAX = 400; /* more than any page has to tab through */
const WAIT = Number(process.env.WAIT || 60000);

/* Tabs to the control, as who has no mouse must. */
async function tabTo(page, control) {
	const element = await control.elementHandle(); /* looked for once, not at each of many tabs */
	const there = () => element.evaluate((e) => e === document.activeElement);

	for (let i = 0; i < TABS_MAX && !await there(); i++)
		await page.keyboard.press("Tab");
	assert.ok(await there(), `the keyboard does not reach ${control}`);
	const {outline, width} = await element.evaluate((e) => {
		const {outlineStyle, outlineWidth} = getComputedStyle(e);
		return {outline: outlineStyle, width: parseFloat(outlineWidth)};
	});
	assert.ok(outline !== "none" && width > 0, `focus does not show on ${control}`);
}

/* A new person, whom nobody remembers. `press` waits for the page that it leads to, where one is named. After `forget`,
 * neither the page nor a site remembers anything of them. */
export async function person(browser, hand, options = {}) {
	const page = await reader(browser, {...OPTIONS[hand], ignoreHTTPSErrors: true, ...options});
	page.setDefaultTimeout(WAIT);
	const session = await page.context().newCDPSession(page), origins = new Set();
	page.on("framenavigated", (frame) => origins.add(new URL(frame.url()).origin));
	const act = {
		mouse: (control) => control.click(),
		keyboard: async (control) => {
			await tabTo(page, control);
			await page.keyboard.press("Enter");
		},
		finger: (control) => control.tap(),
	}[hand];

	async function press(control, to) {
		if (!to)
			return act(control);
		await Promise.all([page.waitForURL(to, {waitUntil: "load"}), act(control)]);
	}
	/* A tap becomes a click when the touch is over, and may be overtaken by a key that is pressed then. */
	async function focused(field) {
		const until = performance.now() + WAIT;

		while (!await field.evaluate((e) => e === document.activeElement))
			assert.ok(performance.now() < until, `${field} never had the focus`);
	}
	/* Links and buttons are found as a screen reader names them. */
	const link = (name) => page.getByRole("link", {name, exact: true}).first();

	return {page, hand, press, link, focused,
		follow: (name, to) => press(link(name), to),
		async write(field, text) {
			await (hand === "keyboard" ? tabTo(page, field) : act(field));
			await focused(field);
			await page.keyboard.type(text);
			assert.equal(await field.inputValue(), text);
		},
		/* A list that drops down is drawn by the browser, outside of the page. */
		async choose(field, value) {
			if (hand !== "keyboard")
				return field.selectOption(value);
			await tabTo(page, field);
			for (let i = 0; i < 100 && await field.inputValue() !== value; i++)
				await page.keyboard.press("ArrowDown");
			assert.equal(await field.inputValue(), value);
		},
		async saves(control) {
			const [download] = await Promise.all([page.waitForEvent("download"), act(control)]);
			return {name: download.suggestedFilename(), bytes: readFileSync(await download.path())};
		},
		async forget() {
			page.faults = [];
			await page.context().clearCookies();
			for (const origin of origins)
				await session.send("Storage.clearDataForOrigin", {origin, storageTypes: "all"});
			origins.clear();
		},
		content: () => assert.deepEqual(page.faults, [])};
}
