"""What hostile or broken peers send. Each case must end within its named limit and leave the node in service."""
import hashlib
import http.server
import os
import random
import socket
import struct
import threading
import unittest
import zlib

import gnutella as g
from harness import NodeTest, eventually

MEMORY_MARGIN = 64 << 20  # bytes of resident memory that no single case may add


class BadInput(NodeTest):
    def setUp(self):
        super().setUp()
        share = self.make_folder("share", {"plain file.txt": b"plain\n" * 100})
        self.target = self.node("node", mode="ultrapeer", share=[share])
        self.target.wait_shared(1)
        self.before = self.target.rss_bytes()

    def tearDown(self):
        # Still in service, and no memory was lost to the attack.
        link, _ = g.connect(self.target.address, ultrapeer=True)
        id = link.send_message(g.QUERY, struct.pack(">H", 0x8800) + b"plain file\0", ttl=1)
        g.parse_hit(link.read_until(g.HIT, lambda m: m[0] == id)[4])
        link.close()
        self.assertLess(self.target.rss_bytes() - self.before, MEMORY_MARGIN)

    def raw(self, data):
        link = g.Connection(self.target.address)
        try:
            link.send(data)
        except OSError:
            pass
        return link

    def test_garbage_instead_of_a_protocol(self):
        generator = random.Random(3)
        for size in (1, 2, 7, 64, 1000, 100_000):
            link = self.raw(bytes([0x16]) + generator.randbytes(size))
            self.assertTrue(link.is_closed())

    def test_half_a_handshake_and_then_silence_is_ended(self):
        # first_bytes_within is 5 s
        for link in [self.raw(b"G"), self.raw(b"GNUTELLA CONN"), self.raw(b"GET")]:
            self.assertTrue(link.is_closed(40))

    def test_a_handshake_that_trickles_is_ended(self):
        # its first block has its limit, however busy the trickle: 10 s
        link = self.raw(b"GNUTELLA CONNECT/0.6\r\nUser-Agent: slow\r\n")
        stop = threading.Event()

        def trickle():
            while not stop.wait(1):
                try:
                    link.send(b"X-Slow: loris\r\n")
                except OSError:
                    return
        threading.Thread(target=trickle, daemon=True).start()
        self.assertTrue(link.is_closed(100))
        stop.set()

    def test_endless_headers_are_cut(self):
        for line in (b"X-Long: " + b"a" * 100_000, b"X: y\r\n" * 10_000):
            self.assertTrue(self.raw(b"GNUTELLA CONNECT/0.6\r\n" + line).is_closed())

    def test_many_silent_connections_do_not_keep_others_out(self):
        silent = []
        for _ in range(400):
            try:
                silent.append(socket.create_connection(self.target.address.rsplit(":", 1), 5))
            except OSError:
                break
        self.assertGreater(len(silent), 100)
        # At most 32 undecided connections of one address are kept: the oldest are closed for the later ones.
        silent[0].settimeout(20)
        self.assertEqual(silent[0].recv(1), b"")
        for one in silent:
            one.close()

    def test_a_length_of_four_gibibytes_ends_the_link(self):
        for function in (g.PING, g.QUERY, g.HIT, g.QRP, 0x99):
            link, _ = g.connect(self.target.address, ultrapeer=True)
            link.send_raw(g.guid() + bytes([function, 1, 0]) + b"\xff\xff\xff\xff")
            self.assertTrue(link.is_closed())

    def test_a_zip_bomb_in_the_link_ends_it(self):
        link, _ = g.connect(self.target.address, ultrapeer=True)
        bomb = zlib.compressobj(9)
        header = g.guid() + bytes([g.HIT, 1, 0]) + struct.pack("<I", 0x7FFFFFFF)
        link.send(bomb.compress(header) + bomb.compress(bytes(200 << 20)) + bomb.flush(zlib.Z_SYNC_FLUSH))
        self.assertTrue(link.is_closed())

    def test_a_zip_bomb_in_a_routing_table_ends_the_link_with_413(self):
        link, _ = g.connect(self.target.address, ultrapeer=False)
        link.send_message(g.QRP, struct.pack("<BIB", 0, 1 << 16, 7))
        link.send_message(g.QRP, bytes([1, 1, 1, 1, 4]) + zlib.compress(bytes(30 << 20), 9)[:30000])
        self.assertEqual(struct.unpack("<H", link.read_until(g.BYE)[4][:2])[0], 413)

    def test_a_broken_compressed_stream_ends_the_link(self):
        link, _ = g.connect(self.target.address, ultrapeer=True)
        link.deflater = None
        link.send(b"this is no zlib stream")
        self.assertTrue(link.is_closed())

    def test_random_messages_never_stop_the_node(self):
        generator = random.Random(4)
        for round in range(30):
            link, _ = g.connect(self.target.address, ultrapeer=round % 2 == 0)
            try:
                for _ in range(200):
                    function = generator.choice([0, 1, 2, 0x30, 0x31, 0x32, 0x40, 0x80, 0x81, generator.randrange(256)])
                    payload = generator.randbytes(generator.choice([0, 1, 2, 11, 14, 26, 27, 60, 300]))
                    link.send_message(function, payload, ttl=generator.randrange(256), hops=generator.randrange(256))
            except OSError:
                pass
            link.close()

    def test_hits_with_wrong_guids_reach_nobody(self):
        other, _ = g.connect(self.target.address, ultrapeer=True)
        link, _ = g.connect(self.target.address, ultrapeer=True)
        for _ in range(50):
            link.send_message(g.HIT, g.hit_payload("127.0.0.1:6000", g.guid(), [(1, 5, "unasked.txt", None)]), ttl=3)
        link.send_message(g.PING)
        link.read_until(g.PONG)
        self.assertGreaterEqual(self.target.status()["counters"]["hits_no_route"], 50)
        self.assertEqual(self.target.get("/searches")["searches"], [])
        marker = other.send_message(g.PING)
        while True:
            message = other.read_message()
            self.assertNotEqual(message[1], g.HIT)
            if message[0] == marker:
                break

    def test_names_with_paths_and_control_characters_stay_in_the_download_folder(self):
        content = b"escape\n" * 50
        sha1 = g.base32(hashlib.sha1(content).digest())
        address = serve(self, {f"/uri-res/N2R?urn:sha1:{sha1}": content})
        link, _ = g.connect(self.target.address, ultrapeer=True)
        link.send_message(g.PING)
        search = self.target.post("/searches", {"text": "escape artist"})["id"]
        id = link.read_until(g.QUERY, answer_pings=g.pong_payload("127.0.0.1:9"))[0]
        evil = "../../../../tmp/praline escape artist\x1b[2J\r\n‮.txt"
        link.send_message(g.HIT, g.hit_payload(address, g.guid(), [(1, len(content), evil, sha1)]), ttl=5, id=id)
        row = eventually(lambda: self.target.get(f"/searches/{search}/results?since=0&limit=10")["rows"], "the row")[0]
        for forbidden in "/\x1b\r\n‮":
            self.assertNotIn(forbidden, row["name"])
        done = self.target.download(row["id"])
        self.assertEqual(done["state"], "completed", done["reason"])
        self.assertEqual(os.path.dirname(os.path.realpath(done["path"])), os.path.realpath(os.path.join(self.target.data, "downloads")))
        self.assertFalse(os.path.exists("/tmp/praline escape artist"))

    def test_a_source_that_lies_about_its_content_is_found_out(self):
        true = b"truth\n" * 5000
        sha1 = g.base32(hashlib.sha1(true).digest())
        address = serve(self, {f"/uri-res/N2R?urn:sha1:{sha1}": b"lies!\n" * 5000})
        id = self.target.post("/downloads", {"what": f"magnet:?xt=urn:sha1:{sha1}&dn=truth.txt&xl={len(true)}&xs=http://{address}/uri-res/N2R?urn:sha1:{sha1}"})["id"]
        found_out = eventually(lambda: (lambda d: d if d["state"] in ("searching", "waiting", "failed", "completed") and not d["sources"] else None)(
            self.target.get(f"/downloads/{id}")), "the liar to be dropped")
        self.assertNotEqual(found_out["state"], "completed")
        self.assertEqual(os.listdir(os.path.join(self.target.data, "downloads")), [])


def serve(test, contents):
    """A plain HTTP server with ranges; returns its address."""
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = contents.get(self.path)
            if body is None:
                self.send_response(404)
                self.send_header("Server", "test")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start, end = 0, len(body) - 1
            wanted = self.headers.get("Range", "")
            if wanted.startswith("bytes="):
                first, _, last = wanted[6:].partition("-")
                start, end = int(first), min(int(last), end) if last else end
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{end}/{len(body)}")
            self.send_header("Content-Length", str(end - start + 1))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body[start:end + 1])
        do_HEAD = do_GET

        def log_message(self, *words):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    test.addCleanup(server.shutdown)
    return "127.0.0.1:%d" % server.server_port


if __name__ == "__main__":
    unittest.main()
