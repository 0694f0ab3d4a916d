#!/usr/bin/env python3
"""Runs every test program that tools/test has built and adds up what they say.

Each test program ends with "tests: N passed, M failed, K skipped", and says "SKIPPED name: reason" of what it left out. Unit
programs and fuzz targets are run by ctest, two at a time; what measures real nodes runs alone. The last line is the sum.
"""
import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMMAND_SECONDS_MAX = 900
OUTPUT_BYTES_MAX = 1_000_000
AT_ONCE = 2


class Sum:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.reasons = []

    def add(self, output, good):
        """The counts of one program; one that says none has been cut off, which is a failure of its own."""
        lines = re.findall(r"^tests: (\d+) passed, (\d+) failed, (\d+) skipped$", output, re.M)
        passed, failed, skipped = map(int, lines[-1]) if lines else (0, 1, 0)
        if failed == 0 and (not good or passed + skipped == 0):
            failed = 1
        self.reasons += re.findall(r"^SKIPPED (.+)$", output, re.M)
        self.take(passed, failed, skipped)
        return passed, failed, skipped

    def take(self, passed, failed, skipped=0):
        self.passed, self.failed, self.skipped = self.passed + passed, self.failed + failed, self.skipped + skipped


def built_tests(preset):
    """The names of those whose program is there, as a pattern for ctest."""
    shown = subprocess.run(["ctest", "--test-dir", f"{ROOT}/build/{preset}", "--show-only=json-v1"], capture_output=True, text=True)
    tests = json.loads(shown.stdout or "{}").get("tests", [])
    return "|".join(f"^{re.escape(test['name'])}$" for test in tests if os.access(test.get("command", [""])[0], os.X_OK))


def run_ctest(preset, names, total):
    """The tests whose names match. A fuzz target counts as one test, a unit program as many as it has cases."""
    with tempfile.TemporaryDirectory() as folder:
        junit = os.path.join(folder, "junit.xml")
        environment = dict(os.environ, TSAN_OPTIONS=f"halt_on_error=1 suppressions={ROOT}/tests/tsan.supp")
        subprocess.run(["ctest", "--test-dir", f"{ROOT}/build/{preset}", "--tests-regex", names or "^$", "--parallel", str(AT_ONCE),
                        "--output-on-failure", "--output-junit", junit, "--test-output-truncation", "head",
                        "--test-output-size-passed", str(OUTPUT_BYTES_MAX), "--test-output-size-failed", str(OUTPUT_BYTES_MAX)],
                       stdin=subprocess.DEVNULL, env=environment)
        cases = xml.etree.ElementTree.parse(junit).getroot().findall("testcase") if os.path.exists(junit) else []
    if not cases:
        print(f"FAILED  unit: there is nothing to run in build/{preset}; was it built?", flush=True)
        total.take(0, 1)
    for case in cases:
        name, good = case.get("name"), case.get("status") == "run"
        if name.startswith("fuzz/"):
            total.take(int(good), int(not good))
        else:
            passed, failed, _ = total.add(case.findtext("system-out") or "", good)
            if failed:
                print(f"FAILED  {passed:4} passed {failed:3} failed  {name} ({preset})", flush=True)


def run_program(command, environment, total, sums_up=True):
    """A program that does not sum up its tests is one test itself."""
    started = time.monotonic()
    try:
        done = subprocess.run(command, cwd=ROOT, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=COMMAND_SECONDS_MAX)
        output, good = done.stdout.decode("utf-8", "replace"), done.returncode == 0
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode("utf-8", "replace") + f"\nno end after {COMMAND_SECONDS_MAX} s\n"
        good = False
    skipped = 0
    if sums_up:
        passed, failed, skipped = total.add(output, good)
    else:
        passed, failed = int(good), int(not good)
        total.take(passed, failed)
    if failed:
        print(output)
    name = " ".join(os.path.relpath(word, ROOT) if word.startswith(ROOT) else word for word in command[1:])
    print(f"{'FAILED' if failed else 'ok':7} {passed:4} passed {failed:3} failed {skipped:3} skipped "
          f"{time.monotonic() - started:6.1f} s  {name}", flush=True)


def python_tests(folder):
    return sorted(glob.glob(f"{ROOT}/tests/{folder}/test_*.py"))


def run_part(part, total):
    if part == "unit":
        run_ctest("asan", ".", total)
        run_ctest("tsan", built_tests("tsan"), total)  # of the rooms with threads only
        return
    page_main_job = f"{ROOT}/tests/functional/test_page_main_job.py"  # needs a browser
    programs = {
        "house": python_tests("house"),
        "functional": [path for path in python_tests("functional") if path != page_main_job],
        "browser": [*(f"{ROOT}/tests/browser/{name}_test.mjs" for name in ("page", "room", "status")), page_main_job],
    }[part]
    environment = {"PRALINE": f"{ROOT}/build/release/praline"}
    if part == "browser":
        run_program(["node", f"{ROOT}/webui/page/generate_types.mjs", "--check"], environment, total, sums_up=False)
        run_program(["npm", "--prefix", f"{ROOT}/webui/page", "run", "--silent", "check"], environment, total, sums_up=False)
    for path in programs:
        command = ["node", path] if path.endswith(".mjs") else [sys.executable, f"{ROOT}/tests/run_python.py", path]
        run_program(command, environment, total)


def main():
    parts = ["house", "unit", "functional", "browser"]
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=parts)
    only = parser.parse_args().only
    total = Sum()
    for part in [only] if only else parts:
        run_part(part, total)
    for reason in total.reasons:
        print(f"SKIPPED {reason}")
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    print(f"{total.passed} passed, {total.failed} failed{skipped}")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
