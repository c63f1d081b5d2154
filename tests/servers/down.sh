#!/usr/bin/env bash
# Ends the servers that up.sh started in DIR, by their process ids, and removes what they stored.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?usage: down.sh DIR}
[ -d "$dir" ] || exit 0
dir=$(cd "$dir" && pwd)
if [ -f "$dir/ceph.env" ]; then . "$dir/ceph.env"; "$here/ceph-s3.sh" stop; fi
"$here/sshd.sh" stop "$dir/sshd"
"$here/azurite.sh" stop "$dir/azurite"
rm -rf "$dir/ceph" "$dir/sftp"
