"""Ways in: Metalink and .torrent files, magnet links of several files, and URLs of web servers that know no Gnutella."""
import hashlib
import json
import os
import unittest
import urllib.error
import urllib.request

from harness import NodeTest, eventually, random_bytes
from web_server import WebServer

PIECE = 1 << 16
SIZE = 3 * PIECE + 100


def bencoded(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencoded, value)) + b"e"
    return b"d" + b"".join(bencoded(key) + bencoded(value[key]) for key in sorted(value)) + b"e"


def hashes(data):
    return b"".join(hashlib.sha1(data[at:at + PIECE]).digest() for at in range(0, len(data), PIECE))


class Links(NodeTest):
    def setUp(self):
        super().setUp()
        self.taker = self.node("taker")

    def written(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def fetched(self, path, check=0):
        """What `praline download FILE --wait` has begun."""
        done = self.taker.cli("--json", "download", path, "--wait", check=check)
        return json.loads(done.stdout), done.stderr

    def assert_is(self, download, data):
        self.assertEqual(download["state"], "completed", download["reason"])
        with open(download["path"], "rb") as file:
            self.assertEqual(file.read(), data)

    def refused(self, data, query=""):
        request = urllib.request.Request(f"http://{self.taker.api}/api/v1/downloads/from-file{query}", method="POST", data=data)
        request.add_header("Authorization", f"Bearer {self.taker.token}")
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=60)
        self.assertEqual(caught.exception.code, 400)
        return json.loads(caught.exception.read())["error"]["message"]


class Files(Links):
    def test_the_files_that_a_node_writes_are_read_by_another(self):
        data = random_bytes(SIZE, 1)
        owner = self.node("owner", share=[self.make_folder("share", {"film.bin": data})])
        owner.wait_shared(1)
        for kind, ending in (("metalink", "meta4"), ("torrent", "torrent")):
            path = os.path.join(self.folder, f"film.{ending}")
            owner.cli("share", kind, "film.bin", "--output", path, check=0)
            made, _ = self.fetched(path)
            self.assert_is(made["downloads"][0], data)
            self.taker.call("DELETE", f"/downloads/{made['downloads'][0]['id']}")
            os.remove(made["downloads"][0]["path"])

    def test_a_torrent_of_a_folder_comes_from_its_web_seed_and_says_what_cannot(self):
        one, two, rest = random_bytes(2 * PIECE, 2), random_bytes(PIECE + 5, 3), random_bytes(50, 4)
        web = WebServer(self, {"/pub/box/one.bin": one, "/pub/box/in/two%20b.bin": two})
        stream = one + two + rest
        info = {"name": "box", "piece length": PIECE, "pieces": hashes(stream), "files": [
            {"length": len(one), "path": ["one.bin"]},
            {"length": len(two), "path": ["in", "two b.bin"], "sha1": hashlib.sha1(two).digest()},
            {"length": len(rest), "path": ["rest.bin"]}]}
        path = self.written("box.torrent", bencoded({"info": info, "url-list": [web.url + "/pub/"]}))
        made, said = self.fetched(path, check=1)
        self.assertIn("box/rest.bin shares pieces", said)
        self.assertEqual(len(made["downloads"]), 2)
        for download, data in zip(made["downloads"], (one, two)):
            self.assert_is(download, data)
            self.assertEqual(download["group_name"], "box")
        self.assertTrue(made["downloads"][1]["path"].endswith("/box/in/two b.bin"))

    def test_a_metalink_is_checked_by_its_own_hashes_and_a_mirror_that_lies_is_named(self):
        data, lie = random_bytes(SIZE, 5), random_bytes(SIZE, 6)
        web, liar = WebServer(self, {"/f": data}), WebServer(self, {"/f": lie})
        pieces = "".join(f"<hash>{hashlib.sha1(data[at:at + PIECE]).hexdigest()}</hash>" for at in range(0, SIZE, PIECE))
        path = self.written("a.meta4", f"""<metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="f.bin"><size>{SIZE}</size>
            <hash type="sha-256">{hashlib.sha256(data).hexdigest()}</hash><pieces length="{PIECE}" type="sha-1">{pieces}</pieces>
            <url priority="1">{liar.url}/f</url><url priority="2">{web.url}/f</url></file></metalink>""")
        made, _ = self.fetched(path)
        self.assert_is(made["downloads"][0], data)
        sources = {one["address"]: one for one in made["downloads"][0]["source_details"]}
        self.assertEqual(sources[liar.url + "/f"]["state"], "dropped")
        self.assertGreater(sources[web.url + "/f"]["verified_bytes"], 0)

    def test_files_of_links_and_links_take_a_folder_and_a_priority(self):
        one, two, three = (random_bytes(SIZE, seed) for seed in (7, 8, 9))
        web = WebServer(self, {"/one": one, "/two": two, "/three": three})
        files = []
        for name, data in (("one", one), ("two", two)):
            files.append(self.written(f"{name}.meta4", f"""<metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="{name}.bin">
                <size>{SIZE}</size><hash type="sha-256">{hashlib.sha256(data).hexdigest()}</hash><url>{web.url}/{name}</url></file></metalink>"""))
        link = f"magnet:?xt=urn:sha1:{hashlib.sha1(three).hexdigest()}&dn=three.bin&xs={web.url}/three"
        folder, bad = os.path.join(self.folder, "own folder"), self.written("bad.torrent", b"nothing")
        plan = ("--folder", folder, "--priority", "high")
        done = self.taker.cli("--json", "download", *plan, files[0], link, bad, files[1], "--wait", check=1)
        self.assertIn(bad + ": ", done.stderr)
        self.assertIn("neither a Metalink nor", done.stderr)
        made = json.loads(done.stdout)["downloads"]
        self.assertEqual(len(made), 3)
        for download, data in zip(made, (one, two, three)):
            self.assert_is(download, data)
            self.assertEqual(os.path.dirname(download["path"]), folder)
            self.assertEqual(download["priority"], "high")
        self.assertIn("--as goes with links", self.taker.cli("download", "--as", "Album", files[0], check=1).stderr)
        with open(files[0], "rb") as file:
            self.assertIn("priority must be", self.refused(file.read(), "?priority=urgent"))

    def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(self):
        torrent = {"name": "a", "length": 5, "piece length": PIECE, "pieces": bytes(20)}
        for data, words in ((b"GIF89a", "neither a Metalink nor"), (b"<html/>", "no Metalink"), (b"d4:infod", "cut off"),
                            (b"<!DOCTYPE a [<!ENTITY b 'c'>]><metalink/>", "document type"),
                            (bencoded({"info": torrent}), "no web seed")):
            self.assertIn(words, self.refused(data))
        self.assertEqual(self.taker.get("/downloads")["downloads"], [])
        said = self.taker.cli("download", self.written("no.torrent", b"nothing"), check=1)
        self.assertIn("neither a Metalink nor", said.stderr)
        self.assertIn("cannot be read", self.taker.cli("download", "/nowhere/a.torrent", check=1).stderr)


class Magnets(Links):
    def test_a_magnet_link_of_several_files_is_several_downloads(self):
        files = {f"/{name}.bin": random_bytes(SIZE, 10 + number) for number, name in enumerate(("one", "two"))}
        web = WebServer(self, files)
        link = "magnet:?" + "&".join(
            f"xt.{number}=urn:sha1:{sha1}&dn.{number}={path[1:]}&xs.{number}={web.url}{path}"
            for number, (path, sha1) in enumerate(((path, hashlib.sha1(data).hexdigest()) for path, data in files.items()), 1))
        first = self.taker.post("/downloads", {"what": link})
        self.assertEqual(first["name"], "one.bin")
        eventually(lambda: [one["state"] for one in self.taker.get("/downloads")["downloads"]] == ["completed"] * 2, "both files")
        for download in self.taker.get("/downloads")["downloads"]:
            self.assert_is(download, files["/" + download["name"]])
        for path, headers in web.asked:
            self.assertIn(path, files)
            self.assertFalse([name for name in headers if name.lower().startswith("x-")])


if __name__ == "__main__":
    unittest.main()
