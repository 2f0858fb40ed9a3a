#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# The options as the help, the manual page and the parser have them, and the width of what is shown.
manual=$(cd "$(dirname "$0")/../.." && pwd)/doc/pixfer.1
source "$(dirname "$0")/common.sh"

# `pixfer help COMMAND` is `pixfer COMMAND --help`.
for command in export convert info selftest "bench convert" "bench export"; do
    # shellcheck disable=SC2086
    run 0 $command --help
    mv out expected
    # shellcheck disable=SC2086
    run 0 help $command
    same out expected "pixfer help $command"
done
run 0 help
grep -q "Usage: pixfer COMMAND" out || fail "'pixfer help' is $(cat out)"
run 2 help nonsense
says "'nonsense' is not a command"

# The manual page has the options of the help, section by section, and no other.
from_help() {
    # shellcheck disable=SC2086
    "$pixfer" $1 --help | sed -n 's/^  \(-.,\|   \) --\([a-z0-9-]*\).*/\2/p' | grep -vx help | sort
}
from_manual() {
    awk -v section="$1" '/^\.SH/ { inside = tolower($0) == ".sh pixfer " section } inside && /^\.(TP|BR|BI|B)/' "$manual" |
        grep -E '^\.B[RI]? ' | grep -oE '\\-\\-[a-z0-9\\-]+' | sed 's/^\\-\\-//; s/\\-/-/g' | sort -u
}
from_help export >help.txt
[ "$(wc -l <help.txt)" -ge 35 ] || fail "only $(wc -l <help.txt) options of pixfer export were found in its help"
for command in export convert selftest "bench convert" "bench export"; do
    from_help "$command" >help.txt
    from_manual "$command" >manual.txt
    missing=$(comm -23 help.txt manual.txt | tr '\n' ' ')
    [ -z "$missing" ] || fail "the manual page does not describe these options of pixfer $command: $missing"
    surplus=$(comm -13 help.txt manual.txt | tr '\n' ' ')
    [ -z "$surplus" ] || fail "the manual page describes options that pixfer $command does not have: $surplus"
done

# Every option is taken, and its value checked.
bytes $((64 * 48 * 4 * 5)) >in.rgba
raw="-s 64x48 -r 30 -o out.mp4"
refused() {
    run 2 export in.rgba $raw "$@"
    shift $(($# - 1))
    [ "$(grep -c . err)" = 1 ] || fail "more than one line: $(cat err)"
}
refused --gop 0
says "--gop: found '0', expected a whole number from 1 to 1000000"
refused --audio-bitrate 5
says "--audio-bitrate: found '5', expected bits per second such as 8M or 500k, from 1k to 10M"
refused --bitrate 3G
says "--bitrate: found '3G', expected bits per second such as 8M or 500k, from 1k to 2G"
refused --rotate 45
says "--rotate: found '45', expected 0, 90, 180 or 270"
refused --metadata title
says "--metadata: found 'title', expected KEY=VALUE"
refused --max-gap 0
says "--max-gap: found '0', expected a number from 0.001 to 1e+06"
refused --max-pixels 0
says "--max-pixels: found '0', expected a whole number from 1"
refused --quality best
says "--quality: found 'best', expected maximum, social, web or potato"
refused --progress dots
says "--progress: found 'dots', expected auto, bar, plain, json or none"
refused --crf 20 --quality web
says "--crf and --quality cannot go together"
refused --audio-codec ""
says "--audio-codec: found nothing, expected NAME"
refused a b
says "found a second input 'a'"
run 2 export clip.mkv --retime
says "--retime needs --fps"
run 2 export ""
says "the name of the input is empty"
run 2 export "$(printf 'x%.0s' {1..2000})"
says "too long to name the output"
run 2 export - -s 64x48 -o - --progress json <in.rgba
says "-o - and --progress json cannot go together"

# Narrow terminals and those that cannot draw: no line of the bar is wider than the terminal.
if [ "$(uname)" = Linux ] && command -v script >/dev/null && command -v stty >/dev/null; then
    bytes $((320 * 180 * 4)) >frame.rgba
    for columns in 1 20 300; do
        script -qec "stty cols $columns; $pixfer export frame.rgba -s 320x180 --loop 150 -r 30 -o out.mp4 -y --progress bar --preset veryslow" /dev/null </dev/null >terminal 2>&1
        widest=$(tr '\r' '\n' <terminal | grep 'K$' | sed 's/\x1b\[K//' | awk '{ if (length > w) w = length } END { print w + 0 }')
        [ "$widest" -lt "$columns" ] || [ "$columns" = 1 ] || fail "a terminal of $columns columns gets a bar of $widest"
    done
    TERM=dumb script -qec "$pixfer export frame.rgba -s 320x180 --loop 100 -r 30 -o out.mp4 -y" /dev/null </dev/null >terminal 2>&1
    grep -q "$(printf '\033')" terminal && fail "a dumb terminal gets escape sequences: $(cat -v terminal)"
    status=0
    "$pixfer" export frame.rgba -s 320x180 -r 30 -o out.mp4 --progress bar 2>/dev/null && fail "an output that exists is replaced unasked"
fi
finish
