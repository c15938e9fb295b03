/* firefox_test.mjs - a question sent and an e-mail address erased by clicks in Firefox, over http and
 * https: it has its own mind about what to say of where a form was. */
import assert from "node:assert/strict";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { claim, demoCity, finish, secured, serve, work } from "./lib.mjs";
import { TEXTS } from "./person.mjs";

const data = join(work, "data"), SLUG = "civil-chatbot";
demoCity(data);
const proxy = await secured("localhost");
const register = await serve(data, "--trust-proxy", "--base", proxy.url);
proxy.upstream = register.url;
const browser = await puppeteer.launch({browser: "firefox", executablePath: process.env.FIREFOX,
	headless: true, acceptInsecureCerts: true, protocolTimeout: 300000,
	extraPrefsFirefox: {"network.dns.localDomains": "ai.gimhae.example"}});

const PLACES = {
	"at home": register.url,
	"over plain http": register.url.replace("127.0.0.1", "ai.gimhae.example"),
	"over https, behind a proxy": proxy.url,
};

for (const [place, url] of Object.entries(PLACES))
	for (const lang of ["ko", "en"])
		await claim(`in Firefox, ${place}, one asks a question and has the e-mail address erased, in ${lang}`, async () => {
			const page = await browser.newPage(), text = `누가 제 글을 읽습니까? ${place}`;
			page.setDefaultTimeout(120000);
			const press = (what) => Promise.all([page.waitForNavigation(), page.locator(what).click()]);

			await page.goto(`${url}/${lang}/systems/${SLUG}`);
			await press(`::-p-aria([name="${TEXTS[lang].ask}"][role="link"])`);
			await page.locator('[name="text"]').click();
			await page.keyboard.type(text);
			await page.locator('[name="email"]').click();
			await page.keyboard.type("citizen@example.kr");
			await press('form:has(textarea[name="text"]) button');
			assert.match(page.url(), /\/feedback\/[0-9a-f]{32}$/);
			assert.ok((await page.$eval("main", (main) => main.innerText)).includes(text));
			await press('form[action$="/forget"] button');
			assert.match(page.url(), /\?erased=1$/);
			assert.equal(await page.$('form[action$="/forget"]'), null);
			await page.close();
		});

await browser.close();
await register.stop();
proxy.stop();
finish();
