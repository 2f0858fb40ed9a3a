#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# TEST-PROGRAM: nothing of it is lost, and no byte is read that was not written. What GLib and GStreamer keep for good is theirs.
set -u
[ -z "${PIXFER_TEST_SANITIZED:-}" ] || { echo "a program with sanitizers does not run under valgrind"; exit 77; }
command -v valgrind >/dev/null || { echo "there is no valgrind"; exit 77; }
suppressions=("--suppressions=$(dirname "$0")/gstreamer.supp")
for file in /usr/share/glib-2.0/valgrind/glib.supp; do
    [ ! -f $file ] || suppressions+=("--suppressions=$file")
done
export G_SLICE=always-malloc GST_REGISTRY_UPDATE=no
exec valgrind --quiet --error-exitcode=1 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --num-callers=40 \
    "${suppressions[@]}" "$@"
