#!/usr/bin/env python3
"""A server that takes letters: smtp_sink.py plain|starttls|tls CERTIFICATE KEY FILE. Prints "port N", and
adds a line of JSON to FILE for each letter. It ends when it is killed."""
import email
import email.policy
import json
import socket
import ssl
import sys

mode, certificate, key, path = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)


def letter(lines, to):
    message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
    with open(path, "a", encoding="utf-8") as out:
        print(json.dumps({"to": to, "subject": str(message["Subject"]), "text": message.get_content(),
            "date": str(message["Date"])}), file=out)


def talk(connection):
    lines = connection.makefile("rb")

    def say(text):
        connection.sendall(text.encode() + b"\r\n")

    to = ""
    say("220 sink")
    while line := lines.readline():
        word = line.strip().upper()
        if word.startswith(b"EHLO"):
            say("250-sink\r\n250 STARTTLS" if mode == "starttls" and not isinstance(connection, ssl.SSLSocket) else "250 sink")
        elif word == b"STARTTLS" and mode == "starttls":
            say("220 go on")
            connection = context.wrap_socket(connection, server_side=True)
            lines = connection.makefile("rb")
        elif word.startswith(b"RCPT"):
            to = line.decode().split("<")[1].split(">")[0]
            say("250 ok")
        elif word == b"DATA":
            say("354 go on")
            letter(list(iter(lines.readline, b".\r\n")), to)
            say("250 taken")
        elif word == b"QUIT":
            say("221 bye")
            return
        elif word.startswith((b"MAIL", b"RSET")):
            say("250 ok")
        else:
            say("502 unknown")


while True:
    client, _ = listener.accept()
    try:
        talk(context.wrap_socket(client, server_side=True) if mode == "tls" else client)
    except OSError:
        pass
