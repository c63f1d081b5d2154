#!/usr/bin/env bash
# Azurite, the emulator of Azure Blob Storage, on loopback, for tests.
#   azurite.sh install            into $COFFER_TEST_TOOLS (default: ~/.cache/coffer-tests), from npm; once
#   azurite.sh start DIR [PORT]   PORT absent or 0: a free one is picked; writes DIR/env; every start is empty
#   azurite.sh stop  DIR          ends it by the process id that start recorded
#   azurite.sh kill  DIR          ends it without notice (SIGKILL); its data stays: what it had written by then, which it does every five seconds
#   azurite.sh revive DIR         starts what was killed again, on the same port with the same data
set -euo pipefail
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/process.sh"

VERSION=3.37.0
TOOLS=${COFFER_TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/coffer-tests}
HOME_OF=$TOOLS/azurite-$VERSION
MAIN=$HOME_OF/node_modules/azurite/dist/src/blob/main.js

say() { echo "azurite: $*" >&2; }

install() {
  [ -f "$HOME_OF/complete" ] && return 0
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
    $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends nodejs npm >/dev/null
  fi
  mkdir -p "$TOOLS"
  # Made beside its place and moved there whole, so that a cut-off install is not taken for one.
  local fresh; fresh=$(mktemp -d "$TOOLS/installing-XXXXXX")
  if ! npm install --prefix "$fresh" --no-audit --no-fund --loglevel=error "azurite@$VERSION" >"$fresh/log" 2>&1; then
    cat "$fresh/log" >&2; rm -rf "$fresh"; say "npm could not install azurite@$VERSION"; return 1
  fi
  touch "$fresh/complete"
  rm -rf "$HOME_OF"
  mv -T "$fresh" "$HOME_OF" 2>/dev/null || { rm -rf "$fresh"; [ -f "$HOME_OF/complete" ]; }
}

is_ours() { local p; p=$(cat "$1/pid" 2>/dev/null) && tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -qF -- "--location $1/data "; }
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

stop() {
  if is_ours "$1"; then
    local p; p=$(cat "$1/pid")
    kill -TERM "$p" 2>/dev/null || true
    for _ in $(seq 1 100); do gone "$p" && break; sleep 0.05; done
    gone "$p" || kill -KILL "$p" 2>/dev/null || true
  fi
  rm -rf "$1/pid" "$1/port" "$1/data"
}

launch() { # DIR PORT
  setsid node "$MAIN" --silent --disableTelemetry --skipApiVersionCheck --location "$1/data" --blobHost 127.0.0.1 --blobPort "$2" \
    </dev/null >"$1/log" 2>&1 &
  echo $! >"$1/pid"
  echo "$2" >"$1/port"
  for _ in $(seq 1 300); do
    answers "$2" && is_ours "$1" && return 0
    gone "$(cat "$1/pid")" && return 1
    sleep 0.05
  done
  return 1
}

kill_it() {
  local dir p; dir=$(cd "$1" && pwd)
  is_ours "$dir" || { say "it does not run in $dir"; return 1; }
  p=$(cat "$dir/pid")
  kill -KILL "$p"
  for _ in $(seq 1 200); do gone "$p" && break; sleep 0.02; done
  rm -f "$dir/pid"
}

revive() {
  local dir; dir=$(cd "$1" && pwd)
  is_ours "$dir" && return 0
  launch "$dir" "$(cat "$dir/port")" || { say "did not come up again"; cat "$dir/log" >&2; return 1; }
}

start() {
  local dir=$1 want=${2:-0} port
  mkdir -p "$dir"; dir=$(cd "$dir" && pwd)
  stop "$dir"
  for _ in 1 2 3 4 5 6 7 8; do
    port=$want; [ "$port" = 0 ] && port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))  # below ip_local_port_range
    answers "$port" && { [ "$want" = 0 ] && continue; say "port $port is in use"; return 1; }
    launch "$dir" "$port" && {
      echo "AZURE_STORAGE_CONNECTION_STRING='DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:$port/devstoreaccount1;'" >"$dir/env"
      return 0
    }
    stop "$dir"
    [ "$want" = 0 ] || break
  done
  say "did not come up"; cat "$dir/log" >&2; return 1
}

case ${1:-} in
  install) install ;;
  start) install; start "${2:?DIR}" "${3:-0}" ;;
  stop) stop "${2:?DIR}" ;;
  kill) kill_it "${2:?DIR}" ;;
  revive) revive "${2:?DIR}" ;;
  *) echo "usage: $0 install | start DIR [PORT] | stop DIR | kill DIR | revive DIR" >&2; exit 2 ;;
esac
