#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# DROPIN LOADER MODULE OTHER-MODULE: what the library shows, and programs that know of no libswscale.
. "$(dirname "$0")/common.sh"
loader=$2 modules="$3 $4"

nm -D --defined-only "$dropin" | awk 'NF == 3 { print $3 }' | grep -v '^sws_' >shown && fail "the drop-in shows $(tr '\n' ' ' <shown)"
readelf -d "$dropin" | grep NEEDED | grep -E 'libav|libsw' >needed && fail "the drop-in is linked against FFmpeg: $(cat needed)"

LD_PRELOAD=$dropin "$loader" || fail "a program without libswscale"
"$loader" $modules || fail "a module of its own, plain"
PIXFER_SWS=log LD_PRELOAD=$dropin "$loader" $modules 2>log || fail "a module of its own: $(cat log)"
says "taken: 16x9 rgba to yuv444p, bt601, limited range"
PIXFER_SWS=off LD_PRELOAD=$dropin "$loader" $modules 2>log || fail "off: $(cat log)"
[ ! -s log ] || fail "off says $(cat log)"
PIXFER_SWS=loud LD_PRELOAD=$dropin "$loader" $modules 2>log || fail "loud: $(cat log)"
says "PIXFER_SWS is 'loud', expected off or log"
PIXFER_CPU=none PIXFER_SWS=log LD_PRELOAD=$dropin "$loader" $modules 2>log || fail "PIXFER_CPU=none: $(cat log)"
says "handed on: 16x9 rgba to 16x9 yuv444p: "
finish
