#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Say what came of tests, from the JUnit files in build/log/.

count.py group NAME STATUS SECONDS   a line for a group whose runner ended with STATUS, and one for each failed test
count.py total                       the sum of all groups: "N passed, N failed"

A test program that speaks TAP (GLib's do) counts with each of its lines. What a failed test said goes to build/log/failed/.
A group that failed without a failed test, or without any, counts as one that failed.
"""
import glob
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

LOG = "build/log"


def read(group):
    """The tests of a group: passed, skipped names, {failed name: what it said}."""
    passed, skipped, failed = 0, [], {}
    files = glob.glob(f"{LOG}/{group}.junit.xml") + glob.glob(f"{LOG}/{group}/*.junit.xml")
    for case in [case for file in files for case in ElementTree.parse(file).iter("testcase")]:
        name = case.get("name")
        if case.get("classname") not in (None, "test", name):
            name = f"{case.get('classname')}: {name}"
        if case.find("skipped") is not None and case.get("status") != "fail":
            skipped.append(name)
            continue
        output = case.findtext("system-out") or ""
        wrong = case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail"
        good = len(re.findall(r"^ *ok \d+ (?!.*# SKIP)", output, re.M))
        passed += good if wrong else max(good, 1)
        if wrong:
            failed[name] = output + (case.findtext("failure") or "")
    return passed, skipped, failed


def second_tries(log):
    """Tests that ctest, and files that tests/run ran again."""
    found = re.findall(r"Test +#\d+: (\S+) \.+[^*\n]*\*\*\*", log) + re.findall(r"^second try: (\S+)", log, re.M)
    return sorted(set(found))


def write_group(group, status, seconds):
    with open(f"{LOG}/tests-{group}.log", errors="replace") as file:
        log = file.read()
    try:
        passed, skipped, failed = read(group)
    except ElementTree.ParseError:
        passed, skipped, failed = 0, [], {}
        status = status or 1
    if (status or passed == 0) and not failed:
        failed[group] = log
    again = [name for name in second_tries(log) if name not in failed]
    print(f"{passed:4} passed, {len(failed)} failed {int(seconds):5} s" + "".join(f"; second try: {name}" for name in again))
    for name in skipped:
        print(f"  skipped: {name}")
    for name, said in failed.items():
        path = f"{LOG}/failed/{re.sub(r'[^A-Za-z0-9]+', '-', f'{group} {name}').strip('-')[:120]}.log"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(said)
        print(f"  FAILED: {name}; see {path}")
    with open(f"{LOG}/{group}.count", "w") as file:
        print(passed, len(failed), file=file)


def write_total():
    counts = []
    for path in glob.glob(f"{LOG}/*.count"):
        with open(path) as file:
            counts.append([int(word) for word in file.read().split()])
    passed, failed = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if sys.argv[1] == "total":
    sys.exit(write_total())
write_group(sys.argv[2], int(sys.argv[3]), sys.argv[4])
