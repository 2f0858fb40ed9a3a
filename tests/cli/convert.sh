#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# What pixfer convert writes, from files and pipes.
source "$(dirname "$0")/common.sh"

# A flat colour by its exact values. Red: BT.709 limited Y 62.56, Cb 102.3, Cr 240; BT.601 Y 81.5; full Y 54.2, Cb 98.8, Cr 256 -> 255.
flat() {
    local name=$1 expected=$2
    shift 2
    run 0 convert --size 2x2 "$@" - out.raw --overwrite <"$name" || return
    [ "$(decimal out.raw)" = "$expected" ] || fail "$name $*: found $(decimal out.raw), expected $expected"
}
pixels 4 377 000 000 377 >red.rgba
pixels 4 000 000 377 377 >red.bgra
pixels 4 377 377 000 000 >red.argb
pixels 4 377 000 000 377 >red.abgr.reversed
pixels 4 377 000 000 >red.rgb24
{ pixels 8 000; pixels 4 377; } >red.gbrp
flat red.rgba "63 63 63 63 102 240"
flat red.bgra "63 63 63 63 102 240" --format bgra
flat red.argb "63 63 63 63 102 240" --format argb
flat red.abgr.reversed "32 32 32 32 240 118" --format bgra
flat red.rgb24 "63 63 63 63 102 240" --format rgb24
flat red.gbrp "63 63 63 63 102 240" --format gbrp
flat red.rgba "63 63 63 63 240 102" --to nv21
flat red.rgba "63 63 63 63 102 240" --to i420
flat red.rgba "63 63 63 63 240 102" --to yv12
flat red.rgba "63 63 63 63 102 102 102 102 240 240 240 240" --to i444
flat red.rgba "63 63 63 63 102 240 102 240 102 240 102 240" --to nv24
flat red.rgba "81 81 81 81 90 240" --matrix bt601
flat red.rgba "74 74 74 74 97 240" --matrix bt2020
flat red.rgba "81 81 81 81 240 90" --matrix BT601 --to NV21 --siting Center
flat red.rgba "54 54 54 54 99 255" --range full

# YCbCr that is there already: two columns and rows, 50 60 / 70 80, Cb 100 above 101, Cr 200 above 210.
pixels 1 062 144 074 310 106 145 120 322 >grey.yuyv
pixels 1 144 062 310 074 145 106 322 120 >grey.uyvy
flat grey.yuyv "50 60 70 80 101 205" --format yuyv
flat grey.uyvy "50 60 70 80 101 205" --format uyvy --matrix bt601 --range full --siting center
flat grey.uyvy "50 60 70 80 203 100" --format UYVY --siting top-left --to yv12
run 2 convert --size 2x2 --to yuyv red.rgba x.raw

# Pipe and file are the same, whole frames and rows are the same, for odd sizes and more rows than go through the cache at once.
bytes $((999 * 301 * 4 * 3)) >noise.rgba
for siting in left center top-left; do
    run 0 convert --size 999x301 --siting $siting noise.rgba rows-$siting.nv12
    run 0 convert --size 999x301 --siting $siting --threads 2 noise.rgba whole-$siting.nv12
    same rows-$siting.nv12 whole-$siting.nv12 "rows and whole frames, $siting"
    cat noise.rgba | "$pixfer" convert --size 999x301 --siting $siting | cat >pipe.nv12
    same rows-$siting.nv12 pipe.nv12 "file and pipe, $siting"
done
cmp -s rows-left.nv12 rows-center.nv12 && fail "--siting changes nothing"
[ "$(size rows-left.nv12)" = $((3 * (999 * 301 + 2 * 500 * 151))) ] || fail "three 999x301 frames make $(size rows-left.nv12) bytes"

# -o and the operand mean the same; --cpu pins an instruction set, and none changes the result.
run 0 convert --size 999x301 -o option.nv12 noise.rgba
same rows-left.nv12 option.nv12 "operand and -o"
run 0 convert -v --size 999x301 --cpu c noise.rgba pinned.nv12
says "by cpu c, exact"
same rows-left.nv12 pinned.nv12 "--cpu c"

# Padding between rows is skipped.
bytes $((100 * 40)) >packed.rgba
run 0 convert --size 25x40 packed.rgba packed.nv12
for ((row = 0; row < 40; row++)); do
    dd if=packed.rgba bs=100 skip=$row count=1 status=none
    printf 'paddingpaddi'
done >padded.rgba
run 0 convert --size 25x40 --stride 112 padded.rgba padded.nv12
same packed.nv12 padded.nv12 "--stride"

# --frames, from a file (which can seek) and from a pipe (which cannot).
frame=$((999 * 301 + 2 * 500 * 151))
dd if=rows-left.nv12 of=middle.nv12 bs=$frame skip=1 count=1 status=none
run 0 convert --size 999x301 --frames 1:2 noise.rgba file-middle.nv12
same middle.nv12 file-middle.nv12 "--frames 1:2 of a file"
cat noise.rgba | "$pixfer" convert --size 999x301 --frames 1:2 >pipe-middle.nv12
same middle.nv12 pipe-middle.nv12 "--frames 1:2 of a pipe"
run 0 convert --size 999x301 --frames 2 noise.rgba first.nv12
[ "$(size first.nv12)" = $((2 * frame)) ] || fail "--frames 2 makes $(size first.nv12) bytes"

# -v tells what ran and how much of it.
run 0 convert -v --size 999x301 noise.rgba -o told.nv12
says "3 frames 999x301 rgba to nv12 by cpu"
says "exact"

# 4K through a pipe needs the two output frames and little more; a whole frame of RGBA would be another 32 MB.
if [ -z "$PIXFER_TEST_SANITIZED" ] && [ -r /proc/self/status ]; then
    mkfifo feed
    "$pixfer" convert --size 3840x2160 --to i420 - - <feed >big.i420 &
    pid=$!
    exec 9>feed
    head -c $((3840 * 2160 * 4 * 3)) /dev/zero >&9
    for ((i = 0; i < 200; i++)); do
        [ "$(size big.i420)" -ge $((3840 * 2160 * 3 / 2 * 3)) ] && break
        sleep 0.05
    done
    # Anonymous memory: what the libraries that the tool links take is not the question.
    peak=$(sed -n "s/^RssAnon:[[:space:]]*\([0-9]*\) kB/\1/p" /proc/$pid/status)
    exec 9>&-
    wait $pid || fail "4K from a pipe: exit status $?"
    [ "${peak:-999999}" -lt 40000 ] || fail "4K from a pipe took $peak kB, expected less than 40000"
fi
nothing_left "convert"
finish
