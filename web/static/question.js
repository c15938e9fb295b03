/* question.js - the office's page of a question: words that are selected are put between the marks that
 * mask them. Without it the marks are typed. */
"use strict";
(() => {
	const text = document.getElementById("marked"), mark = document.getElementById("mark");

	if (!text || !mark)
		return;
	mark.hidden = false;
	mark.addEventListener("click", () => {
		const {selectionStart: from, selectionEnd: to, value} = text, {open, close} = text.dataset;

		if (from !== to)
			text.setRangeText(open + value.slice(from, to) + close, from, to, "end");
		text.focus();
	});
})();
