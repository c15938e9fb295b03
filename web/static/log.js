/* log.js - a transparency log as its reader sees it: keys, signed notes, tiles, Merkle proofs.
 *
 * Written from the C2SP specifications (signed-note, tlog-checkpoint, tlog-tiles) and RFC 9162,
 * with fetch and WebCrypto, which every browser has. It knows no records or pages; verify.js does.
 * It believes only what the signature or a hash proves: a server that sends other bytes than the
 * signed ones is found out, and `Fault` says where. */
"use strict";

const TransparencyLog = (() => {

/* Why a check failed: a key of messages/verify.*.json and its values. `open`: the check could not be
 * made, because there was no answer; else it was made and found false. */
class Fault extends Error {
	constructor(key, values = {}, open = false) {
		super(key);
		Object.assign(this, {key, values, open});
	}
}

function ensure(truth, key, values) {
	if (!truth)
		throw new Fault(key, values);
}

/* --- bytes --- */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true});

function textOf(bytes) {
	try {
		return decoder.decode(bytes);
	} catch {
		throw new Fault("not_text");
	}
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/* Strict: accepts only the text that we would print for these bytes (RFC 4648 section 4). */
function fromBase64(text) {
	let binary = null;

	try {
		binary = atob(text);
	} catch {
		/* said below */
	}
	ensure(binary !== null && btoa(binary) === text, "bad_base64");
	return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

async function sha256(...parts) {
	const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
	let at = 0;

	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

/* A number in its only valid spelling, small enough to be exact: 2^53 entries are enough for a city. */
function number(text) {
	ensure(/^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text)),
		"bad_number");
	return Number(text);
}

/* --- keys and notes (c2sp.org/signed-note) --- */

/* <name>+<8 hex of id>+<base64(0x01 || key)>; the base64 may itself hold "+". */
async function parseKey(text) {
	const parts = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);

	ensure(parts, "bad_key");
	const [, name, id, base64] = parts;
	const typed = fromBase64(base64);
	const hash = await sha256(encoder.encode(name + "\n"), typed);
	ensure(typed.length === 33 && typed[0] === 1 && hex(hash.subarray(0, 4)) === id, "bad_key");
	return {text, name, id, raw: typed.subarray(1)};
}

function parseNote(bytes) {
	const text = textOf(bytes), cut = text.lastIndexOf("\n\n");

	ensure(cut >= 0 && text.endsWith("\n") && !/[\x00-\x09\x0b-\x1f]/.test(text), "bad_note");
	const signatures = text.slice(cut + 2, -1).split("\n").map((line) => {
		const parts = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);

		ensure(parts, "bad_note");
		const blob = fromBase64(parts[2]);
		ensure(blob.length > 4, "bad_note");
		return {name: parts[1], id: hex(blob.subarray(0, 4)), bytes: blob.subarray(4)};
	});
	return {text: text.slice(0, cut + 1), signatures};
}

async function verifyEd25519(raw, signature, message) {
	const kind = {name: "Ed25519"};
	const key = await crypto.subtle.importKey("raw", raw, kind, false, ["verify"]);

	return crypto.subtle.verify(kind, key, signature, message);
}

const hasLineOf = (note, {name, id}) =>
	note.signatures.some((line) => line.name === name && line.id === id);

/* There must be a line of the key, and each of its lines must verify. Lines of other keys (a
 * witness's, the log's next key) are not looked at. */
async function verifyNote(note, key) {
	const {name, id} = key;
	const lines = note.signatures.filter((line) => line.name === name && line.id === id);

	ensure(lines.length > 0, "no_signature", {name, id});
	for (const line of lines)
		ensure(await verifyEd25519(key.raw, line.bytes, encoder.encode(note.text)),
			"bad_signature", {name, id});
}

/* Can this browser verify an Ed25519 signature? It must accept the example of the signed-note
 * specification, and refuse the same signature under another text. */
async function canVerify() {
	const text = "This is an example message.\n";
	const line = "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z" +
		"tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
	const vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

	try {
		const key = await parseKey(vkey);
		const note = parseNote(encoder.encode(text + "\n" + line));

		await verifyNote(note, key);
		note.text += "\n";
		return await verifyNote(note, key).then(() => false, () => true);
	} catch {
		return false;
	}
}

/* The three lines of c2sp.org/tlog-checkpoint. Extensions after them are ignored. */
function parseCheckpoint(text) {
	const lines = text.split("\n");

	ensure(lines.length >= 4, "bad_checkpoint");
	const root = fromBase64(lines[2]);
	ensure(root.length === 32, "bad_checkpoint");
	return {origin: lines[0], size: number(lines[1]), root};
}

/* A proof of one entry (c2sp.org/tlog-proof): its extra data, the hashes, the checkpoint. */
function parseProof(bytes) {
	const parts = /^c2sp\.org\/tlog-proof@v1\n(?:extra ([^\n]+)\n)?index ([0-9]+)\n((?:[^\n]+\n)*)\n([^]+)$/
		.exec(textOf(bytes));

	ensure(parts, "bad_proof");
	const path = parts[3].split("\n").slice(0, -1).map(fromBase64);
	ensure(path.every((hash) => hash.length === 32), "bad_proof");
	return {extra: parts[1] && textOf(fromBase64(parts[1])), index: number(parts[2]), path,
		note: parseNote(encoder.encode(parts[4]))};
}

/* The keys in a statement of the log's keys, a checkpoint that lists those which sign from then on. */
function parseKeyLines(text) {
	const lines = text.split("\n").slice(3, -1);

	ensure(lines.length > 0 && lines.every((line) => line.startsWith("key ")), "bad_checkpoint");
	return lines.map((line) => line.slice(4));
}

/* --- Merkle trees (RFC 9162 section 2.1) --- */

const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1);
const leafHash = (entry) => sha256(LEAF, entry);
const nodeHash = (left, right) => sha256(NODE, left, right);
const half = (n) => Math.floor(n / 2); /* not >> 1: sizes may pass 2^32 */
const isPowerOfTwo = (n) => n === 1 || (n % 2 === 0 && isPowerOfTwo(n / 2));

/* A place on the way from a leaf to the root: number `at` among the nodes of one level, whose last
 * is `last`. up() goes above the next sibling and returns whether that is the left one. A last node
 * without a sibling moves up unchanged. */
function climb(at, last) {
	const level = () => {
		at = half(at);
		last = half(last);
	};
	return {
		level,
		isRight: () => at % 2 === 1,
		atRoot: () => last === 0,
		up() {
			const left = at % 2 === 1 || at === last;

			while (left && at % 2 === 0 && at !== 0)
				level();
			level();
			return left;
		},
	};
}

async function checkInclusion(index, size, leaf, path, root) {
	const place = climb(index, size - 1);
	let hash = leaf;

	ensure(index < size, "no_such_entry", {index, size});
	for (const other of path) {
		ensure(!place.atRoot(), "bad_inclusion", {index});
		hash = place.up() ? await nodeHash(other, hash) : await nodeHash(hash, other);
	}
	ensure(place.atRoot() && same(hash, root), "bad_inclusion", {index});
}

async function checkConsistency(oldSize, newSize, oldRoot, newRoot, path) {
	const fault = {old: oldSize, size: newSize};

	ensure(oldSize <= newSize, "smaller", fault);
	if (oldSize === 0 || oldSize === newSize) {
		ensure(path.length === 0 && (oldSize === 0 || same(oldRoot, newRoot)),
			"forked", fault);
		return;
	}
	/* If the old tree is perfect, both climbs start at its root, which the proof does not repeat. */
	const perfect = isPowerOfTwo(oldSize);
	const place = climb(oldSize - 1, newSize - 1);
	let fromOld = perfect ? oldRoot : path[0], fromNew = fromOld;

	ensure(path.length > 0, "forked", fault);
	while (place.isRight())
		place.level();
	for (const other of perfect ? path : path.slice(1)) {
		ensure(!place.atRoot(), "forked", fault);
		if (place.up()) {
			fromOld = await nodeHash(other, fromOld);
			fromNew = await nodeHash(other, fromNew);
		} else {
			fromNew = await nodeHash(fromNew, other);
		}
	}
	ensure(place.atRoot() && same(fromOld, oldRoot) && same(fromNew, newRoot),
		"forked", fault);
}

/* The root of the `n` > 0 leaves from `start`: one perfect node for each bit of n, the smallest
 * on the right. `node(height, index)` gives perfect nodes. */
async function rangeRoot(node, start, n) {
	let root = null;

	for (let height = 0, width = 1; width <= n; height++, width *= 2) {
		if (Math.floor(n / width) % 2 === 0)
			continue;
		/* The larger nodes are to the left of this one; their widths are multiples of 2 * width. */
		const before = Math.floor(n / (2 * width)) * 2 * width;
		const here = await node(height, (start + before) / width);
		root = root ? await nodeHash(here, root) : here;
	}
	return root;
}

/* RFC 6962's k: the largest power of two below n, where n > 1. */
function split(n) {
	let k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

/* Descends from the whole tree by halves. The halves that it does not enter are the proof. `goLeft`
 * chooses the half, `done` ends the descent. */
async function descend(node, size, done, goLeft) {
	const path = [];
	let start = 0, n = size;

	while (!done(start, n)) {
		const k = split(n);

		if (goLeft(start, k)) {
			path.unshift(await rangeRoot(node, start + k, n - k));
			n = k;
		} else {
			path.unshift(await rangeRoot(node, start, k));
			start += k;
			n -= k;
		}
	}
	return {path, start, n};
}

async function inclusionPath(node, index, size) {
	const {path} = await descend(node, size, (start, n) => n === 1,
		(start, k) => index - start < k);
	return path;
}

async function consistencyPath(node, oldSize, newSize) {
	if (oldSize === 0 || oldSize === newSize)
		return [];
	const {path, start, n} = await descend(node, newSize,
		(from, width) => oldSize - from === width, (from, k) => oldSize - from <= k);

	return start === 0 ? path : [await rangeRoot(node, start, n), ...path];
}

/* --- a log behind an address (c2sp.org/tlog-tiles) --- */

const SECONDS = 20;

/* Status and bytes, fresh from the server: a cached answer says nothing about the server now. */
async function get(path) {
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), SECONDS * 1000);

	try {
		const answer = await fetch(path,
			{cache: "no-store", redirect: "error", signal: stop.signal});

		if (answer.status >= 500 || answer.status === 429)
			throw new Fault("no_answer", {path, status: answer.status}, true);
		return {status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer())};
	} catch (e) {
		throw e instanceof Fault ? e : new Fault("no_answer", {path, status: "-"}, true);
	} finally {
		clearTimeout(timer);
	}
}

/* The server must have what the signed log names: a refusal is a fault, not an open check. */
async function need(path) {
	const {status, bytes} = await get(path);

	ensure(status === 200, "not_given", {path, status});
	return bytes;
}

/* 5 -> 005, 1234067 -> x001/x234/067 */
function tileName(n) {
	const last = String(n % 1000).padStart(3, "0");

	return n < 1000 ? last
		: `${tileName(Math.floor(n / 1000)).replace(/[0-9]{3}$/, "x$&")}/${last}`;
}

/* The root over a row of hashes; their number is a power of two. */
async function rowRoot(row) {
	while (row.length > 1)
		row = await Promise.all(Array.from({length: row.length / 2},
			(_, i) => nodeHash(row[2 * i], row[2 * i + 1])));
	return row[0];
}

/* The tree of a checkpoint. It reads only the tiles that it needs, and proves each: those at the
 * right edge must lead to the signed root, and a full one to its hash in the tile above it. So it
 * finds a changed tile, and can tell it from a changed entry. */
async function openTree(prefix, {origin, size, root}) {
	const tiles = new Map(); /* "level/n": a promise of its hashes */

	async function fetchTile(level, n) {
		const width = Math.min(256, Math.floor(size / 256 ** level) - 256 * n);
		const path = `${prefix}/tile/${level}/${tileName(n)}`;
		let answer = await get(width < 256 ? `${path}.p/${width}` : path);

		/* The server may drop a partial tile once the full one exists. */
		if (answer.status !== 200 && width < 256)
			answer = await get(path);
		ensure(answer.status === 200, "not_given", {path, status: answer.status});
		const bytes = answer.bytes;
		ensure(bytes.length === 32 * width || bytes.length === 32 * 256, "bad_tile", {path});
		const hashes = Array.from({length: width},
			(_, i) => bytes.subarray(32 * i, 32 * (i + 1)));
		if (width === 256)
			ensure(same(await rowRoot(hashes), await node(8 * (level + 1), n)),
				"bad_tile", {path});
		return hashes;
	}

	/* The hash of the 2^height leaves from index * 2^height, computed from hashes of one tile. */
	async function node(height, index) {
		const level = Math.floor(height / 8), span = 2 ** (height % 8);
		const n = Math.floor(index * span / 256), first = index * span % 256;
		const key = `${level}/${n}`;

		if (!tiles.has(key))
			tiles.set(key, fetchTile(level, n));
		return rowRoot((await tiles.get(key)).slice(first, first + span));
	}

	const edge = size > 0 ? await rangeRoot(node, 0, size) : await sha256();
	ensure(same(edge, root), "bad_edge", {size});
	return {
		origin,
		/* Returns an entry's bytes after proving that the tree has them at this place. */
		async entry(index) {
			ensure(index < size, "no_such_entry", {index, size});
			const bytes = await need(`${prefix}/entry/${index}`);
			const path = await inclusionPath(node, index, size);
			await checkInclusion(index, size, await leafHash(bytes), path, root);
			return {bytes, hashes: path.length};
		},
		/* Proves that an earlier tree is the beginning of this one. */
		async extends(old) {
			ensure(old.size <= size, "smaller", {old: old.size, size});
			const path = await consistencyPath(node, old.size, size);
			await checkConsistency(old.size, size, old.root, root, path);
		},
	};
}

return {
	Fault, canVerify, checkConsistency, checkInclusion, consistencyPath, encoder, ensure,
	fromBase64, get, hasLineOf, hex, inclusionPath, leafHash, need, openTree, parseCheckpoint, parseKey,
	parseKeyLines, parseNote, parseProof, sha256, textOf, tileName, verifyNote,
};

})();
