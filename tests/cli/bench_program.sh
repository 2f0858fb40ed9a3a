#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# The benchmark is a program of its own, found from where the tool lies; the tool links nothing of what it is measured beside.
source "$(dirname "$0")/common.sh"
here=$(dirname "$pixfer")
mkdir -p moved/bin moved/libexec/pixfer link
cp "$pixfer" moved/bin/

run_tool() {
    pixfer=$1
    shift
    run "$@"
}

run_tool "$work/moved/bin/pixfer" 1 bench convert --help
says "pixfer bench: found no pixfer-bench, expected it in $work/moved/bin or in $work/moved/bin/../libexec/pixfer"

cp "$here/pixfer-bench" moved/libexec/pixfer/
run_tool "$work/moved/bin/pixfer" 0 bench --help
grep -q 'Usage: pixfer bench convert' out || fail "pixfer bench --help does not show its usage"
ln -s ../moved/bin/pixfer link/pixfer
run_tool link/pixfer 0 bench convert --help
PATH=$work/link:$PATH run_tool pixfer 2 bench convert --only nonsense
says "pixfer bench convert: "

mv moved/libexec/pixfer/pixfer-bench moved/bin/
run_tool "$work/moved/bin/pixfer" 0 bench export --help
chmod -x moved/bin/pixfer-bench
run_tool "$work/moved/bin/pixfer" 1 bench
[ "$(id -u)" = 0 ] && says "pixfer-bench cannot be run" || true

if command -v readelf >/dev/null; then
    readelf -d "$here/pixfer" 2>/dev/null | grep -F '[libyuv' && fail "the tool links libyuv"
fi
finish
