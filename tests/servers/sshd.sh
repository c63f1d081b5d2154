#!/bin/bash
# sshd.sh install            install OpenSSH's server and client where they are missing
# sshd.sh start DIR [PORT]   start a throwaway sshd on 127.0.0.1 (PORT absent or 0: a free one is picked)
# sshd.sh stop  DIR          end the daemon and every session it forked (by recorded pid / process group)
# Everything lives in DIR: sshd_config hostkey userkey(.pub) authorized_keys known_hosts port pid log env
# Nothing of /etc/ssh, ~/.ssh or the system sshd is read or written. Works as root and as a plain user
# (as a plain user only that same user can log in). Key login only, sftp only.
set -u
cmd=${1:?install|start|stop}
if [ "$cmd" = install ]; then
  if [ -x "$(command -v sshd || echo /usr/sbin/sshd)" ] && command -v ssh >/dev/null && command -v ssh-keygen >/dev/null; then exit 0; fi
  if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
  $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends openssh-server openssh-client >/dev/null
  exit
fi
D=${2:?dir}
SSHD=$(command -v sshd || echo /usr/sbin/sshd)       # sshd insists on being run by absolute path

stop() {
  [ -s "$D/pid" ] || return 0
  local p; p=$(cat "$D/pid")
  # Sessions setsid() away from the listener, so end the children first, then the listener.
  local kids; kids=$(cat /proc/"$p"/task/*/children 2>/dev/null)
  for k in $kids; do
    kill $(cat /proc/"$k"/task/*/children 2>/dev/null) "$k" 2>/dev/null
  done
  kill "$p" 2>/dev/null
  # A zombie waiting for pid 1 to reap it (slow in some containers) counts as ended.
  for _ in $(seq 100); do case $(sed 's/.*) //;s/ .*//' "/proc/$p/stat" 2>/dev/null) in ''|Z|X) break;; esac; sleep 0.02; done
  rm -f "$D/pid"
}

if [ "$cmd" = stop ]; then stop; exit 0; fi

mkdir -p "$D" && chmod 700 "$D" && D=$(cd "$D" && pwd)
[ -f "$D/hostkey" ] || ssh-keygen -q -t ed25519 -N '' -C coffer-test-host -f "$D/hostkey"
[ -f "$D/userkey" ] || ssh-keygen -q -t ed25519 -N '' -C coffer-test-user -f "$D/userkey"
cp "$D/userkey.pub" "$D/authorized_keys"
[ "$(id -u)" = 0 ] && mkdir -p -m 0755 /run/sshd     # privsep dir; absent where no systemd made it

want=${3:-0}
for try in 1 2 3 4 5 6 7 8; do
  port=$want; [ "$port" = 0 ] && port=$(( 20000 + (RANDOM * 32768 + RANDOM) % 12000 ))  # below ip_local_port_range
  cat > "$D/sshd_config" <<EOC
${SSHD_EXTRA:-# SSHD_EXTRA goes first: in sshd_config the first value of a keyword wins}
ListenAddress 127.0.0.1
Port $port
HostKey $D/hostkey
PidFile $D/pid
AuthorizedKeysFile $D/authorized_keys
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
X11Forwarding no
AllowTcpForwarding no
AllowAgentForwarding no
PermitTTY no
PermitUserRC no
PrintMotd no
UseDNS no
LogLevel VERBOSE
MaxStartups 200:30:400
MaxSessions 100
LoginGraceTime 20
Subsystem sftp internal-sftp
ForceCommand internal-sftp
EOC
  rm -f "$D/pid"
  "$SSHD" -f "$D/sshd_config" -E "$D/log" || { echo "sshd refused its config" >&2; tail -5 "$D/log" >&2; exit 1; }
  # sshd daemonises, then binds, then writes the pid file: the pid file is the ready signal.
  for _ in $(seq 200); do [ -s "$D/pid" ] && break; sleep 0.01; done
  if [ -s "$D/pid" ]; then
    echo "$port" > "$D/port"
    echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$D/hostkey.pub")" > "$D/known_hosts"
    printf 'SFTP_PORT=%s\nSFTP_KEY=%s\nSFTP_KNOWN=%s\nSFTP_USER=%s\nSFTP_PID=%s\n' \
      "$port" "$D/userkey" "$D/known_hosts" "$(id -un)" "$(cat "$D/pid")" > "$D/env"
    cat "$D/env"; exit 0
  fi
  [ "$want" = 0 ] || break
done
echo "sshd did not come up" >&2; tail -5 "$D/log" >&2; exit 1
