/* lib.mjs - claims, a register that is served, a Chromium, and a proxy that lies on demand. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const ORIGIN = "ai.gimhae.example/log";
const GAYA = process.env.GAYA || "build/gaya";
const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";

/* --- claims --- */

let passed = 0, failed = 0;
const pages = new Set();

/* What a failure's reader asks first: which pages are open, and what they say is wrong. */
async function openPages() {
	const told = [...pages].filter((page) => !page.isClosed()).map(async (page) =>
		`${page.url()} ${(await page.locator("[role=alert]:visible").allInnerTexts().catch(String)).toString()} ${page.faults}`);

	return (await Promise.all(told)).join("\n");
}

/* A sentence, and what may contradict it by throwing. With CLAIM set, only sentences that have it. */
export async function claim(sentence, work) {
	if (!sentence.includes(process.env.CLAIM || ""))
		return;
	const began = performance.now();
	try {
		await work();
		passed++;
		console.log(`ok - ${sentence}${process.env.TIMES ? ` (${Math.round(performance.now() - began)} ms)` : ""}`);
	} catch (e) {
		failed++;
		console.log(`not ok - ${sentence}\n${`${e.stack || e}\n${await openPages()}`.replace(/^/gm, "    ")}`);
	}
}

/* --- registers --- */

export const work = mkdtempSync(join(tmpdir(), "gaya-browser-"));
const running = new Set();

export function gaya(...args) {
	return execFileSync(GAYA, args, {encoding: "utf8", stdio: ["ignore", "pipe", "pipe"]});
}

/* The demo city, a copy of the one that the other suites use. It takes a second to make, and a dozen suites want it. */
export function demoCity(data) {
	execFileSync("bash", ["-c", '. "$0"; demo_city "$1"; finish', "tests/cli/lib.sh", data], {stdio: ["ignore", "ignore", "inherit"]});
}

/* Publishes what waits of a system. */
export function approve(data, system) {
	const {filings} = JSON.parse(gaya("office", "--data", data, "waiting", "--json"));
	const {filing} = filings.find((one) => one.system === system);

	gaya("office", "--data", data, "approve", system, String(filing));
}

/* From here on every program that is started has a clock that is so many days ahead. */
export function later(days) {
	const [library] = readdirSync("/usr/lib").map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
		.filter((path) => existsSync(path));

	assert.ok(library, "faketime is needed (make deps-test)");
	Object.assign(process.env, {LD_PRELOAD: [library, process.env.LD_PRELOAD].filter(Boolean).join(":"),
		FAKETIME: `+${days}d`});
}

/* Serves a register's folder on a free port: {url, stop()}. */
export function serve(data, ...options) {
	return run("serve", "--data", data, "--listen", "127.0.0.1:0", "--feedback-limit", "0", ...options);
}

/* Serves a verified copy of the register at `url`. */
export function mirror(url, data) {
	return run("mirror", url, "--data", data, "--listen", "127.0.0.1:0");
}

function run(...args) {
	const server = spawn(GAYA, args);
	const ended = new Promise((done) => server.on("exit", done));
	let out = "", err = "";

	running.add(server);
	server.stderr.on("data", (text) => err += text);
	return new Promise((done, failed_) => {
		server.on("exit", (status) => failed_(new Error(`gaya ${args[0]}: ${status}: ${err}`)));
		server.stdout.on("data", (text) => {
			out += text;
			const url = /serving at (\S+)\n/.exec(out)?.[1];
			if (url)
				done({url, stop: () => (server.kill(), running.delete(server), ended)});
		});
	});
}

/* Asks as a citizen does: the receipt's code. */
export async function ask(url, slug, text) {
	const answer = await fetch(`${url}/ko/systems/${slug}/feedback`, {method: "POST",
		redirect: "manual", body: new URLSearchParams({text, lang: "ko", name: "", email: "", leave_empty: ""})});
	const code = /([0-9a-f]{32})/.exec(answer.headers.get("location") || "")?.[1];

	if (!code)
		throw new Error(`no receipt: ${answer.status}`);
	return code;
}

/* --- the server that lies --- */

/* Passes everything on to `upstream` but what `tamper(path, body)` changes: it gives back other
 * bytes, or {status, body}, or nothing to let the answer be. Headers stay as they were, but a tag only where nobody lies. */
export async function liar(upstream) {
	const proxy = {upstream, tamper: () => undefined, slow: 0, asked: []};

	const pass = async (request, response) => {
		const {host, connection, ...headers} = request.headers;
		const answer = await fetch(proxy.upstream + request.url,
			{headers: {...headers, "accept-encoding": "identity"}, redirect: "manual"});
		const body = Buffer.from(await answer.arrayBuffer());
		const lie = proxy.tamper(request.url, body);
		const {status, body: bytes} = lie?.status ? lie : {status: answer.status, body: lie || body};

		proxy.asked.push(request.url);
		if (proxy.slow && request.url.startsWith("/log/"))
			await new Promise((done) => setTimeout(done, proxy.slow));
		for (const [name, value] of answer.headers)
			if (!["content-length", "connection", "keep-alive", "transfer-encoding"].includes(name) &&
				(name !== "etag" || request.url.startsWith("/static/")))
				response.setHeader(name, value);
		response.writeHead(status).end(bytes);
	};
	/* A page may still ask when the register behind has stopped. */
	const server = http.createServer((request, response) =>
		pass(request, response).catch(() => response.destroy()));
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	proxy.port = server.address().port;
	proxy.url = `http://127.0.0.1:${proxy.port}`;
	proxy.stop = () => server.close();
	/* Every reader of a test gets an honest proxy first. */
	proxy.honest = (to = upstream) => Object.assign(proxy,
		{upstream: to, tamper: () => undefined, slow: 0, asked: []});
	return proxy;
}

/* --- https --- */

/* A proxy as a city has it: https for `name` outside, plain http to `upstream` inside, under
 * another Host. Its certificate is its own work. */
export async function secured(name) {
	const key = join(work, "tls.key"), cert = join(work, "tls.crt");
	execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`,
		"-keyout", key, "-out", cert], {stdio: "ignore"});
	const proxy = {upstream: undefined};
	const server = https.createServer({key: readFileSync(key), cert: readFileSync(cert)}, (request, response) => {
		const {host, ...headers} = request.headers;
		const onward = http.request(proxy.upstream + request.url, {method: request.method,
			headers: {...headers, "x-forwarded-for": request.socket.remoteAddress}}, (answer) => {
			response.writeHead(answer.statusCode, answer.headers);
			answer.pipe(response);
		});
		onward.on("error", () => response.destroy());
		request.pipe(onward);
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	proxy.url = `https://${name}:${server.address().port}`;
	proxy.stop = () => server.close();
	return proxy;
}

export function flip(body, at, bit = 1) {
	const changed = Buffer.from(body);

	changed[at] ^= bit;
	return changed;
}

/* --- the browser --- */

export async function openBrowser(...flags) {
	return chromium.launch({executablePath: CHROMIUM, args: ["--headless", "--no-sandbox",
		"--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync",
		"--host-resolver-rules=MAP *.example 127.0.0.1", ...flags]});
}

/* A reader with a memory of their own. What the page complains of is kept in `faults`. */
export async function reader(browser, options = {}) {
	const context = await browser.newContext({locale: "ko-KR", timezoneId: "Asia/Seoul", ...options});
	const page = await context.newPage();

	page.faults = [];
	pages.add(page);
	page.on("pageerror", (e) => page.faults.push(String(e)));
	page.on("console", (m) => {
		/* A status that the test made is told by the browser as an error, too, and that plain http
		 * has no use for a header. */
		if (m.type() === "error" && !/^Failed to load resource|^The Cross-Origin-Opener-Policy header has been ignored/
			.test(m.text()))
			page.faults.push(m.text());
	});
	return page;
}

let AXE;

/* Nothing on the page breaks a rule of axe's. The page must pass the Content-Security-Policy by (`bypassCSP`). Contrasts, a
 * third of axe's work, are judged in Korean alone: a text's colours are the same in each language, and whoever looks at a
 * kind of page looks at it in both. Of axe's report, 60 kB, only the violations leave the page. */
export async function accessible(page, where = page.url()) {
	AXE ??= readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
	/* page.evaluate() would pass its 500 kB through an eval. The session stays: its end would take a virtual authenticator
	 * away. */
	page.session ??= await page.context().newCDPSession(page);
	await page.session.send("Runtime.evaluate", {expression: AXE});
	const violations = await page.evaluate(async () => {
		const contrast = document.documentElement.lang === "ko";
		const report = await axe.run({resultTypes: ["violations"], rules: {"color-contrast": {enabled: contrast}}});

		return report.violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 160)).join(" | ")}`);
	});
	assert.deepEqual(violations, [], where);
}

export const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

/* The page is accessible, complains of nothing, and is not wider than the screen. */
export async function sound(page, where = page.url()) {
	await accessible(page, where);
	assert.ok(await fits(page), `${where} is too wide`);
	assert.deepEqual(page.faults, [], where);
}

/* A reader who forgets everything when told to: as good as a new one, and there at once. The cache is left: all but style
 * and script is fetched anew in any case. */
export async function forgetful(browser, options = {}) {
	const page = await reader(browser, options);
	const session = await page.context().newCDPSession(page);

	page.forget = async (origin) => {
		page.faults = [];
		await session.send("Storage.clearDataForOrigin", {origin, storageTypes: "all"});
	};
	return page;
}

/* Presses the control, from within the page, and returns what it says in the end. The page tells when it is there: to
 * ask again and again would have it draw a frame each time. A mouse, a key and a finger press it in click_test.mjs. */
export async function press(page) {
	return page.evaluate(async () => {
		const section = document.querySelector("#verify"), text = (selector) => document.querySelector(selector)?.innerText ?? "";
		const button = section.querySelector(":scope > button");
		const over = () => section.querySelector(".verdict") && !button.hasAttribute("aria-busy");

		button.click();
		await new Promise((done, failed_) => {
			const watch = new MutationObserver(() => over() && done());
			watch.observe(section, {subtree: true, childList: true, attributes: true});
			setTimeout(() => failed_(new Error(`no verdict: ${section.innerText}`)), 120000);
			if (over())
				done();
		});
		return {
			how: document.querySelector("#verify .verdict").className.replace("verdict ", ""),
			sentence: text("#verify .verdict > p"),
			all: text("#verify .result"),
			evidence: document.querySelector("#verify .verdict pre")?.textContent ?? "",
			steps: [...document.querySelectorAll("#verify li")].map((li) =>
				({how: li.className, text: li.querySelector("p")?.textContent ?? ""})),
		};
	});
}

export async function visit(page, url) {
	await page.goto(url, {waitUntil: "load"});
	return press(page);
}

/* However it ends, nothing is left running or lying about. */
process.on("exit", () => {
	for (const server of running)
		server.kill();
	rmSync(work, {recursive: true, force: true});
});

export function finish() {
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed ? 1 : 0);
}
