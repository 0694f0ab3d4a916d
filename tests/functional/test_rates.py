"""Limits of bandwidth hold, while the node runs, by settings and by schedule. Bytes over time, counted generously: never that something is fast."""
import hashlib
import json
import os
import time
import unittest
import urllib.request

import gnutella as g
from harness import NodeTest, api_refusal, random_bytes

MIB = 1 << 20
SECONDS_AT_LEAST = 2.5  # that 3 MiB take at 1 MiB/s, with what may come at once


class Rates(NodeTest):
    def sharing(self, *flags):
        self.content = random_bytes(3 * MIB, 1)
        node = self.node("far", *flags, mode="ultrapeer", share=[self.make_folder("share", {"three.bin": self.content})])
        node.wait_shared(1)
        return node

    def fetch(self, node):
        """Seconds that a whole upload takes."""
        urn = "urn:sha1:" + g.base32(hashlib.sha1(self.content).digest())
        begin = time.monotonic()
        with urllib.request.urlopen(f"http://{node.address}/uri-res/N2R?{urn}", timeout=120) as reply:
            self.assertEqual(reply.read(), self.content)
        return time.monotonic() - begin

    def set(self, node, **values):
        node.call("PATCH", "/settings", values)

    def test_uploads_keep_to_a_limit_that_is_set_while_the_node_runs(self):
        node = self.sharing()
        self.set(node, upload_limit="1 MiB/s")
        self.assertGreater(self.fetch(node), SECONDS_AT_LEAST)
        self.assertIn("The limit of uploads is 1 MiB/s now.", node.log_text())
        self.set(node, upload_limit="unlimited")
        self.fetch(node)
        node.cli("config", "set", "bandwidth_schedule", "daily upload=1 MiB/s", check=0)
        self.assertGreater(self.fetch(node), SECONDS_AT_LEAST, "a rule wins over the plain setting")
        shown = json.loads(node.cli("config", "show", "--json", check=0).stdout)
        self.assertEqual(shown["upload_limit"], "unlimited")
        row = next(one for one in node.get("/settings")["settings"] if one["key"] == "bandwidth_schedule")
        self.assertEqual((row["values"], row["needs_restart"]), (["daily upload=1 MiB/s"], False))

    def test_downloads_keep_to_a_limit(self):
        far = self.sharing()
        near = self.node("near", mode="ultrapeer")
        self.set(near, download_limit="1 MiB/s")
        sha1 = g.base32(hashlib.sha1(self.content).digest())
        begin = time.monotonic()
        done = near.download(f"magnet:?xt=urn:sha1:{sha1}&dn=three.bin&xs=http://{far.address}/uri-res/N2R?urn:sha1:{sha1}")
        self.assertEqual(done["state"], "completed", done)
        self.assertGreater(time.monotonic() - begin, SECONDS_AT_LEAST)

    def test_messages_to_neighbours_keep_to_a_limit(self):
        node = self.node("one", "--overlay-limit", "16 KiB/s", mode="ultrapeer")
        asking, counting = (g.connect(node.address, ultrapeer=True, deflate=False)[0] for _ in range(2))
        counting.read_message()  # the link is up
        begin, came = time.monotonic(), 0
        # More than one link's queue holds, so that it drops some; what is left takes four seconds and more.
        for number in range(1500):
            asking.send_message(g.QUERY, b"\x88\0" + f"number{number} ".encode() + b"words " * 16 + b"\0", ttl=3, hops=1)
        while came < 64 * 1024:
            message = counting.read_message()
            came += 23 + len(message[4])
        self.assertGreater(time.monotonic() - begin, 3)
        self.assertEqual(node.links(), 2, "who waits for a turn keeps its link")

    def test_what_is_no_rate_or_no_rule_is_refused_with_its_place(self):
        node = self.node("one")
        for key, value, says in (("upload_limit", "fast", "no rate"), ("download_limit", "1 KiB/s", "16 KiB/s"), ("overlay_limit", "1 KiB/s", "16 KiB/s"),
                                 ("bandwidth_schedule", ["upload=0", "mon 25:00-26:00 upload=0"], "rule 2, column 5")):
            with self.subTest(key=key):
                status, error = api_refusal(lambda: self.set(node, **{key: value}))
                self.assertEqual(status, 400)
                self.assertIn(says, error["message"])
        file = os.path.join(self.folder, "praline.toml")
        with open(file, "w", encoding="utf-8") as out:
            out.write('upload_slots = 2\nbandwidth_schedule = ["daily upload=0", "mon-fri 8-18 upload=0"]\n')
        done = node.cli("--config", file, "config", "check")
        self.assertEqual(done.returncode, 2)
        self.assertIn("praline.toml:2:1: bandwidth_schedule, rule 2, column 9", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
