#!/usr/bin/env python3
"""How rooms and classes are cut. Silent when all is well. `test_structure.py --largest` prints the largest classes.

Each list of exceptions holds what breaks a rule today, with its measure. It may only shrink: a measure that has become
smaller, or a rule that is kept by now, has to be written down here."""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLOORS = ["node", "search", "transfer", "index", "webui", "tools"]

CLASS_FILES_MAX = 2  # .cpp files that define functions of one class
CLASS_FILES = {}
# Data members of a class. A struct that only holds values is exempt: it has no member functions but constructors,
# assignments and comparisons. So settings, limits, views and messages may have as many fields as they need.
MEMBERS_MAX = 20
MEMBERS = {
    "praline::overlay::Counters": 28,
    "praline::overlay::LinkInfo": 26,
    "praline::overlay::Peer": 22,
}
FUNCTION_LINES_MAX = 60  # from its name to its last brace
FUNCTION_LINES = {}
IMPL_INCLUDERS_MAX = 3  # files that include one *_impl.hpp
IMPL_INCLUDERS = {}

# A room has a namespace of its own, of the names in its path: transfer/upload is praline::upload, search/qrp is
# praline::search::qrp, tools/simulate/world is praline::simulate::world. The floors node and transfer and the folder
# tools are left out, since what is in them is known by its room's name alone. The ground is praline itself: everybody
# speaks of its types.
NAMESPACES = {"node/base": "praline"}
# Rooms with names in the namespace of their whole floor.
SHARED_NAMESPACES = {
    "index/wire": "praline::index",
    "search/cache": "praline::search",
    "search/engine": "praline::search",
    "search/match": "praline::search",
    "search/session": "praline::search",
    "webui/api": "praline::webui",
    "webui/index": "praline::webui",
    "tools/output": "praline",
    "tools/praline": "praline",
}


def tracked(*patterns):
    done = subprocess.run(["git", "-C", ROOT, "ls-files", "--", *patterns], capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\n")[:-1] if os.path.exists(os.path.join(ROOT, name))]


def text_of(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def sources(*endings):
    return [name for name in tracked(*("*" + ending for ending in endings)) if name.split("/")[0] in FLOORS]


def tags():
    """What universal-ctags finds in the sources."""
    done = subprocess.run(["ctags", "--language-force=C++", "--kinds-C++=+p", "--fields=+neKsa", "--fields-C++=+{properties}",
                           "--output-format=json", "-L", "-", "-f", "-"], input="\n".join(sources(".hpp", ".cpp")), cwd=ROOT,
                          capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


class Class:
    def __init__(self):
        self.members = 0
        self.files = set()
        self.has_behaviour = False


def classes_of(found):
    classes = collections.defaultdict(Class)
    for tag in found:
        if tag.get("scopeKind") not in ("class", "struct"):
            continue
        scope, name, kind = tag["scope"], tag["name"], tag["kind"]
        if kind == "member" and "static" not in tag.get("properties", ""):
            classes[scope].members += 1
        if kind in ("function", "prototype") and not name.startswith("__anon"):
            special = name.lstrip("~") == scope.split("::")[-1] or name.startswith("operator")
            classes[scope].has_behaviour |= not special
        if kind == "function" and tag["path"].endswith(".cpp"):
            classes[scope].files.add(tag["path"])
    return classes


def rooms_of_the_tree():
    """Each room with what it names: {room: {"DEPENDS": set, "USES": set}}."""
    rooms = {}
    for name in tracked("*CMakeLists.txt"):
        for room, words in re.findall(r"praline_room\(\s*(\S+?)((?:\s[^)]*)?)\)", text_of(name)):
            named, part = {"DEPENDS": set(), "USES": set()}, None
            for word in words.split():
                part = word if word.isupper() else part
                if part in named and not word.isupper():
                    named[part].add(word)
            rooms[room] = named
    return rooms


def room_of(path, rooms):
    folder = os.path.dirname(path)
    while folder and folder not in rooms:
        folder = os.path.dirname(folder)
    return folder


def namespace_of(room):
    if room in NAMESPACES:
        return NAMESPACES[room]
    parts = room.split("/")
    return "praline::" + "::".join(parts[1:] if parts[0] in ("node", "transfer", "tools") else parts)


class Structure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tags = tags() if shutil.which("ctags") else None

    def ctags(self):
        if self.tags is None:
            self.skipTest("universal-ctags is missing")
        return self.tags

    def keep(self, rule, most, measures, exceptions):
        """Of all measures none is above `most`, but for the exceptions, which say by how much they are today."""
        for what, measure in measures.items():
            if measure > most and what not in exceptions:
                self.fail(f"{what}: {measure} {rule}, and {most} is the most")
        for what, noted in exceptions.items():
            measure = measures.get(what, 0)
            self.assertLessEqual(measure, noted, f"{what}: {measure} {rule}; it may only shrink")
            self.assertGreater(measure, most, f"{what}: {measure} {rule}: it is no exception any more; take it off the list")
            self.assertEqual(measure, noted, f"{what}: {measure} {rule} by now; write that down in the list")

    def test_a_class_is_defined_in_two_files_at_most(self):
        files = {name: len(one.files) for name, one in classes_of(self.ctags()).items()}
        self.keep(".cpp files define functions of it", CLASS_FILES_MAX, files, CLASS_FILES)

    def test_a_class_has_few_data_members(self):
        members = {name: one.members for name, one in classes_of(self.ctags()).items() if one.has_behaviour}
        self.keep("data members", MEMBERS_MAX, members, MEMBERS)

    def test_a_function_fits_a_screen(self):
        lengths = collections.Counter()
        for tag in self.ctags():
            if tag["kind"] == "function":
                name = f"{tag['path']} {tag['name']}"
                lengths[name] = max(lengths[name], tag.get("end", tag["line"]) - tag["line"] + 1)
        self.keep("lines", FUNCTION_LINES_MAX, lengths, FUNCTION_LINES)

    def test_a_name_means_one_type(self):
        """Two types of one name in one program break the one-definition rule, and only a link-time check would see it."""
        places = collections.defaultdict(set)
        for tag in self.ctags():
            if tag["kind"] in ("class", "struct", "enum", "union") and tag.get("scope", "").startswith("praline"):
                if "__anon" in tag["scope"] + tag["name"]:
                    continue
                places[f"{tag.get('scope', '')}::{tag['name']}"].add(tag["path"])  # a template's special cases share its file
        for name, found in places.items():
            self.assertEqual(len(found), 1, f"{name} is defined at {', '.join(sorted(found))}")

    def test_few_files_share_what_is_inside_a_class(self):
        includers = collections.Counter()
        for name in sources(".hpp", ".cpp"):
            includers.update(re.findall(r'^#include "(.*_impl\.hpp)"', text_of(name), re.MULTILINE))
        self.keep("files include it", IMPL_INCLUDERS_MAX, includers, IMPL_INCLUDERS)

    def test_a_room_has_a_namespace_of_its_own(self):
        rooms, shared = rooms_of_the_tree(), set()
        for name in sources(".hpp", ".cpp"):
            room = room_of(name, rooms)
            own = namespace_of(room)
            # What is declared in another room's namespace is a name that stands for something there: `class Endpoint;`.
            spaces = set()
            for space, body in re.findall(r"^namespace (praline[\w:]*) \{\n(.*?)^\}", text_of(name), re.MULTILINE | re.DOTALL):
                if re.search(r"[^;\s]", re.sub(r"^(?:class|struct|enum class) [\w:]+( : [\w:]+)?;$", "", body, flags=re.MULTILINE)):
                    spaces.add(space)
            for space in spaces:
                if space == own or space.startswith(own + "::"):
                    continue
                self.assertEqual(space, SHARED_NAMESPACES.get(room), f"{name}: the namespace of {room} is {own}, not {space}")
                shared.add(room)
        self.assertEqual(set(SHARED_NAMESPACES), shared, "these have a namespace of their own by now; take them off the list")

    def test_a_room_names_the_rooms_that_it_includes(self):
        rooms = rooms_of_the_tree()
        in_headers, anywhere = collections.defaultdict(set), collections.defaultdict(set)
        for name in sources(".hpp", ".cpp"):
            room = room_of(name, rooms)
            for included in re.findall(r'^#include "([^"]+)"', text_of(name), re.MULTILINE):
                other = room_of(included, rooms)
                # What only main.cpp includes, the program is linked with, not the room.
                if other and other != room and os.path.basename(name) != "main.cpp":
                    anywhere[room].add(other)
                    if name.endswith(".hpp"):
                        in_headers[room].add(other)
        for room, named in rooms.items():
            self.assertEqual(named["DEPENDS"], in_headers[room], f"{room}: DEPENDS names what its headers include, no more")
            self.assertEqual(named["USES"], anywhere[room] - in_headers[room], f"{room}: USES names what only its .cpp files include")

    def test_headers_are_read_once(self):
        for name in tracked("*.hpp"):
            first = next((line for line in text_of(name).split("\n") if line and not line.startswith("//")), "")
            self.assertEqual(first, "#pragma once", f"{name} begins with #pragma once")

    def test_files_are_laid_out_alike(self):
        if not shutil.which("clang-format"):
            self.skipTest("clang-format is missing")
        done = subprocess.run([os.path.join(ROOT, "tools/format"), "--check"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


def print_largest(count=10):
    classes = classes_of(tags())
    for name, one in sorted(classes.items(), key=lambda item: -item[1].members):
        if one.has_behaviour and count > 0:
            print(f"{one.members:3} members, {len(one.files):2} .cpp files  {name}")
            count -= 1


if __name__ == "__main__":
    print_largest() if sys.argv[1:] == ["--largest"] else unittest.main()
