#!/usr/bin/env python3
"""Reads an Atom feed as RFC 4287 has it and prints what it says, a line an entry: term, slug-or-href, updated,
title. Complains, and exits with 1, where it is not one. Arguments: file, the server's address."""
import re
import sys
import xml.etree.ElementTree as tree
from datetime import datetime

ATOM = "{http://www.w3.org/2005/Atom}"
DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")
IRI = re.compile(r"^tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:[A-Za-z0-9._~%/-]+$")


def one(parent, name):
    found = parent.findall(ATOM + name)
    assert len(found) == 1, f"{len(found)} of <{name}>"
    return found[0]


def text(parent, name):
    value = one(parent, name).text or ""
    assert value.strip(), f"<{name}> is empty"
    assert one(parent, name).get("type", "text") == "text"
    return value


def when(parent):
    value = text(parent, "updated")
    assert DATE.match(value), f"<updated> is {value}"
    return datetime.fromisoformat(value.replace("Z", "+00:00"))


def link(parent, rel, kind):
    found = [x for x in parent.findall(ATOM + "link") if x.get("rel") == rel]
    assert len(found) == 1 and found[0].get("type") == kind, f"link {rel}"
    return found[0].get("href")


def check(path, base):
    feed = tree.parse(path).getroot()
    assert feed.tag == ATOM + "feed", feed.tag
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") in ("ko", "en")
    ids = [text(feed, "id")]
    text(feed, "title")
    text(one(feed, "author"), "name")
    assert link(feed, "self", "application/atom+xml").startswith(base + "/")
    assert link(feed, "alternate", "text/html").startswith(base + "/")
    changed = when(feed)
    assert changed <= datetime.now(changed.tzinfo), "the feed is from the future"
    moments = []
    for entry in feed.findall(ATOM + "entry"):
        ids.append(text(entry, "id"))
        text(entry, "summary")
        moments.append(when(entry))
        href = link(entry, "alternate", "text/html")
        assert href.startswith(base + "/"), href
        print(one(entry, "category").get("term"), href[len(base):], text(entry, "updated"), text(entry, "title"))
    assert moments == sorted(moments, reverse=True), "not newest first"
    assert len(set(ids)) == len(ids), "an id is there twice"
    for i in ids:
        assert IRI.match(i), i


try:
    check(*sys.argv[1:])
except (AssertionError, tree.ParseError) as wrong:
    sys.exit(f"{sys.argv[1]}: {wrong}")
