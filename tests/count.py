#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Sum the tests of JUnit files: say what failed, end with "N passed, N failed".

A test program that speaks TAP (GLib's do) counts with each of its lines.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

passed = failed = 0
for path in sys.argv[1:]:
    for case in ElementTree.parse(path).iter("testcase"):
        name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
        if case.find("skipped") is not None and case.get("status") != "fail":
            print(f"skipped: {name}")
            continue
        output = case.findtext("system-out") or ""
        wrong = case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail"
        good = len(re.findall(r"^ *ok \d+ (?!.*# SKIP)", output, re.M))
        passed += good if wrong else max(good, 1)
        failed += wrong
        if wrong:
            print(f"\nFAILED: {name}\n{output[-4000:]}{(case.findtext('failure') or '')[-4000:]}")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
