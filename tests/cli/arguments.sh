#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Wrong usage: exit status 2 and a line that names what was found and what was expected.
source "$(dirname "$0")/common.sh"

run 2
run 0 --help
grep -q "pixfer COMMAND" out || fail "--help does not show the usage"
run 0 --version
grep -qE '^pixfer [0-9]+\.[0-9]+\.[0-9]+$' out || fail "--version says '$(cat out)'"
run 2 conver
says "did you mean 'convert'?"
run 2 nonsense
says "'nonsense' is not a command"

for command in export convert info "bench convert" "bench export"; do
    # shellcheck disable=SC2086
    run 0 $command --help
    awk -v c="$command" 'length > 80 { print "FAILED: " c " --help has a line of " length " columns: " $0; bad = 1 } END { exit bad }' out >&2 || failures=1
    # shellcheck disable=SC2086
    run 2 $command --nonsense
    says "there is no option --nonsense"
done

# Options that only the other of two commands has, and what may stand for them in a table.
for word in --tasks --= --=5 $'--\x01' $'--\x01=5'; do
    run 2 export in.mkv -o out.mp4 "$word" 5
    says "there is no option --"
done
run 2 plan in.mkv -o out.mp4 --tasks 5 --jobs 5
says "there is no option --jobs"

run 2 convert --siez 4x4
says "did you mean --size?"
run 2 convert in.rgba out.nv12
says "--size WxH is missing"
for size in 4 4x 0x4 4x0 4x4x4 -4x4 99999999999x4 4.5x4 "4 x4" ""; do
    run 2 convert --size "$size" a b
    says "--size: found '$size', expected WIDTHxHEIGHT"
done
run 2 convert --size
says "--size expects a value"
run 2 convert --size 4x4 --overwrite=yes
says "--overwrite takes no value"
for rate in 0 -1 60fps 1/0 30000/ x ""; do
    run 2 convert --size 4x4 --fps "$rate"
    says "--fps: found '$rate', expected frames per second"
done
for span in 0 5:5 9:3 a 1:2:3 ""; do
    run 2 convert --size 4x4 --frames "$span"
    says "--frames: found '$span', expected"
done
run 2 convert --size 4x4 --format nv12
says "--format: found 'nv12', expected rgba"
run 2 convert --size 4x4 --to rgba
says "--to: found 'rgba', expected nv12"
run 2 convert --size 4x4 --matrix bt708
says "--matrix: found 'bt708', expected bt709"
run 2 convert --size 4x4 --range medium
says "--range: found 'medium', expected limited or full"
run 2 convert --size 4x4 --siting right
says "--siting: found 'right', expected left"
run 2 convert --size 4x4 --threads many
says "--threads: found 'many', expected a whole number from 0 to 256"
run 2 convert --size 4x4 --backend gpu
says "--backend: found 'gpu', expected auto"
run 2 convert --size 4x4 a b c
says "third operand 'c'"
run 2 convert --size 4x4 --to nv12 in.rgba out.y4m
says "expected i420, i422 or i444"
bytes 64 >in.rgba
run 1 convert --size 4x4 --cpu pentium in.rgba o.nv12
says "pentium"
run 1 convert --size 4x4 --stride 15 in.rgba o.nv12
says "--stride: found 15, expected at least 16"
run 1 convert --size 4x4 --backend d3d11 in.rgba o.nv12
[ -s err ] || fail "an absent backend is refused without a word"
[ ! -e o.nv12 ] || fail "a refused conversion has made an output"
run 2 info extra
run 2 bench
run 2 bench sideways
run 2 bench convert --only nonsense
says "--only: found 'nonsense'"
run 2 bench convert --cached
nothing_left "wrong usage"
finish
