"""build/release/simulate as a script uses it: fixed forms, exit codes, and figures that a naive program agrees with."""
import collections
import gzip
import json
import os
import random
import subprocess
import tempfile
import unittest

from harness import PRALINE

SIMULATE = os.environ.get("SIMULATE") or os.path.join(os.path.dirname(PRALINE), "simulate")
RUN = ("run", "--topology", "random:2000:4000", "--replication", "0.01", "--queries", "200", "--seed", "7", "--json")


def simulate(*arguments):
    return subprocess.run([SIMULATE, *arguments], capture_output=True, text=True, check=False)


def naive_flood(neighbours, source, ttl):
    """Nodes reached and messages by the definition."""
    distance = {source: 0}
    queue = collections.deque([source])
    while queue:
        node = queue.popleft()
        for other in neighbours[node]:
            if other not in distance:
                distance[other] = distance[node] + 1
                queue.append(other)
    reach = sum(1 for far in distance.values() if 0 < far <= ttl)
    return reach, len(neighbours[source]) + sum(len(neighbours[node]) - 1 for node, far in distance.items() if 0 < far < ttl)


def largest_component(neighbours):
    best, seen = set(), set()
    for source in sorted(neighbours):
        if source in seen:
            continue
        part, stack = {source}, [source]
        while stack:
            fresh = neighbours[stack.pop()] - part
            part |= fresh
            stack.extend(fresh)
        seen |= part
        best = max(best, part, key=len)
    return best


class Simulate(unittest.TestCase):
    def test_a_run_prints_the_promised_fields(self):
        for strategy in (("flood", "--ttl", "4"), ("expanding-ring",),
                         ("random-walk", "--walkers", "16", "--check-every", "4", "--state", "--max-steps", "512")):
            done = simulate(*RUN, "--strategy", *strategy)
            self.assertEqual(done.returncode, 0, done.stderr)
            result = json.loads(done.stdout)
            for field in ("success_rate", "hops_mean", "reach_mean", "messages_mean", "messages_per_node", "duplicates_mean",
                          "nodes_visited_mean", "nodes"):
                self.assertIsInstance(result[field], (int, float), field)
            self.assertAlmostEqual(result["messages_mean"], result["reach_mean"] + result["duplicates_mean"], places=6)
            self.assertAlmostEqual(result["messages_mean"], result["messages_per_node"] * result["nodes"], places=6)

    def test_threads_change_nothing(self):
        for strategy in ("flood", "expanding-ring", "random-walk"):
            self.assertEqual(simulate(*RUN, "--strategy", strategy, "--threads", "1").stdout,
                             simulate(*RUN, "--strategy", strategy, "--threads", "3").stdout)

    def test_floods_on_a_gzipped_edge_list_equal_a_naive_count(self):
        chance = random.Random(11)
        edges = {tuple(sorted(chance.sample(range(300), 2))) for _ in range(500)}
        neighbours = collections.defaultdict(set)
        for one, other in edges:
            neighbours[one].add(other)
            neighbours[other].add(one)
        component = largest_component(neighbours)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "overlay.txt.gz")
            with gzip.open(path, "wt") as text:
                text.write("# FromNodeId\tToNodeId\n")
                text.writelines(f"{a}\t{b}\n" for a, b in chance.sample(sorted(edges), len(edges)))
            done = simulate("exact", "file:" + path)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
        self.assertGreater(len(rows), 4)
        for name, nodes, ttl, reach, messages, duplicates in rows:
            self.assertEqual((name, int(nodes)), ("overlay", len(component)))
            counts = [naive_flood(neighbours, source, int(ttl)) for source in component]
            reached, sent = (sum(column) / len(component) for column in zip(*counts))
            self.assertAlmostEqual(float(reach), reached, delta=0.00501)
            self.assertAlmostEqual(float(messages), sent, delta=0.00501)
            self.assertAlmostEqual(float(duplicates), sent - reached, delta=0.00501)

    def test_known_results_that_differ_are_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "known.csv")
            for messages, code in (("2.67", 0), ("2.68", 1)):  # a grid of 3 x 3 has 12 links: 24 ends for nine nodes
                with open(path, "w", encoding="utf-8") as text:
                    text.write(f"name,nodes,ttl,reach,messages,duplicates\ngrid:3x3,9,1,2.67,{messages},0.00\n")
                self.assertEqual(simulate("exact", "grid:3x3", "--against", path).returncode, code)

    def test_a_comparison_has_the_same_figures_as_single_runs(self):
        rows = json.loads(simulate("compare", *RUN[1:], "--strategies", "random-walk,flood").stdout)
        self.assertEqual([row["strategy"] for row in rows], ["random-walk", "flood"])
        for row in rows:
            self.assertEqual(row, json.loads(simulate(*RUN, "--strategy", row["strategy"]).stdout))

    def test_what_cannot_be_is_refused_with_a_sentence(self):
        good = ["run", "--topology", "grid:9x9", "--strategy", "flood"]
        for bad in (["--ttl", "0"], ["--ttl", "256"], ["--walkers", "0"], ["--replication", "0"], ["--replication", "1"],
                    ["--queries", "0"], ["--threads", "0"], ["--surprise"]):
            done = simulate(*good, *bad)
            self.assertEqual((done.returncode, done.stdout), (2, ""), bad)
            self.assertTrue(done.stderr.strip(), bad)
        for topology in ("grid:0x9", "moebius:3", "random:10:46", "file:/no/such/file"):
            done = simulate("run", "--topology", topology, "--strategy", "flood")
            self.assertEqual((done.returncode, done.stdout), (2, ""), topology)
            self.assertIn(topology.removeprefix("file:"), done.stderr)


if __name__ == "__main__":
    unittest.main()
