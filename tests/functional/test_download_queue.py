#!/usr/bin/env python3
"""A thousand downloads: their order, who is next, and what a reader of the list is sent."""
import base64
import hashlib
import http.client
import json
import os
import socket
import threading
import unittest

from harness import NodeTest, api_refusal, eventually

COUNT = 1000
ACTIVE = 50


class SilentServer:
    """Takes connections and answers nothing, so that downloads of it hold their slots."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.guests = []
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def accept(self):
        while True:
            try:
                self.guests.append(self.listener.accept()[0])
            except OSError:
                return

    def close(self):
        self.listener.close()
        for guest in self.guests:
            guest.close()


def urn(number):
    return "urn:sha1:" + base64.b32encode(hashlib.sha1(b"%d" % number).digest()).decode()


def active(download):
    return download["state"] != "queued"


class DownloadQueueTest(NodeTest):
    def setUp(self):
        super().setUp()
        self.server = SilentServer()
        self.addCleanup(self.server.close)

    def file(self, number):
        return {"what": urn(number), "name": f"file {number}", "size_bytes": 1 << 20,
                "sources": [f"http://127.0.0.1:{self.server.port}/uri-res/N2R?{urn(number)}"]}

    def active_names(self, node, count):
        """Names of those that fetch, once they are so many, in the order of the list."""
        def settled():
            names = [one["name"] for one in node.get("/downloads")["downloads"] if active(one)]
            return names if len(names) == count else None
        return eventually(settled, f"{count} active downloads")

    def test_a_thousand_downloads_keep_their_order_and_are_not_told_again_and_again(self):
        node = self.node("node")
        added = node.post("/downloads/batch", {"files": [self.file(number) for number in range(COUNT)]})
        self.assertEqual(len({one["id"] for one in added["downloads"]}), COUNT)
        ids = [one["id"] for one in added["downloads"]]
        self.assertEqual(self.active_names(node, ACTIVE), [f"file {number}" for number in range(ACTIVE)])
        self.assertEqual(node.status()["downloads_active"], ACTIVE)
        whole = node.get("/downloads")
        self.assertEqual([one["queue_place"] for one in whole["downloads"][ACTIVE:]], list(range(1, COUNT - ACTIVE + 1)))
        self.assertEqual(whole["downloads"][-1]["reason"], f"{COUNT - ACTIVE - 1} downloads come first.")

        node.call("PATCH", f"/downloads/{ids[900]}", {"priority": "high"})
        node.call("PATCH", f"/downloads/{ids[500]}", {"move": "first"})
        node.call("PATCH", f"/downloads/{ids[0]}", {"priority": "low"})
        changes = node.get(f"/downloads?since={whole['revision']}")
        self.assertFalse(changes["complete"])
        self.assertTrue({ids[900], ids[500], ids[0]} <= {one["id"] for one in changes["downloads"]})
        # Those that fetch, and the three: not the 950 that wait.
        self.assertLessEqual(len(changes["downloads"]), ACTIVE + 3)
        print(f"all: {len(json.dumps(whole)):,} bytes; an update: {len(json.dumps(changes)):,}")

        order = ["file 900", "file 500"] + [f"file {n}" for n in range(1, COUNT) if n not in (500, 900)] + ["file 0"]
        self.assertEqual([one["name"] for one in node.get("/downloads")["downloads"]], order)
        node.stop()
        node.start()
        self.assertEqual([one["name"] for one in node.get("/downloads")["downloads"]], order)
        self.assertTrue(node.get(f"/downloads?since={whole['revision']}")["complete"])
        self.assertEqual(self.active_names(node, ACTIVE), order[:ACTIVE])

        for name in order[:3]:
            node.call("DELETE", f"/downloads/{next(one['id'] for one in node.get('/downloads')['downloads'] if one['name'] == name)}")
        self.assertEqual(self.active_names(node, ACTIVE), order[3:ACTIVE + 3])
        node.call("PATCH", "/settings", {"active_downloads": "60"})
        self.assertEqual(self.active_names(node, 60), order[3:63])

    def status_of_announced(self, node, path, size, token):
        """What a request gets that has announced so large a body."""
        link = http.client.HTTPConnection(node.api, timeout=60)
        self.addCleanup(link.close)
        link.putrequest("POST", "/api/v1" + path)
        for name, value in (("Authorization", "Bearer " + token), ("Content-Type", "application/json"), ("Content-Length", size)):
            link.putheader(name, str(value))
        link.endheaders()
        return link.getresponse().status

    def test_a_list_that_is_too_long_or_comes_from_nobody_is_refused(self):
        node = self.node("node")
        file = self.file(1)
        status, error = api_refusal(lambda: node.post("/downloads/batch", {"files": [file] * 2001}))
        self.assertEqual((status, error["code"]), (409, "not_started"))
        self.assertIn("2000", error["message"])
        announced = lambda *asked: self.status_of_announced(node, *asked)
        self.assertEqual(announced("/downloads/batch", (1 << 20) + 1, node.token), 413)
        self.assertEqual(announced("/downloads", 1 << 17, node.token), 413)
        self.assertEqual(announced("/downloads/batch", 1 << 17, "0" * 64), 413)

    def test_the_command_line_sets_priority_folder_and_order(self):
        node = self.node("node")
        own = os.path.join(self.folder, "own")
        magnets = [f"magnet:?xt={urn(number)}&dn=file{number}" for number in range(4)]
        node.cli("download", magnets[0], "--priority", "low", "--folder", own, check=0)
        self.assertTrue(os.path.isdir(own))
        node.cli("download", *magnets[1:], "--as", "Album", check=0)
        listed = json.loads(node.cli("--json", "downloads", check=0).stdout)["downloads"]
        self.assertEqual([one["name"] for one in listed], ["file1", "file2", "file3", "file0"])
        self.assertEqual(listed[3]["directory"], own)
        group, = {one["group"] for one in listed[:3]}
        self.assertEqual(listed[0]["directory"], os.path.join(node.status()["downloads_directory"], "Album"))
        table = node.cli("downloads", check=0).stdout
        self.assertIn("0 of 3 files", table)
        self.assertIn("Album/", table)
        self.assertIn("file2", node.cli("downloads", "--files", check=0).stdout)
        node.cli("downloads", "set", listed[3]["id"], "--priority", "high", check=0)
        node.cli("downloads", "set", listed[0]["id"], "--move", "later", check=0)
        names = lambda: [one["name"] for one in node.get("/downloads")["downloads"]]
        self.assertEqual(names(), ["file0", "file2", "file1", "file3"])
        node.cli("downloads", "pause", group, check=0)
        self.assertEqual([one["state"] for one in node.get("/downloads")["downloads"]][1:], ["paused"] * 3)
        node.cli("downloads", "resume", group, check=0)
        node.cli("downloads", "remove", group, check=0)
        self.assertEqual(names(), ["file0"])
        done = node.cli("downloads", "set", listed[3]["id"], "--folder", "/proc/nothing", check=1)
        self.assertIn("cannot be made", done.stderr)
        node.cli("downloads", "set", listed[3]["id"], check=2)


if __name__ == "__main__":
    unittest.main()
