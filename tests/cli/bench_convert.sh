#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# pixfer bench convert on a small frame: who takes part, and whether what they do is a conversion.
source "$(dirname "$0")/common.sh"
run 0 bench convert --size 320x180 --seconds 0.005 --json result.json
grep -q "^320x180 rgba to nv12, center siting" out || fail "there is no table for 320x180 center"
if grep -q '^GPU: vulkan on ' out; then
    [ "$(grep -cE '^GPU: .* [0-9.]+ ms' out)" = 6 ] || fail "the lines of the GPU lack times: $(cat out)"
else
    [ "$(grep -cE '^GPU: vulkan: .+' out)" = 2 ] || fail "it is not told why there are no times of a GPU: $(cat out)"
fi
run 0 bench convert --size 64x48 --seconds 0.001 --only pixfer --siting left --markdown
grep -q '^|---|---:|' out || fail "--markdown prints no Markdown table"
run 0 bench convert --size 64x48 --seconds 0.001 --siting left --json --only pixfer
[ "$(head -c 1 out)$(tail -c 2 out)" = "{}" ] || fail "--json without a file does not print JSON, and that alone"

# Other builds of libyuv; the double is the one that the tool is linked with, loaded once more.
run 2 bench convert --libyuv r1962
says "--libyuv: found 'r1962', expected LABEL=FILE"
run 1 bench convert --libyuv r1962=missing.so
says "pixfer bench convert: --libyuv r1962: ./missing.so: "
[ "$(wc -l <err)" = 1 ] || fail "a missing libyuv is told in more than one line: $(cat err)"
library() { ldd "$pixfer" 2>/dev/null | awk -v name="$1" 'index($1, name) == 1 && $3 ~ /^\// { print $3; exit }'; }
libm=$(library libm.so) libyuv=$(library libyuv.so)
if [ -n "$libm" ]; then
    run 1 bench convert --libyuv "r1962=$libm"
    says "pixfer bench convert: --libyuv r1962: $libm exports no ABGRToNV12"
    [ "$(wc -l <err)" = 1 ] || fail "a library that is no libyuv is told in more than one line: $(cat err)"
fi
if [ -n "$libyuv" ]; then
    run 0 bench convert --size 64x48 --seconds 0.001 --siting center --threads 1 --only libyuv --libyuv "double=$libyuv"
    [ "$(grep -c '^libyuv ' out)" = 2 ] && grep -q '^libyuv double  *1 .* [0-2], [0-3]$' out ||
        fail "there are no two of libyuv beside each other: $(cat out)"
    run 1 bench convert --libyuv "double=$libyuv" --libyuv "double=$libyuv"
    says "--libyuv double: there is a libyuv double already"
fi
command -v python3 >/dev/null || { echo "no python3: JSON is not parsed here"; exit $((failures ? 1 : 77)); }
"$pixfer" info --json >info.json
python3 - <<'END' || fail "the JSON is not as it should be"
import json
info, result = json.load(open("info.json")), json.load(open("result.json"))
assert result["command"] == "pixfer bench convert --size 320x180 --seconds 0.005 --json result.json", result["command"]
assert result["machine"]["cpu"] and result["machine"]["compiler"]
assert [c["siting"] for c in result["cases"]] == ["center", "left"]
for case in result["cases"]:
    assert case["rounds"] >= 5
    present = {(c["name"], c["threads"]): c for c in case["contenders"]}
    names = {name for name, threads in present if threads == 1}
    absent = {c["name"] for c in case["absent"] if c["threads"] == 1}
    # Every instruction set is there, or it is told why not.
    for isa in info["instruction_sets"]:
        assert ("pixfer " + isa in names) != ("pixfer " + isa in absent), isa
    assert any(n.startswith("roofline") for n in names)
    for c in case["contenders"]:
        assert 0 < c["min_ms"] <= c["median_ms"] <= c["p90_ms"], c
        error = c.get("max_error")
        if c["kind"] == "pixfer":
            assert error == {"luma": 0, "chroma": 0}, c
        elif c["kind"] == "libyuv":  # its roundings, but the right colours
            assert error["luma"] <= 2 and error["chroma"] <= 3, c
        elif c["kind"] == "swscale" and c["variant"] != "fast_bilinear":  # filters chroma in its own way
            assert error["luma"] <= 2, c
    best = present["pixfer " + info["chosen"], 1]
    assert abs(best["ratio_1"] - 1) < 1e-9, best
    roofline = [c["ratio_1"] for c in case["contenders"] if c["kind"] == "roofline" and c["threads"] == 1]
    assert min(roofline) < 2, roofline  # a busy machine puts 1.1 into turns of 5 ms, a roofline that does twice the work 2
kinds = {c["kind"] for c in result["cases"][0]["contenders"]}
print("contenders:", " ".join(sorted(kinds)))
END
finish
