# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Sourced: the folder of the sources, the tool of this system, a scratch folder that goes at the end.

set -euo pipefail
source=$1 native=$2 full_disk=$3
build=$source/build/windows
command -v wine >/dev/null || { echo "found no wine"; exit 77; }
[ -e "$build/tools/pixfer/pixfer.exe" ] || { echo "found no build for Windows"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export LC_ALL=C.UTF-8
failures=0

fail() { printf 'FAILED: %s\n' "$*"; failures=$((failures + 1)); }
wine_run() { "$source/scripts/windows" wine "$@"; }
pixfer() { wine_run "$build/tools/pixfer/pixfer.exe" "$@"; }
# status EXPECTED COMMAND...: what it prints is in `out` and `err`.
status() {
    local expected=$1 found=0
    shift
    "$@" >out 2>err </dev/null || found=$?
    [ "$found" = "$expected" ] || { fail "$*: status $found, expected $expected"; cat err; }
}
says() { grep -qF -- "$1" err || { fail "stderr is '$(cat err)', expected it to contain '$1'"; }; }
same() { cmp "$1" "$2" || fail "$1 differs from $2"; }
frames_of() { ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0 "$1" | tr -d ,; }
finish() { [ "$failures" = 0 ] || { echo "$failures failures"; exit 1; }; }
