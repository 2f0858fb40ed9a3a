#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# browser.sh [SCREENSHOT.png]: the package and the demo page in headless Chromium. The recordings are also looked at from
# outside, with ffprobe and ffmpeg.

shot=$(realpath "${1:-/dev/null}")
. "$(dirname "$0")/common.sh"

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "there is no Chromium"
modules
pack
# The page as the repository has it, beside the package as it is published.
mkdir "$work/site"
tar -xzf "$tarball" --strip-components 1 -C "$work/site"
cp -R "$package/demo" "$work/site"
ln -s "$cache/node_modules" "$work/site/node_modules"
ln -s "$cache/node_modules" "$work/node_modules"
cp "$root/tests/wasm/browser.js" "$work/browser.mjs"
cd "$work"
timeout 240 node browser.mjs "$chromium" "$work/site" "$shot"
