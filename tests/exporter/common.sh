# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Sourced by the tests, on top of those of the tool.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/common.sh"

for program in ffmpeg ffprobe; do
    command -v "$program" >/dev/null || skip "there is no $program"
done
# libx264 where there is one: then every machine runs the same test.
encoder=$(ffmpeg -hide_banner -encoders 2>/dev/null | grep -q ' libx264 ' && echo libx264 || echo auto)

# make ARGUMENT...: ffmpeg makes an input.
make() {
    ffmpeg -nostdin -v error -y "$@" || fail "ffmpeg $* cannot make an input"
}

# export_ok ARGUMENT...: an export to out.mp4 that has to succeed.
export_ok() {
    run 0 export "$@" -o out.mp4 -y -e "$encoder"
}

# probe FILE ENTRIES [OPTION...]: values of the video stream, separated by commas, in ffprobe's order.
probe() {
    local file=$1 entries=$2
    shift 2
    ffprobe -v error -select_streams v "$@" -show_entries "stream=$entries" -of csv=p=0 "$file"
}

# is WHAT FOUND EXPECTED
is() {
    [ "$2" = "$3" ] || fail "$1: found '$2', expected '$3'"
}

# frames FILE: that decode without an error.
frames() {
    ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 "$1" 2>/dev/null | tr -d ,
}

# nothing_else NAME...: no other file with that beginning lies here.
only() {
    local expected=$1 found
    found=$(echo out.mp4*)
    is "files left" "$found" "$expected"
}

# wait_for TEXT-COMMAND: until it succeeds, 20 seconds at most.
wait_for() {
    for ((i = 0; i < 200; i++)); do
        "$@" && return 0
        sleep 0.1
    done
    fail "waited 20 s in vain for: $*"
    return 1
}

at_least() {
    [ -e "$1" ] && [ "$(size "$1")" -ge "$2" ]
}
