#!/bin/sh
# kill -9 at random moments; see kill.py. ROUNDS is the number of kills (25).
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/crash/kill.py
