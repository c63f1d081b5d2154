#!/usr/bin/env bash
# Single-node Ceph RADOS Gateway (S3) on loopback, for tests. Debian 12: ceph-mon ceph-osd radosgw 16.2.15.
#   ceph-s3.sh install | start | stop | status | restart | kill | revive
# Every start is a fresh, empty cluster. kill ends the gateway without notice (SIGKILL), and revive starts it again on the same port with the same data: for
# tests of a server that dies. Needs root (or a user that may write $CEPH_S3_DIR).
set -euo pipefail
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/process.sh"

DIR=${CEPH_S3_DIR:-${TMPDIR:-/tmp}/coffer-ceph}  # absolute, short path (unix socket names); removed and made anew by every start
PORT=${CEPH_S3_PORT:-18080}              # S3 endpoint: http://127.0.0.1:$PORT
MON_PORT=${CEPH_S3_MON_PORT:-18090}      # v2; v1 is MON_PORT+1
OSD_PORT_MIN=${CEPH_S3_OSD_PORT_MIN:-18100}
OSD_PORT_MAX=${CEPH_S3_OSD_PORT_MAX:-18139}
ACCESS_KEY=${CEPH_S3_ACCESS_KEY:-testaccesskey}
SECRET_KEY=${CEPH_S3_SECRET_KEY:-testsecretkey1234567890}
STORE=${CEPH_S3_STORE:-memstore}         # memstore | bluestore (sparse file under $DIR)
STORE_BYTES=${CEPH_S3_STORE_BYTES:-8589934592}
CONF=$DIR/ceph.conf
export CEPH_CONF=$CONF CEPH_ARGS=

say() { echo "ceph-s3: $*" >&2; }

install() {
  if command -v curl >/dev/null && command -v ceph-mon >/dev/null && command -v ceph-osd >/dev/null && command -v radosgw >/dev/null; then return 0; fi
  if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
  $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends curl ceph-mon ceph-osd radosgw >/dev/null
}

# alive NAME -> 0 if the pid in NAME.pid is one of ours (command line names our conf)
alive() {
  local p; p=$(cat "$DIR/$1.pid" 2>/dev/null) || return 1
  [ -r "/proc/$p/cmdline" ] && tr '\0' ' ' <"/proc/$p/cmdline" | grep -qF -- "-c $CONF "
}
spawn() { # NAME cmd...
  local n=$1; shift
  setsid "$@" </dev/null >"$DIR/log/$n.out" 2>&1 &
  echo $! >"$DIR/$n.pid"
}
wait_for() { # SECONDS NAME DESCRIPTION cmd...   (fails at once when the process NAME has ended)
  local end=$((SECONDS + $1)) n=$2 what=$3; shift 3
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ] || ! alive "$n"; then say "timed out waiting for $what, or it ended"; tail -q -n 5 "$DIR"/log/*.out "$DIR"/log/client.rgw.log >&2 || true; return 1; fi
    sleep 0.1
  done
}
http_up() { alive rgw && curl -s -m 2 "http://127.0.0.1:$PORT/" | grep -q ListAllMyBucketsResult; }
port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || { say "port $1 is in use"; return 1; }; }

stop() {
  local n p i
  for n in rgw osd mon; do
    if alive $n; then
      p=$(cat "$DIR/$n.pid")
      [ $n = rgw ] && kill -TERM "$p" 2>/dev/null || kill -KILL "$p" 2>/dev/null || true
      for i in $(seq 1 50); do
        gone "$p" && break
        if [ "$i" = 30 ] && alive $n; then kill -KILL "$p" 2>/dev/null || true; fi
        sleep 0.1
      done
    fi
    rm -f "$DIR/$n.pid"
  done
}

start() {
  if alive mon && alive osd && alive rgw && http_up; then say "already running on 127.0.0.1:$PORT"; return 0; fi
  stop
  port_free "$PORT"; port_free "$MON_PORT"; port_free $((MON_PORT + 1))
  rm -rf "$DIR"; mkdir -p "$DIR"/{mon,osd,run,log}
  local fsid osd_uuid; fsid=$(cat /proc/sys/kernel/random/uuid); osd_uuid=$(cat /proc/sys/kernel/random/uuid)
  cat >"$CONF" <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$MON_PORT,v1:127.0.0.1:$((MON_PORT + 1))]
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms mon client mode = crc
ms bind ipv4 = true
ms bind ipv6 = false
ms bind port min = $OSD_PORT_MIN
ms bind port max = $OSD_PORT_MAX
run dir = $DIR/run
admin socket =
log file = $DIR/log/\$name.log
log to stderr = false
err to stderr = true
keyring = $DIR/keyring
crash dir = $DIR/log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000

[mon]
mon data = $DIR/mon
mon cluster log file = $DIR/log/cluster.log
mon data avail warn = 2
mon data avail crit = 1
paxos propose interval = 0.05
paxos min wait = 0.01

[osd]
osd data = $DIR/osd
osd objectstore = $STORE
memstore device bytes = $STORE_BYTES
bluestore block create = true
bluestore block size = $STORE_BYTES
bluestore fsck on mount = false
osd memory target = 1073741824
osd class update on start = false
osd crush update on start = true
osd crush location = root=default host=localhost

[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$PORT tcp_nodelay=1
rgw data = $DIR/run
rgw enable apis = s3, admin
rgw enable usage log = false
rgw enable ops log = false
rgw dynamic resharding = false
rgw override bucket index max shards = 1
rgw thread pool size = 64
rgw gc obj min wait = 5
rgw gc processor period = 5
rgw gc processor max time = 5
CONF
  : >"$DIR/keyring"
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$MON_PORT,v1:127.0.0.1:$((MON_PORT + 1))]" "$DIR/monmap" >/dev/null
  ceph-mon -c "$CONF" --mkfs -i a --monmap "$DIR/monmap" >"$DIR/log/mon-mkfs.out" 2>&1
  spawn mon ceph-mon -c "$CONF" -i a -f
  wait_for 30 mon "the monitor" ceph -c "$CONF" --connect-timeout 2 mon stat
  ceph -c "$CONF" osd new "$osd_uuid" >/dev/null
  ceph-osd -c "$CONF" -i 0 --mkfs --osd-uuid "$osd_uuid" >"$DIR/log/osd-mkfs.out" 2>&1
  spawn osd ceph-osd -c "$CONF" -i 0 -f
  wait_for 30 osd "the OSD" bash -c "ceph -c '$CONF' osd stat | grep -q '1 up'"
  radosgw-admin -c "$CONF" -n client.rgw user create --uid=test --display-name=test \
    --access-key="$ACCESS_KEY" --secret-key="$SECRET_KEY" >"$DIR/log/user.json" 2>"$DIR/log/user.err" ||
    { cat "$DIR/log/user.err" >&2; return 1; }
  start_gateway
  say "S3 on http://127.0.0.1:$PORT  access=$ACCESS_KEY secret=$SECRET_KEY"
}

kill_gateway() {
  alive rgw || { say "the gateway does not run"; return 1; }
  local p; p=$(cat "$DIR/rgw.pid")
  kill -KILL "$p"
  for _ in $(seq 1 200); do gone "$p" && break; sleep 0.02; done
  rm -f "$DIR/rgw.pid"
}
start_gateway() {
  spawn rgw radosgw -c "$CONF" -n client.rgw -f
  wait_for 60 rgw "the gateway" http_up
}
revive() {
  alive mon && alive osd || { say "the cluster does not run"; return 1; }
  alive rgw || start_gateway
}

status() { local n; for n in mon osd rgw; do if alive $n; then echo "$n $(cat "$DIR/$n.pid") $(awk '/VmRSS/{print $2/1024 " MiB"}' "/proc/$(cat "$DIR/$n.pid")/status")"; else echo "$n down"; fi; done; }

case ${1:-} in
  install) install ;;
  start) install; start ;;
  stop) stop ;;
  restart) stop; start ;;
  status) status ;;
  kill) kill_gateway ;;
  revive) revive ;;
  *) echo "usage: $0 install|start|stop|restart|status|kill|revive" >&2; exit 2 ;;
esac
