#!/bin/bash
# The origin of a form: what each browser says about it, and which forms are accepted or refused.
. "$(dirname "$0")/lib.sh"
demo
serve --base https://ai.gimhae.example
form=/ko/systems/smart-water/feedback
entries() { sql "SELECT count(*) FROM entry"; }

# Sec-Fetch-Site, Origin ("-" where the browser sends none; HERE is the address that was asked),
# the answer, and who says so
while read -r site origin want who; do
	headers=()
	[ "$site" = - ] || headers+=(-H "Sec-Fetch-Site: $site")
	[ "$origin" = - ] || headers+=(-H "Origin: ${origin/HERE/$url}")
	before=$(entries)
	get $form -d "text=$who" "${headers[@]}"
	check "$who: $want" all "status_is $want" "is $((before + (want == 303))) \"\$(entries)\""
	get /ko/feedback/00000000000000000000000000000000/forget -X POST "${headers[@]}"
	check "$who: alike for what a receipt erases" is "$((want == 403))" "$((status == 403))"
done <<-'END'
	same-origin null                        303 our page, over https or at home
	same-origin https://ai.gimhae.example   303 our page, where a browser names it
	same-origin https://old.gimhae.example  303 our page, under a name that the proxy did not tell
	none        null                        303 the reader, who loads a page again
	none        -                           303 the reader, in a browser without an origin
	-           null                        303 our page over plain http, or one that hides
	-           https://ai.gimhae.example   303 our page in a browser before Sec-Fetch-Site
	-           HERE                        303 our page by the address that was asked
	-           -                           303 a program
	later       null                        303 a word of later browsers, and no origin
	later       https://evil.example        403 a word of later browsers, and another origin
	same-site   null                        403 a neighbour's page that hides
	same-site   https://blog.gimhae.example 403 a neighbour's page
	same-site   https://ai.gimhae.example   403 a page of ours over the other scheme
	cross-site  null                        403 another site's page that hides
	cross-site  https://evil.example        403 another site's page
	cross-site  https://ai.gimhae.example   403 another site's page, whatever its origin
	cross-site  -                           403 another site's page without an origin
	-           https://evil.example        403 another site's page in a browser before Sec-Fetch-Site
	-           http://ai.gimhae.example    403 plain http, which anybody on the way can write
	-           https://ai.gimhae.example.evil.example 403 a name that begins like ours
END
all_done
