/* ask.js - gives a question's form the code that its receipt will have, so that a question that is sent twice, by a second
 * click or after the Back button, is one question with one receipt (web/pages/submit.h). The code is kept with the page's
 * place in the history, because not every browser puts a hidden field back as it was. Without this script each sending is
 * a question of its own. */
"use strict";
addEventListener("pageshow", () => {
	const once = document.querySelector("input[name=once]");

	if (!once || once.value) /* a form that comes back has it; there, replaceState() would lose what was sent */
		return;
	once.value = history.state?.once || Array.from(crypto.getRandomValues(new Uint8Array(16)),
		(b) => b.toString(16).padStart(2, "0")).join("");
	history.replaceState({...history.state, once: once.value}, "");
});
