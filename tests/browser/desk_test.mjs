/* desk_test.mjs - the office with citizens' questions, by click: masked, withheld for a reason of the
 * list, and what everybody reads then; in both languages, and without script what needs no key. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, claim, demoCity, finish, gaya, openBrowser, reader, serve, sound, work } from "./lib.mjs";
import { TEXTS } from "./person.mjs";

const SLUG = "smart-water", DEPARTMENT = "waterworks", OFFICE = "ai-city-policy";
const data = join(work, "desk"), words = join(work, "words");
demoCity(data);
const office = (...rest) => gaya("office", "--data", data, "--clock-is-right", ...rest);

function account(login, name, role, department) {
	writeFileSync(words, `four ${login}s on a tram`);
	return JSON.parse(gaya("account", "add", "--data", data, "--login", login, "--name", name,
		"--email", `${login}@gimhae.example`, "--password-file", words, "--role", role,
		"--department", department, "--json", "--clock-is-right")).person;
}
const people = {jiho: account("jiho", "박지호", "administrator", OFFICE),
	minji: account("minji", "김민지", "officer", DEPARTMENT)};
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
/* In a browser whose key may sign. */
async function withKey(login) {
	const page = await signIn(login);

	await page.goto(`${register.url}/ko/office/account`);
	await page.locator("#key form button").click();
	await page.waitForURL(/done=1$/);
	const [, department, vkey, id] = /key-grant (\S+) \\\s+'([^']+)' \\\s+--person (\S+)/.exec(
		await page.locator("#key pre").textContent());
	assert.equal(id, people[login]);
	office("key-grant", department, vkey, "--person", id);
	return page;
}
const open = async (page, lang, text) => {
	const {feedback} = JSON.parse(office("waiting", "--json")).feedback.find((q) => q.text === text);

	await page.goto(`${register.url}/${lang}/office/questions/${feedback}`);
	return feedback;
};
const shown = async (id) => (await (await fetch(`${register.url}/api/v1/feedback/${id}`)).json());
const jiho = await withKey("jiho"), plain = await signIn("jiho", {javaScriptEnabled: false});

for (const [how, lang, page] of [["by click", "ko", jiho], ["without script", "en", plain]])
	await claim(`what looks like personal data is pointed at before it is published, and masked in one click, ${how}`, async () => {
		const text = `물이 안 나옵니다 (${lang}).\n010-1234-5678 또는 kim@mail.example로 알려 주세요.`;

		await ask(register.url, SLUG, text);
		await open(page, lang, text);
		const notice = page.getByRole("region", {name: TEXTS[lang].personal_title});
		assert.deepEqual(await notice.locator("mark").allInnerTexts(), ["010-1234-5678", "kim@mail.example"]);
		assert.ok((await notice.innerText()).includes(`${TEXTS[lang].personal_phone}, ${TEXTS[lang].personal_email}`));
		/* Nothing is refused: it can still be published as it is. */
		assert.equal(await page.getByRole("button", {name: TEXTS[lang].question_publish}).count(), 1);
		if (process.env.SHOTS)
			for (const width of [1280, 360]) {
				await page.setViewportSize({width, height: 900});
				await page.screenshot({path: `${process.env.SHOTS}/personal-${lang}-${width}.png`, fullPage: true});
			}
		await notice.getByRole("button", {name: TEXTS[lang].personal_mask}).click();
		await page.waitForURL(/#masked$/);
		assert.match(await page.locator("#masked .asked").innerText(), /▇▇▇ \[.+\] 또는 ▇▇▇ \[.+\]로 알려 주세요/);
		assert.equal(await page.locator("#marked").inputValue(),
			`물이 안 나옵니다 (${lang}).\n[[010-1234-5678]] 또는 [[kim@mail.example]]로 알려 주세요.`);
		assert.equal(await page.locator("mark").count(), 0);
	});

for (const [lang, width] of [["ko", 1280], ["en", 360]])
	await claim(`${lang}, ${width} px: axe finds nothing on a question where personal data is marked, nor once it is masked`, async () => {
		const page = await signIn("jiho", {viewport: {width, height: 800}, bypassCSP: true});
		const text = `수압이 낮습니다 (${lang}). 010-8765-4321로 전화 주세요.`;

		await ask(register.url, SLUG, text);
		await open(page, lang, text);
		assert.equal(await page.locator("mark").innerText(), "010-8765-4321");
		await sound(page, "what looks like personal data");
		await page.getByRole("button", {name: TEXTS[lang].personal_mask}).click();
		await page.locator("#masked .asked").waitFor();
		await sound(page, "what is masked");
		await page.context().close();
	});

for (const lang of ["ko", "en"])
	await claim(`words that are selected are masked by a button, seen, and published by a click, ${lang}`, async () => {
		const text = `저는 김가야(${lang})입니다. 왜 물값이 올랐나요?`;

		const receipt = await ask(register.url, SLUG, text);
		const id = await open(jiho, lang, text);
		await jiho.locator("#marked").evaluate((area, name) => {
			area.focus();
			area.setSelectionRange(area.value.indexOf(name), area.value.indexOf(name) + name.length);
		}, `김가야(${lang})`);
		await jiho.locator("#mark").click();
		assert.equal(await jiho.locator("#marked").inputValue(), `저는 [[김가야(${lang})]]입니다. 왜 물값이 올랐나요?`);
		await jiho.getByRole("button", {name: TEXTS[lang].mask_see}).click();
		assert.equal(await jiho.locator("#masked .asked").innerText(),
			`저는 ▇▇▇ ${TEXTS[lang].masked}입니다. 왜 물값이 올랐나요?`);
		assert.equal(await jiho.locator("form[data-prepare*='/publish/']").count(), 1, "unmasked it can be published beside");
		await jiho.locator("#masked form button").click();
		await jiho.waitForFunction(() => document.readyState === "complete" && !document.querySelector("form[data-prepare*='/withhold/']"));
		assert.equal((await shown(id)).text, "저는 ▇▇▇입니다. 왜 물값이 올랐나요?");
		assert.ok((await main(jiho)).includes(text), "the office no longer reads what was asked");
		await jiho.goto(`${register.url}/${lang}/systems/${SLUG}/feedback`);
		assert.ok(!(await main(jiho)).includes(`김가야(${lang})`));
		assert.ok((await main(jiho)).includes(`저는 ▇▇▇ ${TEXTS[lang].masked}입니다.`));
		await jiho.goto(`${register.url}/${lang}/feedback/${receipt}`);
		assert.ok((await main(jiho)).includes(text), "who asked does not read what they sent");
		assert.ok((await main(jiho)).includes("▇▇▇"), "nor what others read");
	});
await claim("without script the marks are typed; a changed word is refused, and nothing is lost", async () => {
	const text = "김가야 010-1234-5678 왜 느린가요?";

	await ask(register.url, SLUG, text);
	await open(plain, "ko", text);
	assert.ok(await plain.locator("#mark").isHidden());
	await plain.locator("#marked").fill("[[김가야]] [[010-1234-5678]] 왜 빠른가요?");
	await plain.getByRole("button", {name: TEXTS.ko.mask_see}).click();
	assert.equal(await plain.locator("#errors").count(), 1);
	assert.ok((await plain.locator("#marked-error").innerText()).includes("질문한 그대로"));
	assert.ok((await plain.locator("#marked").inputValue()).includes("빠른가요"));
	await plain.locator("#marked").fill("[[김가야]] [[010-1234-5678]] 왜 느린가요?");
	await plain.getByRole("button", {name: TEXTS.ko.mask_see}).click();
	assert.equal(await plain.locator("#masked .asked").innerText(),
		`▇▇▇ ${TEXTS.ko.masked} ▇▇▇ ${TEXTS.ko.masked} 왜 느린가요?`);
	assert.equal(await plain.locator("#masked form[data-sign]").count(), 1);
});
await claim("what is typed after the button is pressed is not signed", async () => {
	const text = "답을 누른 뒤에 고치면 어떻게 됩니까?";

	await ask(register.url, SLUG, text);
	const id = await open(jiho, "ko", text);
	await jiho.locator("form[data-prepare*='/publish/'] button").first().click();
	await jiho.locator("#text-ko").waitFor();
	await jiho.locator("#text-ko").fill("누를 때의 답입니다.");
	await jiho.route("**/office/prepare/answer/*", async (route) => {
		await jiho.locator("#text-ko").fill("누른 뒤의 답입니다.");
		await route.continue();
	});
	await jiho.locator("form[data-prepare*='/answer/'] button").click();
	await jiho.waitForFunction(() => document.querySelector("#main")?.innerText.includes("의 답입니다."));
	await jiho.unroute("**/office/prepare/answer/*");
	assert.deepEqual((await shown(id)).answers.map((one) => one.text.ko), ["누를 때의 답입니다."]);
});
for (const lang of ["ko", "en"])
	await claim(`an answer is looked through before it is signed, and what is public already is no personal data, ${lang}`, async () => {
		const text = `담당자에게 어떻게 연락합니까 (${lang})?`, words = TEXTS[lang];
		const published = await (await fetch(`${register.url}/api/v1/systems/${SLUG}`)).json();
		const contact = JSON.stringify(published).match(/[a-z.-]+@[a-z.-]+/)[0];

		await ask(register.url, SLUG, text);
		const id = await open(jiho, lang, text);
		await jiho.locator("form[data-prepare*='/publish/'] button").first().click();
		await jiho.locator("#text-ko").waitFor();
		await jiho.locator("#text-ko").fill(`김가야 주무관(010-1234-5678)이나 ${contact}로 연락하십시오.`);
		await jiho.locator("#text-en").fill(`Write to ${contact}.`);
		await jiho.locator("form[data-prepare*='/answer/'] button").click();
		await jiho.locator("#looked").waitFor();
		assert.deepEqual(await jiho.locator("#looked mark").allInnerTexts(), ["010-1234-5678"]);
		assert.ok((await jiho.locator("#looked").innerText()).includes(words.personal_phone));
		assert.equal(await jiho.locator("#text-en").inputValue(), `Write to ${contact}.`, "what was written is lost");
		assert.equal((await shown(id)).answers.length, 0, "it was signed");
		if (process.env.SHOTS)
			for (const width of [1280, 360]) {
				await jiho.setViewportSize({width, height: 900});
				assert.equal(await jiho.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
				await jiho.screenshot({path: `${process.env.SHOTS}/answer-${lang}-${width}.png`, fullPage: true});
			}
		if (lang === "ko") {
			await jiho.getByRole("button", {name: words.personal_answer_mask}).click();
			await jiho.waitForFunction(() => document.readyState === "complete" && !document.querySelector("#looked"));
		} else {
			await jiho.getByRole("checkbox", {name: words.personal_answer_seen}).check();
		}
		await jiho.locator("form[data-prepare*='/answer/'] button").click();
		await jiho.waitForURL((url) => !url.pathname.endsWith("/answer"));
		assert.deepEqual((await shown(id)).answers.map((one) => one.text), [{en: `Write to ${contact}.`,
			ko: `김가야 주무관(${lang === "ko" ? "▇▇▇" : "010-1234-5678"})이나 ${contact}로 연락하십시오.`}]);
	});
await claim("what is written after the tick is looked through, too, and that page opens in another language", async () => {
	const text = "몇 번으로 전화합니까?", answer = jiho.locator("form[data-prepare*='/answer/'] button");

	await ask(register.url, SLUG, text);
	const id = await open(jiho, "ko", text);
	await jiho.locator("form[data-prepare*='/publish/'] button").first().click();
	await jiho.locator("#text-ko").fill("010-1234-5678입니다.");
	await answer.click();
	await jiho.getByRole("checkbox", {name: TEXTS.ko.personal_answer_seen}).check();
	await jiho.locator("#text-ko").fill("010-1234-5678, 900101-1234567입니다.");
	await answer.click();
	await jiho.locator("#looked mark").nth(1).waitFor();
	assert.deepEqual(await jiho.locator("#looked mark").allInnerTexts(), ["010-1234-5678", "900101-1234567"]);
	assert.equal((await shown(id)).answers.length, 0, "it was signed");
	await jiho.locator("header a[hreflang=en]").click();
	await jiho.locator("html[lang=en] #text-ko").waitFor();
});
await claim("an answer that its asker alone reads may hold their telephone number", async () => {
	const text = "제 번호로 답해 주세요.", answer = "010-1234-5678로 전화드리겠습니다.";

	await ask(register.url, SLUG, text);
	const id = await open(jiho, "ko", text);
	await jiho.locator("#code").selectOption("personal-data");
	await jiho.locator("form[data-prepare*='/withhold/'] button").click();
	await jiho.locator("#text-ko").fill(answer);
	await jiho.locator("form[data-prepare*='/answer/'] button").click();
	await jiho.getByText(answer).waitFor();
	assert.equal(JSON.parse(office("feedback-show", id, "--json")).answers[0].text.ko, answer);
});
await claim("but it is not signed where the question was published meanwhile, and nothing is lost", async () => {
	const text = "저에게만 답해 주세요.", answer = "홍길동 님께만 드리는 답입니다.";
	const latest = (id) => String(JSON.parse(office("feedback-show", id, "--json")).latest);

	await ask(register.url, SLUG, text);
	const id = await open(jiho, "ko", text);
	office("feedback-withhold", id, latest(id), "--code", "personal-data");
	await jiho.reload();
	await jiho.locator("#text-ko").fill(answer);
	office("feedback-publish", id, latest(id), "--yes");
	await jiho.locator("form[data-prepare*='/answer/'] button").click();
	await jiho.waitForURL((url) => url.pathname.endsWith("/answer"));
	assert.equal(await jiho.locator("#text-ko").inputValue(), answer);
	assert.ok((await main(jiho)).includes(TEXTS.ko.question_answer_all));
	assert.equal((await shown(id)).answers.length, 0, "it was signed");
});
await claim("without script an answer comes back with what looks like personal data marked", async () => {
	const text = "스크립트 없이도 살펴봅니까?";

	await ask(register.url, SLUG, text);
	const id = await open(plain, "ko", text);
	office("feedback-publish", id, String(JSON.parse(office("feedback-show", id, "--json")).latest));
	await plain.reload();
	await plain.locator("#text-ko").fill("010-1234-5678");
	await plain.locator("form[data-prepare*='/answer/'] button").click();
	assert.equal(await plain.locator("#looked mark").innerText(), "010-1234-5678");
	assert.equal(await plain.locator("#text-ko").inputValue(), "010-1234-5678");
});
await claim("a department reads what is masked as everybody does", async () => {
	const minji = await signIn("minji"), text = "저는 김가야(ko)입니다. 왜 물값이 올랐나요?";
	const list = JSON.parse(office("waiting", "--json")).unanswered;
	const {feedback} = list.find((q) => q.text === text);

	await minji.goto(`${register.url}/ko/office/questions/${feedback}`);
	assert.ok((await main(minji)).includes("▇▇▇"));
	assert.ok(!(await main(minji)).includes("김가야"));
	assert.equal(await minji.locator("#marked").count(), 0);
	await minji.goto(`${register.url}/ko/office`);
	assert.ok(!(await main(minji)).includes("김가야"));
});
await claim("a question is withheld for a reason of the list, by a click, and its sender reads which", async () => {
	const text = "이 물건을 사세요";

	await ask(register.url, SLUG, text);
	const id = await open(jiho, "ko", text);
	await jiho.locator("#code").selectOption("advertising");
	await jiho.locator("form[data-prepare*='/withhold/'] button").click();
	await jiho.waitForFunction(() => document.readyState === "complete" && !document.querySelector("form[data-prepare*='/withhold/']"));
	assert.ok((await main(jiho)).includes("광고나 도배"));
	assert.deepEqual([(await shown(id)).state, (await shown(id)).code], ["withheld", "advertising"]);
});
await claim("without a reason of the list and without words of one's own nothing is withheld", async () => {
	const text = "왜 안 되나요?";

	await ask(register.url, SLUG, text);
	await open(jiho, "ko", text);
	await jiho.locator("form[data-prepare*='/withhold/'] button").click();
	await jiho.locator("form[data-prepare*='/withhold/'] .signing", {hasText: "목록에서 고르거나"}).waitFor();
	assert.ok(JSON.parse(office("waiting", "--json")).feedback.some((q) => q.text === text));
});
await claim("a question is merged into another by a click, and parted again", async () => {
	const first = "물은 어디에서 오나요?", again = "물이 어디서 와요?";

	await ask(register.url, SLUG, first);
	const id = await open(jiho, "ko", first);
	await jiho.locator("form[data-prepare*='/publish/'] button").first().click();
	await jiho.locator("form[data-prepare*='/answer/']").waitFor();
	const receipt = await ask(register.url, SLUG, again);
	const second = await open(jiho, "ko", again);
	for (const state of ["merged", "received", "merged"]) {
		if (state === "merged")
			await jiho.locator("#into").selectOption(id);
		await jiho.locator(`form[data-prepare*='/${state === "merged" ? "merge" : "part"}/'] button`).click();
		await jiho.locator(state === "merged" ? "#same" : "#into").waitFor();
		assert.equal((await shown(second)).state, state);
	}
	await jiho.goto(`${register.url}/ko/office/questions/${id}`);
	assert.ok((await main(jiho)).includes("같은 질문이 1건 더"));
	for (const tag of ["ko", "en"])
		await jiho.locator(`#text-${tag}`).fill(tag === "ko" ? "댐에서 옵니다." : "From a dam.");
	await jiho.locator("#also").selectOption("vi");
	await jiho.locator("#add-tongue button").click();
	assert.equal(await jiho.locator("#text-ko").inputValue(), "댐에서 옵니다.", "what was written is lost");
	await jiho.locator("#text-vi").fill("Từ đập.");
	await jiho.locator("form[data-prepare*='/answer/'] button").click();
	await jiho.getByText("댐에서 옵니다.").waitFor();
	for (const lang of ["ko", "en"]) {
		await jiho.goto(`${register.url}/${lang}/feedback/${receipt}`);
		assert.ok(await jiho.getByText(lang === "ko" ? "댐에서 옵니다." : "From a dam.").isVisible());
		assert.equal(await jiho.locator("details [lang=vi], summary[lang=vi]").first().innerText(), "Tiếng Việt");
	}
});
await claim("without script a language is added by the page's coming back", async () => {
	const text = "베트남어로도 답하나요?";

	await ask(register.url, SLUG, text);
	const id = await open(plain, "ko", text);
	office("feedback-publish", id, String(JSON.parse(office("feedback-show", id, "--json")).latest));
	await plain.reload();
	assert.equal(await plain.locator("#text-uz").count(), 0);
	await plain.locator("#also").selectOption("uz");
	await plain.locator("#add-tongue button").click();
	await plain.waitForURL(/also=uz/);
	assert.equal(await plain.locator("#text-uz").count(), 1);
});
await claim("nothing on the page of a question is wider than the screen of a phone", async () => {
	const phone = await signIn("jiho", {viewport: {width: 360, height: 740}});

	for (const lang of ["ko", "en"]) {
		await open(phone, lang, "왜 안 되나요?");
		assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
	}
	for (const page of [phone, jiho, plain])
		assert.deepEqual(page.faults, []);
});

await browser.close();
await register.stop();
gaya("verify", data);
finish();
