"""Strangers neither shut a node nor aim it: silent connections, descriptors, pushes, hosts from hearsay."""
import os
import socket
import struct
import threading
import unittest

import gnutella as g
from harness import NodeTest, eventually


def connect_from(address, source):
    """A connection that comes from another address of this machine."""
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), g.TIMEOUT, source_address=(source, 0))


def handshake_from(address, source, extra=None, ultrapeer=True):
    """Three steps from `source`; the link."""
    link = g.Connection(sock=connect_from(address, source))
    link.send(("GNUTELLA CONNECT/0.6\r\n" + g.header_text({**g.common_headers(ultrapeer, False), **(extra or {})})).encode())
    reply = link.read_block()
    g.require(reply.start.startswith("GNUTELLA/0.6 200"), f"'{reply.start}' accepts")
    link.send(b"GNUTELLA/0.6 200 OK\r\n\r\n")
    link.start_binary(reply.get("Content-Encoding") == "deflate", False)
    return link


class Listener:
    """Counts who calls, and says nothing."""

    def __init__(self, host):
        self.socket = socket.create_server((host, 0))
        self.address = "%s:%d" % self.socket.getsockname()
        self.calls = 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


class Strangers(NodeTest):
    def target(self, *flags, **options):
        share = self.make_folder("share", {"plain file.txt": b"plain\n" * 100})
        node = self.node("node", *flags, mode="ultrapeer", share=[share], **options)
        node.wait_shared(1)
        return node

    def test_silent_connections_of_few_or_many_addresses_do_not_keep_a_peer_out(self):
        node = self.target()
        held = []
        self.addCleanup(lambda: [one.close() for one in held])
        for first_words in (b"", b"GNUTELLA CONNECT/0.6\r\nUser-Agent: x\r\n"):
            for i in range(600):
                try:
                    one = connect_from(node.address, f"127.0.2.{1 + i % (1 if i < 100 else 250)}")
                    one.sendall(first_words)
                    held.append(one)
                except OSError:
                    pass  # closed at once
                if i in (90, 599):
                    handshake_from(node.address, "127.0.3.1").close()
                    with connect_from(node.address, "127.0.3.2") as http:
                        http.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        self.assertTrue(http.recv(100).startswith(b"HTTP/1.1 "))

    def test_peers_do_not_take_the_descriptors_that_the_page_needs(self):
        node = self.target(wrapper=("sh", "-c", 'ulimit -n 256; exec "$@"', "sh"))
        held = []
        self.addCleanup(lambda: [one.close() for one in held])
        for i in range(300):
            one = connect_from(node.address, f"127.0.2.{1 + i % 20}")
            one.setblocking(False)
            try:
                one.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
            except OSError:
                pass
            held.append(one)
        eventually(lambda: "file descriptors that are for them" in node.log_text(), "a word about descriptors")
        self.assertLess(len(os.listdir(f"/proc/{node.process.pid}/fd")), 200)
        self.assertEqual(node.status()["shared_files"], 1)
        self.assertEqual(node.cli("status").returncode, 0)
        for one in held:
            one.close()
        handshake_from(node.address, "127.0.3.1").close()

    def test_a_neighbours_query_with_flags_0_is_answered(self):
        node = self.target()
        link, _ = g.connect(node.address)
        id = link.send_message(g.QUERY, b"\0\0plain file\0", ttl=3)
        self.assertEqual(g.parse_hit(link.read_until(g.HIT, lambda m: m[0] == id)[4])["records"][0]["name"], "plain file.txt")

    def test_a_flood_of_pushes_calls_one_address_once(self):
        node = self.target()
        servent = bytes.fromhex(node.status()["servent_guid"])
        listener, service = Listener("127.0.0.1"), Listener("127.0.0.2")
        link, _ = g.connect(node.address, ultrapeer=True)

        def push(address):
            host, port = address.rsplit(":", 1)
            return servent + struct.pack("<I", 1) + socket.inet_aton(host) + struct.pack("<H", int(port))
        for i in range(150):
            link.send_message(g.PUSH, push(listener.address), ttl=3)
        for address in ("10.1.2.3:6346", "192.168.1.1:6346", "169.254.169.254:8080", "127.0.0.3:22", "224.0.0.1:6346"):
            link.send_message(g.PUSH, push(address), ttl=3)
        link.send_message(g.PUSH, push(service.address), ttl=3)
        eventually(lambda: listener.calls and service.calls, "a call to each")
        self.assertEqual(node.status()["counters"]["call_backs_refused"], 154)
        self.assertEqual((listener.calls, service.calls), (1, 1))

    def test_many_links_that_name_one_victim_set_off_few_calls(self):
        node = self.target()
        ports = [Listener("127.0.4.1") for _ in range(12)]
        names = ", ".join(one.address for one in ports)
        links = [handshake_from(node.address, f"127.0.2.{1 + i}", {"X-Try-Ultrapeers": names, "X-Try": names}) for i in range(10)]
        eventually(lambda: sum(one.calls for one in ports) == 2, "two calls")
        status = node.status()
        self.assertEqual(status["counters"]["hosts_refused"], 10 * 2 * 10)
        self.assertEqual(status["known_hosts"], 2)
        for link in links:
            link.close()


if __name__ == "__main__":
    unittest.main()
