#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# pixfer bench export on small inputs: who takes part, whether the figures hang together, and that nothing is left behind.
source "$(dirname "$0")/common.sh"
"$pixfer" info | grep -qE '^ +libx264 +yes$' || { echo "no libx264 here"; exit 77; }
command -v ffmpeg >/dev/null || { echo "no ffmpeg here"; exit 77; }
command -v python3 >/dev/null || { echo "no python3: JSON is not parsed here"; exit 77; }
mkdir scratch
bytes $((320 * 180 * 4 * 10)) >ten.rgba

run 2 bench export
says "INPUT is missing"
run 2 bench export -
says "standard input cannot be read several times"
run 2 bench export --stride 99 in.mkv
says "--stride goes with --size"
run 1 bench export --scratch scratch --size 320x181 ten.rgba
says "ten.rgba: found 2304000 bytes, expected a multiple of 231680 for frames of 320x181"
run 1 bench export --scratch scratch missing.mkv
says "missing.mkv"
run 1 bench export --scratch nowhere --size 320x180 ten.rgba
says "cannot be created: No such file"

# A raw clip of ten frames, 25 frames of it; all that can take part.
run 0 bench export --scratch scratch --size 320x180 --loop 3 --frames 25 --repeat 2 --json raw.json --markdown ten.rgba
grep -q '^| RGBA through pixfer' out || fail "--markdown prints no table"
python3 - <<'END' || fail "raw.json is not as it should be"
import json
result = json.load(open("raw.json"))
settings = result["settings"]
assert (settings["frames"], settings["clip_frames"], settings["repeat"]) == (25, 10, 2), settings
present = {c["name"]: c for c in result["contenders"]}
assert set(present) >= {"pixfer", "ready", "ffmpeg-rgba", "ffmpeg-ready"}, set(present)
assert "swscale" in present or {c["name"] for c in result["absent"]} == {"swscale"}
for c in present.values():
    assert len(c["runs"]) == 2 and all(r["wall_s"] > 0 and r["cpu_s"] > 0 and r["peak_rss_bytes"] > 1e6 for r in c["runs"]), c
    assert abs(c["fps"] - 25 / c["wall_s"]) < 1e-3 * c["fps"], c
    assert c["quality_frames"] == 10 and 10 < c["psnr_db"] < 70 and 0 < c["ssim"] <= 1, c
assert abs(present["ready"]["share_of_ceiling"] - 1) < 1e-9
assert 0 < present["pixfer"]["convert_share"] < 1
# The ready frames are those that pixfer makes of the RGBA: the encoder sees the same, and so does the comparison.
assert present["pixfer"]["bytes"] == present["ready"]["bytes"]
assert present["pixfer"]["psnr_db"] == present["ready"]["psnr_db"]
# Another converter comes to about the same frame: a wrong matrix, range or siting is decibels away.
assert abs(present["pixfer"]["psnr_db"] - present["ffmpeg-rgba"]["psnr_db"]) < 0.5, {n: c["psnr_db"] for n, c in present.items()}
END

# Any video, decoded first; the page with its charts.
ffmpeg -v error -f lavfi -i testsrc2=size=322x182:rate=30:duration=0.3 -c:v ffv1 -pix_fmt bgr0 clip.mkv || fail "no test video"
if command -v gnuplot >/dev/null; then
    run 0 bench export --scratch scratch --only pixfer,ready --repeat 1 --json video.json --html page.html --chart chart.svg clip.mkv
    head -n 1 chart.svg | grep -q "<?xml" && grep -q "</svg>" chart.svg || fail "chart.svg is no image"
    [ "$(grep -c '<svg' page.html)" = 4 ] || fail "the page has $(grep -c '<svg' page.html) charts, expected 4"
    grep -q '</html>' page.html || fail "the page is not complete"
    grep -qE '(src|href)=' page.html && grep -E '(src|href)=' page.html | grep -vq 'xlink:href=.#' && fail "the page refers to something outside"
else
    run 0 bench export --scratch scratch --only pixfer,ready --repeat 1 --json video.json clip.mkv
fi
python3 - <<'END' || fail "video.json is not as it should be"
import json
result = json.load(open("video.json"))
settings = result["settings"]
assert (settings["width"], settings["height"], settings["fps"], settings["frames"]) == (322, 182, 30, 9), settings
assert [c["name"] for c in result["contenders"]] == ["pixfer", "ready"]
END

# A folder whose name is a command, and an input whose name is a tag: neither gets out of the text.
folder="q'; touch escaped; '\`touch escaped\`\"\$(touch escaped)"
mkdir "$folder"
cp ten.rgba "<b>ten&.rgba"
if command -v gnuplot >/dev/null; then
    run 0 bench export --scratch "$folder" --size 320x180 --only pixfer,ready --repeat 1 --html odd.html "<b>ten&.rgba"
    [ "$(grep -c '<svg' odd.html)" = 4 ] || fail "with an odd folder the page has $(grep -c '<svg' odd.html) charts, expected 4"
    grep -q '<b>' odd.html && fail "a name becomes a tag: $(grep '<b>' odd.html)"
    grep -q '&lt;b&gt;ten&amp;.rgba' odd.html || fail "the page does not name its input"
    grep -q 'name="viewport" content="width=device-width, initial-scale=1"' odd.html || fail "the page is not laid out for telephones"
fi
for file in escaped scratch/escaped "$folder/escaped"; do
    [ ! -e "$file" ] || fail "a folder's name was run as a command: $file"
done
[ -z "$(ls "$folder")" ] || fail "the odd folder holds $(ls -R "$folder")"

# Interrupted in the middle: 130, and the scratch folder is as empty as after every other run.
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$pixfer" bench export --scratch scratch --size 320x180 --loop 100000 ten.rgba >/dev/null 2>err &
pid=$!
for ((i = 0; i < 200; i++)); do compgen -G "scratch/*/*.part" >/dev/null && break; sleep 0.05; done
kill -INT $pid
status=0
wait $pid || status=$?
[ $status = 130 ] || fail "interrupted: exit status $status"
[ -z "$(ls scratch)" ] || fail "the scratch folder holds $(ls -R scratch)"
finish
