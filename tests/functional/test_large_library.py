"""A hundred thousand files: scanned while searches go on being answered."""
import os
import unittest

from harness import NodeTest

FILES = 100_000
ANSWERED_MIN = 3


class LargeLibrary(NodeTest):
    def test_searches_are_answered_while_a_hundred_thousand_files_are_scanned(self):
        ready = self.make_folder("ready", {"lighthouse keeper.txt": b"light\n" * 100})
        many = os.path.join(self.folder, "many")
        for number in range(FILES):
            if number % 1000 == 0:
                inside = os.path.join(many, f"{number:06}")
                os.makedirs(inside)
            with open(os.path.join(inside, f"pebble {number:06}.txt"), "wb") as out:
                out.write(b"%d" % number)
        far = self.node("far", mode="ultrapeer", share=[ready])
        near = self.node("near", mode="ultrapeer", peers=[far.address])
        near.wait_links(1)
        far.wait_shared(1)
        near.find("lighthouse keeper")
        far.post("/library/folders", {"path": many})
        answered = 0
        while far.status()["shared_files"] < FILES + 1:
            row = near.find("lighthouse keeper")
            self.assertEqual(row["name"], "lighthouse keeper.txt")
            near.call("DELETE", "/searches/" + row["id"].split("-")[0])  # only so many are open at a time
            answered += 1
        self.assertGreaterEqual(answered, ANSWERED_MIN, "the scan was over before it could be in anybody's way")
        self.assertEqual(near.find(f"pebble {FILES - 1:06}")["size_bytes"], len(str(FILES - 1)))


if __name__ == "__main__":
    unittest.main()
