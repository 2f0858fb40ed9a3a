#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# pixfer info, as text and as JSON.
source "$(dirname "$0")/common.sh"
run 0 info
grep -q "^pixfer $("$pixfer" --version | cut -d' ' -f2)," out || fail "info does not start with the version"
grep -qE '^ +cpu +yes$' out || fail "info does not list the cpu backend"
for backend in videotoolbox vulkan d3d11 swscale; do
    grep -qE "^ +$backend +(yes|no: .+)$" out || fail "info does not say whether $backend is there, or why not"
done
if grep -qE '^ +vulkan +yes$' out; then
    grep -qE '^  vulkan: .+ upload [0-9.]+ ms, convert [0-9.]+ ms, read back [0-9.]+ ms$' out &&
        grep -qE '^  read back, then convert [0-9.]+ ms; recording it takes the caller [0-9.]+ ms' out || fail "info does not show what the GPU takes"
fi
grep -qE '^Instruction sets: .*\bc$' out || fail "info does not list the instruction sets"
run 0 info --json
command -v python3 >/dev/null || { echo "no python3: JSON is not parsed here"; exit $((failures ? 1 : 77)); }
python3 - out <<'END' || fail "info --json is not as it should be"
import json, sys
info = json.load(open(sys.argv[1]))
sets = info["instruction_sets"]
assert sets[-1] == "c" and info["chosen"] in sets, sets
assert {b["name"] for b in info["backends"]} >= {"cpu", "videotoolbox", "vulkan", "d3d11", "swscale"}
for b in info["backends"]:
    assert b["available"] or b["reason"], b
for b in info["backends"]:
    if b["name"] == "vulkan" and b["available"]:
        assert all(b["vulkan"][k] > 0 for k in ("upload_s", "convert_s", "read_back_s", "convert_then_read_back_s", "in_flight_s",
                                                "read_back_then_convert_s", "record_s")) and b["vulkan"]["device"], b
assert any(e["name"] == "libx264" for e in info["encoders"])
for e in info["encoders"]:
    assert e["works"] or e["reason"], e
kernels = {(k["source"], k["destination"], k["siting"]): k["isa"] for k in info["kernels"]}
assert len(kernels) == (15 * 13 + 2 * 4) * 3, len(kernels)
assert kernels["yuyv", "i420", "center"] == "c"
assert ("uyvy", "p010", "left") not in kernels
assert set(kernels.values()) <= set(sets)
assert kernels["rgba", "nv12", "left"] == info["chosen"]
END
"$pixfer" info >/dev/full 2>err && fail "info to a full disk succeeds"
finish
