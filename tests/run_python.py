#!/usr/bin/env python3
"""Runs the unittests of one file and ends with the line that tests/run_all.py adds up: run_python.py FILE"""
import importlib
import os
import sys
import unittest


def main():
    folder, name = os.path.split(os.path.abspath(sys.argv[1]))
    sys.path.insert(0, folder)
    tests = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(os.path.splitext(name)[0]))
    result = unittest.TextTestRunner(stream=sys.stdout).run(tests)
    for test, reason in result.skipped:
        print(f"SKIPPED {test.id()}: {reason}")
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    # What fails before or after the tests of a class is no test that ran.
    passed = max(result.testsRun - failed - len(result.skipped), 0)
    print(f"tests: {passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
