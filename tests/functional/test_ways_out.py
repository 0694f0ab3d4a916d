"""Programs that know no Gnutella fetch shared files: aria2 by Metalink, by .torrent with a web seed, by many connections; and
BitTorrent programs by their web seed."""
import base64
import hashlib
import os
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as xml

from harness import NodeTest, eventually, random_bytes

NAMESPACE = "{urn:ietf:params:xml:ns:metalink}"
SIZE = 12_000_000
NO_STRANGERS = ("--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false")


def decoded(data, at=0):
    """The bencoded value that begins there, and where it ends."""
    kind = data[at:at + 1]
    if kind == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1:end]), end + 1
    if kind in (b"l", b"d"):
        values, at = [], at + 1
        while data[at:at + 1] != b"e":
            value, at = decoded(data, at)
            values.append(value)
        return (values if kind == b"l" else dict(zip(values[::2], values[1::2]))), at + 1
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1:end], end


class WaysOut(NodeTest):
    def setUp(self):
        super().setUp()
        self.film = random_bytes(SIZE, 11)

    def owner(self, number=1, *flags):
        share = self.make_folder(f"share {number}", {"film & friends.bin": self.film})
        node = self.node(f"owner {number}", *flags, share=[share], listen=f"127.0.0.{number}:0")
        node.wait_shared(1)
        return node

    def made(self, node, kind, *words):
        """The file that `praline share KIND` writes."""
        path = os.path.join(self.folder, f"{node.port}.{kind}")
        node.cli("share", kind, *(words or ("film & friends.bin",)), "--output", path, check=0)
        with open(path, "rb") as file:
            return path, file.read()


class Files(WaysOut):
    def test_a_metalink_file_says_what_the_file_is_and_where(self):
        node = self.owner()
        _, text = self.made(node, "metalink")
        file = xml.fromstring(text).find(f"{NAMESPACE}file")
        self.assertEqual(file.get("name"), "film & friends.bin")
        self.assertEqual(int(file.find(f"{NAMESPACE}size").text), SIZE)
        self.assertEqual(file.find(f"{NAMESPACE}hash").text, hashlib.sha1(self.film).hexdigest())
        self.assertRegex(file.find(f"{NAMESPACE}url").text, f"^http://{re.escape(node.address)}/uri-res/N2R\\?urn:sha1:[A-Z2-7]{{32}}$")

    def test_a_torrent_holds_the_hash_of_every_piece_and_names_no_tracker(self):
        node = self.owner()
        _, text = self.made(node, "torrent")
        torrent, end = decoded(text)
        self.assertEqual(end, len(text))
        self.assertEqual(set(torrent), {b"info", b"created by", b"url-list"})
        info = torrent[b"info"]
        length = info[b"piece length"]
        pieces = b"".join(hashlib.sha1(self.film[at:at + length]).digest() for at in range(0, SIZE, length))
        self.assertEqual((info[b"name"], info[b"length"], info[b"pieces"] == pieces), (b"film & friends.bin", SIZE, True))
        self.assertEqual(len(torrent[b"url-list"]), 1)

    def test_a_file_is_named_by_path_name_or_urn_and_nothing_is_overwritten(self):
        node = self.owner()
        node.post("/library/folders", {"path": self.make_folder("twice", {"film & friends.bin": b"another"})})
        node.wait_shared(2)
        files = {file["size_bytes"]: file for file in node.get("/library/files")["files"]}
        for name in (files[SIZE]["path"], files[SIZE]["urn"]):
            self.assertIn(f"<size>{SIZE}</size>", node.cli("share", "metalink", name, check=0).stdout)
        self.assertIn("several shared files have this name", node.cli("share", "metalink", "film & friends.bin", check=1).stderr)
        self.assertIn("no shared file has this path or name", node.cli("share", "torrent", "nothing", check=1).stderr)
        self.assertIn("does not exist", node.cli("share", "torrent", "urn:sha1:" + "A" * 32, check=1).stderr)
        path, before = self.made(node, "metalink", files[SIZE]["path"])
        self.assertIn("exists already", node.cli("share", "metalink", files[7]["path"], "--output", path, check=1).stderr)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), before)


@unittest.skipUnless(shutil.which("aria2c"), "aria2 is not installed")
class Aria2(WaysOut):
    def fetch(self, *words):
        """Runs aria2c; the file that it fetched must be the one that is shared. Returns what it said."""
        into = os.path.join(self.folder, "fetched")
        shutil.rmtree(into, ignore_errors=True)
        done = subprocess.run(["aria2c", "--no-conf", "--dir", into, "--allow-overwrite=true", "--min-split-size=1M", "--file-allocation=none",
                               "--console-log-level=notice", *words], capture_output=True, text=True, timeout=120)
        said = done.stdout[-3000:] + done.stderr[-1000:]
        self.assertEqual(done.returncode, 0, said)
        names = [name for name in os.listdir(into) if not name.endswith((".meta4", ".torrent"))]
        self.assertEqual(len(names), 1, names)
        with open(os.path.join(into, names[0]), "rb") as file:
            self.assertTrue(file.read() == self.film, "other bytes came")
        return said

    def test_it_fetches_by_metalink_from_one_node(self):
        node = self.owner()
        self.fetch("--split=4", "--max-connection-per-server=4", self.made(node, "metalink")[0])
        self.assertGreaterEqual(node.status()["bytes_uploaded"], SIZE)

    def test_it_fetches_by_metalink_from_four_nodes_at_once(self):
        nodes = [self.owner(number) for number in range(1, 5)]
        lines = [self.made(node, "metalink")[1].decode().splitlines(keepends=True) for node in nodes]
        urls = [next(line for line in one if "<url>" in line) for one in lines]
        merged = "".join("".join(urls) if "<url>" in line else line for line in lines[0])
        path = os.path.join(self.folder, "merged.meta4")
        with open(path, "w", encoding="utf-8") as file:
            file.write(merged)
        self.fetch("--split=4", "--max-connection-per-server=1", path)
        for node in nodes:
            self.assertGreater(node.status()["bytes_uploaded"], 0, node.address)

    def test_it_fetches_by_the_metalink_of_one_node_from_all_that_this_one_got_the_file_from(self):
        # So slow that one is not done before the others have been asked.
        owners = [self.owner(number, "--upload-limit", "2 MiB/s") for number in range(2, 5)]
        urn = owners[0].get("/library/files")["files"][0]["urn"]
        sha1 = base64.b32encode(hashlib.sha1(self.film).digest()).decode()
        finished = self.make_folder("finished", {})
        node = self.node("first", "--downloads", finished, share=[finished], listen="127.0.0.1:0")
        added = node.post("/downloads/batch", {"files": [
            {"what": urn, "name": "film.bin", "size_bytes": SIZE,
             "sources": [f"http://{owner.address}/uri-res/N2R?urn:sha1:{sha1}" for owner in owners]}]})
        self.assertEqual(node.wait_download(added["downloads"][0]["id"])["state"], "completed")
        node.wait_shared(1)
        path, text = self.made(node, "metalink", "film.bin")
        urls = xml.fromstring(text).findall(f"{NAMESPACE}file/{NAMESPACE}url")
        places = [re.match("http://([^/]+)/uri-res/N2R", url.text)[1] for url in urls]
        self.assertEqual(places[0], node.address)
        self.assertEqual(sorted(places[1:]), sorted(owner.address for owner in owners))
        self.assertEqual([url.get("priority") for url in urls], ["1", "2", "3", "4"])
        nodes = [node, *owners]
        before = [one.status()["bytes_uploaded"] for one in nodes]
        self.fetch("--split=4", "--max-connection-per-server=1", path)
        for one, sent in zip(nodes, before):
            self.assertGreater(one.status()["bytes_uploaded"], sent, one.address)

    def test_it_fetches_by_torrent_from_the_web_seed(self):
        node = self.owner()
        self.fetch(*NO_STRANGERS, "--seed-time=0", self.made(node, "torrent")[0])
        self.assertGreaterEqual(node.status()["bytes_uploaded"], SIZE)

    def test_connections_beyond_the_share_of_an_address_are_refused_and_the_file_comes_all_the_same(self):
        # So slow that the others have been refused long before it is there.
        node = self.owner(1, "--upload-slots", "4", "--upload-limit", "1500 KiB/s")
        url = xml.fromstring(self.made(node, "metalink")[1]).find(f"{NAMESPACE}file/{NAMESPACE}url").text
        self.assertIn("status=503", self.fetch("--split=4", "--max-connection-per-server=4", url))


DEBIAN_PYTHON = "/usr/bin/python3"  # Debian's module is for Debian's Python
LIBTORRENT = """
import sys, time
import libtorrent
session = libtorrent.session({"listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
                              "enable_natpmp": False,
                              # It trusts no web seed of this machine or network that has a query.
                              "ssrf_mitigation": False})
handle = session.add_torrent({"ti": libtorrent.torrent_info(sys.argv[1]), "save_path": sys.argv[2]})
end = time.monotonic() + 100
while not handle.status().is_seeding and time.monotonic() < end:
    session.wait_for_alert(500)
    for alert in session.pop_alerts():
        print(alert)
sys.exit(0 if handle.status().is_seeding else 1)
"""


def has_libtorrent():
    return os.path.exists(DEBIAN_PYTHON) and subprocess.run([DEBIAN_PYTHON, "-c", "import libtorrent"], capture_output=True).returncode == 0


class BitTorrentPrograms(WaysOut):
    """They know peers of BitTorrent and web seeds; here there are web seeds alone."""

    def setUp(self):
        super().setUp()
        self.into = os.path.join(self.folder, "fetched")
        os.mkdir(self.into)

    def has_come(self):
        path = os.path.join(self.into, "film & friends.bin")
        if not os.path.exists(path):
            return False
        with open(path, "rb") as file:
            return file.read() == self.film

    @unittest.skipUnless(shutil.which("transmission-cli"), "transmission-cli is not installed")
    def test_transmission_fetches_by_torrent_from_the_web_seed(self):
        node = self.owner()
        log = os.path.join(self.folder, "transmission.log")
        with open(log, "wb") as output:
            program = subprocess.Popen(
                ["transmission-cli", "--no-portmap", "--config-dir", os.path.join(self.folder, "config"), "--download-dir", self.into,
                 self.made(node, "torrent")[0]], stdout=output, stderr=output)
        try:
            eventually(self.has_come, f"the file from transmission; see {log}", 120)
        finally:
            program.kill()
            program.wait()
        self.assertGreaterEqual(node.status()["bytes_uploaded"], SIZE)

    @unittest.skipUnless(has_libtorrent(), "python3-libtorrent is not installed")
    def test_libtorrent_fetches_by_torrent_from_the_web_seed(self):
        node = self.owner()
        done = subprocess.run([DEBIAN_PYTHON, "-c", LIBTORRENT, self.made(node, "torrent")[0], self.into], capture_output=True, text=True,
                              timeout=150)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr)
        self.assertTrue(self.has_come())
        self.assertGreaterEqual(node.status()["bytes_uploaded"], SIZE)


if __name__ == "__main__":
    unittest.main()
