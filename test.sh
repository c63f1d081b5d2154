#!/usr/bin/env bash
# Installs what the tests need, builds everything, and runs all tests. Ends with a line 'N passed, N failed'; fails when a test does.
# With CI=true it also checks that the code is formatted as .editorconfig says.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

need() { # command package: the tests compare folders, send signals, and mount small file systems
    command -v "$1" >/dev/null && return
    echo "installing $2"
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
    { [ -n "${updated:-}" ] || $sudo apt-get update -qq; } && updated=1 && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "$2" >/dev/null \
        || { echo "'$1' is needed by the tests, and Debian's package '$2' could not be installed"; exit 1; }
}
command -v dotnet >/dev/null || { echo "the .NET SDK that global.json names is needed: https://dot.net"; exit 1; }
need diff diffutils
need mount mount
need chattr e2fsprogs
need curl curl

passed=0 failed=0
fail() { failed=$((failed + 1)); echo "FAILED: $1"; }

dotnet build Coffer.slnx -c Release --nologo -v quiet /clp:ErrorsOnly || { fail build; echo "0 passed, $failed failed"; exit 1; }

if [ "${CI:-}" = true ]; then
    # Style and analyzers are part of the build, where each warning is an error; what is left of 'dotnet format' is white space.
    if dotnet format whitespace Coffer.slnx --verify-no-changes --no-restore; then passed=$((passed + 1)); else fail "dotnet format"; fi
fi

# Tests that start hundreds of processes take programs that were compiled ahead, as people's are: each starts in half the time.
ready=$PWD/artifacts/ready
platform=$(dotnet --info | sed -n 's/^ *RID: *//p')
publish() { # PROJECT: into a folder of its name
    dotnet publish "$1" -c Release -r "$platform" --self-contained false -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false -p:PublishSingleFile=false \
        -p:RunAnalyzers=false -o "$ready/$(basename "$1")" --nologo -v quiet /clp:ErrorsOnly || fail "publish of $1"
}
publish src/Cli
publish tests/Vault.Tests
export COFFER_TEST_TOOL=$ready/Cli/coffer

# The real servers, on loopback; where COFFER_TEST_S3_URL and its siblings point at others, those are used.
log=$(mktemp)
servers=$(mktemp -d "${TMPDIR:-/tmp}/coffer-XXXXXX")
trap 'tests/servers/down.sh "$servers"; rm -rf "$log" "$servers"' EXIT
if tests/servers/up.sh "$servers"; then
    set -a; . "$servers/env"; set +a
else
    fail "a server that tests need did not start"
fi

run_tests() { # TITLE EXECUTABLE [ARGUMENTS...]
    echo "== $1"
    "${@:2}" -noLogo -noColor >"$log" 2>&1
    local code=$? summary bad
    grep -v -E '^ *(Discovering|Discovered|Starting|Finished):' "$log"
    summary=$(grep -E 'Total: +[0-9]+, Errors: +[0-9]+, Failed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -n 1)
    count() { sed -E "s/.*$1: +([0-9]+).*/\1/" <<<"$summary"; }
    if [ -z "$summary" ] || [ "$(count Total)" = 0 ]; then fail "$1 ran no test"; return; fi
    bad=$(($(count Errors) + $(count Failed) + $(count Skipped)))
    passed=$((passed + $(count Total) - $(count Failed) - $(count Skipped)))
    failed=$((failed + bad))
    if [ "$code" != 0 ] && [ "$bad" = 0 ]; then fail "$1 ended with $code"; fi
}

for project in tests/*.Tests; do
    name=Coffer.$(basename "$project")
    program=$ready/$(basename "$project")/$name
    [ -x "$program" ] || program=$project/bin/Release/net10.0/$name
    run_tests "$name" "$program"
done

# The vault's own end-to-end tests once more, on a server of each kind. One that did not start counted as a failure above.
for url in "${COFFER_TEST_S3_URL:-}" "${COFFER_TEST_SFTP_URL:-}" "${COFFER_TEST_AZURE_URL:-}"; do
    [ -n "$url" ] || continue
    COFFER_TEST_VAULT_STORE=$url run_tests "Coffer.Vault.Tests on ${url%%:*}" "$ready/Vault.Tests/Coffer.Vault.Tests" \
        -class '*.A_users_day' -class '*.Lessons' -class '*.Access_rules' -class '*.Many_processes' -class '*.Request_counts' -class '*.Reading_a_folder'
done

echo "== simulation"
if tests/Simulation/bin/Release/net10.0/Coffer.Simulation --from 1 --seeds 100; then passed=$((passed + 1)); else fail simulation; fi

echo "== many threads on one vault"
if tests/Exploration/bin/Release/net10.0/Coffer.Exploration --executions 40; then passed=$((passed + 1)); else fail "many threads on one vault"; fi

echo "== fuzzing"
if tests/Fuzzing/bin/Release/net10.0/Coffer.Fuzzing --cases 40000; then passed=$((passed + 1)); else fail fuzzing; fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
