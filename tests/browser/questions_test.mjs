/* questions_test.mjs - what becomes of a question, done as people do it: by click, by key, on a phone, without script. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { claim, demoCity, finish, gaya, openBrowser, press, reader, serve, work } from "./lib.mjs";
import { TEXTS } from "./person.mjs";

const SLUG = "smart-water", data = join(work, "questions");
demoCity(data);
const register = await serve(data), browser = await openBrowser();
const office = (...words) => gaya("office", "--data", data, ...words);
/* Decides about a question on the latest about it. */
function decide(what, id, ...words) {
	const {latest} = JSON.parse(office("feedback-show", id, "--json"));

	office(what, id, String(latest), ...words);
}
const waiting = (list) => JSON.parse(office("waiting", "--json"))[list];
const PHONE = {viewport: {width: 360, height: 740}, hasTouch: true, isMobile: true};
const WAYS = [
	["by click", "ko", {}, (control) => control.click()],
	["on a phone, without script", "en", {...PHONE, javaScriptEnabled: false}, (control) => control.tap()],
	["by key, without script", "ko", {javaScriptEnabled: false}, (control) => control.press("Enter")],
];

/* Sends the form that the page shows, and stands on the receipt. */
async function send(page, text, use) {
	await page.getByRole("textbox").first().fill(text);
	await use(page.locator("section.panel form button"));
	await page.waitForURL(/\/feedback\/[0-9a-f]{32}$/);
}
const main = (page) => page.locator("main").innerText();

for (const [how, lang, options, use] of WAYS) {
	const page = await reader(browser, options), text = `어느 부서에 물어야 하나요? ${how}`;

	await claim(`a search that finds nothing leads to a question about no system, ${how}`, async () => {
		await page.goto(`${register.url}/${lang}/systems?q=nothing-of-this-name`);
		await use(page.locator(`.empty a[href="/${lang}/feedback#ask"]`));
		await page.waitForURL(/\/feedback#ask$/);
		await send(page, text, use);
		assert.ok((await main(page)).includes(text));
	});
	await claim(`who asked withdraws it only after saying so, ${how}`, async () => {
		const receipt = page.url(), button = page.locator("#withdraw button");

		/* The browser itself asks for the tick; where one does not, the page that comes back does. */
		await page.locator("#withdraw form").evaluate((form) => form.noValidate = true);
		await use(button);
		await page.waitForURL(/unsure=1#withdraw$/);
		assert.ok(waiting("feedback").some((q) => q.text === text), "it is withdrawn already");
		await page.goto(receipt);
		await page.locator("#sure").focus();
		await page.keyboard.press("Space");
		assert.ok(await page.locator("#sure").isChecked());
		await use(page.locator("#withdraw button"));
		await page.waitForURL(/done=1$/);
		assert.equal(await page.locator('[role="status"]').count(), 1);
		assert.ok(!(await main(page)).includes(text));
		assert.ok(!waiting("feedback").some((q) => q.text === text));
	});
	await claim(`a refusal reaches who asked, and nobody else, ${how}`, async () => {
		await page.goto(`${register.url}/${lang}/systems/${SLUG}/feedback`);
		await send(page, `010-1234-5678 ${how}`, use);
		const receipt = page.url(), id = waiting("feedback").find((q) => q.text === `010-1234-5678 ${how}`).feedback;

		decide("feedback-withhold", id, "--reason", "ko=전화번호가 있습니다.", "--reason", "en=It has a number.");
		decide("feedback-answer", id, "--text", "ko=따로 알려 드립니다.", "--text", "en=We tell you alone.");
		await page.goto(receipt);
		assert.match(await main(page), lang === "ko" ? /따로 알려 드립니다/ : /We tell you alone/);
		await page.goto(`${register.url}/${lang}/systems/${SLUG}/feedback`);
		assert.doesNotMatch(await main(page), /따로 알려 드립니다|We tell you alone|010-1234/);
	});
	await claim(`nothing on these pages is wider than the screen, ${how}`, async () => {
		for (const path of [`/${lang}/feedback`, `/${lang}/systems?q=nothing-of-this-name`, `/${lang}/systems/${SLUG}/feedback`]) {
			await page.goto(register.url + path);
			const wide = options.javaScriptEnabled === false
				? (await page.locator("main").boundingBox()).width - page.viewportSize().width
				: await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			assert.ok(wide <= 0, `${path}: ${wide} px too wide`);
		}
		assert.deepEqual(page.faults, []);
	});
	await page.context().close();
}

await claim("the answer in the language of who asked is open to them, the page's first", async () => {
	const page = await reader(browser);

	await page.goto(`${register.url}/ko/systems/${SLUG}/feedback`);
	await page.locator("#lang").selectOption("vi");
	await send(page, "Nước có sạch không?", (control) => control.click());
	const id = waiting("feedback").find((q) => q.text === "Nước có sạch không?").feedback;
	decide("feedback-publish", id);
	decide("feedback-answer", id, "--text", "ko=깨끗합니다.", "--text", "vi=Nước sạch.");
	await page.reload();
	assert.ok(await page.getByText("깨끗합니다.").isVisible());
	assert.ok(await page.getByText("Nước sạch.").isVisible());
	assert.equal(await page.getByText("Nước sạch.").getAttribute("lang"), "vi");
});
await claim("the browser's own check holds for a question about no system, and when it is withdrawn", async () => {
	const page = await reader(browser);

	await page.goto(`${register.url}/en/feedback`);
	await send(page, "Is there a list?", (control) => control.click());
	let result = await press(page);
	assert.equal(result.how, "ok", result.all);
	assert.match(result.sentence, /stands in the signed public log/);
	await page.locator("#sure").check();
	await page.locator("#withdraw button").click();
	await page.waitForURL(/done=1$/);
	result = await press(page);
	assert.equal(result.how, "ok", result.all);
	assert.match(result.sentence, /its text was erased later/);
	assert.deepEqual(page.faults, []);
});

await claim("a form that comes back goes into the other language and back with all that was written in it", async () => {
	const page = await reader(browser, {javaScriptEnabled: false}), field = (name) => page.locator(`[name="${name}"]`);
	const before = waiting("feedback").length, text = "첫째 줄\n둘째 줄 <b>&amp;";

	await page.goto(`${register.url}/ko/systems/${SLUG}/feedback`);
	await field("text").fill(text);
	await field("email").fill("nobody");
	await page.locator("#lang").selectOption("vi");
	await page.locator("form#question").getByRole("button").click();
	await page.locator("#email-error").waitFor();
	await field("name").fill("나중에 쓴 이름"); /* what is written since goes along, too */
	for (const [lang, error] of [["en", TEXTS.en.feedback_email_bad], ["ko", TEXTS.ko.feedback_email_bad]]) {
		await page.locator("button.language").click();
		await page.waitForURL(`${register.url}/${lang}/systems/${SLUG}/feedback`);
		assert.equal(await page.locator("html").getAttribute("lang"), lang);
		assert.ok((await page.locator("#email-error").innerText()).includes(error));
		assert.equal(await field("text").inputValue(), text);
		assert.equal(await field("name").inputValue(), "나중에 쓴 이름");
		assert.equal(await field("email").inputValue(), "nobody");
		assert.equal(await page.locator("#lang").inputValue(), "vi");
	}
	await field("email").fill("");
	await page.locator("button.language").click(); /* nothing is wrong any more, and nothing is sent */
	await page.waitForURL(`${register.url}/en/systems/${SLUG}/feedback`);
	assert.equal(await page.locator("#errors").count(), 0);
	assert.equal(waiting("feedback").length, before);
	await field("name").press("Enter"); /* sends it, as in any form */
	await page.waitForURL(/\/en\/feedback\/[0-9a-f]{32}$/);
	assert.equal(waiting("feedback").length, before + 1);
	assert.ok((await page.locator("main").innerText()).includes("둘째 줄 <b>&amp;"));
	assert.deepEqual(page.faults, []);
	await page.context().close();
});

await claim("a second click while the first sends, and Back and sending again, make no second question", async () => {
	const page = await reader(browser), before = waiting("feedback").length, button = page.locator("form#question button");

	await page.goto(`${register.url}/ko/systems/${SLUG}/feedback`);
	await page.locator("#text").fill("두 번 누릅니다");
	await button.scrollIntoViewIfNeeded();
	const {x, y, width, height} = await button.boundingBox(), sent = [];

	/* Both reach the server, but the first answer comes too late for the browser. */
	await page.route(/feedback$/, async (route) => {
		if (route.request().method() !== "POST")
			return route.continue();
		const answer = await route.fetch({maxRedirects: 0});

		sent.push(answer.headers().location);
		if (sent.length > 1)
			await route.fulfill({response: answer});
	});
	await page.mouse.click(x + width / 2, y + height / 2);
	while (!sent.length)
		await page.waitForTimeout(20);
	await page.mouse.click(x + width / 2, y + height / 2);
	await page.waitForURL(/\/feedback\/[0-9a-f]{32}$/);
	assert.equal(sent.length, 2);
	assert.equal(sent[0], sent[1]);
	assert.equal(waiting("feedback").length, before + 1);
	await page.unroute(/feedback$/);
	const receipt = page.url();

	await page.goBack();
	assert.ok((await page.locator("#text").inputValue()).includes("두 번"));
	await button.click();
	await page.waitForURL(receipt);
	assert.equal(waiting("feedback").length, before + 1);
	await page.goBack();
	await page.locator("#text").fill("두 번째 질문은 다른 것입니다");
	await button.click();
	await page.waitForURL(/\/feedback\/[0-9a-f]{32}$/);
	assert.notEqual(page.url(), receipt);
	assert.equal(waiting("feedback").length, before + 2);
	assert.deepEqual(page.faults, []);
	await page.context().close();
});

await claim("Back from the receipt leads to the form that was corrected, and does not ask to send it again", async () => {
	const page = await reader(browser), before = waiting("feedback").length;

	await page.goto(`${register.url}/ko/systems/${SLUG}/feedback`);
	await page.locator("#text").fill("고친 질문");
	await page.locator("#email").fill("nobody");
	await page.locator("form#question").getByRole("button").click();
	await page.locator("#email-error").waitFor();
	await page.locator("#email").fill("");
	await page.locator("form#question").getByRole("button").click();
	await page.waitForURL(/\/feedback\/[0-9a-f]{32}$/);
	await page.goBack();
	assert.ok((await page.locator("#text").inputValue()).includes("고친 질문"));
	await page.goBack();
	assert.equal(await page.locator("#email-error").count(), 0);
	assert.equal(waiting("feedback").length, before + 1, "one question was sent");
	await page.context().close();
});

await browser.close();
await register.stop();
finish();
