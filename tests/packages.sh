#!/bin/sh
# Installs those of the named Debian packages that are missing, and lists them. Needs no network if none is
# missing.
missing=
for package; do
	dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $package"
done
[ -z "$missing" ] && exit 0
echo "installing Debian packages:$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "not root, and there is no sudo; as root, run: apt-get install$missing" >&2
		exit 1
	}
	as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # a list of words is meant
if ! $as_root apt-get install -y --no-install-recommends $missing >build-deps.log 2>&1; then
	# A machine that never asked for the package lists has none.
	$as_root apt-get update >>build-deps.log 2>&1 &&
		$as_root apt-get install -y --no-install-recommends $missing >>build-deps.log 2>&1 || {
		tail -20 build-deps.log >&2
		exit 1
	}
fi
rm -f build-deps.log
