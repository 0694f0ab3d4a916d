"""Searches spread by each strategy through real nodes: a line of four, what is sought at its end."""
import os
import unittest

from harness import NodeTest, eventually

STRATEGIES = ["flood", "expanding-ring", "random-walk", "biased-walk", "dynamic", "key", "auto"]
WORDS = ["almond", "bergamot", "cocoa", "date", "espresso", "fig", "ginger"]


class Strategies(NodeTest):
    def setUp(self):
        super().setUp()
        folder = os.path.join(self.folder, "shared")
        os.makedirs(folder)
        for word in WORDS:
            with open(os.path.join(folder, f"{word} praline.txt"), "w", encoding="utf-8") as file:
                file.write(word)
        self.line = []
        for number in range(4):
            # As many slots as a line needs: gossip would else join everybody to everybody.
            slots = "1" if number in (0, 3) else "2"
            self.line.append(self.node(f"node{number}", "--max-ultrapeers", slots, mode="ultrapeer",
                                       share=[folder] if number == 3 else [], peers=[node.address for node in self.line[-1:]]))
        for number, node in enumerate(self.line):
            node.wait_links(1 if number in (0, 3) else 2)
        self.line[3].wait_shared(len(WORDS))

    def counter(self, number, name):
        return self.line[number].status()["counters"][name]

    def search(self, strategy, words):
        started = self.line[0].post("/searches", {"text": words, "strategy": strategy})
        eventually(lambda: self.line[0].get(f"/searches/{started['id']}/results?since=0&limit=10")["rows"],
                   f"a result by {strategy}", 60)
        return started["id"]

    def test_each_strategy_finds_what_is_three_nodes_away(self):
        for strategy, word in zip(STRATEGIES, WORDS):
            with self.subTest(strategy):
                walkers, keys = self.counter(1, "walkers_in"), self.counter(1, "keys_in")
                self.search(strategy, word)
                if strategy in ("random-walk", "biased-walk"):
                    self.assertGreater(self.counter(1, "walkers_in"), walkers)
                if strategy == "key":
                    self.assertGreater(self.counter(1, "keys_in"), keys)

    def test_a_hit_that_passed_answers_the_next_who_asks_until_the_cache_is_off(self):
        self.search("flood", "almond")
        eventually(lambda: self.counter(1, "hit_cache_stored") > 0, "a hit in the cache of the node between")
        before = self.counter(1, "hit_cache_hits")
        self.search("flood", "almond")
        eventually(lambda: self.counter(1, "hit_cache_hits") > before, "an answer from the cache")
        self.line[1].call("PATCH", "/settings", {"hit_cache": "off"})
        before = self.counter(1, "hit_cache_hits")
        self.search("flood", "almond")
        self.assertEqual(self.counter(1, "hit_cache_hits"), before)


if __name__ == "__main__":
    unittest.main()
