"""Sixty real nodes on loopback and `simulate replay` on the same topology, placement and queries: the same nodes reached by
the same number of query messages.

What makes that exact although real messages come in any order: no cycle of the topology is shorter than twice the largest
TTL, so no copy of a flood can overtake another on a longer way to the same node; links are made in an order that gives
every node its neighbours in rising order; and what a walker chooses follows from the query's GUID, its number and its step.
"""
import collections
import concurrent.futures
import json
import os
import random
import re
import signal
import subprocess
import unittest

from harness import PRALINE, NodeTest, eventually

SIMULATE = os.environ.get("SIMULATE") or os.path.join(os.path.dirname(PRALINE), "simulate")
NODES, TTL_MAX, DEGREE_MAX, ITEMS = 60, 4, 4, 4
STARTED_TOGETHER = 4
CALM_POLLS = 3  # counters that stay the same in so many polls of all nodes: nothing is on its way


def distances(neighbours, source):
    far = {source: 0}
    queue = collections.deque([source])
    while queue:
        node = queue.popleft()
        for other in sorted(neighbours[node]):
            if other not in far:
                far[other] = far[node] + 1
                queue.append(other)
    return far


def topology(seed):
    """Connected, of NODES nodes, and without a cycle shorter than 2 * TTL_MAX."""
    chance = random.Random(seed)
    neighbours = {node: set() for node in range(NODES)}
    for node in range(1, NODES):
        other = chance.choice([one for one in range(node) if len(neighbours[one]) < DEGREE_MAX - 1])
        neighbours[node].add(other)
        neighbours[other].add(node)
    pairs = [(one, other) for one in range(NODES) for other in range(one + 1, NODES)]
    chance.shuffle(pairs)
    for one, other in pairs:
        small = len(neighbours[one]) < DEGREE_MAX and len(neighbours[other]) < DEGREE_MAX
        if small and distances(neighbours, one)[other] >= 2 * TTL_MAX - 1:
            neighbours[one].add(other)
            neighbours[other].add(one)
    return neighbours


def duplicates(neighbours, source, ttl):
    """Of a flood, by its definition."""
    far = distances(neighbours, source)
    reach = sum(1 for hops in far.values() if 0 < hops <= ttl)
    return len(neighbours[source]) + sum(len(neighbours[node]) - 1 for node, hops in far.items() if 0 < hops < ttl) - reach


class Agreement(NodeTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.end_all)
        self.neighbours = topology(7)
        self.edges = sorted((one, other) for one in self.neighbours for other in self.neighbours[one] if one < other)
        chance = random.Random(6)
        # Item 0 is held by one node, item 3 by nobody that is asked for it.
        self.placement = {item: sorted(chance.sample(range(1, NODES), (1, 3, 6, 1)[item])) for item in range(ITEMS)}

    def end_all(self):
        for node in self.nodes:  # together, as one after the other takes its time
            if node.process.poll() is None:
                node.process.send_signal(signal.SIGTERM)

    def start_all(self):
        def start(number):
            items = [item for item in range(ITEMS) if number in self.placement[item]]
            folder = self.make_folder(f"share{number}", {f"stone{item} of {number}.txt": b"%d %d" % (item, number) for item in items})
            return self.node(f"node{number}", "--seek", "off", "--query-routing", "off", "--hit-cache", "off", "--log-level", "debug",
                             mode="ultrapeer", share=[folder] if items else [])
        with concurrent.futures.ThreadPoolExecutor(STARTED_TOGETHER) as several:
            self.real = list(several.map(start, range(NODES)))
        for number, node in enumerate(self.real):
            held = sum(number in holders for holders in self.placement.values())
            if held:
                node.wait_shared(held)

    def link_all(self):
        """Each link after all smaller ones at both its ends."""
        made, left = [0] * NODES, list(self.edges)
        while left:
            busy, now, later = set(), [], []
            for one, other in left:
                (later if {one, other} & busy else now).append((one, other))
                busy |= {one, other}
            for one, other in now:
                self.real[one].post("/peers", {"address": self.real[other].address})
            for edge in now:
                for end in edge:
                    made[end] += 1
                    eventually(lambda end=end: self.real[end].links() == made[end], f"link {edge} at node {end}")
            left = later

    def counters(self):
        return [node.status()["counters"] for node in self.real]

    def calm_counters(self):
        last, same = None, 0
        while same < CALM_POLLS:
            now = [(one["queries_in"], one["queries_forwarded"], one["checks_in"], one["hits_in"]) for one in self.counters()]
            same = same + 1 if now == last else 0
            last = now
        return last

    def ask(self, query):
        """@return what was counted: the query's GUID, the nodes that got a copy, and how many copies came."""
        before = self.calm_counters()
        source = self.real[query["source"]]
        parameters = {key: query[key] for key in ("ttl", "walkers", "check_every", "max_steps", "state") if key in query}
        if "results" in query:
            parameters["results_wanted"] = query["results"]
        log_bytes = len(source.log_text())
        search = source.post("/searches", {"text": f"stone{query['item']}", "strategy": query["strategy"], "parameters": parameters})
        name = eventually(lambda: re.search(r"Query ([0-9a-f]{32}) ", source.log_text()[log_bytes:]), "the query's GUID in the log")[1]
        if query["strategy"] == "expanding-ring":
            eventually(lambda: source.get(f"/searches/{search['id']}")["state"] != "asking", "the last ring to be sent")
        after = self.calm_counters()
        rows = source.get(f"/searches/{search['id']}")["rows"]
        self.assertEqual(sum(one[1] - two[1] for one, two in zip(after, before)), sum(one[0] - two[0] for one, two in zip(after, before)),
                         "every copy that was sent came")
        source.call("DELETE", f"/searches/{search['id']}")
        came = [one[0] - two[0] for one, two in zip(after, before)]
        reached = [number for number in range(NODES) if came[number] > 0 and number != query["source"]]
        return {"guid": name, "messages": sum(came), "reached": reached, "found": rows > 0}

    def simulated(self, queries):
        def file(name, lines):
            path = os.path.join(self.folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write("".join(line + "\n" for line in lines))
            return path

        def words(query):
            return " ".join(f"{key}={('yes' if value else 'no') if isinstance(value, bool) else value}" for key, value in query.items())
        held = [[str(item) for item in range(ITEMS) if node in self.placement[item]] for node in range(NODES)]
        done = subprocess.run([SIMULATE, "replay", "--json",
                               "--topology", "file:" + file("edges", (f"{one} {other}" for one, other in self.edges)),
                               "--placement", file("placement", (f"{node} {' '.join(items)}" for node, items in enumerate(held) if items)),
                               "--queries", file("queries", map(words, queries))],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_sixty_nodes_do_what_their_simulation_does(self):
        self.start_all()
        self.link_all()
        far = distances(self.neighbours, self.placement[0][0])
        distant = max(far, key=lambda node: (far[node] == 3, -node))
        far_heard = max((node for node in range(NODES) if node not in self.placement[2]), key=lambda node: duplicates(self.neighbours, node, TTL_MAX))
        elsewhere = next(node for node in range(NODES) if node not in self.placement[3])
        queries = [
            {"source": elsewhere, "item": 3, "strategy": "flood", "ttl": 1},
            {"source": 7, "item": 1, "strategy": "flood", "ttl": 3},
            {"source": far_heard, "item": 2, "strategy": "flood", "ttl": TTL_MAX},
            {"source": distant, "item": 0, "strategy": "expanding-ring", "ttl": 4, "results": 1},
            {"source": self.placement[3][0], "item": 3, "strategy": "expanding-ring", "ttl": 4, "results": 1},
            # A walker that may end by a check does so when an answer comes, so it goes on for ever or does not ask.
            {"source": self.placement[3][0], "item": 3, "strategy": "random-walk", "walkers": 6, "check_every": 4, "max_steps": 40, "state": False},
            {"source": 41, "item": 2, "strategy": "random-walk", "walkers": 16, "check_every": 0, "max_steps": 30, "state": False},
            {"source": 12, "item": 1, "strategy": "random-walk", "walkers": 1, "check_every": 0, "max_steps": 60, "state": True},
        ]
        real = [self.ask(query) for query in queries]
        simulated = self.simulated([dict(query, guid=one["guid"]) for query, one in zip(queries, real)])
        for query, one, other in zip(queries, real, simulated):
            with self.subTest(**query):
                self.assertEqual(one["guid"], other["guid"])
                self.assertEqual(one["messages"], other["messages"])
                self.assertEqual(one["reached"], other["reached"])
                self.assertEqual(one["found"], other["found"])
        # What would not be noticed if nothing had happened at all.
        self.assertTrue(all(one["messages"] > 0 for one in real))
        self.assertGreater(simulated[2]["duplicates"], 0)
        self.assertEqual({one["found"] for one in real}, {False, True})


if __name__ == "__main__":
    unittest.main()
