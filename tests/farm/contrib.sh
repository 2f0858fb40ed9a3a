#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# What lies in contrib/farm for other schedulers: GNU parallel is run; the YAML for Kubernetes is parsed, and its members are those of the Job of
# batch/v1 that it needs (there is no cluster and no schema here).
contrib=$(cd "$(dirname "$0")/../../contrib/farm" && pwd)
. "$(dirname "$0")/common.sh"

for script in "$contrib"/*.sh "$contrib"/slurm/*; do bash -n "$script" || fail "$script"; done
command -v parallel >/dev/null || { echo "skipped: there is no GNU parallel"; exit 77; }
python3 -c 'import yaml' 2>/dev/null || { echo "skipped: there is no YAML parser for python3"; exit 77; }

make -f lavfi -i testsrc2=size=160x120:rate=25 -f lavfi -i sine=sample_rate=48000 -t 2 -c:v libx264 -g 20 -c:a aac "in put.mp4"
plan "in put.mp4" --segments 5
PIXFER=$pixfer PIXFER_FOLDER="fold er" bash "$contrib/gnu-parallel.sh" plan.json -j 2 2>err || fail "gnu-parallel.sh: $(cat err)"
"$pixfer" export "in put.mp4" -o quiet.mp4 -e libx264 --segments 5 -q
same out.mp4 quiet.mp4 "GNU parallel"
rm "fold er/$id/00002.mp4" out.mp4
PIXFER=$pixfer PIXFER_FOLDER="fold er" bash "$contrib/gnu-parallel.sh" plan.json -j 2 2>err || fail "once more: $(cat err)"
same out.mp4 quiet.mp4 "what was missing"

python3 - "$contrib/kubernetes/job.yaml" <<'PY' || fail "job.yaml"
import sys, yaml
jobs = list(yaml.safe_load_all(open(sys.argv[1])))
assert len(jobs) == 2, len(jobs)
known = {'completionMode', 'completions', 'parallelism', 'backoffLimit', 'template'}
for job in jobs:
    assert job['apiVersion'] == 'batch/v1' and job['kind'] == 'Job' and job['metadata']['name']
    assert set(job['spec']) <= known, set(job['spec']) - known
    pod = job['spec']['template']['spec']
    assert pod['restartPolicy'] in ('Never', 'OnFailure')
    volumes = {v['name'] for v in pod['volumes']}
    for container in pod['containers']:
        assert container['name'] and container['image'] and all(isinstance(word, str) for word in container['command'])
        assert {m['name'] for m in container['volumeMounts']} <= volumes
        assert container['workingDir'] in {m['mountPath'] for m in container['volumeMounts']}
segments = jobs[0]['spec']
assert segments['completionMode'] == 'Indexed' and segments['completions'] >= 1
words = segments['template']['spec']['containers'][0]['command']
open('words', 'w').write('\n'.join(words[1:]) + '\n')
PY
# The command of the YAML, as a pod runs it.
mapfile -t words <words
words=("${words[@]/\/data\/segments/fold er}")
rm "fold er/$id/00001.mp4"
JOB_COMPLETION_INDEX=1 "$pixfer" "${words[@]}" 2>err || fail "${words[*]}: $(cat err)"
[ -e "fold er/$id/00001.mp4" ] || fail "the command of job.yaml made no segment"
finish
