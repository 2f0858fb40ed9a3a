#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# A full disk, in a segment and in the join: one line, status 1, nothing half-written; with room again the same command succeeds. As root on a
# file system of its own, else under a limit of the size of files.
. "$(dirname "$0")/common.sh"

make -f lavfi -i testsrc2=size=320x180:rate=30 -f lavfi -i sine=sample_rate=48000 -t 4 -c:v libx264 -g 30 -c:a pcm_s16le in.mov
plan in.mov --segments 2
all_segments
join good.mp4
segment=$(size "$id/00000.mp4") whole=$(size good.mp4)
rm -r "$id"
mkdir small

if [ "$(id -u)" = 0 ] && mount -t tmpfs -o "size=$((segment + 8192))" none small 2>/dev/null; then
    trap 'umount -l "$work/small"; rm -rf "$work"' EXIT
    run 1 segment plan.json --index 0 -C small
    says "No space left on device"
    is "errors" "$(grep -c 'No space left' err)" 1
    is "left after a segment" "$(find small -type f | wc -l)" 0
    mount -o "remount,size=$((3 * segment))" small
    run 0 segment plan.json --index 0 -C small
    rm -r small/*
    all_segments
    mount -o "remount,size=$((whole + 8192))" small
    run 1 join plan.json -o small/out.mp4
    says "No space left on device"
    is "left after a join" "$(find small -type f | wc -l)" 0
    mount -o "remount,size=$((3 * whole))" small
    run 0 join plan.json -o small/out.mp4
    same good.mp4 small/out.mp4 "with room"
    umount small
    trap 'rm -rf "$work"' EXIT
else
    echo "no file system of its own: only the limit"
fi

# A limit on the size of files stops any file there, at any moment of it.
rm -rf "$id"
for share in 3 2; do
    status=0
    (ulimit -f $((segment / share / 1024)) && "$pixfer" segment plan.json --index 0 -q) 2>err || status=$?
    is "status under a limit" "$status" 1
    says "File too large"
    is "left under a limit" "$(find "$id" -type f | wc -l)" 0
done
all_segments
status=0
(ulimit -f $((whole / 2 / 1024)) && "$pixfer" join plan.json -o out.mp4 -q) 2>err || status=$?
is "status of a join under a limit" "$status" 1
says "File too large"
is "left" "$(echo out.mp4*)" "out.mp4*"
join out.mp4
same good.mp4 out.mp4 "without a limit"

# A folder that cannot be made.
: >file
run 1 segment plan.json --index 0 -C file/x
finish
