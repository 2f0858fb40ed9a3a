#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Names, values and an environment that mean harm: what reaches the terminal is text, one line for one message.
source "$(dirname "$0")/common.sh"
bytes $((64 * 48 * 4 * 5)) >in.rgba
raw="-s 64x48 -r 30"

# clean WHAT: no control character but the newline, no invalid UTF-8, and every line one of ours.
clean() {
    LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177]')" err && fail "$1: control characters on stderr: $(od -c err | head -5)"
    iconv -f utf-8 -t utf-8 err >/dev/null 2>&1 || fail "$1: stderr is no UTF-8: $(od -c err | head -5)"
    grep -v '^ *[0-9]' err | grep -qv '^pixfer' && fail "$1: a line that is not ours: $(cat err)"
    true
}
evil=$(printf 'x\033]0;title\a\033[2J\rpixfer: done\npixfer: forged\b\177\302\233\342\200\256\377')
run 2 "$evil"
clean "a command"
run 2 export "--$evil"
clean "an option"
run 2 export "-$(printf '\033')"
clean "a letter"
run 2 convert --size "$evil"
clean "a value"
run 1 export "$evil" -o out.mp4
clean "an input that is not there"
says '\x1b[2J\x0dpixfer: done\x0apixfer: forged\x08\x7f\xc2\x9b\xe2\x80\xae\xff'
run 1 convert -s 64x48 "$evil" out.nv12
clean "a conversion's input that is not there"
cp in.rgba "$evil"
run 0 export "$evil" $raw -o "$evil.mp4" -v
clean "an export"
run 1 export "$evil" $raw -o "$evil.mp4"
clean "an output that exists"
run 1 export in.rgba $raw -o out.mp4 --stats "$evil"
clean "a statistics file that exists"
run 0 convert -v -s 64x48 "$evil" "$evil.nv12"
clean "a conversion"
run 1 export in.rgba $raw -o out.mp4 -e "$evil"
clean "an encoder"
run 1 export in.rgba $raw -o out.mp4 -a "$evil.wav"
clean "an audio file that is not there"

# Values beyond every number, and what C's own parsers would take.
for value in 1e400 nan inf -0 0x10 18446744073709551616 99999999999999999999999 1/0 " 1" "$(printf '1\n')x" "$(printf '9%.0s' {1..5000})" ""; do
    for option in --crf --bitrate --audio-bitrate --gop --loop --max-gap --max-pixels --stride --threads --rotate; do
        run 2 export in.rgba $raw -o out.mp4 $option "$value"
        [ "$(grep -c . err)" = 1 ] || fail "$option '$value': found $(grep -c . err) lines, expected one"
        says "found"
        clean "$option"
    done
    run 2 export in.rgba -s 64x48 -o out.mp4 --fps "$value"
    run 2 export in.rgba -r 30 -o out.mp4 --size "$value"
    run 2 export in.rgba $raw -o out.mp4 --frames "${value}:x"
done
for value in "" = =x "a b=x" "$(printf 'k\nk=x')" "$(printf 'k%.0s' {1..50})=x" "$(printf 'title=\377')"; do
    run 2 export in.rgba $raw -o out.mp4 --metadata "$value"
    clean "--metadata"
done

# An environment that means harm.
for value in "" -1 999999999999999999999 "$(printf '\033[2J\n')" "$(printf 'x%.0s' {1..5000})"; do
    rm -f env.mp4
    env COLUMNS="$value" LINES="$value" TERM="$value" PIXFER_LOG="$value" TMPDIR="$value" "$pixfer" export in.rgba $raw -o env.mp4 2>err ||
        fail "an environment of '$value' breaks the export: $(cat err)"
    clean "the environment"
    for name in PIXFER_BACKEND PIXFER_CPU PIXFER_THREADS; do
        timeout 20 env "$name=$value" "$pixfer" export in.rgba $raw -o env.mp4 -y 2>err
        [ $? -le 1 ] || fail "$name='$value': exit status $?"
        clean "$name"
        timeout 20 env "$name=$value" "$pixfer" convert -s 64x48 in.rgba env.nv12 -y 2>err
        [ $? -le 1 ] || fail "$name='$value': exit status $?"
        clean "$name in a conversion"
    done
done
finish
