#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Segments that are not those of the plan, inputs that are not those of the plan, machines that are not alike, and plans that lie. The double
# stands for another processor, and for other versions of FFmpeg and x264.
. "$(dirname "$0")/common.sh"
double=$2

make -f lavfi -i testsrc2=size=320x180:rate=30 -f lavfi -i sine=sample_rate=48000 -t 4 -c:v libx264 -g 30 -bf 2 -c:a aac in.mp4
plan in.mp4 --segments 3
all_segments
join good.mp4

# refused TEXT: the join says so, and leaves nothing; the segment is made again unasked, and all is well.
refused() {
    rm -f no.mp4
    run 1 join plan.json -o no.mp4
    says "$1"
    [ ! -e no.mp4 ] && [ -z "$(ls no.mp4* 2>/dev/null)" ] || fail "join: $1: something was written"
    run 0 segment plan.json --index 1
    join no.mp4
    same no.mp4 good.mp4 "after: $1"
}
cp "$id/00001.mp4" kept.mp4
rm "$id/00001.mp4"
refused "segment 1 is missing: pixfer segment PLAN --index 1"
head -c -100 kept.mp4 >"$id/00001.mp4"
refused "segment 1 is not of this plan, or damaged"
head -c 3000 kept.mp4 >"$id/00001.mp4"
refused "segment 1 is not of this plan, or damaged"
: >"$id/00001.mp4"
refused "segment 1 is not of this plan, or damaged"
cp "$id/00000.mp4" "$id/00001.mp4"
refused "segment 1 is not of this plan, or damaged"
cp in.mp4 "$id/00001.mp4"
refused "segment 1 is not of this plan, or damaged"
cp kept.mp4 "$id/00001.mp4"
printf 'x' | dd of="$id/00001.mp4" bs=1 seek=20000 conv=notrunc status=none
refused "segment 1 is not of this plan, or damaged"
is "status" "$("$pixfer" plan --status plan.json | head -1)" "3 of 3 segments done, 120 of 120 frames (100.0 %)"
# Of another plan: other settings, the same name.
cp plan.json old.json
old=$id
plan in.mp4 --segments 3 --crf 30
segments 1
cp "$id/00001.mp4" "$old/00001.mp4"
cp old.json plan.json
id=$old
refused "segment 1 is not of this plan, or damaged"
# All that are missing, at once.
mv "$id" elsewhere
run 1 join plan.json -o no2.mp4
for k in 0 1 2; do says "segment $k is missing"; done
says "3 of 3 segments are not there"
is "status" "$("$pixfer" plan --status plan.json | tail -1)" "missing  3: 0-2"
mv elsewhere "$id"
# What a task that was killed left behind goes.
printf 'half' >"$id/00001.12345678.part"
printf 'half' >"$id/00001.mp4.12345678.final"
printf 'half' >"$id/00002.12345678.part"
rm "$id/00001.mp4"
run 0 segment plan.json --index 1
is "left" "$(cd "$id" && echo *)" "00000.mp4 00001.mp4 00002.12345678.part 00002.mp4"

# Another input: longer, changed in front, changed in the middle, older.
rm "$id/00001.mp4"
other() {
    cp -p in.mp4 kept-in.mp4
    "$@"
    run 1 segment plan.json --index 1
    says "in.mp4 is not the file that was planned"
    run 1 join plan.json -o no3.mp4
    mv kept-in.mp4 in.mp4
    [ ! -e "$id/00001.mp4" ] || fail "$*: a segment of another input"
}
longer() { printf 'x' >>in.mp4; }
front() { printf 'x' | dd of=in.mp4 bs=1 seek=100 conv=notrunc status=none; touch -r kept-in.mp4 in.mp4; }
middle() { printf 'x' | dd of=in.mp4 bs=1 seek=40000 conv=notrunc status=none; }
older() { touch -d '2001-02-03' in.mp4; }
gone() { rm in.mp4; }
for change in longer front middle older gone; do other $change; done
run 0 segment plan.json --index 1

# Other machines: the same bytes on another processor, a refusal with another version.
if [ -n "$double" ]; then
    "$pixfer" export in.mp4 -o here.mp4 -e libx264 --threads 1 -q
    PIXFER_TEST_PROCESSOR=old LD_PRELOAD=$double "$pixfer" export in.mp4 -o there.mp4 -e libx264 --threads 1 -q
    cmp -s here.mp4 there.mp4 && fail "the double is no other processor: an ordinary export is the same there"
    rm "$id"/*
    for k in 0 1 2; do PIXFER_TEST_PROCESSOR=old LD_PRELOAD=$double "$pixfer" segment plan.json --index $k -q || fail "another processor"; done
    join processor.mp4
    same good.mp4 processor.mp4 "another processor"
    cp "$id/00000.mp4" kept.mp4
    rm "$id/00000.mp4"
    PIXFER_TEST_LIBAV=1 LD_PRELOAD=$double run 1 segment plan.json --index 0
    says "libavcodec"
    grep -q "libavcodec 1.2.3" err || fail "the version that was found is not named: $(cat err)"
    says "it was made with libavcodec"
    PIXFER_TEST_X264=1 LD_PRELOAD=$double run 1 segment plan.json --index 0
    says "x264 - core 164"
    says "x264 - core 999"
    [ ! -e "$id/00000.mp4" ] || fail "another version made a segment"
    cp kept.mp4 "$id/00000.mp4"
else
    echo "without the double: no other processors and versions"
fi

# Plans that lie. An edited plan has another hash; with the right hash it is checked all the same (tests/farm/manifest.c).
edited() {
    sed "$1" plan.json >edited.json
    cmp -s plan.json edited.json && fail "$1 changes nothing"
    for command in "segment --index 0" "join -o no4.mp4" "plan --status"; do
        set -- $command
        status=0
        "$pixfer" "$@" edited.json >/dev/null 2>err || status=$?
        [ "$status" = 1 ] || fail "$1 of an edited plan ($command): status $status, $(cat err)"
        is "lines of $command" "$(wc -l <err)" 1
    done
}
edited 's/"rate_value": 20.0/"rate_value": 21.0/'
grep -q "it was changed" err || fail "$(cat err)"
edited 's/"pixfer": "[^"]*"/"pixfer": "9.9.9"/'
says "made by pixfer 9.9.9, and this is pixfer"
edited "s/\"id\": \"[0-9a-f]*\"/\"id\": \"..\/..\/tmp\/x\"/"
edited 's/"total": 120/"total": 99999999999999999999999999/'
edited 's/"total": 120/"total": 120, "total": 119/'
edited 's/"format": "pixfer plan 1"/"format": "x"/'
edited 's/"plan": {/"plan": {{/'
for text in '' '{' '[]' '{}' 'null' '{"id":1,"plan":{},"paths":{}}' '{"id":"x","plan":{"format":"pixfer plan 1"},"paths":{}}'; do
    printf '%s' "$text" >edited.json
    run 1 join edited.json
    is "lines for '$text'" "$(wc -l <err)" 1
done
head -c 100000 /dev/zero | tr '\0' '[' >edited.json
run 1 join edited.json
run 1 join .
run 1 join there-is-none.json
says "there-is-none.json: No such file"
run 2 join
run 2 segment plan.json
run 2 segment plan.json --index -1
run 2 segment plan.json --index 4294967296

# An output that is there, and what an earlier join left.
run 1 join plan.json -o good.mp4
says "good.mp4 exists"
run 0 join plan.json -o good.mp4 -y
printf 'half' >"new.mp4.${id:0:8}.part"
printf 'half' >"new.mp4.00000000.${id:0:8}.final"
printf 'mine' >new.mp4.part
join new.mp4
is "left" "$(echo new.mp4*)" "new.mp4 new.mp4.part"
is "another's" "$(cat new.mp4.part)" mine
run 0 join plan.json -o gone.mp4 --remove
[ ! -e "$id" ] || fail "--remove leaves $id"
finish
