#!/bin/sh
# kill -9 at any moment; see kill.py. ROUNDS is how often (25).
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/crash/kill.py
