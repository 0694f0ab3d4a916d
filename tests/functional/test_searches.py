"""Searches as people use them: each strategy, its price, results in order, the history, and searches that repeat."""
import json
import unittest
import urllib.parse

from harness import NodeTest, api_refusal, eventually

STRATEGIES = ("flood", "expanding-ring", "random-walk", "biased-walk", "dynamic", "key", "auto")
FILES = {f"hazelnut recipe {number:02}.{ending}": b"roast, grind, wait\n" * (number + 1)
         for number, ending in enumerate(["txt", "pdf", "mp3", "txt", "ogg", "png", "zip", "txt", "md", "flac", "tar.gz", "txt"])}


class SearchTest(NodeTest):
    def pair(self, *flags):
        """A node that shares the files and another that asks."""
        far = self.node("far", *flags, mode="ultrapeer", share=[self.make_folder("share", FILES)])
        near = self.node("near", *flags, mode="ultrapeer", peers=[far.address])
        near.wait_links(1)
        far.wait_shared(len(FILES))
        near.find("hazelnut recipe")
        return near, far

    def begin(self, node, text="hazelnut recipe", **how):
        return node.post("/searches", {"text": text, **how})["id"]

    def rows(self, node, search, **query):
        return node.get(f"/searches/{search}/results?" + urllib.parse.urlencode(query))

    def wait_rows(self, node, search, count):
        return eventually(lambda: (lambda view: view if view["rows"] >= count else None)(node.get(f"/searches/{search}")),
                          f"{count} results of search {search}")


class Strategies(SearchTest):
    def test_every_strategy_finds_and_says_its_price(self):
        near, _ = self.pair("--hit-cache", "off")  # or the first strategy would find for all others
        self.assertEqual({one["name"] for one in near.get("/strategies")["strategies"]}, {*STRATEGIES, "index", "hybrid"})
        for strategy in STRATEGIES:
            with self.subTest(strategy=strategy):
                search = self.begin(near, strategy=strategy)
                view = self.wait_rows(near, search, 1)
                self.assertEqual(view["strategy"], strategy)
                price = view["price"]
                self.assertGreaterEqual(price["messages"], 1)
                self.assertGreater(price["bytes"], 23 * price["messages"])
                self.assertGreaterEqual(price["reach_about"], price["origins"])
                self.assertIn("reach_about", price["estimates"])
                self.assertEqual(price["origins"], 1)
                self.assertEqual(sum(one["hits"] for one in price["hits_by_hops"]), view["hits"])
                self.assertEqual(price["cached_hits"], 0)
                self.assertIsNotNone(price["first_result_seconds"])
                self.assertEqual(near.call("DELETE", f"/searches/{search}"), {"done": True})

    def test_what_comes_from_a_cache_is_marked_until_the_source_says_so_itself(self):
        near, far = self.pair()
        far.stop()
        eventually(lambda: near.links() == 0, "the source to be gone")
        search = self.begin(near, strategy="expanding-ring")
        view = self.wait_rows(near, search, 1)
        self.assertEqual(view["price"]["cached_hits"], view["hits"])
        row = self.rows(near, search, sort="name")["rows"][0]
        self.assertTrue(row["cached"])
        self.assertIsInstance(row["sources"][0]["cached_seconds"], int)
        self.assertEqual(self.rows(near, search, fresh="true")["matching"], 0)

    def test_the_command_line_chooses_a_strategy_and_prints_what_it_cost(self):
        near, _ = self.pair()
        words = ["search", "--wait", "20", "--enough", "1", "--strategy", "random-walk", "--walkers", "4", "--check-every", "2",
                 "--max-steps", "16", "--no-state", "--results", "5", "hazelnut", "recipe"]
        told = near.cli(*words, check=0).stdout
        self.assertIn("Strategy random-walk", told)
        self.assertIn("an estimate", told)
        answer = json.loads(near.cli("--json", *words, check=0).stdout)
        self.assertEqual(answer["strategy"], "random-walk")
        self.assertEqual(answer["parameters"], {"walkers": 4, "check_every": 2, "max_steps": 16, "state": False, "results_wanted": 5})
        self.assertGreaterEqual(answer["price"]["messages"], 1)
        refused = near.cli("search", "--strategy", "telepathy", "hazelnut", check=2)
        self.assertIn("expanding-ring", refused.stderr)
        refused = near.cli("search", "--strategy", "index", "hazelnut", check=1)
        self.assertIn("--index", refused.stderr)
        refused = near.cli("search", "--ttl", "200", "hazelnut", check=2)
        self.assertIn("ttl must be from 1 to 7", refused.stderr)

    def test_what_is_wrong_on_the_command_line_is_said_with_exit_code_2(self):
        near = self.node("near", mode="ultrapeer")
        for words, sentence in ((["   "], "at least one word"), (["-battle"], "at least one word to look for"), (["x"], "two letters"),
                                (["--ttl", "99", "hazelnut"], "ttl must be"), (["--strategy", "flood", "--ttl", "8", "hazelnut"], "from 1 to 7"),
                                (["walnuts", "-walnut"], "Take one of them away")):
            self.assertIn(sentence, near.cli("search", *words, check=2).stderr)
            self.assertIn(sentence, near.cli("searches", "save", *words, check=2).stderr)
        near.stop()
        near.cli("search", "--strategy", "magic", "hazelnut", check=2)

    def test_absurd_parameters_are_refused_with_a_sentence(self):
        near = self.node("near", mode="ultrapeer")
        for how in ({"parameters": {"ttl": 255}}, {"parameters": {"walkers": 10**9}}, {"parameters": {"max_steps": 2**64}},
                    {"parameters": {"ttl": -1}}, {"parameters": {"ttl": "7"}}, {"parameters": {"ttle": 3}}, {"strategy": "Flood"}):
            status, error = api_refusal(lambda how=how: self.begin(near, **how))
            self.assertEqual(status, 400, how)
            self.assertGreater(len(error["message"]), 15)
        self.assertEqual(near.get("/searches")["searches"], [])


class Results(SearchTest):
    def test_results_are_chosen_sorted_and_cut_in_the_node(self):
        near, _ = self.pair()
        search = self.begin(near)
        self.wait_rows(near, search, len(FILES))
        names = [row["name"] for row in self.rows(near, search, sort="name", limit=1000)["rows"]]
        self.assertEqual(names, sorted(FILES))
        page = self.rows(near, search, sort="name", descending="true", offset=2, limit=3)
        self.assertEqual([row["name"] for row in page["rows"]], sorted(FILES, reverse=True)[2:5])
        self.assertEqual((page["total"], page["matching"]), (len(FILES), len(FILES)))
        sizes = [row["size_bytes"] for row in self.rows(near, search, sort="size", descending="true")["rows"]]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        page = self.rows(near, search, kind="audio", sort="name")
        self.assertEqual({row["kind"] for row in page["rows"]}, {"audio"})
        self.assertEqual(page["matching"], page["kinds"]["audio"])
        self.assertEqual([row["name"] for row in self.rows(near, search, filter="07 RECIPE")["rows"]], ["hazelnut recipe 07.txt"])
        self.assertEqual(self.rows(near, search, sources_min=2)["matching"], 0)
        status, error = api_refusal(lambda: self.rows(near, search, sort="colour"))
        self.assertEqual(status, 400)
        self.assertIn("relevance", error["message"])


class LeftOut(SearchTest):
    NAMES = ("hazelnut angel.txt", "hazelnut battle angel.txt", "hazelnut angel of battles.txt", "hazelnut last order.txt")

    def asking_node(self):
        far = self.node("far", mode="ultrapeer", share=[self.make_folder("share", {name: name.encode() for name in self.NAMES})])
        near = self.node("near", mode="ultrapeer", peers=[far.address])
        near.wait_links(1)
        far.wait_shared(len(self.NAMES))
        near.find("hazelnut")
        return near

    def test_a_word_with_a_minus_is_left_out_on_the_command_line_and_in_the_api(self):
        near = self.asking_node()

        def names(*words):
            answer = json.loads(near.cli("--json", "search", "--wait", "20", "--enough", "1", *words, check=0).stdout)
            return sorted(row["name"] for row in answer["results"])
        self.assertEqual(names("hazelnut", "-battle"), [self.NAMES[0], self.NAMES[3]])
        self.assertEqual(names("-battle", "hazelnut", "-angel"), [self.NAMES[3]])
        self.assertEqual(names("hazelnut", "--", "-battle", "-last"), [self.NAMES[0]])
        self.assertEqual(names('hazelnut -"last order" -battle'), [self.NAMES[0]])
        self.assertEqual(names('"battle angel"'), [self.NAMES[1]])
        search = self.begin(near, "hazelnut -battle")
        view = self.wait_rows(near, search, 2)
        self.assertEqual((view["text"], view["without"]), ("hazelnut -battle", ["battle"]))
        eventually(lambda: near.get(f"/searches/{search}")["price"]["excluded_hits"] >= 2, "what was left out to be counted")
        self.assertEqual(self.rows(near, search, filter="-last")["matching"], 1)
        near.post(f"/searches/{search}/stop")
        self.assertEqual(near.get("/history")["history"][0]["price"]["excluded_hits"], near.get(f"/searches/{search}")["price"]["excluded_hits"])
        told = near.cli("search", "--wait", "20", "--enough", "2", "hazelnut", "-battle", check=0).stdout
        self.assertIn("Without: battle", told)
        self.assertIn("left out as you asked", told)


class Room(SearchTest):
    def test_a_script_searches_on_and_on_and_the_results_of_its_last_searches_can_still_be_named(self):
        near = self.node("near", mode="ultrapeer")
        open_on_a_page = self.begin(near, "hazelnut")
        near.get(f"/searches?watch={open_on_a_page}")
        last = [self.begin(near, f"walnut {number}") for number in range(200)]
        views = near.get("/searches")["searches"]
        self.assertLessEqual(len(views), 64)
        self.assertIn(open_on_a_page, [view["id"] for view in views])
        self.assertIn(last[-50], [view["id"] for view in views])
        self.assertEqual(near.get("/history")["total"], 201 - len(views))

    def test_that_nobody_could_be_asked_is_said_with_exit_code_1(self):
        near = self.node("near", "--index", "127.0.0.1:1", mode="ultrapeer")
        alone = near.cli("search", "--wait", "0.1", "hazelnut", check=1)
        self.assertIn("No peer could be asked", alone.stderr)
        self.assertIn("no link", alone.stderr)
        # Who does not wait is told the same, but nothing has failed yet: the first neighbour is asked when it comes.
        self.assertIn("No peer could be asked", near.cli("search", "--wait", "0", "hazelnut", check=4).stderr)
        dead = near.cli("search", "--wait", "60", "--strategy", "index", "hazelnut", check=1)
        self.assertIn("No index server could be asked", dead.stderr)
        far = self.node("far", mode="ultrapeer", peers=[near.address])
        far.wait_links(1)
        near.wait_links(1)
        self.assertIn("Nothing found", near.cli("search", "--wait", "0", "hazelnut", check=4).stderr)


class Records(SearchTest):
    def test_the_history_keeps_searches_and_their_price_over_a_restart(self):
        near, _ = self.pair()
        search = self.begin(near, strategy="flood", parameters={"ttl": 2})
        self.wait_rows(near, search, 1)
        near.post(f"/searches/{search}/stop")
        entry = near.get("/history")["history"][0]
        self.assertEqual((entry["text"], entry["strategy"], entry["parameters"]), ("hazelnut recipe", "flood", {"ttl": 2}))
        self.assertGreaterEqual(entry["price"]["messages"], 1)
        left_open = self.begin(near, "hazelnut", strategy="flood")
        self.wait_rows(near, left_open, 1)
        near.stop()
        near.start()
        texts = [one["text"] for one in near.get("/history")["history"]]
        self.assertEqual(texts[:2], ["hazelnut", "hazelnut recipe"])
        self.assertEqual(next(one for one in near.get("/history")["history"] if one["id"] == entry["id"]), entry)
        self.assertIn("hazelnut recipe", near.cli("searches", "history", check=0).stdout)
        near.cli("searches", "forget", str(entry["id"]), check=0)
        self.assertNotIn(entry["id"], [one["id"] for one in near.get("/history")["history"]])
        near.cli("searches", "forget", str(entry["id"]), check=1)
        near.cli("searches", "forget", check=2)
        near.cli("searches", "forget", "--all", check=0)
        self.assertEqual(near.get("/history"), {"total": 0, "history": []})

    def test_a_search_that_is_open_when_the_node_is_killed_is_in_the_history_as_interrupted(self):
        near, _ = self.pair()
        self.assertFalse([one for one in near.get("/history")["history"] if one["interrupted"]])
        search = self.begin(near, "hazelnut recipe", strategy="flood")
        self.wait_rows(near, search, 1)
        near.kill()
        near.start()
        entry = near.get("/history")["history"][0]
        self.assertEqual((entry["text"], entry["strategy"], entry["interrupted"]), ("hazelnut recipe", "flood", True))
        self.assertEqual((entry["rows"], entry["lasted_seconds"]), (0, 0))
        near.stop()
        near.start()
        self.assertEqual(near.get("/history")["history"][0], entry)
        self.assertIn("interrupted", near.cli("searches", "history", check=0).stdout)

    def test_a_saved_search_repeats_counts_what_is_new_and_outlives_the_node(self):
        near, far = self.pair()
        near.cli("searches", "save", "--every", "10", "--messages-per-day", "100000", "--strategy", "flood", "hazelnut", "recipe", check=0)
        saved = lambda: near.get("/saved-searches")["saved_searches"][0]
        eventually(lambda: saved()["runs"] >= 1 and saved()["search"], "the first run")
        self.wait_rows(near, saved()["search"], len(FILES))
        eventually(lambda: saved()["runs"] >= 2, "the second run")
        eventually(lambda: saved()["results_known"] == len(FILES), "the first run to say what there is")
        self.assertEqual(saved()["new_results"], 0)
        self.assertGreaterEqual(saved()["messages_today"], 1)
        far.cli("share", "add", self.make_folder("more", {"hazelnut recipe of late.txt": b"not there before"}), check=0)
        eventually(lambda: saved()["new_results"] == 1, "one new file")
        runs = saved()["runs"]
        eventually(lambda: saved()["runs"] > runs and saved()["new_results"] == 0, "nothing new in the run after")
        self.assertEqual(saved()["results_known"], len(FILES) + 1)
        runs = saved()["runs"]
        near.stop()
        near.start()
        self.assertGreaterEqual(saved()["runs"], runs)
        self.assertEqual(saved()["results_known"], len(FILES) + 1)
        near.wait_links(1)
        eventually(lambda: saved()["runs"] > runs, "a run after the restart")
        id = str(saved()["id"])
        self.assertIn("hazelnut recipe", near.cli("searches", "list", check=0).stdout)
        near.cli("searches", "remove", id, check=0)
        near.cli("searches", "remove", id, check=1)
        self.assertEqual(near.get("/saved-searches"), {"saved_searches": []})

    def test_a_saved_search_without_links_is_skipped_and_says_why(self):
        lonely = self.node("lonely", mode="ultrapeer")
        saved = lonely.post("/saved-searches", {"text": "hazelnut", "repeat_seconds": 60, "messages_per_run": 5})
        eventually(lambda: lonely.get("/saved-searches")["saved_searches"][0]["skips"] >= 1, "a skip")
        one = lonely.get("/saved-searches")["saved_searches"][0]
        self.assertEqual((one["id"], one["runs"]), (saved["id"], 0))
        self.assertIn("link", one["last_skip"])
        status, error = api_refusal(lambda: lonely.post(f"/saved-searches/{saved['id']}/run"))
        self.assertEqual((status, error["code"]), (409, "skipped"))
        status, _ = api_refusal(lambda: lonely.post("/saved-searches", {"text": "hazelnut", "repeat_seconds": 1}))
        self.assertEqual(status, 400)


if __name__ == "__main__":
    unittest.main()
