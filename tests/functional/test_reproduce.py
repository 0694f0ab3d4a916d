"""build/release/reproduce: published results run again, with a verdict for each figure."""
import json
import os
import subprocess
import tempfile
import unittest

from harness import PRALINE

REPRODUCE = os.environ.get("REPRODUCE") or os.path.join(os.path.dirname(PRALINE), "reproduce")


def reproduce(*arguments):
    return subprocess.run([REPRODUCE, *arguments], capture_output=True, text=True, check=False)


class Reproduce(unittest.TestCase):
    def test_all_that_needs_no_crawl_agrees(self):
        with tempfile.TemporaryDirectory() as folder:
            page = os.path.join(folder, "page.html")
            done = reproduce("--quick", "--json", "--html", page)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            with open(page, encoding="utf-8") as text:
                self.assertIn("Published results", text.read())
        targets = json.loads(done.stdout)["targets"]
        verdicts = {target["id"]: target["verdict"] for target in targets}
        self.assertEqual(verdicts.pop("T1"), "not checked")
        self.assertEqual(set(verdicts.values()), {"agrees"}, verdicts)
        self.assertEqual(len(verdicts), 25)
        figures = [check for target in targets for check in target["checks"]]
        self.assertGreater(sum(check["verdict"] == "agrees" for check in figures), 150)
        for check in figures:
            if check["verdict"] == "not checked":
                self.assertTrue(check["remark"], check)

    def test_another_overlay_differs_and_the_exit_code_says_so(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "p2p-Gnutella04.txt"), "w", encoding="utf-8") as text:
                text.write("# a ring\n" + "".join(f"{node}\t{(node + 1) % 50}\n" for node in range(50)))
            done = reproduce("--quick", "--only", "T1", "--topologies", folder)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("nodes of the largest component", done.stdout)
        self.assertIn("differ: T1", done.stdout)

    def test_a_wrong_command_line_is_answered_with_a_sentence(self):
        for arguments, words in ((("--only", "T99"), "there is no target T99"),
                                 (("--topologies", "/no/such/folder"), "is not a folder"),
                                 (("--threads", "0"), "--threads"), (("--wrong",), "--wrong")):
            done = reproduce(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
