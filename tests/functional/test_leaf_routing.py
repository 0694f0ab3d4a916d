#!/usr/bin/env python3
"""Thirty leaves of ours and two strangers at one ultrapeer: a query reaches those that may have an answer, no others."""
import unittest

import gnutella
import harness

LEAVES = 30
STRATEGIES = ("flood", "expanding-ring", "random-walk", "biased-walk", "dynamic", "key", "auto")


class LeafRouting(harness.NodeTest):
    def setUp(self):
        super().setUp()
        self.ultrapeer = self.node("ultrapeer", mode="ultrapeer")
        self.asker = self.node("asker", mode="ultrapeer", peers=[self.ultrapeer.address])
        self.leaves = [self.node(f"leaf{i}", mode="leaf", peers=[self.ultrapeer.address],
                                 share=[self.make_folder(f"share{i}", {f"number{i} orchard.txt": harness.random_bytes(1000, i)})])
                       for i in range(LEAVES)]
        self.strangers = [self.stranger("meadow"), self.stranger("number7", "orchard")]
        self.ultrapeer.wait_links(LEAVES + len(self.strangers) + 1)
        for leaf in self.leaves:
            leaf.wait_shared(1)

    def stranger(self, *words):
        link, reply = gnutella.connect(self.ultrapeer.address)
        self.assertIsNotNone(link, reply.start)
        self.addCleanup(link.close)
        for message in gnutella.table_messages(words):
            link.send_message(gnutella.QRP, message)
        return link

    def queries_in(self):
        return [leaf.status()["counters"]["queries_in"] for leaf in self.leaves]

    def test_a_query_goes_to_the_leaves_that_match_and_to_no_others(self):
        # The tables of all leaves have come once each of them is found.
        for i in range(LEAVES):
            self.asker.find(f"number{i} orchard", lambda row, i=i: row["name"] == f"number{i} orchard.txt")
        for strategy in STRATEGIES:
            with self.subTest(strategy=strategy):
                before = self.queries_in()
                search = self.asker.post("/searches", {"text": "number7 orchard", "strategy": strategy})["id"]
                harness.eventually(lambda: self.asker.get(f"/searches/{search}/results?since=0&limit=10")["rows"],
                                   f"number7 is found by {strategy}")
                self.asker.call("DELETE", f"/searches/{search}")
                got = [i for i, (was, now) in enumerate(zip(before, self.queries_in())) if now > was]
                self.assertEqual(got, [7])

    def test_strangers_that_are_leaves_get_what_their_table_matches(self):
        self.asker.find("number7 orchard")
        search = self.asker.post("/searches", {"text": "meadow"})["id"]
        query = self.strangers[0].read_until(gnutella.QUERY, answer_pings=gnutella.pong_payload("127.0.0.1:7000"))
        self.assertIn(b"meadow", query[4])
        self.assertNotIn(b"number", query[4])
        self.asker.call("DELETE", f"/searches/{search}")
        query = self.strangers[1].read_until(gnutella.QUERY, answer_pings=gnutella.pong_payload("127.0.0.1:7001"))
        self.assertIn(b"number7", query[4])


class LargeLeaf(harness.NodeTest):
    FILES = 2500

    def test_of_more_files_than_go_into_a_table_at_once_each_is_found(self):
        ultrapeer = self.node("ultrapeer", mode="ultrapeer")
        asker = self.node("asker", mode="ultrapeer", peers=[ultrapeer.address])
        folder = self.make_folder("many", {f"pebble{i:04}.txt": b"%d" % i for i in range(self.FILES)})
        leaf = self.node("leaf", mode="leaf", peers=[ultrapeer.address], share=[folder])
        leaf.wait_shared(self.FILES)
        for i in (0, 999, 1000, 1999, 2000, self.FILES - 1):
            asker.find(f"pebble{i:04}", lambda row, i=i: row["name"] == f"pebble{i:04}.txt")


if __name__ == "__main__":
    unittest.main()
