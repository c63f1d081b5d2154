# Sourced by the scripts that start servers.

# Whether process $1 has ended with all that it held open. Its first thread is a zombie while others still run, and they keep its sockets open till they end too.
gone() {
  kill -0 "$1" 2>/dev/null || return 0
  grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null && [ "$(ls "/proc/$1/task" 2>/dev/null | wc -l)" -le 1 ]
}
