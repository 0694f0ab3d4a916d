"""Index servers as processes: start, status, metrics, draining, secrets, restarts, groups."""
import http.server
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import threading
import unittest
import urllib.error

from harness import PRALINE, eventually
from index_harness import IndexTest, WireNode


class IndexServerTest(IndexTest):
    def node_at(self, server, name="wire"):
        node = WireNode(self.folder, server.address, name)
        self.addCleanup(node.close)
        return node

    def publisher(self, server, files=((1, 100, "Blue Moon.ogg"),), name="wire"):
        node = self.node_at(server, name)
        node.sign_in()
        node.expect(WireNode.WELCOME)
        node.publish((0, 0), (1, 1), files, reset=True)
        node.expect(WireNode.PUBLISHED)
        return node

    def test_it_starts_tells_where_it_is_and_shows_its_status(self):
        server = self.index("one")
        self.assertEqual(len(server.start_line["group_key"]), 64)
        self.assertEqual(os.stat(server.secret).st_mode & 0o777, 0o600)
        node = self.publisher(server)
        self.assertEqual(node.found("moon"), 1)
        status = server.status()
        self.assertEqual(status["address"], server.address)
        self.assertEqual(status["publishers_here"], 1)
        self.assertEqual(status["searches"]["count"], 1)
        self.assertTrue(status["answers_alone"])
        shown = server.cli("status")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("1 signed in", shown.stdout)
        self.assertEqual(json.loads(server.cli("status", "--json").stdout)["server"], status["server"])
        link = server.cli("status", "--login-link").stdout.strip()
        self.assertRegex(link, r"^http://127\.0\.0\.1:\d+/login\?code=[0-9a-f]{32}$")

    def test_pages_and_metrics_need_the_token_and_are_well_formed(self):
        server = self.index("one")
        for path in ("/metrics", "/api/v1/index/status"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                server.fetch("GET", path)
            self.assertEqual(refused.exception.code, 401)
            refused.exception.close()
        status, headers, metrics = server.fetch("GET", "/metrics", server.token)
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertIn("\npraline_index_publishers 0\n", metrics)
        for line in metrics.split("\n")[:-1]:
            self.assertRegex(line, r'^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [-+0-9.e]+)$')
        page = server.fetch("GET", "/")[2]
        script = re.search(r'src="(/assets/[^"]+\.js)"', page)[1]
        style = re.search(r'href="(/assets/[^"]+\.css)"', page)[1]
        for path, kind in (("/", "text/html"), (script, "text/javascript"), (style, "text/css"), ("/favicon.svg", "image/svg+xml")):
            _, headers, _ = server.fetch("GET", path)
            self.assertIn(kind, headers["Content-Type"])
            self.assertIn("default-src 'self'", headers["Content-Security-Policy"])

    def test_connections_that_do_not_shake_hands_keep_no_node_out(self):
        server = self.index("one")
        silent = []
        self.addCleanup(lambda: [one.close() for one in silent])
        host, port = server.address.rsplit(":", 1)
        for number in range(600):  # of another address, and of the node's own
            silent.append(socket.create_connection((host, int(port)), 30, (f"127.0.0.{2 if number % 2 else 1}", 0)))
        self.assertEqual(self.publisher(server).found("moon"), 1)

    def test_one_address_lists_only_so_many_files_whichever_keys_its_nodes_have(self):
        server = self.index("one", "--files-per-address", "3")
        first = self.publisher(server, [(1, 100, "Blue Moon.ogg"), (2, 100, "Blue Sun.ogg")])
        second = self.node_at(server, "second")
        second.sign_in()
        second.expect(WireNode.WELCOME)
        second.publish((0, 0), (1, 1), [(3, 100, "Red Moon.ogg"), (4, 100, "Red Sun.ogg")], reset=True)
        self.assertIn("All nodes of the address 127.0.0.1 together may list 3 files", second.refusal()[1])
        self.assertEqual(first.found("moon"), 1)
        self.assertIn("\npraline_index_refused_too_many_entries_total 1\n", server.fetch("GET", "/metrics", server.token)[2])
        first.publish((1, 1), (2, 1), [], reset=True)
        first.expect(WireNode.PUBLISHED)
        third = self.publisher(server, [(number, 100, f"Green {number}.ogg") for number in range(3)], "third")
        self.assertEqual(third.found("green"), 3)

    def test_commands_prove_whom_they_talk_to_before_they_send_the_token(self):
        server = self.index("one")
        host, port = server.api.rsplit(":", 1)
        server.kill()
        heard = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append(f"{self.path} {self.headers}")
                self.send_error(404)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        with http.server.HTTPServer((host, int(port)), Handler) as stranger:
            threading.Thread(target=stranger.serve_forever, daemon=True).start()
            for words in (("status",), ("drain",), ("status", "--login-link")):
                done = server.cli(*words)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(f"Another program answers at {server.api}; the index server is not running", done.stderr)
            stranger.shutdown()
        self.assertTrue(heard)
        self.assertNotIn(server.token, "".join(heard))

    def test_head_is_answered_wherever_get_is(self):
        server = self.index("one")
        for path in ("/", "/metrics", "/api/v1/index/status"):
            status, headers, body = server.fetch("HEAD", path, server.token)
            self.assertEqual((status, body), (200, ""), path)
            self.assertGreater(int(headers["Content-Length"]), 0)

    def test_draining_tells_the_nodes_and_ends_well(self):
        server = self.index("one")
        node = self.publisher(server)
        self.assertEqual(server.cli("drain").returncode, 0)
        node.expect(WireNode.LEAVING)
        self.assertEqual(server.process.wait(20), 0)
        self.assertEqual(server.cli("status").returncode, 3)
        self.assertFalse(os.path.exists(os.path.join(server.data, "api-address")))

    def test_a_folder_is_used_by_one_at_a_time(self):
        server = self.index("one")
        for what in (["index"], ["node", "--api", "127.0.0.1:0"]):
            second = subprocess.run([PRALINE, "--data", server.data, *what, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
            self.assertEqual(second.returncode, 1)
            self.assertIn("is running on the data directory", second.stderr)

    def test_joining_without_the_secret_or_with_another_is_refused_with_a_sentence(self):
        server = self.index("one")
        data = os.path.join(self.folder, "two")
        command = [PRALINE, "--data", data, "index", "--listen", "127.0.0.1:0", "--join", server.address]
        missing = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(missing.returncode, 2)
        self.assertIn("needs the group's secret", missing.stderr)
        with open(os.path.join(data, "group.secret"), "w", encoding="ascii") as out:
            out.write("ab" * 32 + "\n")
        os.chmod(out.name, 0o644)
        readable = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(readable.returncode, 1)
        self.assertIn("group.secret", readable.stderr)
        os.chmod(out.name, 0o600)
        foreign = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(foreign.returncode, 1)
        self.assertIn("belongs to another group", foreign.stderr)
        self.assertEqual(server.status()["members"], [])

    def test_joining_with_another_beat_or_suspicion_is_refused_on_both_sides_and_the_group_goes_on(self):
        first = self.index("one")
        node = self.publisher(first)
        copy = os.path.join(self.folder, "copy.secret")
        shutil.copy(first.secret, copy)
        second = self.index("two", join=first.address, secret=copy)
        eventually(lambda: second.status()["answers_alone"], "a group of two")
        for flags, theirs, ours in ((["--beat", "0.29"], "--beat 0.1 --suspect-after 4", "--beat 0.29 --suspect-after 4"),
                                    (["--beat", "0.1", "--suspect-after", "7"], "--beat 0.1 --suspect-after 4", "--beat 0.1 --suspect-after 7")):
            command = [PRALINE, "--data", os.path.join(self.folder, "three"), "index", "--listen", "127.0.0.1:0", "--join", second.address,
                       "--group-secret", copy, *flags]
            refused = subprocess.run(command, capture_output=True, text=True, timeout=60)
            self.assertEqual(refused.returncode, 1, refused.stderr)
            self.assertIn(f"with {theirs} --lease 60, this one with {ours} --lease 60. All servers of a group need the same", refused.stderr)
            eventually(lambda: f"with {ours} --lease 60, this one with {theirs} --lease 60. All servers of a group need the same" in second.log_text(),
                       "a sentence in the log of the group")
        node.publish((1, 1), (1, 2), [(2, 100, "Red Sun.ogg")])
        node.expect(WireNode.PUBLISHED)
        for server in (first, second):
            self.assertEqual(self.node_at(server, "asker").found("sun"), 1)
            self.assertEqual([(member["direct"], member["suspected"]) for member in server.status()["members"]], [(True, False)])
            self.assertEqual(server.status()["problem"], "")

    def test_a_server_started_again_with_another_beat_stays_outside_and_says_why(self):
        first = self.index("one")
        copy = os.path.join(self.folder, "copy.secret")
        shutil.copy(first.secret, copy)
        second = self.index("two", join=first.address, secret=copy)
        eventually(lambda: second.status()["answers_alone"] and len(first.status()["members"]) == 1, "a group of two")
        second.kill()
        flags = iter(second.command)
        second.command = [word for word in flags if word != "--join" or not next(flags)]
        second.command[second.command.index("--beat") + 1] = "0.2"
        second.command[second.command.index("--listen") + 1] = second.address   # whoever of the two remembers the other first calls it
        second.start()
        sentence = "with --beat 0.1 --suspect-after 4 --lease 60, this one with --beat 0.2 --suspect-after 4 --lease 60. All servers of a group need the same"
        eventually(lambda: sentence in second.status()["problem"], "a sentence in the status")
        self.assertIn(sentence, second.log_text())
        self.assertNotEqual([member["direct"] for member in first.status()["members"]], [True])
        self.assertEqual(self.publisher(first, name="later").found("moon"), 1)

    def test_a_command_line_that_cannot_be_meant_is_refused(self):
        for flags, sentence in ((["--listen", "here"], "--listen must be an address"), ([], "--listen ADDR:PORT"),
                                (["--listen", "0.0.0.0:0"], "--advertise"), (["--listen", "127.0.0.1:0", "--lease", "0"], "--lease")):
            done = subprocess.run([PRALINE, "--data", os.path.join(self.folder, "x"), "index", *flags], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(sentence, done.stderr)

    def test_the_catalogue_outlives_kill_9(self):
        server = self.index("one")
        self.publisher(server, [(number, 100, f"Song {number}.ogg") for number in range(1, 201)])
        before = server.status()
        server.kill()
        server.start()
        after = server.status()
        self.assertEqual(after["server"], before["server"])
        self.assertGreater(after["incarnation"], before["incarnation"])
        self.assertEqual(after["publishers"], 1)
        self.assertEqual(self.node_at(server, "other").found("song"), 100)
        node = self.node_at(server)
        node.sign_in(version=(1, 1))
        held = struct.unpack_from("<IQ", node.expect(WireNode.WELCOME), 10)
        self.assertEqual(held, (1, 1))

    def test_three_servers_hold_the_same_and_each_answers_for_all(self):
        first = self.index("one")
        node = self.publisher(first)
        copy = os.path.join(self.folder, "copy.secret")
        shutil.copy(first.secret, copy)
        others = [self.index(name, join=first.address, secret=copy) for name in ("two", "three")]
        group = [first, *others]
        eventually(lambda: all(len(s.status()["members"]) == 2 and all(m["direct"] for m in s.status()["members"]) for s in group), "a complete graph")
        node.publish((1, 1), (1, 2), [(2, 100, "Red Sun.ogg")])
        eventually(lambda: len({s.status()["digest"] for s in group}) == 1 and all(s.status()["answers_alone"] for s in group), "the same digest at all")
        self.assertEqual({s.status()["group_key"] for s in group}, {first.start_line["group_key"]})
        for server in group:
            self.assertEqual(self.node_at(server, "asker").found("sun"), 1)
        self.assertEqual(others[0].cli("drain").returncode, 0)
        self.assertEqual(others[0].process.wait(20), 0)
        eventually(lambda: len(first.status()["members"]) == 1, "the drained server to be no member any more")

    def test_a_copy_of_a_servers_folder_is_refused_by_the_server_it_was_copied_from(self):
        server = self.index("one")
        server.stop()
        shutil.copytree(server.data, os.path.join(self.folder, "two", "data"))
        server.start()
        twin = self.index("two", join=server.address)
        eventually(lambda: "each needs a data directory of its own" in twin.status()["problem"], "a sentence about the copied folder")
        self.assertEqual(server.status()["members"], [])

    def test_bad_nodes_are_refused_with_a_reason_and_the_server_goes_on(self):
        server = self.index("one", "--publishers-per-address", "2", "--files-per-publisher", "3")
        old = self.node_at(server, "old")
        old.sign_in(protocol=0)
        self.assertEqual(old.refusal()[0], 1)
        liar = self.publisher(server, name="liar")
        liar.publish((1, 1), (1, 2), [(2, 0, "nothing.ogg")])
        reason, sentence = liar.refusal()
        self.assertEqual(reason, 8)
        self.assertIn("0 bytes", sentence)
        greedy = self.publisher(server, name="greedy")
        greedy.publish((1, 1), (1, 2), [(number, 100, f"{number}.ogg") for number in range(2, 6)])
        self.assertEqual(greedy.refusal()[0], 3)
        wordy = self.node_at(server, "wordy")
        wordy.sign_in()
        wordy.expect(WireNode.WELCOME)
        wordy.publish((0, 0), (1, 1), [(1, 100, "a " * 30_000)], reset=True)
        self.assertEqual(wordy.refusal()[0], 7)
        twice = [self.publisher(server, name="one"), self.publisher(server, name="two")]
        third = self.node_at(server, "three")
        third.sign_in()
        self.assertEqual(third.refusal()[0], 4)
        self.assertEqual(twice[0].found("moon"), 1)
        metrics = server.fetch("GET", "/metrics", server.token)[2]
        self.assertIn("\npraline_index_refused_bad_entry_total 1\n", metrics)

    def test_those_of_one_address_that_it_was_told_to_take_can_all_connect(self):
        server = self.index("one", "--publishers-per-address", "80")
        for node in [self.node_at(server) for _ in range(300)]:
            self.assertEqual(node.found("moon"), 0)

    def test_the_unit_is_printed_and_stops_by_draining(self):
        unit = subprocess.run([PRALINE, "index", "unit"], capture_output=True, text=True, timeout=60)
        self.assertEqual(unit.returncode, 0)
        settings = dict(re.findall(r"^(\w+)=(.*)$", unit.stdout, re.M))
        self.assertEqual(settings["ProtectSystem"], "strict")
        self.assertEqual(settings["Restart"], "on-failure")
        self.assertGreater(int(settings["TimeoutStopSec"]), 5)
        self.assertIn("group.secret", unit.stdout)


if __name__ == "__main__":
    unittest.main()
