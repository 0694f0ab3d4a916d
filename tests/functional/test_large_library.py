"""A hundred thousand files (or PRALINE_LARGE_LIBRARY of them): scanned and told to an index server while the node goes on."""
import os
import time
import unittest

from harness import eventually
from index_harness import IndexTest

FILES = int(os.environ.get("PRALINE_LARGE_LIBRARY", "100000"))
ANSWERED_MIN = 3
STATUSES_EACH_SEARCH = 10
PATIENCE = 60 + FILES / 500  # seconds, for all of them


class LargeLibrary(IndexTest):
    def folder_of_many(self):
        many = os.path.join(self.folder, "many")
        for number in range(FILES):
            if number % 1000 == 0:
                inside = os.path.join(many, f"{number:07}")
                os.makedirs(inside)
            with open(os.path.join(inside, f"pebble {number:07}.txt"), "wb") as out:
                out.write(b"%d" % number)
        return many

    def search(self, node):
        row = node.find("lighthouse keeper")
        self.assertEqual(row["name"], "lighthouse keeper.txt")
        node.call("DELETE", "/searches/" + row["id"].split("-")[0])  # only so many are open at a time

    def longest_answer(self, node, until):
        """In milliseconds, of a status asked for again and again."""
        longest = 0.0

        def asked():
            nonlocal longest
            start = time.monotonic()
            status = node.status()
            longest = max(longest, time.monotonic() - start)
            return until(status)
        eventually(asked, "all files", PATIENCE)
        return longest * 1000

    def test_the_node_goes_on_while_very_many_files_are_scanned_and_published(self):
        ready, many = self.make_folder("ready", {"lighthouse keeper.txt": b"light\n" * 100}), self.folder_of_many()
        index = self.index("index")
        far = self.node("far", "--index", index.address, mode="ultrapeer", share=[ready])
        near = self.node("near", mode="ultrapeer", peers=[far.address])
        near.wait_links(1)
        far.wait_shared(1)
        self.search(near)
        far.post("/library/folders", {"path": many})
        asked = 0

        def scanned(status):
            nonlocal asked
            if asked % STATUSES_EACH_SEARCH == 0:
                self.search(near)
            asked += 1
            return status["shared_files"] >= FILES + 1
        scanning = self.longest_answer(far, scanned)
        self.assertGreaterEqual(asked / STATUSES_EACH_SEARCH, ANSWERED_MIN, "the scan was over before it could be in anybody's way")
        self.assertEqual(near.find(f"pebble {FILES - 1:07}", patience=PATIENCE)["size_bytes"], len(str(FILES - 1)))
        publishing = self.longest_answer(far, lambda status: index.status()["catalogue"]["entries"] == FILES + 1)
        print(f"{FILES} files: the longest answer of the node took {scanning:.0f} ms while they were scanned, {publishing:.0f} ms while the rest was published")
        self.assertEqual(near.find("lighthouse keeper")["name"], "lighthouse keeper.txt")


if __name__ == "__main__":
    unittest.main()
