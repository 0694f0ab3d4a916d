"""Index servers on IPv6 alone: a node publishes and finds over [::1], a second server joins there, and a node goes on with it."""
import os
import shutil
import unittest

from harness import eventually, random_bytes
from index_harness import IndexTest
from test_ipv6 import LISTEN, why_no_ipv6

NAME = "almond over the sixth protocol.bin"


@unittest.skipIf(why_no_ipv6(), why_no_ipv6() or "there is one")
class IndexOverIpv6(IndexTest):
    def server(self, name, *flags, join=None, secret=None):
        return self.index(name, "--api", LISTEN, *flags, join=join, secret=secret, listen=LISTEN)

    def pair_of_servers(self):
        first = self.server("first")
        secret = os.path.join(self.folder, "group.secret")
        shutil.copy(first.secret, secret)
        second = self.server("second", join=first.address, secret=secret)
        for server in (first, second):
            eventually(lambda: server.status()["answers_alone"] and len(server.status()["members"]) == 1, "a whole group")
        return first, second

    def user(self, name, *servers, **options):
        flags = [flag for server in servers for flag in ("--index", server.address)]
        return self.node(name, *flags, "--seek", "off", mode="ultrapeer", listen=LISTEN, api=LISTEN, **options)

    def find(self, node, words):
        id = node.post("/searches", {"text": words, "strategy": "index"})["id"]
        eventually(lambda: node.get(f"/searches/{id}")["state"] != "asking", "an end of the search")
        return id, node.get(f"/searches/{id}/results?since=0&limit=10")["rows"]

    def test_a_node_publishes_and_another_finds_and_fetches_over_ipv6(self):
        server = self.server("first")
        self.assertTrue(server.address.startswith("[::1]:"), server.address)
        share = self.make_folder("share", {NAME: random_bytes(300_000, 5)})
        publisher = self.user("publisher", server, share=[share])
        eventually(lambda: publisher.status()["index"]["published"], "what the node shares at the server")
        self.assertEqual(publisher.status()["index"]["server"], server.address)

        asker = self.user("asker", server)
        eventually(lambda: asker.status()["index"]["server"], "the asker at the server")
        id, rows = self.find(asker, "almond")
        self.assertEqual([row["name"] for row in rows], [NAME])
        self.assertEqual(rows[0]["sources"][0]["address"], publisher.address)
        self.assertTrue(rows[0]["sources"][0]["indexed"])
        done = asker.download(f"{id}-1")
        self.assertEqual(done["state"], "completed", done)

    def test_a_second_server_joins_and_a_node_learns_of_it_and_goes_on_with_it(self):
        first, second = self.pair_of_servers()
        self.assertEqual(first.status()["members"][0]["address"], second.address)
        self.assertEqual(second.status()["members"][0]["address"], first.address)

        share = self.make_folder("share", {NAME: random_bytes(1000, 5)})
        publisher = self.user("publisher", first, share=[share])  # it is told of the other by the first
        eventually(lambda: publisher.status()["index"]["replicas"] == 2, "what the node shares at both servers")
        eventually(lambda: publisher.status()["index"]["stand_by"] == second.address, "the other server as the stand-by")
        eventually(lambda: first.status()["digest"] == second.status()["digest"], "the same at both servers")
        first.kill()
        eventually(lambda: publisher.status()["index"]["server"] == second.address, "the node at the other server")
        self.assertEqual([row["name"] for row in self.find(publisher, "almond")[1]], [NAME])

        # Addresses that were learnt are kept: by a server of its group, by a node of its servers.
        publisher.stop()
        publisher.start()
        eventually(lambda: publisher.status()["index"]["server"] == second.address, "the node at the server that is left")

    def test_a_list_outlives_the_server_with_the_address_of_its_node(self):
        server = self.server("first")
        share = self.make_folder("share", {NAME: random_bytes(1000, 5)})
        publisher = self.user("publisher", server, share=[share])
        eventually(lambda: publisher.status()["index"]["published"], "what the node shares at the server")
        asker = self.user("asker", server)
        server.stop()
        server.command[server.command.index("--listen") + 1] = server.address
        server.start()
        eventually(lambda: asker.status()["index"]["server"] == server.address, "the asker at the server")
        rows = eventually(lambda: self.find(asker, "almond")[1], "the file after the restart")
        self.assertEqual(rows[0]["sources"][0]["address"], publisher.address)

    def test_help_and_errors_name_the_form_with_brackets(self):
        server = self.server("first")
        server.stop()
        for flags in (["--listen", "::1:7000"], ["--listen", LISTEN, "--join", "::1:7000"]):
            failed = server.cli(*flags)
            self.assertNotEqual(failed.returncode, 0)
            self.assertIn("[::1]:6347", failed.stderr)
        self.assertIn("[::1]:6347", server.cli("--help").stdout)


if __name__ == "__main__":
    unittest.main()
