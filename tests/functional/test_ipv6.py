"""Two nodes on IPv6 alone: they join, search and download over [::1], and the page and the API listen there too."""
import filecmp
import os
import socket
import unittest
import urllib.request

from harness import NodeTest, random_bytes

LISTEN = "[::1]:0"
NAME = "praline over the sixth protocol.bin"


def why_no_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        return ""
    except OSError as error:
        return f"this machine has no IPv6 loopback: {error}"


@unittest.skipIf(why_no_ipv6(), why_no_ipv6() or "there is one")
class Ipv6(NodeTest):
    def pair(self, *flags):
        share = self.make_folder("share", {NAME: random_bytes(3 << 20, 6)})
        far = self.node("far", *flags, mode="ultrapeer", share=[share], listen=LISTEN, api=LISTEN)
        near = self.node("near", mode="ultrapeer", peers=[far.address], listen=LISTEN, api=LISTEN)
        near.wait_links(1)
        far.wait_shared(1)
        return near, far, os.path.join(share, NAME)

    def test_two_nodes_join_search_and_download(self):
        near, far, original = self.pair()
        self.assertTrue(far.address.startswith("[::1]:"), far.address)
        self.assertEqual(near.status()["listen"], near.address)
        self.assertIn(far.address, [peer["address"] for peer in near.get("/peers")["peers"]])
        # Each knows where the other listens, also the one that was called.
        self.assertIn(near.address, [peer["address"] for peer in far.get("/peers")["peers"]])

        found = near.find("sixth protocol", lambda row: row["name"] == NAME)
        self.assertEqual(found["sources"][0]["address"], far.address)
        done = near.download(found["id"])
        self.assertEqual(done["state"], "completed", done)
        self.assertTrue(filecmp.cmp(done["path"], original, shallow=False))

    def test_a_node_behind_a_firewall_is_asked_to_call(self):
        near, far, original = self.pair("--firewalled", "on")
        found = near.find("sixth protocol", lambda row: row["name"] == NAME)
        self.assertTrue(found["sources"][0]["push_needed"])
        done = near.download(found["id"])
        self.assertEqual(done["state"], "completed", done)
        self.assertTrue(filecmp.cmp(done["path"], original, shallow=False))

    def test_a_link_of_a_magnet_may_name_an_ipv6_host(self):
        near, far, original = self.pair()
        row = near.find("sixth protocol", lambda row: row["name"] == NAME)
        other = self.node("other", mode="ultrapeer", listen=LISTEN, api=LISTEN)
        done = other.download(f"magnet:?xt={row['urn']}&dn=copy.bin&xl={3 << 20}&xs=http://{far.address}/uri-res/N2R?{row['urn']}")
        self.assertEqual(done["state"], "completed", done)
        self.assertTrue(filecmp.cmp(done["path"], original, shallow=False))

    def test_page_and_commands_reach_a_node_at_ipv6(self):
        node = self.node("alone", listen=LISTEN, api=LISTEN)
        self.assertTrue(node.api.startswith("[::1]:"), node.api)
        self.assertTrue(node.login_link.startswith(f"http://{node.api}/login?code="), node.login_link)
        with urllib.request.urlopen(f"http://{node.api}/", timeout=60) as page:
            self.assertEqual(page.status, 200)
        self.assertIn(node.address, node.cli("status", check=0).stdout)
        # A setting takes the same form, and says how when it is written wrongly.
        self.assertEqual(node.cli("config", "set", "listen", "::1:6346").returncode, 2)
        node.cli("config", "set", "listen", "[::1]:6346", check=0)
        self.assertNotEqual(node.cli("config", "set", "api", "[2001:db8::5]:6380").returncode, 0)
        node.cli("config", "set", "peers", "[::1]:7000", check=0)
        node.cli("config", "unset", "listen", check=0)
        node.cli("peers", "--connect", "[::1]:7001")  # nothing listens there, and the node keeps trying
        self.assertIn("[::1]:7001", [peer["name"] for peer in node.get("/peers")["named"]])


if __name__ == "__main__":
    unittest.main()
