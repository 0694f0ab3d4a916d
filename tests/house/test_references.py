#!/usr/bin/env python3
"""What the code and its papers refer to must be there for a stranger too. Silent when all is well."""
import os
import re
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAPERS = "node/wire/protocol/README.md"
VECTORS = ["node/wire/protocol/vectors.md", "index/wire/protocol.md"]
# Ways in which comments have named papers that only their author had: "02-messages 9", "our protocol notes".
PRIVATE_NOTES = re.compile(r"\b0\d-[a-z]{4,}[a-z-]*\b|\b(?:our|protocol|design|house) notes\b|\bhouse[- ]style\b|\barchitecture\.md\b", re.IGNORECASE)
FILE_NAME = re.compile(r"(?<![\w./*<-])((?:[\w-]+/)*[a-z]\w*(?:-\w+)*\.(?:hpp|cpp|md))\b")
CODE_FILE = re.compile(r"`([\w./-]+\.(?:hpp|cpp|py|mjs|ts|svelte|json|md))`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def tracked(*patterns):
    done = subprocess.run(["git", "-C", ROOT, "ls-files", "--", *patterns], capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\n")[:-1] if os.path.exists(os.path.join(ROOT, name))]


def lines(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as text:
        return text.read().split("\n")


def comments(name):
    """Number and comment of each line that has one."""
    for number, line in enumerate(lines(name), 1):
        begin = line.find("//")
        if begin >= 0:
            yield number, line[begin:]


class References(unittest.TestCase):
    def test_sources_are_public_papers_or_files_of_the_tree(self):
        papers = [match[1] for match in re.finditer(r"^- \*\*(.+?)\*\*", "\n".join(lines(PAPERS)), re.MULTILINE)]
        self.assertGreater(len(papers), 10, f"{PAPERS} lists the papers")
        known = re.compile("(?:" + "|".join(re.escape(paper) for paper in papers) + r")(?!\w)")
        files = set(tracked())
        for name in tracked("*.cpp", "*.hpp"):
            for number, comment in comments(name):
                for cited in re.findall(r"@source\s*(.*?)(?:\s@|$)", comment):
                    for source in re.split(r"\.\s", cited)[0].split(";"):
                        path = re.match(r"[\w./-]+/[\w.-]*\w", source.strip())
                        found = known.match(source.strip()) or (path and path[0] in files)
                        self.assertTrue(found, f"{name}:{number}: '{source.strip()}' is neither a file of the tree nor a paper listed in {PAPERS}")

    def test_comments_name_no_file_and_no_paper_that_is_not_here(self):
        files = set(tracked())
        names = {os.path.basename(file) for file in files}
        for name in tracked("*.cpp", "*.hpp"):
            for number, comment in comments(name):
                self.assertIsNone(PRIVATE_NOTES.search(comment), f"{name}:{number}: names notes that are not in the tree")
                for named in FILE_NAME.findall(comment):
                    there = named in files if "/" in named else named in names
                    self.assertTrue(there, f"{name}:{number}: names {named}, which is not in the tree")

    def test_no_text_names_notes_that_are_not_here(self):
        for name in tracked("*.py", "*.ts", "*.svelte", "*.mjs", "*.cmake", "*.txt", "*.md", "*.json", "*.toml"):
            if name == "tests/house/test_references.py":
                continue
            for number, line in enumerate(lines(name), 1):
                self.assertIsNone(PRIVATE_NOTES.search(line), f"{name}:{number}: names notes that are not in the tree")

    def test_links_between_documents_lead_somewhere(self):
        for name in tracked("*.md"):
            for number, line in enumerate(lines(name), 1):
                for link in LINK.findall(line):
                    if not re.match(r"[a-z]+:", link):
                        target = os.path.normpath(os.path.join(ROOT, os.path.dirname(name), link))
                        self.assertTrue(os.path.exists(target), f"{name}:{number}: {link} leads nowhere")

    def test_documents_name_files_that_are_here(self):
        names = {os.path.basename(file) for file in tracked()}
        for name in tracked("*.md"):
            if name == "CHANGELOG.md":  # it also tells of what is gone
                continue
            for number, line in enumerate(lines(name), 1):
                for named in CODE_FILE.findall(line):
                    base = os.path.basename(named)
                    self.assertTrue(base in names or "NAME" in base, f"{name}:{number}: names {named}, which is not in the tree")

    def test_byte_vectors_of_the_papers_are_those_of_the_unit_tests(self):
        tests = "\n".join("".join(lines(name)) for name in tracked("tests/unit/*.cpp"))
        known = re.sub(r'R"\(|\)"|["\s]', "", tests)
        for name in VECTORS:
            blocks = re.findall(r"^((?:    [0-9a-f ]+\n)+)", "\n".join(lines(name)), re.MULTILINE)
            self.assertGreater(len(blocks), 3, f"{name}: no vectors")
            for block in blocks:
                whole = re.sub(r"\s", "", block)
                single = [re.sub(r"\s", "", line) for line in block.split("\n")]
                self.assertTrue(whole in known or all(line in known for line in single), f"{name}: no unit test has {block}")


if __name__ == "__main__":
    unittest.main()
