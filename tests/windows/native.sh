#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# native.sh PIXFER DRIVER: on Windows itself, in the shell that git brings along, what tool.sh does under Wine and needs no other program.

set -euo pipefail
pixfer=$(realpath "$1") driver=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0
fail() { printf 'FAILED: %s\n' "$*"; failures=$((failures + 1)); }
status() {
    local expected=$1 found=0
    shift
    "$@" >out 2>err </dev/null || found=$?
    [ "$found" = "$expected" ] || { fail "$*: status $found, expected $expected"; cat err; }
}
says() { grep -qF -- "$1" err || fail "stderr is '$(cat err)', expected it to contain '$1'"; }
ended() { [ "$(tr -d '\r' <out)" = "$1" ] || { fail "the program ended with $(cat out), expected $1"; cat err; }; }

raw=(--size 256x128 --format rgba --fps 30 --encoder libx264)
head -c $((256 * 128 * 4 * 45)) /dev/urandom >in.rgba
status 0 "$pixfer" export in.rgba "${raw[@]}" -q -o one.mp4
[ ! -e one.mp4.part ] || fail "one.mp4.part stays behind"
status 0 "$pixfer" export in.rgba "${raw[@]}" -q -o 'Größe 日本.mp4'
cmp one.mp4 'Größe 日本.mp4' || fail "another name makes another file"
"$pixfer" export - "${raw[@]}" -q -o piped.mp4 <in.rgba || fail "export from standard input"
cmp one.mp4 piped.mp4 || fail "standard input makes another file"
cat in.rgba | "$pixfer" convert --size 256x128 - -o - >piped.nv12 || fail "convert through pipes"
status 0 "$pixfer" convert --size 256x128 in.rgba -o file.nv12
cmp piped.nv12 file.nv12 || fail "pipes change bytes"
status 1 "$pixfer" export in.rgba "${raw[@]}" -q -o one.mp4
says "one.mp4 exists; --overwrite replaces it"
status 0 "$pixfer" export in.rgba "${raw[@]}" -q -y -o one.mp4
status 1 "$pixfer" export in.rgba "${raw[@]}" -q -o 'none/out.mp4'
says "create the folder first"
status 0 "$driver" end "$pixfer" export - "${raw[@]}" -q -o end.mp4
ended 0
status 0 "$driver" kill "$pixfer" export - "${raw[@]}" -q -o killed.mp4
ended 137
status 0 "$pixfer" export killed.mp4.part -q --encoder libx264 -o saved.mp4
status 0 "$driver" interrupt "$pixfer" export - "${raw[@]}" -q -o interrupted.mp4
ended 130
status 0 "$pixfer" export interrupted.mp4 -q --encoder libx264 -o again.mp4
status 0 "$driver" closed "$pixfer" convert --size 256x128 - -o -
ended 1
[ "$failures" = 0 ] || { echo "$failures failures"; exit 1; }
