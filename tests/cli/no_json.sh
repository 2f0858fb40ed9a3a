#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# A tool that was built without JSON: what would write it is refused in one line before anything is done, the rest works.
source "$(dirname "$0")/common.sh"

# refuses OPTION ARGUMENT...: the one line names the option.
refuses() {
    local option=$1
    shift
    run 2 "$@" "$option" ${value:-}
    says "$option: this build has no JSON"
}
pixels 16 377 0 0 377 >in.rgba
refuses --json info
value=stats.json refuses --stats export in.rgba --size 4x4 -o out.mp4
value=json refuses --progress export in.rgba --size 4x4 -o out.mp4
value=report.json refuses --report selftest
[ "$(echo *)" = "err in.rgba out" ] || fail "refused options left files behind: $(echo *)"

run 0 info
grep -q '^Instruction sets: ' out || fail "info prints no text"
grep -qE '^  cpu +yes$' out || fail "info tells of no backend"
run 0 convert in.rgba --size 4x4 -o out.nv12
[ "$(size out.nv12)" = 24 ] || fail "convert wrote $(size out.nv12) bytes, expected 24"
run 1 bench convert
says "found no pixfer-bench"
finish
