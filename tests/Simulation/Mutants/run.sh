#!/usr/bin/env bash
# Puts one mistake after another into a copy of the vault, and lets the simulator look for it.
#
#   run.sh [NAME...] [--seeds N] [--workers N] [--clean N]
#
#   NAME         a patch of this folder, with or without .patch; all of them when none is named
#   --seeds N    a mutant that N seeds do not catch is not caught (default 2000)
#   --workers N  simulators side by side (default: one for each core)
#   --clean N    so many seeds of the vault as it is come first, and must be clean (default 100)
#
# Prints a table. The exit code is 0 when every mutant was caught, 1 when one was not, 2 when something could not be tried.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
seeds=2000
workers=$(nproc)
clean=100
patience=900
names=()

fail() {
    echo "$*" >&2
    exit 2
}

while (($# > 0)); do
    case $1 in
        --seeds | --workers | --clean)
            [[ ${2:-} =~ ^[0-9]+$ ]] || fail "'$1' needs a number."
            printf -v "${1#--}" %s "$2"
            shift
            ;;
        -*) fail "'$1' is not known. Usage: run.sh [NAME...] [--seeds N] [--workers N] [--clean N]" ;;
        *) names+=("$(basename "$1" .patch)") ;;
    esac
    shift
done
((workers > 0)) || fail "'--workers' needs one at least."
if ((${#names[@]} == 0)); then
    for patch in "$here"/*.patch; do
        names+=("$(basename "$patch" .patch)")
    done
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/coffer-mutants.XXXXXX")
copy=$folder/coffer
simulator=$copy/tests/Simulation/bin/Release/net10.0/Coffer.Simulation
vault=$copy/tests/Simulation/bin/Release/net10.0/Coffer.Vault.dll
# No repository around the copy may take part in what git does in it.
export GIT_CEILING_DIRECTORIES=$folder
running=()

# Ends a simulator of ours, and removes what it leaves behind.
end() {
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    rm -rf "/dev/shm/coffer-simulation-$1" "${TMPDIR:-/tmp}/coffer-simulation-$1"
}

finish() {
    local pid
    for pid in "${running[@]}"; do
        end "$pid"
    done
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A mutant need not be tidy, so nothing but the compiler looks at it.
build() {
    (cd "$copy" && dotnet build tests/Simulation -c Release -v q --nologo -clp:ErrorsOnly -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false "$@") >"$folder/build.log" 2>&1
}

# Lives through the seeds $1 to $2, by several simulators at a time, a chunk each. Sets 'seed' to the first seed with a violation (0 for none), and 'sign' to the violation's first line.
look() {
    local from=$1 to=$2 size=10 pid output line first code
    seed=0
    sign=
    while ((from <= to && seed == 0)); do
        local -A outputs=()
        local -A firsts=()
        running=()
        while ((${#running[@]} < workers && from <= to)); do
            ((size <= to - from + 1)) || size=$((to - from + 1))
            output=$folder/from-$from.log
            "$simulator" --from "$from" --seeds "$size" --single --workers 1 --cut 0 >"$output" 2>&1 &
            running+=($!)
            outputs[$!]=$output
            firsts[$!]=$from
            from=$((from + size))
        done
        for pid in "${running[@]}"; do
            first=${firsts[$pid]}
            local began=$SECONDS
            while kill -0 "$pid" 2>/dev/null && ((SECONDS - began < patience)); do
                sleep 0.2
            done
            code=0
            if kill -0 "$pid" 2>/dev/null; then
                end "$pid"
                line="seed $first: this seed, or one of the next $((size - 1)), goes on for ever"
            else
                wait "$pid" || code=$?
                line=$(grep -m 1 -E '^seed [0-9]+: ' "${outputs[$pid]}" || true)
            fi
            if ((code == 2 || code == 4)); then
                cat "${outputs[$pid]}" >&2
                fail "The simulator does not work."
            elif ((code > 1)) && [[ -z $line ]]; then
                line="seed $first: in this seed, or one of the next $((size - 1)), the simulator ends with $code: $(grep -v '^ *$' "${outputs[$pid]}" | tail -n 1)"
            fi
            if ((seed == 0)) && [[ $line =~ ^seed\ ([0-9]+):\ (.*)$ ]]; then
                seed=${BASH_REMATCH[1]}
                sign=${BASH_REMATCH[2]}
            fi
            rm -f "${outputs[$pid]}"
        done
        running=()
        size=50
    done
}

# Bash reads a script as it goes; a function it has read as a whole, so that the script may be edited meanwhile.
main() {
    mkdir "$copy"
    (cd "$root" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [[ -f $file ]] && printf '%s\0' "$file"; done | tar --null -T - -cf -) | tar -xf - -C "$copy"
    cd "$copy"
    for name in "${names[@]}"; do
        [[ -f $here/$name.patch ]] || fail "There is no mutant '$name' in $here."
        git apply --check "$here/$name.patch" || fail "The mutant '$name' does not apply any more: look for what it breaks in the code of today, and write it anew."
    done
    build || { cat "$folder/build.log" >&2; fail "The vault does not build."; }
    whole=$(sha256sum <"$vault")
    if ((clean > 0)); then
        look 1 "$clean"
        ((seed == 0)) || fail "The vault without a mutant has a violation, so nothing can be said of the mutants. Seed $seed: $sign"
    fi

    missed=0
    untried=0
    echo '| mutant | caught by | seeds |'
    echo '| --- | --- | --- |'
    for name in "${names[@]}"; do
        git apply "$here/$name.patch"
        if ! build --no-restore; then
            cat "$folder/build.log" >&2
            echo "| \`$name\` | it does not build | |"
            untried=$((untried + 1))
        elif [[ $(sha256sum <"$vault") == "$whole" ]]; then
            echo "| \`$name\` | the build did not change Coffer.Vault.dll | |"
            untried=$((untried + 1))
        else
            look 1 "$seeds"
            if ((seed > 0)); then
                # Names and ids say nothing to who reads the table.
                sign=$(sed -E 's/[A-Za-z0-9_-]{26,}=*/…/g' <<<"$sign")
                ((${#sign} <= 120)) || sign=${sign:0:119}…
                echo "| \`$name\` | ${sign//|/\\|} | $seed |"
            else
                echo "| \`$name\` | **not caught** | more than $seeds |"
                missed=$((missed + 1))
            fi
        fi
        git apply -R "$here/$name.patch"
    done
    echo
    echo "${#names[@]} mutants, $((${#names[@]} - missed - untried)) caught, $missed not caught, $untried not tried"
    ((untried == 0)) || exit 2
    ((missed == 0)) || exit 1
}

main; exit
