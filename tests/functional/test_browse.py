"""Browse host: the list of what a node shares, asked for as other programs do, and by our own node."""
import socket
import struct
import unittest

from gnutella import HIT
from harness import NodeTest

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


if __name__ == "__main__":
    unittest.main()
