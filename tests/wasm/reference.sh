#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# SOURCE-DIR BUILD-DIR RGBA-FILE: the reference frame through the web package, see tests/api/reference.sh.
exec 3>&1 1>&2
. "$(dirname "$0")/common.sh"
"$package/build.sh" "$work/pixfer.wasm"
cat >"$work/reference.mjs" <<'SCRIPT'
import { readFileSync, writeSync } from 'node:fs';
const [index, wasm, rgba] = process.argv.slice(2);
const { convert, load } = await import(index);
await load(readFileSync(wasm));
const nv12 = convert(readFileSync(rgba), { width: 256, height: 144 });
for (let at = 0; at < nv12.length;) at += writeSync(1, nv12, at);
SCRIPT
node --no-warnings "$work/reference.mjs" "$package/index.js" "$work/pixfer.wasm" "$3" >&3
