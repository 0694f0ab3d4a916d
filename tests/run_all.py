#!/usr/bin/env python3
"""Runs every test program that tools/test has built and adds up what they say.

Each part is a list of commands; a command's output is shown when it fails. The last line is the sum.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMMAND_SECONDS_MAX = 900


def catch_counts(output, code):
    """Catch2's closing line: "All tests passed (3 assertions in 2 test cases)" or "test cases: 2 | 1 passed | 1 failed"."""
    if match := re.search(r"All tests passed \(\d+ assertions? in (\d+) test cases?\)", output):
        return int(match[1]), 0 if code == 0 else 1
    if match := re.search(r"^test cases:.*$", output, re.M):
        numbers = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed)", match[0])}
        return numbers.get("passed", 0), max(numbers.get("failed", 0), 0 if code == 0 else 1)
    return 0, 1


def unittest_counts(output, code):
    """Python's unittest: "Ran 5 tests in 3.1s", then "OK (skipped=1)" or "FAILED (failures=1, errors=2)"."""
    ran = re.search(r"^Ran (\d+) tests?", output, re.M)
    if not ran:
        return 0, 1
    bad = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", output))
    skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", output))
    if code != 0 and bad == 0:
        bad = 1
    return int(ran[1]) - bad - skipped, bad


def page_counts(output, code):
    """The browser tests print a line each: "ok - name" or "FAILED - name"."""
    passed = len(re.findall(r"^ok - ", output, re.M))
    failed = len(re.findall(r"^FAILED - ", output, re.M))
    return passed, failed or (0 if code == 0 and passed else 1)


def one_count(output, code):
    return (1, 0) if code == 0 else (0, 1)


def programs(preset):
    found = sorted(glob.glob(f"{ROOT}/build/{preset}/tests/**/test_*", recursive=True))
    return [path for path in found if os.access(path, os.X_OK) and os.path.isfile(path)]


def fuzzers(preset):
    found = sorted(glob.glob(f"{ROOT}/build/{preset}/tests/fuzz/fuzz_*"))
    return [path for path in found if os.access(path, os.X_OK) and os.path.isfile(path)]


def parts():
    tsan = {"TSAN_OPTIONS": f"halt_on_error=1 suppressions={ROOT}/tests/tsan.supp"}
    functional = {"PRALINE": f"{ROOT}/build/release/praline"}
    page_main_job = f"{ROOT}/tests/functional/test_page_main_job.py"  # needs a browser
    python_tests = sorted(set(glob.glob(f"{ROOT}/tests/functional/test_*.py")) - {page_main_job})
    house_tests = sorted(glob.glob(f"{ROOT}/tests/house/test_*.py"))
    yield "house", [([sys.executable, path], {}, unittest_counts) for path in house_tests]
    yield "unit", (
        [([path], {}, catch_counts) for path in programs("asan")]
        + [([path], tsan, catch_counts) for path in programs("tsan")]
        + [([path, "--runs", "40000", "--seed", "1"], {}, one_count) for path in fuzzers("asan")])
    yield "functional", [([sys.executable, path], functional, unittest_counts) for path in python_tests]
    yield "browser", [(["node", f"{ROOT}/webui/page/generate_types.mjs", "--check"], {}, one_count),
                      (["npm", "--prefix", f"{ROOT}/webui/page", "run", "--silent", "check"], {}, one_count),
                      (["node", f"{ROOT}/tests/browser/page_test.mjs"], functional, page_counts),
                      (["node", f"{ROOT}/tests/browser/status_test.mjs"], functional, page_counts),
                      ([sys.executable, page_main_job], functional, unittest_counts)]


def run(command, extra, count):
    started = time.monotonic()
    environment = dict(os.environ, **extra)
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=COMMAND_SECONDS_MAX)
        output, code = done.stdout.decode("utf-8", "replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode("utf-8", "replace") + f"\nno end after {COMMAND_SECONDS_MAX} s\n"
        code = 1
    passed, failed = count(output, code)
    return command, passed, failed, output, time.monotonic() - started


def name_of(command):
    return " ".join(os.path.relpath(word, ROOT) if word.startswith(ROOT) else os.path.basename(word) for word in command[:5])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only")
    only = parser.parse_args().only
    passed = failed = 0
    for part, commands in parts():
        if only and part != only:
            continue
        if not commands:
            print(f"FAILED  {part}: there is nothing to run; was it built?", flush=True)
            failed += 1
        # Unit programs are small and independent; what measures real nodes runs alone.
        at_once = 2 if part == "unit" else 1
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            for command, good, bad, output, seconds in pool.map(lambda one: run(*one), commands):
                if bad:
                    print(output)
                print(f"{'FAILED' if bad else 'ok':7} {good:4} passed {bad:3} failed {seconds:6.1f} s  {name_of(command)}", flush=True)
                passed += good
                failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
