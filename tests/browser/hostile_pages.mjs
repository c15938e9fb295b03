/* hostile_pages.mjs - opens pages that hold payloads, each with the session that sees it, and says which ran
 * something: hostile_pages.mjs URL FILE, of tests/attack/office_test.sh. */
import { readFileSync } from "node:fs";
import { openBrowser, reader } from "./lib.mjs";

const [url, file] = process.argv.slice(2);
const browser = await openBrowser(), wrong = [];
const page = await reader(browser), asked = [];

page.on("dialog", (dialog) => (wrong.push(`${page.url()}: a dialogue`), dialog.dismiss()));
page.on("request", (request) => request.url().startsWith(url) || asked.push(request.url()));
for (const [path, cookie] of JSON.parse(readFileSync(file, "utf8"))) {
	const [name, value] = cookie.split("=");

	await page.context().addCookies([{name, value, domain: "127.0.0.1", path: "/", secure: true, httpOnly: true}]);
	const answer = await page.goto(url + path);
	if (answer.status() !== 200 || page.url().includes("sign-in"))
		wrong.push(`${path}: ${answer.status()}`);
	if (await page.evaluate(() => window.pwned))
		wrong.push(`${path}: ran payload ${await page.evaluate(() => window.pwned)}`);
}
/* A page that had code in it would be held by its policy, which the browser complains about. */
wrong.push(...page.faults, ...asked.map((to) => `asked ${to}`));
console.log(wrong.slice(0, 20).join("\n"));
await browser.close();
process.exit(wrong.length ? 1 : 0);
