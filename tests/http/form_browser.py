"""A browser without scripts, as far as forms go: reads a page's forms, fills them in, sends them.

    b = Browser("http://127.0.0.1:8080", session)
    page = b.get("/ko/office/drafts")
    page = b.send(page.form(has="system"), system="x")   # follows the answer's redirect
"""
import html.parser
import http.client
import re
import urllib.parse

# Reading every tag of a page takes longer than making it: these are what a form is made of, links, and what has an id.
REST = r"""\b(?:[^>"']|"[^"]*"|'[^']*')*>"""
OF_FORMS = re.compile(rf"""<textarea{REST}.*?</textarea>|<(?:form|a|input|button|select|option){REST}|</select>|"""
                      rf"""<[a-z0-9]+(?=[^>"']*(?:"[^"]*"[^>"']*)*\sid=){REST}""", re.S)


class Page(html.parser.HTMLParser):
    def __init__(self, status, path, text):
        super().__init__()
        self.status, self.path, self.text = status, path, text

    def __getattr__(self, name):
        if name not in ("forms", "links", "ids"):
            raise AttributeError(name)
        self.forms, self.links, self.ids = [], [], []
        self.area = self.select = None
        self.feed("".join(OF_FORMS.findall(self.text)))
        return getattr(self, name)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if "id" in a:
            self.ids.append(a["id"])
        if tag == "form":
            self.forms.append({"action": a.get("action", self.path), "method": a.get("method", "get"),
                               "fields": [], "buttons": []})
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        if not self.forms or not a.get("name") and tag not in ("option",):
            return
        fields = self.forms[-1]["fields"]
        if tag == "input":
            if a.get("type") in ("radio", "checkbox") and "checked" not in a:
                return
            fields.append([a["name"], a.get("value") or ""])
        elif tag == "button":
            self.forms[-1]["buttons"].append((a["name"], a.get("value") or ""))
        elif tag == "textarea":
            self.area = [a["name"], ""]
        elif tag == "select":
            self.select = [a["name"], None]
        elif tag == "option" and self.select:
            if self.select[1] is None or "selected" in a:
                self.select[1] = a.get("value") or ""

    def handle_data(self, data):
        if self.area is not None:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            text = self.area[1]
            self.area[1] = (text[1:] if text.startswith("\n") else text).replace("\n", "\r\n")
            self.forms[-1]["fields"].append(self.area)
            self.area = None
        elif tag == "select" and self.select:
            self.forms[-1]["fields"].append([self.select[0], self.select[1] or ""])
            self.select = None

    def form(self, has):
        """The form that has a field, or a button, of this name."""
        for form in self.forms:
            if any(name == has for name, _ in form["fields"] + form["buttons"]):
                return form
        raise LookupError(f"{self.path} ({self.status}): no form with {has}")


class Browser:
    def __init__(self, base, session=""):
        self.host = urllib.parse.urlsplit(base).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        self.headers = {"Cookie": f"__Host-gaya={session}"} if session else {}

    def answer(self, *request):
        self.connection.request(*request)
        return self.connection.getresponse()

    def ask(self, method, path, body=None, follow=True):
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        path = urllib.parse.quote(path.split("#")[0], safe="/?=&%-_.")
        try:
            answer = self.answer(method, path, body, headers)
        except http.client.RemoteDisconnected:  # a connection that stayed idle: browsers open another
            if method != "GET":
                raise
            answer = self.answer(method, path, body, headers)
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("__Host-gaya="):
                self.headers["Cookie"] = cookie.split(";")[0]
        location = answer.getheader("Location")
        if location and follow and answer.status == 303:
            page = self.ask("GET", location)
            page.location = location
            return page
        page = Page(answer.status, path, text)
        page.location = location
        return page

    def get(self, path):
        return self.ask("GET", path)

    def send(self, form, button=None, follow=True, **changed):
        """`changed`: values by name ("." is written "__" in Python's names); None leaves a field out."""
        changed = {name.replace("__", "."): value for name, value in changed.items()}
        pairs = []
        for name, value in form["fields"]:
            new = changed.pop(name, value)
            if new is not None:
                pairs.append((name, new))
        pairs += [(name, value) for name, value in changed.items() if value is not None]
        if button:
            pairs.append(("do", button))
        return self.ask("POST", form["action"], urllib.parse.urlencode(pairs), follow)
