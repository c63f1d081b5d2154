#!/usr/bin/env bash
# Starts the servers that the tests talk to, on free ports of loopback, installing what is missing:
#   up.sh DIR [s3] [sftp] [azure]      all three when none is named
# and writes what the tests need to know to DIR/env, for:  set -a; . DIR/env; set +a
# What COFFER_TEST_S3_URL, COFFER_TEST_SFTP_URL or COFFER_TEST_AZURE_URL points at already is used as it is, and not started.
# End them with: down.sh DIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?usage: up.sh DIR [s3] [sftp] [azure]}; shift
[ $# -gt 0 ] || set -- s3 sftp azure
mkdir -p "$dir"; dir=$(cd "$dir" && pwd)
: >"$dir/env"

free_ports() { # COUNT -> the first of as many free ports in a row, below ip_local_port_range
  local first i
  for _ in $(seq 1 50); do
    first=$((10000 + (RANDOM * 32768 + RANDOM) % 9000))
    for ((i = 0; i < $1; i++)); do (exec 3<>"/dev/tcp/127.0.0.1/$((first + i))") 2>/dev/null && continue 2; done
    echo "$first"; return 0
  done
  echo "no $1 free ports in a row were found" >&2; return 1
}

s3() {
  [ -z "${COFFER_TEST_S3_URL:-}" ] || return 0
  local port; port=$(free_ports 50)
  cat >"$dir/ceph.env" <<EOC
export CEPH_S3_DIR=$dir/ceph CEPH_S3_PORT=$port CEPH_S3_MON_PORT=$((port + 1)) CEPH_S3_OSD_PORT_MIN=$((port + 3)) CEPH_S3_OSD_PORT_MAX=$((port + 42))
EOC
  . "$dir/ceph.env"
  "$here/ceph-s3.sh" start
  cat >>"$dir/env" <<EOC
COFFER_TEST_S3_URL='s3://coffer-test?endpoint=http://127.0.0.1:$port&region=us-east-1&create=true'
AWS_ACCESS_KEY_ID=testaccesskey
AWS_SECRET_ACCESS_KEY=testsecretkey1234567890
EOC
}

sftp() {
  [ -z "${COFFER_TEST_SFTP_URL:-}" ] || return 0
  "$here/sshd.sh" install
  "$here/sshd.sh" start "$dir/sshd" >/dev/null
  . "$dir/sshd/env"
  mkdir -p "$dir/sftp"
  cat >>"$dir/env" <<EOC
COFFER_TEST_SFTP_URL='sftp://$SFTP_USER@127.0.0.1:$SFTP_PORT$dir/sftp?identityFile=$SFTP_KEY&knownHosts=$SFTP_KNOWN&create=true'
EOC
}

azure() {
  [ -z "${COFFER_TEST_AZURE_URL:-}" ] || return 0
  "$here/azurite.sh" start "$dir/azurite"
  { cat "$dir/azurite/env"; echo "COFFER_TEST_AZURE_URL='azblob://devstoreaccount1/coffer-test?create=true'"; } >>"$dir/env"
}

for server in "$@"; do
  case $server in
    s3 | sftp | azure) "$server" ;;
    *) echo "there is no server '$server': s3, sftp or azure" >&2; exit 2 ;;
  esac
done
