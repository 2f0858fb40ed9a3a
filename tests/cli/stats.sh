#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# --stats and --progress json: what programs read about an export.
source "$(dirname "$0")/common.sh"
bytes $((64 * 48 * 4 * 30)) >in.rgba
raw="-s 64x48 -r 30 -q"

# ---- A statistics file that cannot be is refused before any work, and nothing is touched ----
refused() {
    local name=$1 text=$2
    shift 2
    rm -f out.mp4
    run 1 export in.rgba $raw -o out.mp4 --stats "$name" "$@"
    says "$text"
    [ "$(grep -c . err)" = 1 ] || fail "--stats $name: found $(grep -c . err) lines, expected one: $(cat err)"
    [ ! -e out.mp4 ] || fail "--stats $name: the export was made first"
}
echo precious >kept.json
ln -s kept.json link.json
ln -s nowhere.json dangling.json
mkdir folder
refused kept.json "kept.json exists; --overwrite replaces it"
refused link.json "link.json is a symbolic link, expected a file or a new name" -y
refused dangling.json "dangling.json is a symbolic link" -y
refused folder "folder is a folder, expected a file or a new name" -y
refused nowhere/x.json "nowhere/x.json cannot be written: No such file or directory"
refused "$(printf 'x%.0s' {1..300})" "cannot be written: File name too long"
if mknod null c 1 3 2>/dev/null; then
    refused null "null is a device" -y
    [ -c null ] || fail "--stats has replaced a device"
fi
[ "$(cat kept.json)" = precious ] || fail "a refused --stats has changed kept.json"
run 1 export in.rgba $raw -o out.mp4 -y --stats out.mp4
says "--stats: found out.mp4, expected another file than the export's"
run 1 export in.rgba $raw -o out.mp4 -y --stats ./out.mp4.part
says "expected another file than the export's"
run 1 export in.rgba $raw -o out.mp4 -y --stats in.rgba
says "expected another file than the export's"
[ "$(size in.rgba)" = $((64 * 48 * 4 * 30)) ] || fail "--stats has replaced the input"
run 2 export in.rgba $raw -o out.mp4 -y --stats -
says "--stats: found '-'"

# ---- One that can be ----
run 0 export in.rgba $raw -o out.mp4 -y --stats kept.json
grep -q '"result": "done"' kept.json || fail "-y does not replace kept.json: $(cat kept.json)"
grep -q '"frames": 30' kept.json || fail "kept.json does not tell of 30 frames: $(cat kept.json)"
# After a failure it tells of it; an export that did not begin leaves none.
head -c $((64 * 48 * 4 * 20 + 7)) in.rgba >cut.rgba
"$pixfer" export - $raw -o out.mp4 -y --stats cut.json <cut.rgba 2>err && fail "a truncated input succeeds"
grep -q '"result": "failed"' cut.json || fail "after a failure the statistics are $(cat cut.json)"
run 1 export missing.mkv -q -o out.mp4 -y --stats none.json
[ ! -e none.json ] || fail "an export that did not begin has left statistics"

# ---- The last record of --progress json ----
last() {
    tail -n 1 out | grep -qF "$1" || fail "the last record is '$(tail -n 1 out)', expected $1"
}
run 0 export in.rgba $raw -o out.mp4 -y --progress json
last '{"result": "done", "output": "out.mp4", "frames": 30, "bytes": '"$(size out.mp4)"
"$pixfer" export - $raw -o out.mp4 -y --progress json <cut.rgba >out 2>err
last '{"result": "failed", "output": "out.mp4", "frames": 20, '
last '"error": "source: '
run 1 export missing.mkv -q -o out.mp4 -y --progress json
last '"result": "failed"'
last 'missing.mkv: No such file'
mkfifo pipe
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$pixfer" export - $raw -o out.mp4 -y --progress json <pipe >out 2>err &
pid=$!
exec 9>pipe
cat in.rgba >&9
sleep 0.7
kill -INT $pid
status=0
wait $pid || status=$?
exec 9>&-
[ $status = 130 ] || fail "interrupted: exit status $status"
last '{"result": "interrupted", "output": "out.mp4", "frames": 30, '

# Names of any bytes are valid JSON.
name=$(printf 'a"b\\c\033[31m\001\377é\n.mp4')
run 0 export in.rgba $raw -o "$name" --progress json --stats odd.json
if command -v python3 >/dev/null; then
    python3 - <<'END' || fail "JSON about an odd name: $(cat out odd.json)"
import json
expected = 'a"b\\c\\x1b[31m\\x01\\xffé\\x0a.mp4'
record = json.loads(open("out", "rb").read().splitlines()[-1].decode("utf-8"))
assert record["output"] == expected, record
assert json.loads(open("odd.json", "rb").read().decode("utf-8"))["output"]["path"] == expected
END
fi
nothing_left "statistics"
finish
