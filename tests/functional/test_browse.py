"""Browse host: the list of what a node shares, asked for as other programs do, and by our own node."""
import json
import os
import socket
import struct
import threading
import unittest
import urllib.parse

from gnutella import HIT
from harness import NodeTest, api_refusal, eventually, random_bytes

FILES = {f"hazelnut recipe {number:04}.txt": f"roast, grind, wait {number}\n".encode() for number in range(1000)}
REQUEST = "GET / HTTP/1.1\r\nHost: here\r\nUser-Agent: test\r\nAccept: text/html, application/x-gnutella-packets\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def ask(address, request=REQUEST):
    """(head, body) of what a node answers, up to the end of the connection."""
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 30) as peer:
        peer.sendall(request.encode())
        answer = b""
        while piece := peer.recv(65536):
            answer += piece
    head, body = answer.split(b"\r\n\r\n", 1)
    return head.decode(), body


def unchunked(body):
    whole = b""
    while True:
        size, body = body.split(b"\r\n", 1)
        size = int(size, 16)
        if size == 0:
            assert body == b"\r\n", "the last chunk is the end"
            return whole
        assert body[size:size + 2] == b"\r\n", "a chunk ends with a line end"
        whole, body = whole + body[:size], body[size + 2:]


def hits(stream):
    """(guid, ttl, hops, payload) of each message, which must be a hit."""
    while stream:
        length = struct.unpack("<I", stream[19:23])[0]
        assert stream[16] == HIT and len(stream) >= 23 + length, "whole query hits"
        yield stream[:16], stream[17], stream[18], stream[23:23 + length]
        stream = stream[23 + length:]


def names(payload):
    """The names of the records of a hit."""
    found, at = [], 11
    for _ in range(payload[0]):
        end = payload.index(b"\0", at + 8)
        found.append(payload[at + 8:end].decode())
        at = payload.index(b"\0", end + 1) + 1
    return found


class Answered(NodeTest):
    def shelf(self, *flags):
        node = self.node("shelf", *flags, mode="ultrapeer", share=[self.make_folder("share", FILES)])
        node.wait_shared(len(FILES))
        return node

    def test_a_stranger_gets_every_shared_file_in_hits_that_all_programs_read(self):
        node = self.shelf("--browse-host", "on")
        head, body = ask(node.address)
        self.assertTrue(head.startswith("HTTP/1.1 200 "), head)
        self.assertIn("Content-Type: application/x-gnutella-packets", head)
        found, guids = [], set()
        for guid, ttl, hops, payload in hits(unchunked(body)):
            guids.add(guid)
            self.assertEqual((ttl, hops), (1, 0))
            self.assertLessEqual(payload[0], 10)
            self.assertLess(len(payload), 4096)
            self.assertIn(b"BH", payload)
            found += names(payload)
        self.assertEqual(sorted(found), sorted(FILES))
        self.assertEqual(len(guids), 1)
        head, body = ask(node.address, REQUEST.replace("HTTP/1.1", "HTTP/1.0"))
        self.assertNotIn("chunked", head)
        self.assertEqual(sum(len(names(one[3])) for one in hits(body)), len(FILES))

    def test_nobody_gets_a_list_before_its_user_allows_it_and_after_he_forbids_it(self):
        node = self.shelf()
        only_packets = REQUEST.replace("text/html, ", "")
        head, body = ask(node.address, only_packets)
        self.assertTrue(head.startswith("HTTP/1.1 403 "), head)
        self.assertIn(b"nobody a list", body)
        node.call("PATCH", "/settings", {"browse_host": "on"})
        self.assertTrue(ask(node.address, only_packets)[0].startswith("HTTP/1.1 200 "))
        node.call("PATCH", "/settings", {"browse_host": "off"})
        self.assertTrue(ask(node.address, only_packets)[0].startswith("HTTP/1.1 403 "))
        head, body = ask(node.address)  # as to a person's browser
        self.assertIn("Content-Type: text/plain", head)
        self.assertNotIn(b"hazelnut", body)


class Script:
    """A host that takes connections, reads a request from each and answers with these bytes; at the end it hangs up."""

    def __init__(self, answer):
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer:
                request = b""
                while b"\r\n\r\n" not in request and (piece := peer.recv(4096)):
                    request += piece
                try:
                    for piece in self.answer():
                        peer.sendall(piece)
                except OSError:
                    pass

    def close(self):
        self.listener.close()


class Asking(NodeTest):
    def pair(self, *flags, files=FILES, **how):
        shelf = self.node("shelf", *flags, mode="ultrapeer", share=[self.make_folder("share", files)])
        shelf.wait_shared(len(files))
        return self.node("asker", mode="ultrapeer", **how), shelf

    def ended(self, node, search):
        return eventually(lambda: (lambda view: None if view["open"] else view)(node.get(f"/searches/{search}")), f"browse {search} to end")

    def rows(self, node, search, **query):
        return node.get(f"/searches/{search}/results?" + urllib.parse.urlencode(query))

    def script(self, answer):
        script = Script(answer)
        self.addCleanup(script.close)
        return script

    def test_a_thousand_files_are_listed_filtered_sorted_and_downloaded(self):
        asker, shelf = self.pair("--browse-host", "on", files={**FILES, "big.bin": random_bytes(300_000, 1)})
        begun = asker.post("/browse", {"host": shelf.address})
        self.assertEqual(begun["text"], f"Files of {shelf.address}")
        self.assertEqual(begun["strategy"], "browse")
        view = self.ended(asker, begun["id"])
        self.assertEqual(view["browse"]["problem"], "")
        self.assertTrue(view["browse"]["complete"])
        self.assertEqual(view["rows"], 1001)
        self.assertGreater(view["browse"]["bytes"], 50_000)
        page = self.rows(asker, begun["id"], filter="recipe 0042", sort="name")
        self.assertEqual([row["name"] for row in page["rows"]], ["hazelnut recipe 0042.txt"])
        source, = page["rows"][0]["sources"]
        self.assertEqual(source["address"], shelf.address)
        self.assertTrue(source["browsable"])
        self.assertFalse(source["push_needed"])
        largest = self.rows(asker, begun["id"], sort="size", descending="true", limit=1)["rows"][0]
        self.assertEqual(largest["name"], "big.bin")
        done = asker.download(largest["id"])
        self.assertEqual(done["state"], "completed", done["reason"])
        with open(done["path"], "rb") as file:
            self.assertEqual(file.read(), random_bytes(300_000, 1))
        self.assertEqual(asker.get("/history")["total"], 0)
        self.assertEqual(asker.links(), 0)

    def test_a_node_that_gives_no_list_and_one_that_is_not_there_are_named(self):
        asker, shelf = self.pair(files={"a.txt": b"a"})
        view = self.ended(asker, asker.post("/browse", {"host": shelf.address})["id"])
        self.assertTrue(view["browse"]["problem"].startswith(f"{shelf.address} gives no list of its files, "), view["browse"])
        shelf.stop()
        view = self.ended(asker, asker.post("/browse", {"host": shelf.address})["id"])
        self.assertTrue(view["browse"]["problem"].startswith(f"{shelf.address} cannot be reached. "), view["browse"])
        view = self.ended(asker, asker.post("/browse", {"host": asker.address})["id"])
        self.assertIn("is this node itself", view["browse"]["problem"])
        for body in ({"host": "nonsense"}, {"result": "1-1"}, {}):
            status, error = api_refusal(lambda body=body: asker.post("/browse", body or {"host": ""}))
            self.assertEqual(status, 400)
            self.assertTrue(error["message"].endswith("."), error)

    def test_results_say_who_can_be_browsed_and_lead_to_a_host_behind_a_firewall(self):
        shelf = self.node("shelf", "--browse-host", "on", "--firewalled", "on", mode="ultrapeer",
                          share=[self.make_folder("share", {"hazelnut one.txt": b"1", "walnut two.txt": b"2"})])
        shelf.wait_shared(2)
        asker = self.node("asker", mode="ultrapeer", peers=[shelf.address])
        asker.wait_links(1)
        row = asker.find("hazelnut")
        self.assertTrue(row["sources"][0]["browsable"])
        self.assertTrue(row["sources"][0]["push_needed"])
        view = self.ended(asker, asker.post("/browse", {"result": row["id"], "host": row["sources"][0]["address"]})["id"])
        self.assertEqual(view["browse"]["problem"], "")
        listed = self.rows(asker, view["id"], sort="name")["rows"]
        self.assertEqual([one["name"] for one in listed], ["hazelnut one.txt", "walnut two.txt"])
        self.assertTrue(listed[0]["sources"][0]["push_needed"])

    def test_the_command_lists_the_files_of_a_peer(self):
        asker, shelf = self.pair("--browse-host", "on", files={"hazelnut.txt": b"roast", "walnut.txt": b"grind"})
        told = asker.cli("browse", shelf.address, check=0).stdout
        self.assertIn("hazelnut.txt", told)
        self.assertIn(f"2 files of {shelf.address}.", told)
        answer = json.loads(asker.cli("--json", "browse", shelf.address, "--limit", "1", check=0).stdout)
        self.assertEqual(len(answer["results"]), 1)
        self.assertEqual(answer["browse"]["host"], shelf.address)
        for nonsense in ("nonsense:", "127.0.0.1", "nobody"):
            self.assertIn("is not an address and port", asker.cli("browse", nonsense, check=2).stderr)
        self.assertIn("There is no result 99-1.", asker.cli("browse", "99-1", check=2).stderr)
        shelf.call("PATCH", "/settings", {"browse_host": "off"})
        self.assertIn("gives no list", asker.cli("browse", shelf.address, check=1).stderr)

    def test_hosts_that_lie_or_never_end_cost_a_sentence(self):
        asker = self.node("asker", mode="ultrapeer")
        ok = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-gnutella-packets\r\n\r\n"
        payload = (bytes([1]) + struct.pack("<H", 6346) + bytes([203, 0, 113, 9]) + bytes(4) + struct.pack("<II", 1, 5) +
                   b"../../etc/passwd\x1b[2J\0\0TEST" + bytes([2, 0, 0]) + os.urandom(16))
        hit = bytes(16) + bytes([HIT, 1, 0]) + struct.pack("<I", len(payload)) + payload

        def endless():
            yield ok
            while True:
                yield hit * 500
        for answer, problem, rows in ((lambda: [ok + random_bytes(100_000, 3)], "sends something that is no list of files", 0),
                                      (lambda: [ok + hit[:19] + b"\xff\xff\xff\x7f" + payload], "sends something that is no list of files", 0),
                                      (lambda: [ok + hit + hit[:50]], "ended its list in the middle of a result", 1),
                                      (endless, "sends more messages than a list may have", 1)):
            script = self.script(answer)
            view = self.ended(asker, asker.post("/browse", {"host": script.address})["id"])
            self.assertIn(problem, view["browse"]["problem"])
            self.assertFalse(view["browse"]["complete"])
            self.assertEqual(view["rows"], rows)
            for row in self.rows(asker, view["id"], sort="name")["rows"]:
                self.assertEqual(row["sources"][0]["address"], script.address)  # not the one it claims
                self.assertNotIn("/", row["name"])
                self.assertTrue(row["name"].isprintable())


if __name__ == "__main__":
    unittest.main()
