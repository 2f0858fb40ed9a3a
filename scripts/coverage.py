# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Sums gcov's figures by folder and compares the lines with a floor. usage: coverage.py BUILD-FOLDER FLOOR-FILE"""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile


def gcov_files(build):
    """(source, lines, branches) for every object that has run; a source that several targets compile comes several times."""
    root = os.getcwd()
    objects = [os.path.abspath(name) for name in glob.glob(build + "/**/*.gcda", recursive=True)]
    with tempfile.TemporaryDirectory() as folder:
        for name in objects:
            done = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout", name], cwd=folder,
                                  capture_output=True)
            for line in done.stdout.splitlines():
                for file in json.loads(line)["files"]:
                    source = os.path.relpath(os.path.join(root, file["file"]), root)
                    if source.startswith(("src/", "tools/")):
                        yield source, file["lines"]


def main():
    build, floor_name = sys.argv[1:]
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    branches = collections.defaultdict(lambda: collections.defaultdict(int))
    for source, entries in gcov_files(build):
        for entry in entries:
            lines[source][entry["line_number"]] += entry["count"]
            for i, branch in enumerate(entry["branches"]):
                branches[source][entry["line_number"], i] += branch["count"]
    floor = {}
    if os.path.exists(floor_name):
        with open(floor_name) as file:
            floor = {folder: float(share) for folder, share in (line.split() for line in file if line.strip() and line[0] != "#")}
    folders = collections.defaultdict(lambda: [0, 0, 0, 0])
    for source in lines:
        sums = folders[os.path.dirname(source)]
        sums[0] += sum(1 for count in lines[source].values() if count)
        sums[1] += len(lines[source])
        sums[2] += sum(1 for count in branches[source].values() if count)
        sums[3] += len(branches[source])
    low = []
    print(f"{'folder':32} {'lines':>8} {'floor':>8} {'branches':>9}")
    for folder, (run, all_lines, taken, all_branches) in sorted(folders.items()):
        share = 100 * run / max(all_lines, 1)
        print(f"{folder:32} {share:7.1f}% {floor.get(folder, 0):7.1f}% {100 * taken / max(all_branches, 1):8.1f}%")
        if share < floor.get(folder, 0) - 0.05:
            low.append(folder)
    for folder in low:
        print(f"{folder}: fewer lines are run than the floor of {floor[folder]:.1f}% in {floor_name}")
    return 1 if low or not folders else 0


sys.exit(main())
