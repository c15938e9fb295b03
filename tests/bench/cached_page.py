#!/usr/bin/env python3
"""A cached record page against nginx with the same bytes in a file, in turns."""
import os, shutil, subprocess, time
from bench import *

CONF = os.path.join(HERE, 'nginx.conf')


class Nginx:
    def __init__(self, files, sendfile):
        self.folder, self.port = os.path.join(WORK, 'nginx'), free_port()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, 'root'))
        for name, body in files.items():
            open(os.path.join(self.folder, 'root', name), 'wb').write(body)
        conf = open(CONF).read().replace('FOLDER', self.folder).replace('PORT', str(self.port))
        self.conf = os.path.join(self.folder, 'nginx.conf')
        open(self.conf, 'w').write(conf.replace('SENDFILE', sendfile))

    def __enter__(self):
        self.process = subprocess.Popen(['nginx', '-p', self.folder, '-c', self.conf, '-g', 'daemon off;'],
                                        stderr=subprocess.DEVNULL)
        Client(self.port, patience=10).close()
        return self

    def cpu(self):
        return family_cpu(self.process.pid)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def turn(server, encoding, threads):
    """Requests a second, and µs of the server's processor time for each."""
    before = server.cpu()
    rate, total = wrk(server.url, encoding=encoding, threads=threads)
    return rate, (server.cpu() - before) / total * 1e6


def alternate(ours, theirs, encoding, threads):
    for server in ours, theirs:
        wrk(server.url, seconds=1, encoding=encoding, threads=threads)
    turns = [(turn(ours, encoding, threads), turn(theirs, encoding, threads)) for _ in range(RUNS)]
    rates = [Sample([t[i][0] for t in turns], '/s') for i in (0, 1)]
    costs = [Sample([t[i][1] for t in turns], 'µs of CPU', 1) for i in (0, 1)]
    return rates, costs


def better(files):
    """nginx with sendfile or without, whichever is faster here: it is to be seen at its best."""
    rates = {}
    for sendfile in 'on', 'off':
        with Nginx(files, sendfile) as theirs:
            rates[sendfile] = max(wrk(f'http://127.0.0.1:{theirs.port}/page.html', seconds=1)[0] for _ in range(3))
    return max(rates, key=rates.get)


def compare(ours, theirs, path, encoding, body, target, sendfile):
    # nginx-light has no module for br, so its file is not named by the encoding; the bytes are the same.
    name = '/page.br' if encoding == 'br' else '/page.html'
    ours.url, theirs.url = ours.base + path, f'http://127.0.0.1:{theirs.port}{name}'
    # The same bytes, or it is no comparison.
    assert Client(theirs.port).page(name, encoding) == body
    assert Client(ours.port).page(path, encoding) == body
    for threads in 2, 1:
        (a, b), (cost, their_cost) = alternate(ours, theirs, encoding, threads)
        ratio = pairs(a, b)
        what = f'cached record page, {len(body):,} bytes{", " + encoding if encoding else ""}, wrk -t{threads} -c64'
        row(what, a, f'nginx (sendfile {sendfile}) {b}', ratio, f'≥ {target:g}', ratio.median >= target)
        row('  one such request costs the server', cost, f'nginx {their_cost}', pairs(cost, their_cost))


def measure():
    """A cached record page, 64 connections."""
    if not shutil.which('nginx'):
        raise Skip('nginx is not installed')
    path = '/ko/systems/cctv-control'
    with Server(demo()) as ours:
        client = Client(ours.port)
        page, packed, br = client.page(path), client.page(path, 'gzip'), client.page(path, 'br')
        files = {'page.html': page, 'page.html.gz': packed, 'page.br': br}
        sendfile = better(files)
        with Nginx(files, sendfile) as theirs:
            for encoding, body, target in (None, page, 1), ('gzip', packed, 1.2), ('br', br, 1.2):
                compare(ours, theirs, path, encoding, body, target, sendfile)


run(measure)
