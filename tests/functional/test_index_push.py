"""A node that cannot be reached from outside, found through the index: it is asked to call, or the user is told why nothing comes."""
import os
import unittest

from harness import eventually, random_bytes
from index_harness import IndexTest

CONTENT = random_bytes(300_000, 7)


class IndexPush(IndexTest):
    """The publisher listens on 127.0.0.3 alone, while the index server sees it come from 127.0.0.1: as behind a firewall, nobody
    who has its address from the index can connect there."""

    def setUp(self):
        super().setUp()
        self.server = self.index("server")
        self.folder_shared = self.make_folder("shared", {"hazelnut praline.bin": CONTENT})

    def publisher(self, *flags, **options):
        node = self.node("publisher", "--index", self.server.address, *flags, listen="127.0.0.3:0", share=[self.folder_shared], **options)
        eventually(lambda: node.status()["index"]["published"] and self.server.status()["catalogue"]["entries"] == 1, "a published file")
        return node

    def asker(self, **options):
        node = self.node("asker", "--index", self.server.address, **options)
        eventually(lambda: node.status()["index"]["server"], "a sign-in")
        return node

    def indexed_row(self, node):
        """The row of a search that asked the index alone, and its only source."""
        search = node.post("/searches", {"text": "hazelnut", "strategy": "index"})["id"]
        row = eventually(lambda: next(iter(node.get(f"/searches/{search}/results?since=0&limit=10")["rows"]), None), "the file at the index")
        self.assertEqual(len(row["sources"]), 1)
        self.assertTrue(row["sources"][0]["indexed"])
        return row, row["sources"][0]

    def says_push(self, node, wanted):
        return eventually(lambda: self.indexed_row(node)[1]["push_needed"] == wanted, f"push_needed to be {wanted}")

    def test_it_is_asked_to_call_and_its_file_comes_whole(self):
        middle = self.node("middle", "--seek", "off", mode="ultrapeer")
        publisher = self.publisher("--firewalled", "on", mode="leaf", peers=[middle.address])
        asker = self.asker(mode="leaf", peers=[middle.address])
        middle.wait_links(2)
        row, source = self.indexed_row(asker)
        self.assertTrue(source["push_needed"])
        self.assertEqual(source["address"], f"127.0.0.1:{publisher.port}")
        done = asker.download(row["id"])
        self.assertEqual(done["state"], "completed", done["reason"])
        with open(done["path"], "rb") as file:
            self.assertEqual(file.read(), CONTENT)
        self.assertGreaterEqual(middle.status()["counters"]["pushes_forwarded"], 1)

    def test_without_a_way_to_ask_it_the_user_is_told(self):
        self.publisher("--firewalled", "on")
        asker = self.asker()
        row, _ = self.indexed_row(asker)
        id = asker.post("/downloads", {"what": row["id"]})["id"]
        said = eventually(lambda: asker.get(f"/downloads/{id}")["reason"], "a reason")
        self.assertIn("cannot be reached from outside, and there is no way to ask it to call", said)

    def test_the_index_is_told_when_it_changes_while_the_node_runs(self):
        publisher = self.publisher()
        asker = self.asker()
        self.assertFalse(self.indexed_row(asker)[1]["push_needed"])
        writes = self.server.status()["counters"]["writes"]
        publisher.call("PATCH", "/settings", {"firewalled": "on"})
        self.says_push(asker, True)
        publisher.call("PATCH", "/settings", {"firewalled": "off"})
        self.says_push(asker, False)
        self.assertEqual(self.server.status()["counters"]["writes"], writes, "nothing was published again")
        self.assertEqual(publisher.status()["index"]["fail_overs"], 0)

    def test_hits_of_the_overlay_say_the_same(self):
        publisher = self.node("publisher", "--firewalled", "on", mode="ultrapeer", share=[self.folder_shared])
        asker = self.node("asker", mode="ultrapeer", peers=[publisher.address])
        asker.wait_links(1)
        publisher.wait_shared(1)
        self.assertTrue(asker.find("hazelnut")["sources"][0]["push_needed"])
        publisher.call("PATCH", "/settings", {"firewalled": "off"})
        asker.find("hazelnut", lambda row: not row["sources"][0]["push_needed"])


if __name__ == "__main__":
    unittest.main()
