#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# An export with GNU parallel: on this machine, or on others that it reaches by ssh and that see the same folder.
#
#     pixfer plan in.mkv -o out.mp4 --segment-seconds 10 --preset slow >plan.json
#     gnu-parallel.sh plan.json [PARALLEL-OPTION]...          # -j 4, --sshlogin a,b,c --workdir . ...
#
# PIXFER names the program, PIXFER_FOLDER the folder of the segments (default: this one). Run again, it makes what is missing.
set -euo pipefail

pixfer=${PIXFER:-pixfer} folder=${PIXFER_FOLDER:-.} plan=${1:?usage: gnu-parallel.sh plan.json [PARALLEL-OPTION]...}
shift
count=$("$pixfer" plan --status "$plan" -C "$folder" | sed -n 's/^[0-9]* of \([0-9]*\) segments.*/\1/p')
seq 0 $((count - 1)) |
    parallel --retries 3 --halt soon,fail=1 "$@" "$(printf '%q ' "$pixfer" segment "$plan" -C "$folder" --progress none)" --index {}
"$pixfer" join "$plan" -C "$folder" --overwrite --progress none
