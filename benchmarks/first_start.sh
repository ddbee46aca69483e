#!/usr/bin/env bash
# Seconds from `make chat` in a fresh clone to the page answering: with pip's cache as it is, with none (cold), and a second start.
#   benchmarks/first_start.sh [cold]
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
clone=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$clone"' EXIT
[ "${1:-}" = cold ] && export PIP_NO_CACHE_DIR=1
export KHABAR_PORT=${KHABAR_PORT:-7869}
git clone -q "$source" "$clone/khabar"
cd "$clone/khabar"

seconds_to_page() {
  local began=$SECONDS
  make chat >"$clone/log" 2>&1 &
  server=$!
  until curl -sf "http://127.0.0.1:$KHABAR_PORT/api/status" >/dev/null; do
    kill -0 "$server" 2>/dev/null || { cat "$clone/log"; exit 1; }
    sleep 0.2
  done
  echo $((SECONDS - began))
  pkill -P "$server" || true
  wait "$server" 2>/dev/null || true
}

echo "fresh clone${1:+, $1 pip cache}: $(seconds_to_page) s"
echo "second start: $(seconds_to_page) s"
