#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# The writer: what OUT.part and OUT say and when, and which files it touches.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
driver=$2

# drive STATUS FILE COMMAND...: one after the other.
drive() {
    local expected=$1 file=$2 status=0
    shift 2
    printf '%s\n' "$@" >commands
    { "$driver" "$file" <commands >out 2>err || status=$?; } 2>/dev/null
    [ "$status" = "$expected" ] || fail "driver $file: exit status $status, expected $expected: $(cat err)"
}

# many KIND FIRST LAST STEP
many() {
    for ((n = $2; n <= $3; n += $4)); do echo "$1 $n"; done
}

# ---- What the file says of itself ----
told=("rotation 90" "aspect 4 3" "meta title Ein Titel" "meta artist Someone" "meta comment a, b = c" "meta encoder a recorder 1.0"
      "language deu" "chapter 0 1000000 One" "chapter 1000000 5000000 Two")
mapfile -t media < <(many sound 0 0 1; many video 0 59 1; many sound 1024 94208 1024)
drive 137 killed.mp4 open "audio aac" "${told[@]}" start "${media[@]}" "wait 1100" "video 60" "video 61" kill
drive 0 out.mp4 open "audio aac" "${told[@]}" start "${media[@]}" end finalise
for file in killed.mp4.part out.mp4; do
    tags=$(ffprobe -v error -show_entries format_tags=title,artist,comment,encoder -of default=nk=1:nw=1 "$file" | sort | tr '\n' '|')
    is "tags of $file" "$tags" "Ein Titel|Someone|a recorder 1.0|a, b = c|"
    is "language in $file" "$(ffprobe -v error -select_streams a -show_entries stream_tags=language -of csv=p=0 "$file")" deu
    is "aspect of $file" "$(probe "$file" sample_aspect_ratio | tr -d ,)" 4:3
    is "rotation of $file" "$(ffprobe -v error -show_entries stream_side_data=rotation -of csv=p=0 "$file" | tr -d ,)" -90
    is "chapters of $file" "$(ffprobe -v error -show_entries chapter=start_time:chapter_tags=title -of csv=p=0 "$file" | tr '\n' '|')" \
        "0.000000,One|1.000000,Two|"
done
is "the end of the last chapter" "$(ffprobe -v error -show_entries chapter=end_time -of csv=p=0 out.mp4 | tail -1)" 2.000000
finish
