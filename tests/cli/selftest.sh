#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# pixfer selftest: what it says on a machine where everything works, and the two reports.
source "$(dirname "$0")/common.sh"
run 2 selftest --report report.txt && says "report.txt', expected a name that ends in .json or .html"
run 2 selftest operand
run 2 selftest --only everything && says "found 'everything', expected kernels"
run 0 selftest --report report.json || cat out
for area in "system, processor: " "kernel c, reference: " "libx264, 300 frames converted by cpu: 300 of 300 frames, 0 torn, 0 out of order"; do
    grep -qF -- "$area" out || fail "no line with '$area'"
done
grep -qE '^DIFFERS' out && fail "something differs: $(grep DIFFERS out)"
grep -qi 'unknown' out && fail "something is unknown: $(grep -i unknown out)"
tail -n 1 out | grep -qE '^[0-9]+ findings: everything that is here works; what will be used: cpu [a-z0-9]+ to convert, [a-z0-9_]+ to encode$' ||
    fail "the last line is '$(tail -n 1 out)'"
run 1 selftest -q --report report.json && says "report.json exists"
run 0 selftest -q --report report.html
[ "$(wc -l <out)" = 1 ] || fail "-q prints $(wc -l <out) lines"
grep -q '</html>' report.html || fail "the page has no end"
grep -qE '<(script|link)|https?:' report.html && fail "the page is not self-contained"
"$pixfer" selftest --only kernels >/dev/full 2>err && fail "selftest to a full disk succeeds"
[ "$(find . -name '*.part' -o -name '*selftest-*' | wc -l)" = 0 ] || fail "files were left: $(ls)"
command -v python3 >/dev/null || { echo "no python3: JSON is not parsed here"; exit $((failures ? 1 : 77)); }
python3 - report.json <<'END' || fail "report.json is not as it should be"
import json, sys
report = json.load(open(sys.argv[1]))
verdicts = {"ok", "DIFFERS", "refused", "absent", "note"}
for f in report["findings"]:
    assert f["verdict"] in verdicts and f["area"] and f["name"] and f["text"], f
assert report["counts"]["differs"] == 0 and report["counts"]["ok"] >= 5, report["counts"]
assert any(f["area"].startswith("backend ") for f in report["findings"])
END
finish
