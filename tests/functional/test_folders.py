#!/usr/bin/env python3
"""Folders of downloads on a disk of their own, which is closed or goes away while a file is on its way."""
import base64
import hashlib
import http.server
import os
import subprocess
import threading
import unittest

from harness import NodeTest, api_refusal, eventually, random_bytes

SIZE = 3_000_000
FIRST = 1_000_000  # sent at once; the rest when the test says so


class GatedServer:
    """A file whose later bytes come when they are let go."""

    def __init__(self, test, data):
        self.gate = threading.Event()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                first, last = self.headers.get("Range", f"bytes=0-{len(data) - 1}")[6:].split("-")
                begin, end = int(first), min(int(last) + 1, len(data))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
                self.send_header("Content-Length", str(end - begin))
                self.end_headers()
                if self.command == "HEAD":
                    return
                try:
                    self.wfile.write(data[begin:min(end, max(begin, FIRST))])
                    self.wfile.flush()
                    if end > FIRST:
                        server.gate.wait(120)
                        self.wfile.write(data[max(begin, FIRST):end])
                except OSError:
                    pass

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)
        test.addCleanup(self.gate.set)
        self.url = f"http://127.0.0.1:{self.server.server_port}/file.bin"


def may_mount():
    return subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


@unittest.skipUnless(may_mount(), "this user may not mount a disk")
class FoldersTest(NodeTest):
    def setUp(self):
        super().setUp()
        self.disk = self.make_folder("disk", {})
        self.taker = self.node("taker", wrapper=("unshare", "-m"))
        self.mount("-t", "tmpfs", "none", self.disk)

    def mount(self, *words, act="mount"):
        """In the file system as the node sees it."""
        subprocess.run(["nsenter", "-t", str(self.taker.process.pid), "-m", act, *words], check=True, capture_output=True)

    def seen_by_node(self, path):
        return f"/proc/{self.taker.process.pid}/root{path}"

    def begin(self, seed):
        data = random_bytes(SIZE, seed)
        server = GatedServer(self, data)
        sha1 = base64.b32encode(hashlib.sha1(data).digest()).decode()
        added = self.taker.post("/downloads/batch", {"folder": self.disk, "files": [
            {"what": "urn:sha1:" + sha1, "name": f"{seed}.bin", "size_bytes": SIZE, "sources": [server.url]}]})
        return added["downloads"][0]["id"], data, server

    def wait_for(self, id, *states):
        return eventually(lambda: (lambda one: one if one["state"] in states else None)(self.taker.get(f"/downloads/{id}")),
                          " or ".join(states))

    def assert_finished(self, id, data):
        done = self.taker.wait_download(id)
        self.assertEqual(done["state"], "completed", done["reason"])
        self.assertEqual(os.path.dirname(done["path"]), self.disk)
        with open(self.seen_by_node(done["path"]), "rb") as file:
            self.assertEqual(file.read(), data)

    def test_a_disk_that_becomes_read_only_pauses_a_running_download_which_goes_on_when_it_is_open_again(self):
        id, data, server = self.begin(1)
        eventually(lambda: self.taker.get(f"/downloads/{id}")["received_bytes"] >= FIRST // 2, "the first bytes")
        self.mount("-o", "remount,ro", self.disk)
        one = self.wait_for(id, "waiting")
        self.assertIn(self.disk, one["reason"])
        self.assertIn("Read-only", one["reason"])
        code, error = api_refusal(lambda: self.taker.call("PATCH", f"/downloads/{id}", {"folder": os.path.join(self.disk, "new")}))
        self.assertEqual(code, 409)
        self.assertIn("Read-only", error["message"])
        self.mount("-o", "remount,rw", self.disk)
        server.gate.set()
        self.assert_finished(id, data)

    def test_a_disk_that_goes_away_is_waited_for_and_the_file_goes_nowhere_else(self):
        inside = os.path.join(self.disk, "inside")
        os.mkdir(self.seen_by_node(inside))
        self.disk, mounted = inside, self.disk
        id, data, server = self.begin(2)
        eventually(lambda: self.taker.get(f"/downloads/{id}")["received_bytes"] >= FIRST // 2, "the first bytes")
        self.mount("--move", mounted, self.make_folder("away", {}))
        server.gate.set()
        one = self.wait_for(id, "waiting")
        self.assertIn(inside + " is not there any more", one["reason"])
        self.assertFalse(os.path.exists(self.seen_by_node(inside)))
        self.mount("--move", os.path.join(self.folder, "away"), mounted)
        self.assert_finished(id, data)


if __name__ == "__main__":
    unittest.main()
