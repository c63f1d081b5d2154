#!/usr/bin/env bash
# Ends one of the servers that up.sh started in DIR without notice, and keeps what it stored; it is gone when this returns. revive.sh starts it again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "${1:?usage: kill.sh DIR s3|azure}" && pwd)
case ${2:?usage: kill.sh DIR s3|azure} in
  s3) . "$dir/ceph.env"; "$here/ceph-s3.sh" kill ;;
  azure) "$here/azurite.sh" kill "$dir/azurite" ;;
  *) echo "'$2' cannot be killed: s3 or azure" >&2; exit 2 ;;
esac
