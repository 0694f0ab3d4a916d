#!/usr/bin/env python3
"""Every fuzz target has a corpus, every corpus a target, and tests/fuzz/README.md a row for each. Silent when all is well."""
import os
import re
import unittest

FUZZ = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fuzz")


def targets():
    return {name[:-4] for name in os.listdir(FUZZ) if name.endswith(".cpp") and name != "driver.cpp"}


class Fuzz(unittest.TestCase):
    def test_there_are_targets(self):
        self.assertIn("wire_query", targets())

    def test_every_target_has_a_corpus_and_every_corpus_a_target(self):
        corpora = set(os.listdir(os.path.join(FUZZ, "corpus")))
        self.assertEqual(targets() - corpora, set(), "these have no folder in tests/fuzz/corpus")
        self.assertEqual(corpora - targets(), set(), "these folders of tests/fuzz/corpus belong to no target")
        for name in corpora:
            files = os.listdir(os.path.join(FUZZ, "corpus", name))
            self.assertTrue(any(os.path.getsize(os.path.join(FUZZ, "corpus", name, file)) for file in files),
                            f"tests/fuzz/corpus/{name} holds no input")

    def test_the_readme_has_a_row_for_every_target(self):
        with open(os.path.join(FUZZ, "README.md"), encoding="utf-8") as text:
            rows = set(re.findall(r"^\| `(\w+)` \|", text.read(), re.M))
        self.assertEqual(targets() ^ rows, set(), "targets without a row in tests/fuzz/README.md, or rows without a target")

    def test_every_target_asserts_something(self):
        for name in targets():
            with open(os.path.join(FUZZ, name + ".cpp"), encoding="utf-8") as text:
                self.assertRegex(text.read(), r"\b(require|check)\(", f"{name} asserts nothing of its inputs")


if __name__ == "__main__":
    unittest.main()
