#!/usr/bin/env python3
"""The rules of the house that a compiler does not know. Silent when all is well."""
import glob
import os
import re
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLOORS = {"node": 0, "search": 1, "transfer": 1, "index": 1, "webui": 2, "tools": 3}
PURE_ROOMS = ["node/base", "node/identity", "node/wire", "node/overlay", "search/qrp", "search/strategy", "search/cache", "search/match", "search/engine", "search/session", "transfer/swarm", "index/wire", "index/replica"]
# Files of shell rooms that are pure by promise: planners and parsers.
FILE_LINES_MAX = 500
GENERATED = {"webui/page/src/lib/api_schema.ts"}
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "CHANGELOG.md", "README.md", "LICENSE", "node", "search", "transfer", "index", "webui", "tools", "tests"}
# A pure room asks nobody for time, chance, sockets, threads or files; the host hands them in.
FORBIDDEN_SYMBOLS = re.compile(
    r"\b(clock_gettime|gettimeofday|time|getrandom|rand|socket|connect|bind|listen|accept4?|send|sendto|recv|recvfrom|epoll_\w+|poll|select|"
    r"pthread_create|pthread_mutex_lock|fopen|fopen64|open|open64|openat|read|write|sleep|nanosleep|usleep|getenv|system|"
    r"_ZNSt6chrono3_V212(?:steady|system)_clock3nowEv|_ZNSt13random_device\w+)(?:@\S+)?$")


def tracked(*patterns):
    done = subprocess.run(["git", "-C", ROOT, "ls-files", "--", *patterns], capture_output=True, text=True)
    names = done.stdout.split("\n")[:-1]
    return [name for name in names if os.path.exists(os.path.join(ROOT, name))]


def lines(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as text:
        return text.read().split("\n")


class House(unittest.TestCase):
    def test_includes_run_downward_only(self):
        for name in tracked("*.hpp", "*.cpp"):
            floor = name.split("/")[0]
            if floor not in FLOORS:
                continue
            for number, line in enumerate(lines(name), 1):
                match = re.match(r'#include "([a-z]+)/', line)
                if match and match[1] in FLOORS and match[1] != floor:
                    self.assertLess(FLOORS[match[1]], FLOORS[floor], f"{name}:{number}: {line}: includes run downward only")

    def test_includes_name_the_whole_path(self):
        for name in tracked("*.hpp", "*.cpp"):
            for number, line in enumerate(lines(name), 1):
                match = re.match(r'#include "([^"]+)"', line)
                if match and not name.startswith("tests/"):
                    self.assertIn(match[1].split("/")[0], FLOORS, f"{name}:{number}: {line}: write the path from the top of the tree")

    def test_pure_rooms_ask_nobody_for_time_chance_or_sockets(self):
        objects = []
        for room in PURE_ROOMS:
            target = room.replace("/", "_")
            objects += [(room, path) for path in glob.glob(f"{ROOT}/build/release/**/{target}.dir/**/*.o", recursive=True)]
        if not objects:
            self.skipTest("no release build to look into")
        for room, path in objects:
            symbols = subprocess.run(["nm", "--undefined-only", path], capture_output=True, text=True, check=True).stdout
            for line in symbols.split("\n"):
                symbol = line.split()[-1] if line.split() else ""
                self.assertIsNone(FORBIDDEN_SYMBOLS.match(symbol), f"{room}: {os.path.basename(path)} uses {symbol}; a host must hand that in")

    def test_asio_and_beast_stay_in_few_translation_units(self):
        beast = [name for name in tracked("*.hpp") if any("boost/beast" in line for line in lines(name))]
        self.assertEqual(beast, [], "Beast belongs in .cpp files")
        units = [name for name in tracked("*.cpp") if any("boost/beast" in line for line in lines(name)) and not name.startswith("tests/")]
        self.assertLessEqual(len(units), 6, units)

    def test_files_stay_short(self):
        for name in set(tracked("*.cpp", "*.hpp", "*.ts", "*.svelte", "*.py")) - GENERATED:
            self.assertLessEqual(len(lines(name)), FILE_LINES_MAX, f"{name} holds more than one idea")

    def test_the_top_of_the_tree_holds_what_the_design_names(self):
        for name in {path.split("/")[0] for path in tracked()}:
            self.assertTrue(name in TOP_LEVEL or name.startswith("."), f"{name} stands at the top of the tree")

    def test_every_floor_has_its_readme(self):
        for floor in {path.split("/")[0] for path in tracked()} & (set(FLOORS) | {"tests"}):
            self.assertTrue(os.path.exists(os.path.join(ROOT, floor, "README.md")), f"{floor}/README.md is missing")

    def test_nothing_is_left_half_done_or_tied_to_one_machine(self):
        marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
        for name in tracked("*.cpp", "*.hpp", "*.ts", "*.svelte", "*.py", "*.mjs", "*.cmake", "tools/*"):
            if name.endswith((".json", ".png")):
                continue
            for number, line in enumerate(lines(name), 1):
                self.assertIsNone(marks.search(line), f"{name}:{number}: finish it, or open an issue")
                self.assertNotRegex(line, r"/(work|root)/[a-z]", f"{name}:{number}: a path of one machine")

    def test_tests_do_not_sleep(self):
        for name in tracked("tests/*"):
            if name.endswith((".cpp", ".py", ".mjs")) and name != "tests/house/test_house.py":
                for number, line in enumerate(lines(name), 1):
                    self.assertNotRegex(line, r"sleep_for|time\.sleep\(|waitForTimeout", f"{name}:{number}: wait for a condition instead")


if __name__ == "__main__":
    unittest.main()
