#!/bin/sh
# First step of every npm script: makes a bare clone ready. Costs a few milliseconds when nothing is to do.
set -eu
cd "$(dirname "$0")/.."

# npm writes this file last.
installed=node_modules/.package-lock.json
if [ -e "$installed" ] && [ ! package-lock.json -nt "$installed" ] && [ -e node_modules/.bin/node ]; then exit 0; fi

# Two of us at once would delete each other's files. Without flock (util-linux) there is no such guard.
if [ -z "${OFFSHOOT_SETUP_LOCKED:-}" ] && command -v flock >/dev/null; then
  mkdir -p .cache
  OFFSHOOT_SETUP_LOCKED=1 exec flock .cache/setup.lock sh tools/setup.sh
fi

echo 'offshoot: installing the development tools' >&2
# The versions of package-lock.json, which is left as it is. Not npm ci: that refuses the whole lock when the registry
# lacks a tool's build for another platform. The system's Node may be older than what the tools ask for (npm would warn);
# they run with node_modules/.bin/node instead.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error >"$log" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
  cat "$log" >&2
  echo "offshoot: npm failed (status $status)" >&2
  exit "$status"
fi
# npm does not touch it when there was nothing to change.
touch "$installed"
