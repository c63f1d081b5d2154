#!/usr/bin/env bash
# Starts again what kill.sh ended: on the same port, with the same data. It answers when this returns.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "${1:?usage: revive.sh DIR s3|azure}" && pwd)
case ${2:?usage: revive.sh DIR s3|azure} in
  s3) . "$dir/ceph.env"; "$here/ceph-s3.sh" revive ;;
  azure) "$here/azurite.sh" revive "$dir/azurite" ;;
  *) echo "'$2' cannot be revived: s3 or azure" >&2; exit 2 ;;
esac
