"""A scripted peer as strict as the strictest living Gnutella program: whatever it does not accept, others do not either.

What it checks was learnt from running praline against gtk-gnutella; README.md says how to repeat that by hand."""
import hashlib
import os
import socket
import struct
import unittest
import urllib.error
import urllib.request

import gnutella as g
from harness import NodeTest, eventually

CONTENT = b"conformance is a virtue\n" * 5000
NAME = "Strict Peer's Été.txt"


def listener():
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    return sock, "127.0.0.1:%d" % sock.getsockname()[1]


def query_payload(text, flags=0x8800, extension=b""):
    return struct.pack(">H", flags) + text.encode() + b"\0" + extension


class Conformance(NodeTest):
    def sharing_node(self, mode="ultrapeer", **options):
        share = self.make_folder("share", {NAME: CONTENT})
        node = self.node("node", mode=mode, share=[share], **options)
        node.wait_shared(1)
        return node

    # ---- handshake and first messages ----

    def test_a_leaf_is_accepted_and_the_first_messages_are_those_peers_expect(self):
        node = self.sharing_node()
        link, reply = g.connect(node.address, ultrapeer=False)
        self.assertEqual(reply.get("Content-Encoding"), "deflate")
        functions = []
        while g.VENDOR not in functions:
            id, function, ttl, hops, payload = link.read_message()
            functions.append(function)
            if function == g.VENDOR:
                self.assertEqual(payload[:8], bytes(8), "Messages Supported is the first vendor message")
                count = struct.unpack("<H", payload[8:10])[0]
                self.assertEqual(len(payload), 10 + 8 * count)
                self.assertGreater(count, 0)
        self.assertEqual(functions[0], g.PING, "a message comes first, or some peers send no query")

    def pong_of_one_file(self, link):
        """Pongs learn of changes of the library a few times a second, so the first may still say that nothing is shared."""
        def pong():
            id = link.send_message(g.PING, ttl=1)
            payload = link.read_until(g.PONG, lambda m: m[0] == id)[4]
            return payload if struct.unpack("<I", payload[6:10])[0] == 1 else None
        return eventually(pong, "a pong that counts one file")

    def test_every_alive_ping_is_answered_with_one_pong_of_its_own(self):
        node = self.sharing_node()
        for ultrapeer in (False, True):
            link, _ = g.connect(node.address, ultrapeer=ultrapeer)
            payload = self.pong_of_one_file(link)
            self.assertEqual(struct.unpack("<H", payload[:2])[0], node.port)
            kilobytes = struct.unpack("<I", payload[10:14])[0]
            self.assertTrue(kilobytes >= 8 and kilobytes & (kilobytes - 1) == 0, "an ultrapeer's kilobytes are a power of two")
            if len(payload) > 14:
                g.ggep_items(payload[14:])
            link.close()

    def test_it_connects_out_as_a_leaf_with_a_table_that_names_its_files(self):
        sock, address = listener()
        self.addCleanup(sock.close)
        node = self.sharing_node(mode="leaf", peers=[address])
        link, first, last = g.accept(sock, ultrapeer_expected=False)
        self.assertEqual(last.get("Content-Encoding"), "deflate")
        table = g.Table()
        while not (table.complete and table.has("strict")):
            table.take(link.read_until(g.QRP)[4])
        for word in ("strict", "peer", "ete", "txt"):
            self.assertTrue(table.has(word), word)
        self.assertFalse(table.has("unrelated") and table.has("nothing") and table.has("whatever"))
        # A query with MARK is answered by a hit that no strict peer calls spam.
        id = link.send_message(g.QUERY, query_payload("strict peer"), ttl=1)
        self.check_hit(node, link.read_until(g.HIT, lambda m: m[0] == id))
        node.stop()
        # and it says goodbye
        code = struct.unpack("<H", link.read_until(g.BYE)[4][:2])[0]
        self.assertEqual(code, 200)

    def check_hit(self, node, message):
        hit = g.parse_hit(message[4])
        self.assertEqual(hit["port"], node.port)
        self.assertEqual(hit["ip"], "127.0.0.1")
        self.assertFalse(hit["push"])
        self.assertNotEqual(hit["servent"], message[0])
        record = hit["records"][0]
        self.assertEqual((record["name"], record["size"]), (NAME, len(CONTENT)))
        self.assertEqual(record["sha1"], g.base32(hashlib.sha1(CONTENT).digest()))
        self.assertEqual(len(record["tth"]), 39)
        return hit

    def test_hits_carry_their_hash_as_the_query_understands_it(self):
        node = self.sharing_node()
        link, _ = g.connect(node.address, ultrapeer=True)
        for flags in (0x8000, 0x8800):
            id = link.send_message(g.QUERY, query_payload("strict été", flags), ttl=2)
            message = link.read_until(g.HIT, lambda m, id=id: m[0] == id)
            self.check_hit(node, message)
            self.assertEqual(b"urn:sha1:" in message[4], flags == 0x8000)

    def test_a_query_by_urn_is_answered(self):
        node = self.sharing_node()
        link, _ = g.connect(node.address, ultrapeer=True)
        urn = b"urn:sha1:" + g.base32(hashlib.sha1(CONTENT).digest()).encode()
        for text, extension in (("\\", urn), ("", urn), ("\\", urn + b"\x1c\xc3\x81\x4d\x41\x04")):
            id = link.send_message(g.QUERY, query_payload(text, extension=extension), ttl=1)
            self.check_hit(node, link.read_until(g.HIT, lambda m, id=id: m[0] == id))

    def test_an_ultrapeer_that_has_no_slot_for_us_names_others(self):
        node = self.node("node", "--max-leaves", "0", mode="ultrapeer")
        link, reply = g.connect(node.address, ultrapeer=False)
        self.assertIsNone(link)
        self.assertEqual(reply.start[13:16], "503")

    def test_old_and_foreign_handshakes_are_refused_politely(self):
        node = self.node("node", mode="ultrapeer")
        link = g.Connection(node.address)
        link.send(b"GNUTELLA CONNECT/0.4\n\n")
        self.assertTrue(link.is_closed())
        link = g.Connection(node.address)
        link.send(b"GNUTELLA CONNECT/0.6\r\nUser-Agent: none\r\n\r\n")
        self.assertEqual(link.read_block().start[13:16], "503")

    # ---- routing ----

    def test_an_ultrapeer_gives_a_leaf_only_queries_its_table_matches(self):
        node = self.node("node", mode="ultrapeer")
        leaf, _ = g.connect(node.address, ultrapeer=False)
        for payload in g.table_messages(["walnut", "cream"]):
            leaf.send_message(g.QRP, payload)
        asker, _ = g.connect(node.address, ultrapeer=True)

        def asked():
            asker.send_message(g.QUERY, query_payload("unrelated words"), ttl=3, hops=1)
            wanted = asker.send_message(g.QUERY, query_payload("walnut cream"), ttl=3, hops=1)
            id, _, ttl, hops, payload = leaf.read_until(g.QUERY, answer_pings=g.pong_payload("127.0.0.1:9"))
            self.assertIn(b"walnut cream", payload)
            self.assertEqual((ttl, hops), (1, 2))
            return wanted, id
        leaf.send_message(g.PING)
        leaf.read_until(g.PONG)  # what was sent before it has been read
        wanted, id = asked()
        self.assertEqual(id, wanted)
        servent = g.guid()
        leaf.send_message(g.HIT, g.hit_payload("127.0.0.1:6000", servent, [(1, 5, "walnut cream.txt", None)]), ttl=7, id=id)
        back = asker.read_until(g.HIT, lambda m: m[0] == id)
        self.assertEqual(g.parse_hit(back[4])["servent"], servent)
        # A push for that servent goes back the way its hits came, to it alone.
        asker.send_message(g.PUSH, servent + struct.pack("<I", 1) + socket.inet_aton("127.0.0.1") + struct.pack("<H", 6001), ttl=4)
        self.assertEqual(leaf.read_until(g.PUSH)[4][:16], servent)

    def test_duplicates_and_dead_ttls_go_no_further(self):
        node = self.node("node", mode="ultrapeer")
        one, _ = g.connect(node.address, ultrapeer=True)
        two, _ = g.connect(node.address, ultrapeer=True)
        two.send_message(g.PING)
        two.read_until(g.PONG)
        id = one.send_message(g.QUERY, query_payload("only once"), ttl=3, hops=1)
        one.send_message(g.QUERY, query_payload("only once"), ttl=3, hops=1, id=id)
        one.send_message(g.QUERY, query_payload("dead"), ttl=0, hops=3)
        one.send_message(g.QUERY, query_payload("ancient", flags=0), ttl=3, hops=1)
        last = one.send_message(g.QUERY, query_payload("the last"), ttl=3, hops=1)
        seen = []
        while last not in seen:
            seen.append(two.read_until(g.QUERY)[0])
        self.assertEqual(seen, [id, last])

    def test_the_sum_of_ttl_and_hops_is_trimmed(self):
        node = self.node("node", mode="ultrapeer")
        one, _ = g.connect(node.address, ultrapeer=True)
        two, _ = g.connect(node.address, ultrapeer=True)
        two.send_message(g.PING)
        two.read_until(g.PONG)
        id = one.send_message(g.QUERY, query_payload("far away"), ttl=7, hops=0)
        _, _, ttl, hops, _ = two.read_until(g.QUERY, lambda m: m[0] == id)
        self.assertEqual(hops, 1)
        self.assertLessEqual(ttl + hops, 4)

    def test_its_own_searches_reach_us_and_our_hits_reach_its_user(self):
        node = self.node("node", mode="ultrapeer")
        link, _ = g.connect(node.address, ultrapeer=True)
        link.send_message(g.PING)
        node.wait_links(1)
        search = node.post("/searches", {"text": "Wanted Thing"})["id"]
        id, _, ttl, hops, payload = link.read_until(g.QUERY, answer_pings=g.pong_payload("127.0.0.1:9"))
        self.assertEqual(hops, 0)
        self.assertLessEqual(ttl, 4)
        flags, = struct.unpack(">H", payload[:2])
        self.assertTrue(flags & 0x8000, "the flags word is marked")
        self.assertIn(b"wanted thing", payload.lower())
        self.assertLessEqual(len(payload), 256)
        sha1 = g.base32(hashlib.sha1(CONTENT).digest())
        link.send_message(g.HIT, g.hit_payload("127.0.0.1:6000", g.guid(), [(1, len(CONTENT), "wanted thing.txt", sha1)]), ttl=5, id=id)
        row = eventually(lambda: node.get(f"/searches/{search}/results?since=0&limit=10")["rows"], "the row")[0]
        self.assertEqual((row["name"], row["sources"][0]["vendor"]), ("wanted thing.txt", "TEST"))
        self.assertIn(sha1, row["urn"])

    # ---- addresses: strict peers ban one for a mistake, and take one link from each ----

    def test_links_and_calls_back_come_from_the_address_it_listens_at(self):
        sock, address = listener()
        share = self.make_folder("share", {NAME: CONTENT})
        node = self.node("node", mode="leaf", share=[share], peers=[address], listen="127.0.0.9:0")
        link, first, _ = g.accept(sock, ultrapeer_expected=False)
        self.assertEqual(link.socket.getpeername()[0], "127.0.0.9")
        self.assertEqual(first.get("Node"), node.address)
        node.wait_shared(1)
        id = link.send_message(g.QUERY, query_payload("strict"), ttl=1)
        hit = g.parse_hit(link.read_until(g.HIT, lambda m: m[0] == id)[4])
        self.assertEqual((hit["ip"], hit["port"]), ("127.0.0.9", node.port))
        back, back_address = listener()
        push = struct.pack("<I", 0) + socket.inet_aton("127.0.0.1") + struct.pack("<H", int(back_address.rsplit(":", 1)[1]))
        link.send_message(g.PUSH, hit["servent"] + push, ttl=3)
        back.settimeout(g.TIMEOUT)
        called, remote = back.accept()
        self.assertEqual(remote[0], "127.0.0.9")
        # Some peers ask for index 0 when they know a file by its hash alone.
        called.settimeout(g.TIMEOUT)
        self.assertEqual(called.recv(6), b"GIV 0:")
        for one in (called, back, sock):
            one.close()

    def test_a_leaf_is_not_told_to_others(self):
        node = self.node("node", mode="ultrapeer")
        leaf, _ = g.connect(node.address, ultrapeer=False)
        id, *_ = leaf.read_until(g.PING)
        leaf.send_message(g.PONG, g.pong_payload("127.0.0.1:6999", kilobytes=7), id=id)
        done = leaf.send_message(g.PING)
        leaf.read_until(g.PONG, lambda m: m[0] == done)  # what was sent before it has been read
        asker, reply = g.connect(node.address, ultrapeer=True)
        self.assertNotIn("6999", reply.get("X-Try-Ultrapeers") or "")
        asker.send_message(g.PING, ttl=4)
        last = asker.send_message(g.PING, ttl=1)
        ports, id = [], None
        while id != last:
            id, _, _, _, payload = asker.read_until(g.PONG)
            ports.append(struct.unpack("<H", payload[:2])[0])
        self.assertEqual(set(ports), {node.port})

    # ---- transfer as other programs ask for it ----

    def test_uploads_satisfy_a_strict_client(self):
        node = self.sharing_node()
        sha1 = g.base32(hashlib.sha1(CONTENT).digest())
        url = f"http://{node.address}/uri-res/N2R?urn:sha1:{sha1}"
        request = urllib.request.Request(url, headers={"Range": "bytes=1000-1999", "X-Queue": "1.1", "X-Features": "browse/1.0, queue/1.1"})
        with urllib.request.urlopen(request) as answer:
            self.assertEqual(answer.status, 206)
            self.assertTrue(answer.headers["Server"])
            self.assertEqual(answer.headers["Content-Range"], f"bytes 1000-1999/{len(CONTENT)}")
            self.assertEqual(answer.headers["Content-Length"], "1000")
            self.assertIn(sha1, answer.headers["X-Gnutella-Content-URN"])
            self.assertIn(";", answer.headers["X-Thex-URI"])
            self.assertEqual(answer.read(), CONTENT[1000:2000])
        with urllib.request.urlopen(url) as answer:
            self.assertEqual((answer.status, answer.read()), (200, CONTENT))
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD")) as answer:
            self.assertEqual((answer.headers["Content-Length"], answer.read()), (str(len(CONTENT)), b""))
        for broken, status in ((url[:-1] + "A", 404), (f"http://{node.address}/get/1/other%20name", 404), (f"http://{node.address}/../etc/passwd", 404)):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(broken)
            self.assertIn(refused.exception.code, (status, 400))
            refused.exception.close()

    def test_a_push_is_answered_by_giv(self):
        node = self.sharing_node()
        link, _ = g.connect(node.address, ultrapeer=True)
        id = link.send_message(g.QUERY, query_payload("strict"), ttl=1)
        hit = g.parse_hit(link.read_until(g.HIT, lambda m: m[0] == id)[4])
        sock, address = listener()
        port = int(address.rsplit(":", 1)[1])
        link.send_message(g.PUSH, hit["servent"] + struct.pack("<I", hit["records"][0]["index"]) + socket.inet_aton("127.0.0.1") + struct.pack("<H", port), ttl=3)
        sock.settimeout(g.TIMEOUT)
        called, _ = sock.accept()
        called.settimeout(g.TIMEOUT)
        text = b""
        while not text.endswith(b"\n\n"):
            text += called.recv(1)
        self.assertTrue(text.startswith(b"GIV "))
        self.assertIn(hit["servent"].hex().upper().encode(), text.upper())
        called.sendall(f"GET /uri-res/N2R?urn:sha1:{hit['records'][0]['sha1']} HTTP/1.1\r\nHost: {address}\r\nRange: bytes=0-9\r\n\r\n".encode())
        reply = b""
        while CONTENT[:10] not in reply:
            data = called.recv(4096)
            self.assertTrue(data)
            reply += data
        self.assertTrue(reply.startswith(b"HTTP/1.1 206"))
        called.close()
        sock.close()


if __name__ == "__main__":
    unittest.main()
