"""build/release/simulate as a script uses it: fixed forms, exit codes, and figures that a naive program agrees with."""
import collections
import csv
import gzip
import io
import json
import os
import random
import shutil
import signal
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


def has_a_record(path):
    if not os.path.exists(path):
        return False
    with open(path, encoding="utf-8") as file:
        return "\n0 " in file.read()


class Simulate(unittest.TestCase):
    def test_structured_overlays_print_the_promised_fields(self):
        form = ("structured", "--overlays", "chord,can,kademlia,pastry,tapestry,key", "--nodes", "500", "--lookups", "2000", "--fail", "0.1",
                "--dims", "3", "--seed", "5", "--json")
        done = simulate(*form)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = json.loads(done.stdout)
        self.assertEqual([row["overlay"] for row in rows], ["chord", "can", "kademlia", "pastry", "tapestry", "key"])
        for row in rows:
            for field in ("nodes", "hops_mean", "hops_max", "timeouts_mean", "success_rate", "entries_mean", "stretch_mean"):
                self.assertIsInstance(row[field], (int, float), field)
        self.assertEqual(simulate(*form, "--threads", "2").stdout, done.stdout)
        formula = json.loads(simulate("structured", "--overlays", "chord", "--nodes", "1024", "--ideal", "--json").stdout)
        self.assertEqual(formula[0]["hops_mean"], 5)
        self.assertIn("pastry", simulate("structured", "--overlays", "pastry", "--nodes", "50").stdout)
        for bad in (("--overlays", "mesh"), ("--overlays", "can", "--nodes", "0"), ("--overlays", "can", "--fail", "1"),
                    ("--overlays", "can", "--ideal", "--fail", "0.1")):
            refused = simulate("structured", *bad)
            self.assertEqual(refused.returncode, 2, bad)
            self.assertNotEqual(refused.stderr, "")

    def test_applications_print_figures_that_follow_from_the_seed(self):
        for form, field in ((("storage", "--nodes", "50", "--files", "5000"), "failed_rate_until_95_percent_use"),
                            (("web-cache", "--objects", "1000", "--requests", "5000", "--cache", "50"), "home_store_hit_rate"),
                            (("work-units", "--units", "1000"), "wrong_rate"),
                            (("objects", "--nodes", "200", "--messages", "500", "--underlay", "plane"), "delay_penalty_far_p50")):
            with self.subTest(form=form):
                done = simulate(*form, "--seed", "3", "--json")
                self.assertEqual(done.returncode, 0, done.stderr)
                figures = json.loads(done.stdout)
                self.assertIn(field, figures)
                self.assertEqual(simulate(*form, "--seed", "3", "--json").stdout, done.stdout)
                self.assertNotEqual(simulate(*form, "--seed", "4", "--json").stdout, done.stdout)
                for line, name in zip(simulate(*form, "--seed", "3").stdout.splitlines(), figures):
                    self.assertTrue(line.startswith(name + " "), line)
                self.assertEqual(simulate(*form, "--nonsense").returncode, 2)

    def test_volunteers_print_the_promised_fields(self):
        form = ("volunteers", "--peers", "100", "--requirement", "120", "--attack", "0.1", "--seed", "3", "--runs", "20", "--json")
        done = simulate(*form)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        for field in ("servers_p5", "servers_p50", "servers_p95", "servers_mean", "delay_mean", "rounds_to_met_p50"):
            self.assertIn(field, result)
        self.assertTrue(result["servers_p5"] <= result["servers_p50"] <= result["servers_p95"])
        self.assertEqual(simulate(*form).stdout, done.stdout)
        self.assertIn("servers", simulate(*form[:-1]).stdout)
        for bad in (("--attack", "1.5"), ("--peers", "0"), ("--requirement", "soon"), ("--rounds", "1")):
            self.assertEqual(simulate("volunteers", "--peers", "10", "--requirement", "102", *bad).returncode, 2)

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

    def test_both_scales_print_the_same(self):
        small = ("run", "--topology", "random:300:700", "--replication", "0.01", "--queries", "20", "--seed", "7", "--json")
        for strategy in (("flood", "--ttl", "5"), ("expanding-ring",), ("random-walk", "--walkers", "8", "--state"), ("key",)):
            graph, full, values = (simulate(*small, "--strategy", *strategy, *scale)
                                   for scale in (("--scale", "graph"), ("--scale", "full"), ("--scale", "full", "--codec", "off")))
            self.assertEqual(full.returncode, 0, full.stderr)
            self.assertEqual(graph.stdout, full.stdout)
            self.assertEqual(values.stdout, full.stdout)

    def test_leaves_and_churn_at_full_scale(self):
        tiers = ("run", "--topology", "two-tier:30:5:6", "--strategy", "flood", "--ttl", "9", "--replication", "0.02", "--queries", "10", "--json")
        graph, full = (json.loads(simulate(*tiers, "--scale", scale).stdout) for scale in ("graph", "full"))
        self.assertEqual(full["success_rate"], 1)
        self.assertEqual(graph["success_rate"], 1)
        self.assertLess(full["messages_mean"] + 100, graph["messages_mean"])  # most of 180 leaves get none
        churn = ("run", "--topology", "random:300:900", "--strategy", "flood", "--replication", "0.02", "--queries", "10", "--away", "0.3", "--json")
        graph, full = (json.loads(simulate(*churn, "--scale", scale).stdout) for scale in ("graph", "full"))
        self.assertEqual(full["reach_mean"], graph["reach_mean"])
        self.assertEqual(full["messages_mean"], graph["messages_mean"])
        self.assertLess(full["reach_mean"], 230)

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
            single = json.loads(simulate(*RUN, "--strategy", row["strategy"]).stdout)
            self.assertEqual({field: row[field] for field in single}, single)
            for field in ("results_mean", "messages_per_result", "busiest_node_mean", "bytes_mean", "first_ms_mean", "enough_ms_mean"):
                self.assertIn(field, row)
                self.assertIn(field + "_ci95", row)

    def test_what_cannot_be_is_refused_with_a_sentence(self):
        good = ["run", "--topology", "grid:9x9", "--strategy", "flood"]
        for bad in (["--ttl", "0"], ["--ttl", "256"], ["--ttl", "-3"], ["--ttl", "99999999999999999999"], ["--walkers", "0"],
                    ["--replication", "0"], ["--replication", "1"], ["--replication", "nan"], ["--replication=-0.1"], ["--queries", "0"],
                    ["--threads", "0"], ["--loss", "2"], ["--latency", "soon"], ["--zipf", "1"], ["--workload", "busy"], ["--surprise"],
                    ["--scenario", "/no/such/file"], ["--workload", "items", "--replication", "0.001"], ["--strategy", "guess"]):
            done = simulate(*good, *bad)
            self.assertEqual((done.returncode, done.stdout), (2, ""), bad)
            self.assertTrue(done.stderr.strip(), bad)
        for topology in ("grid:0x9", "moebius:3", "random:10:46", "barabasi-albert:3:3", "small-world:10:3:0.1", "small-world:9:4:nan",
                         "file:/no/such/file"):
            done = simulate("run", "--topology", topology, "--strategy", "flood")
            self.assertEqual((done.returncode, done.stdout), (2, ""), topology)
            self.assertIn(topology.removeprefix("file:"), done.stderr)
        for missing in (["--topology", "grid:9x9"], ["--strategy", "flood"]):
            self.assertEqual(simulate("run", *missing).returncode, 2)

    def test_a_damaged_edge_list_is_refused(self):
        whole = gzip.compress(b"1 2\n" * 5000)
        for content in (whole[:len(whole) // 2], b"\x1f\x8b" + os.urandom(64), b"one two\n", b"1 2\n" + b"7" * 9000 + b"\n", b"", b"5 5\n"):
            with tempfile.NamedTemporaryFile() as file:
                file.write(content)
                file.flush()
                done = simulate("run", "--topology", "file:" + file.name, "--strategy", "flood")
                self.assertEqual((done.returncode, done.stdout), (2, ""), content[:40])
                self.assertIn(file.name, done.stderr)

    def edge_list(self, content, suffix=".txt"):
        file = tempfile.NamedTemporaryFile(prefix="crawl, one ", suffix=suffix)
        self.addCleanup(file.close)
        file.write(content)
        file.flush()
        return file.name

    def test_edge_lists_are_read_as_they_are_published(self):
        links = [(0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 5)]
        asked = ("--strategy", "flood", "--replication", "0.5", "--queries", "20", "--json")
        def lines(form, end="\n", start=""):
            return (start + "".join(form.format(*link) + end for link in links)).encode()
        expected = None
        for content in (lines("{}\t{}", start="# FromNodeId\tToNodeId\n"), lines("{} {}", start="% sym unweighted\n"), lines("{} {}", start="\ufeff"),
                        lines("{} {}", "\r\n"), lines("{} {}", "\r"), lines("{},{}", start="source,target\n"), lines("{};{};7"),
                        gzip.compress(lines("{} {}", start="\ufeff% compressed\n")), lines("{0}0000000000 {1}0000000000")):
            done = simulate("run", "--topology", "file:" + self.edge_list(content), *asked)
            self.assertEqual((done.returncode, done.stderr), (0, ""), content)
            row = json.loads(done.stdout)
            del row["topology"]
            expected = expected or row
            self.assertEqual(row, expected, content)
        for content, word in ((b"BZh91AY", "bzip2"), (b"\xff\xfe1\0 \0002\0", "UTF-16"), (b"PK\x03\x04", "zip")):
            done = simulate("run", "--topology", "file:" + self.edge_list(content), *asked)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(word, done.stderr)

    def test_the_same_links_by_name_or_as_graphml_are_the_same_overlay(self):
        links = [(0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 5)]
        def ask(topology):
            done = simulate("run", "--topology", topology, "--strategy", "flood", "--queries", "20", "--replication", "0.3", "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            return {key: value for key, value in json.loads(done.stdout).items() if key != "topology"}
        numbers = self.edge_list("".join(f"{one} {other}\n" for one, other in links).encode())
        names = self.edge_list(("source,target\n" + "".join(f"host {other},host {one}\n".replace("host ", "host-") for one, other in links)).encode())
        graphml = self.edge_list(("<graphml><graph>" + "".join(f'<node id="n{node}"/>' for node in range(6)) + "".join(
            f'<edge source="n{one}" target="n{other}"/>' for one, other in links) + "</graph></graphml>").encode())
        self.assertEqual(ask("names:" + names), ask("file:" + numbers))
        self.assertEqual(ask("file:" + graphml), ask("file:" + numbers))

    def test_what_is_left_out_of_an_edge_list_is_said(self):
        name = self.edge_list(b"0 1\n1 2\n2 3\n3 0\n3 4\n4 5\n100 101\n101 102\n")
        said = "2 components; 3 of 9 nodes are outside the largest"
        asked = ("--topology", "file:" + name, "--replication", "0.5", "--queries", "20")
        done = simulate("run", *asked, "--strategy", "flood", "--json")
        self.assertIn(said, done.stderr)
        row = json.loads(done.stdout)
        self.assertEqual((row["nodes"], row["components"], row["nodes_left_out"]), (6, 2, 3))
        done = simulate("compare", *asked, "--csv")
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual([(row["components"], row["nodes_left_out"]) for row in rows], [("2", "3")] * 3)
        self.assertIn(said, simulate("exact", "file:" + name).stderr)
        with tempfile.TemporaryDirectory() as folder:
            page = os.path.join(folder, "page.html")
            self.assertEqual(simulate("compare", *asked, "--html", page).returncode, 0)
            with open(page, encoding="utf-8") as text:
                self.assertIn("has 2 components: 3 of its 9 nodes", text.read())

    def test_shards_of_any_command_merge_to_the_same_bytes(self):
        overlay = ("--topology", "barabasi-albert:400:3", "--queries", "50", "--seed", "2", "--replication", "0.02")
        for order in (("compare", *overlay, "--json"), ("compare", *overlay, "--csv"), ("compare", *overlay),
                      ("compare", *overlay, "--workload", "items", "--trials", "7", "--copying", "path", "--json"),
                      ("run", *overlay, "--strategy", "flood", "--json"),
                      ("sweep", *overlay, "--vary", "ttl=2,3", "--vary", "scale=graph,full")):
            with self.subTest(order=order), tempfile.TemporaryDirectory() as folder:
                whole = simulate(*order)
                self.assertEqual(whole.returncode, 0, whole.stderr)
                files = []
                for shard in range(3):
                    part = simulate(*order, "--shard", f"{shard}/3", "--threads", str(1 + shard % 2))
                    self.assertEqual(part.returncode, 0, part.stderr)
                    files.insert(0, os.path.join(folder, str(shard)))
                    with open(files[0], "w", encoding="utf-8") as file:
                        file.write(part.stdout)
                self.assertEqual(simulate("merge", *files).stdout, whole.stdout)
                lacking = simulate("merge", *files[1:])
                self.assertEqual((lacking.returncode, lacking.stdout), (2, ""))
                self.assertIn("is a shard missing?", lacking.stderr)

    def test_a_sweep_says_what_was_varied(self):
        done = simulate("sweep", "--topology", "grid:20x20", "--strategies", "flood", "--queries", "10",
                        "--vary", "ttl=2,3", "--vary", "scale=graph,full")
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual([(row["ttl"], row["scale"]) for row in rows],
                         [("2", "graph"), ("2", "full"), ("3", "graph"), ("3", "full")])
        self.assertEqual(simulate("sweep", "--topology", "grid:9x9", "--vary", "colour=red").returncode, 2)

    def test_a_saved_run_that_was_killed_goes_on_where_it_was(self):
        order = ("compare", "--topology", "random:20000:60000", "--queries", "3000", "--seed", "5", "--csv")
        with tempfile.TemporaryDirectory() as folder:
            saved = os.path.join(folder, "records")
            killed = subprocess.Popen([SIMULATE, *order, "--save", saved], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # As soon as one part is done, which is long before all are.
            while killed.poll() is None and not has_a_record(saved):
                pass
            killed.kill()
            killed.wait()
            with open(saved, encoding="utf-8") as file:
                before = file.read()
            again = simulate(*order, "--save", saved)
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertEqual(again.stdout, simulate(*order).stdout)
            with open(saved, encoding="utf-8") as file:
                after = file.read()
            self.assertTrue(after.startswith(before[:before.rindex("\n") + 1]))
            self.assertEqual(simulate("merge", saved).stdout, again.stdout)
            with open(saved, "w", encoding="utf-8") as file:
                file.write(after[:len(after) // 2])  # in the middle of a line, as a kill may leave it
            self.assertEqual(simulate(*order, "--save", saved).stdout, again.stdout)
            with open(saved, encoding="utf-8") as file:
                self.assertEqual(file.read(), after)
            other = simulate(*order, "--ttl", "3", "--save", saved)
            self.assertEqual(other.returncode, 2)
            self.assertIn("has records of another run", other.stderr)

    def test_a_saved_run_does_not_go_on_over_another_edge_list(self):
        def ring(path, nodes):
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(f"{node} {(node + 1) % nodes}\n" for node in range(nodes))
        with tempfile.TemporaryDirectory() as folder:
            saved, edges = os.path.join(folder, "records"), os.path.join(folder, "edges")
            order = ("run", "--topology", "file:" + edges, "--strategy", "flood", "--queries", "40", "--json", "--save", saved)
            ring(edges, 150)
            self.assertEqual(simulate(*order).returncode, 0)
            with open(saved, encoding="utf-8") as file:
                lines = file.readlines()
            with open(saved, "w", encoding="utf-8") as file:
                file.writelines(lines[:-3])
            ring(edges, 160)
            done = simulate(*order)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("overlays that differ", done.stderr)

    @unittest.skipUnless(shutil.which("mpirun"), "Open MPI is not installed")
    def test_ranks_of_mpirun_print_the_same_bytes(self):
        def ranks(count, *order):
            return subprocess.run(["mpirun", "--allow-run-as-root", "--oversubscribe", "--mca", "btl", "self,vader", "-n", str(count),
                                   SIMULATE, *order], capture_output=True, text=True, check=False)
        overlay = ("--topology", "barabasi-albert:400:3", "--queries", "50", "--seed", "2", "--replication", "0.02")
        for order in (("compare", *overlay, "--json"),
                      ("sweep", *overlay, "--workload", "items", "--trials", "5", "--vary", "ttl=2,3")):
            whole = simulate(*order)
            for count in (1, 2, 4):
                done = ranks(count, *order)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout, whole.stdout)
        wrong = ranks(2, "compare", "--topology", "nonsense")
        self.assertEqual(wrong.stdout, "")
        self.assertNotEqual(wrong.returncode, 0)
        self.assertEqual(wrong.stderr.count("simulate: "), 1)

    def test_csv_always_parses(self):
        name = self.edge_list(b"0 1\n1 2\n2 3\n3 0\n", suffix=',"\r\n=x')
        for done in (simulate("exact", "file:" + name), simulate("compare", "--topology", "file:" + name, "--replication", "0.5", "--queries", "5", "--csv")):
            self.assertEqual(done.returncode, 0, done.stderr)
            rows = list(csv.reader(io.StringIO(done.stdout, newline="")))
            self.assertEqual(len({len(row) for row in rows}), 1)
            # Line ends were translated when the output was read.
            self.assertTrue(all(row[0] in "file:" + name.replace("\r\n", "\n") for row in rows[1:]))

    def test_a_report_that_cannot_be_written_is_refused_before_the_run(self):
        # It would take hours.
        endless = ("compare", "--topology", "random:1000:2000", "--queries", "100000000")
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "file"), "w", encoding="utf-8"):
                pass
            for path in ("no/such.html", "file/page.html", ""):
                done = simulate(*endless, "--html", os.path.join(folder, path))
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(os.path.join(folder, path), done.stderr)
            self.assertEqual(os.listdir(folder), ["file"])

    def test_output_that_is_lost_is_a_failure(self):
        for words in (("template",), ("exact", "grid:4x4"), ("run", "--topology", "grid:9x9", "--strategy", "flood", "--replication", "0.1", "--queries", "5")):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([SIMULATE, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=300)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("could not be written", done.stderr)

    def test_a_scenario_is_the_same_as_its_flags_and_flags_win(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write('topology = "random:500:1000"\nstrategy = "random-walk"\nstrategies = ["random-walk"]\nwalkers = 8\nqueries = 100\nseed = 3\n')
            file.flush()
            flags = ("--topology", "random:500:1000", "--walkers", "8", "--queries", "100", "--seed", "3", "--json")
            for command, strategy in (("run", "--strategy"), ("compare", "--strategies")):
                expected = simulate(command, *flags, strategy, "random-walk")
                self.assertEqual(expected.returncode, 0, expected.stderr)
                self.assertEqual(simulate(command, "--scenario", file.name, "--json").stdout, expected.stdout)
            self.assertEqual(json.loads(simulate("run", "--scenario", file.name, "--json", "--walkers", "4").stdout)["walkers"], 4)

    def test_every_problem_of_a_scenario_is_told_where_it_is(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write('topology = "random:10:46"\nwalkerz = 8\nttl = "far"\nloss = nan\n')
            file.flush()
            done = simulate("compare", "--scenario", file.name)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            for place in (":1:1: ", ":2:1: ", ":3:", ":4:1: "):
                self.assertIn(file.name + place, done.stderr)

    def test_the_template_is_a_scenario(self):
        template = simulate("template")
        self.assertEqual(template.returncode, 0)
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(template.stdout + 'topology = "grid:9x9"\nqueries = 10\nreplication = 0.1\n')
            file.flush()
            done = simulate("compare", "--scenario", file.name)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_workload_gives_the_same_on_several_threads(self):
        base = ("compare", "--topology", "barabasi-albert:800:3", "--queries", "120", "--seed", "2", "--csv")
        for workload in ((), ("--workload", "gnutella", "--replication", "0.01"),
                         ("--workload", "items", "--zipf", "0.8", "--copying", "path", "--allocation", "square-root", "--warm-up", "3")):
            alone = simulate(*base, *workload)
            self.assertEqual(alone.returncode, 0, alone.stderr)
            self.assertEqual(len({line.count(",") for line in alone.stdout.splitlines()}), 1)
            self.assertEqual(simulate(*base, *workload, "--threads", "4").stdout, alone.stdout)

    def test_a_report_is_a_page_by_itself_with_a_command_that_repeats_it(self):
        with tempfile.TemporaryDirectory() as folder:
            pages = []
            for name, threads in (("one.html", "1"), ("two.html", "2")):
                path = os.path.join(folder, name)
                done = simulate("compare", "--topology", "small-world:600:6:0.2", "--queries", "50", "--threads", threads, "--html", path, "--json")
                self.assertEqual(done.returncode, 0, done.stderr)
                with open(path, encoding="utf-8") as page:
                    pages.append(page.read())
            self.assertEqual(pages[0], pages[1])
            self.assertIn("simulate compare --topology small-world:600:6:0.2 --queries 50 --seed 1</pre>", pages[0])
            for foreign in ("http:", "https:", "src=", "<script", "@import"):
                self.assertNotIn(foreign, pages[0])
            self.assertEqual(simulate("compare", "--topology", "grid:9x9", "--html", os.path.join(folder, "no", "such.html")).returncode, 1)

    def interrupted(self, *arguments):
        """Starts a run, and gives it Ctrl-C as soon as it says that queries have been asked."""
        process = subprocess.Popen([SIMULATE, *arguments, "--progress"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        for line in process.stderr:
            if " of " in line and " queries" in line and not line.split(": ")[-1].startswith("0 of"):
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def test_control_c_prints_what_is_known_so_far_as_partial(self):
        endless = ("--topology", "random:1000:2000", "--queries", "100000000")
        code, out, err = self.interrupted("compare", *endless, "--json")
        self.assertEqual(code, 130)
        self.assertIn("partial", err)
        (row,) = json.loads(out)
        self.assertIs(row["partial"], True)
        self.assertGreater(row["queries"], 0)
        self.assertEqual(row["queries_wanted"], 100000000)
        code, out, _ = self.interrupted("run", *endless, "--strategy", "flood", "--workload", "items")
        self.assertEqual(code, 130)
        self.assertIn("PARTIAL", out)

    def test_a_second_control_c_ends_at_once(self):
        # One query of as many walkers and steps as are allowed, that never ask: it would take minutes.
        endless = ("--topology", "grid:1000x1000", "--strategy", "random-walk", "--walkers", "65536", "--check-every", "0",
                   "--max-steps", "1000000", "--replication", "0.000001", "--queries", "1", "--progress")
        for _ in range(20):
            process = subprocess.Popen([SIMULATE, "run", *endless], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.kill)
            for wanted in ("0 of 1 queries", "again ends at once"):
                for line in process.stderr:
                    if wanted in line:
                        break
                process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130)
            if out == "":
                return
            # The first came before the query began: then it ended in good order, and there is nothing to end at once.
        self.fail("the second Ctrl-C never came while a query was under way")


if __name__ == "__main__":
    unittest.main()
