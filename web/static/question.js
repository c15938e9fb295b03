/* question.js - the office's page of a question. It puts selected words between the marks that mask them,
 * and adds a language to the answer without losing what is written. Without this script, people type
 * the marks, and the server sends the page again with the language. */
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
(() => {
	const form = document.getElementById("add-tongue"), all = document.getElementById("tongues");

	if (!form || !all)
		return;
	form.addEventListener("submit", (event) => {
		const choice = form.elements.also.selectedOptions[0], entry = all.lastElementChild.cloneNode(true);
		const [label, area] = [entry.querySelector("label"), entry.querySelector("textarea")];
		const name = label.querySelector(".lang");

		event.preventDefault();
		if (!choice)
			return;
		name.textContent = choice.textContent;
		name.lang = area.lang = choice.value;
		label.htmlFor = area.id = `text-${choice.value}`;
		area.name = `text.${choice.value}`;
		area.value = "";
		all.append(entry);
		choice.remove();
		area.focus();
	});
})();
