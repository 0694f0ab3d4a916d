"""What a user gets when sources lie, say nothing or are of another program: the file that was asked for, or a reason."""
import hashlib
import os
import random
import socket
import threading
import unittest

import gnutella as g
from harness import NodeTest, eventually

SIZE = 3_000_000


def content(seed):
    return random.Random(seed).randbytes(SIZE)


def sha1_of(data):
    return g.base32(hashlib.sha1(data).digest())


class Server:
    """A file server that answers each request with what `answer(method, target, range)` returns; None: it hangs up."""

    def __init__(self, test, answer):
        self.answer, self.requests, self.connections = answer, [], 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        test.addCleanup(self.listener.close)

    def accept(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=(link,), daemon=True).start()

    def talk(self, link):
        with link:
            pending = b""
            while True:
                while b"\r\n\r\n" not in pending:
                    more = link.recv(65536)
                    if not more:
                        return
                    pending += more
                head, pending = pending.split(b"\r\n\r\n", 1)
                lines = head.decode("latin-1").split("\r\n")
                method, target, _ = lines[0].split(" ", 2)
                fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
                self.requests.append((method, target))
                wanted = None
                if fields.get("range", "").startswith("bytes="):
                    first, _, last = fields["range"][6:].partition("-")
                    wanted = int(first), int(last)
                reply = self.answer(method, target, wanted)
                if reply is None:
                    return
                try:
                    link.sendall(reply)
                except OSError:
                    return


def reply(status, body=b"", fields=()):
    head = [f"HTTP/1.1 {status}", "Server: test/1", *fields, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(head).encode() + body


def file_server(content, sha1, tree=None, root=None):
    """Says that its file has this SHA-1, and gives this tree."""
    def answer(method, target, wanted):
        if "N2X" in target:
            return reply("200 OK", tree)
        fields = [f"X-Gnutella-Content-URN: urn:sha1:{sha1}"]
        if tree:
            fields.append(f"X-Thex-URI: /uri-res/N2X?urn:sha1:{sha1};{root}")
        first, last = wanted or (0, len(content) - 1)
        last = min(last, len(content) - 1)
        if wanted:
            fields.append(f"Content-Range: bytes {first}-{last}/{len(content)}")
        whole = reply("206 Partial Content" if wanted else "200 OK", content[first:last + 1], fields)
        return whole.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n" if method == "HEAD" else whole
    return answer


def fetch(address, method, target):
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=30) as link:
        link.sendall(f"{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
        whole = b""
        while more := link.recv(65536):
            whole += more
    head, _, body = whole.partition(b"\r\n\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])}
    if fields.get("transfer-encoding", "").lower() == "chunked":
        whole, body = body, b""
        while whole:
            size, _, whole = whole.partition(b"\r\n")
            count = int(size, 16)
            if count == 0:
                break
            body, whole = body + whole[:count], whole[count + 2:]
    return fields, body


class Lies(NodeTest):
    def setUp(self):
        super().setUp()
        self.true, self.fake = content(1), content(2)
        self.true_sha1, self.fake_sha1 = sha1_of(self.true), sha1_of(self.fake)
        helper = self.node("helper", share=[self.make_folder("fake", {"popular song.bin": self.fake})])
        helper.wait_shared(1)
        fields, _ = fetch(helper.address, "HEAD", f"/uri-res/N2R?urn:sha1:{self.fake_sha1}")
        self.fake_root = fields["x-thex-uri"].rsplit(";", 1)[1].strip()
        _, tree = fetch(helper.address, "GET", f"/uri-res/N2X?urn:sha1:{self.fake_sha1}")
        helper.stop()
        self.liar = Server(self, file_server(self.fake, self.true_sha1, tree, self.fake_root))
        self.victim = self.node("victim", mode="ultrapeer")

    def lying_row(self):
        """A search row that pairs the SHA-1 asked for with the Tiger root of another file."""
        link, _ = g.connect(self.victim.address, ultrapeer=True)
        self.addCleanup(link.close)
        link.send_message(g.PING)
        search = self.victim.post("/searches", {"text": f"urn:sha1:{self.true_sha1}"})["id"]
        id = link.read_until(g.QUERY, answer_pings=g.pong_payload("127.0.0.1:9"))[0]
        hit = g.hit_payload(self.liar.address, g.guid(), [(1, SIZE, "popular song.bin", self.true_sha1)])
        plain = f"urn:sha1:{self.true_sha1}".encode()
        self.assertIn(plain, hit)
        hit = hit.replace(plain, f"urn:bitprint:{self.true_sha1}.{self.fake_root}".encode())
        link.send_message(g.HIT, hit, ttl=5, id=id)
        return eventually(lambda: self.victim.get(f"/searches/{search}/results?since=0&limit=10")["rows"], "the row")[0]

    def ends_without_the_lie(self, what):
        id = self.victim.post("/downloads", {"what": what})["id"]
        over = eventually(lambda: (lambda d: d if not d["sources"] or d["state"] in ("completed", "failed") else None)(
            self.victim.get(f"/downloads/{id}")), "the liar to be dropped")
        self.assertNotEqual(over["state"], "completed", what)
        self.assertEqual(os.listdir(os.path.join(self.victim.data, "downloads")), [])
        self.victim.call("DELETE", f"/downloads/{id}")

    def test_a_sha1_that_was_named_is_checked_however_the_download_was_started(self):
        row = self.lying_row()
        for what in (row["id"], f"urn:sha1:{self.true_sha1}", f"magnet:?xt=urn:sha1:{self.true_sha1}&dn=popular"):
            self.ends_without_the_lie(what)

    def test_a_command_that_waits_gives_up_when_only_a_liar_is_known(self):
        self.lying_row()
        said = self.victim.cli("download", "--wait", "--timeout", "3", f"urn:sha1:{self.true_sha1}", check=4)
        self.assertIn("Nothing new has come for 3 seconds", said.stderr)
        self.assertEqual(os.listdir(os.path.join(self.victim.data, "downloads")), [])

    def test_an_honest_source_gets_its_turn_after_the_liar(self):
        honest = self.node("honest", mode="ultrapeer", share=[self.make_folder("true", {"popular song.bin": self.true})])
        honest.wait_shared(1)
        self.lying_row()
        link = f"magnet:?xt=urn:sha1:{self.true_sha1}&dn=popular&xs=http://{self.liar.address}/uri-res/N2R&xs=http://{honest.address}/uri-res/N2R"
        done = self.victim.download(link)
        self.assertEqual(done["state"], "completed", done["reason"])
        with open(done["path"], "rb") as file:
            self.assertEqual(sha1_of(file.read()), self.true_sha1)

    def test_hashes_of_two_files_are_called_that(self):
        link = f"magnet:?xt=urn:bitprint:{self.true_sha1}.{self.fake_root}&dn=two&xs=http://{self.liar.address}/uri-res/N2R"
        over = self.victim.download(link)
        self.assertEqual(over["state"], "failed")
        self.assertIn("not of the same file", over["reason"])


class Words(NodeTest):
    def test_a_download_without_a_name_or_a_size_shows_its_urn_and_says_so(self):
        node = self.node("node")
        urn = "urn:sha1:" + "A" * 32
        made = node.post("/downloads", {"what": urn})
        self.assertEqual(made["name"], urn)
        self.assertFalse(made["size_known"])
        self.assertNotIn("unnamed", made["magnet"])
        said = node.cli("download", "urn:sha1:" + "B" * 32, check=0)
        self.assertIn("urn:sha1:", said.stdout)

    def test_an_address_that_hangs_up_is_not_called_in_a_loop(self):
        node = self.node("node")
        server = Server(self, lambda *_: None)
        id = node.post("/downloads", {"what": f"magnet:?xt=urn:sha1:{'C' * 32}&xl=0&dn=a.txt&xs=http://{server.address}/uri-res/N2R"})["id"]
        waiting = eventually(lambda: (lambda d: d if d["next_try_seconds"] else None)(node.get(f"/downloads/{id}")), "a wait")
        self.assertIn("Next try in", waiting["reason"])
        self.assertLessEqual(server.connections, 20)

    def test_partial_files_of_no_download_are_listed_and_removed_on_command(self):
        node = self.node("node")
        node.stop()
        path = os.path.join(node.data, "partial", "abcdefghjkmn.part")
        with open(path, "wb") as file:
            file.write(bytes(1 << 20))
        node.start()
        self.assertIn(path, node.log_text())
        self.assertEqual([one["name"] for one in node.get("/partials")["partials"]], ["abcdefghjkmn.part"])
        self.assertIn("abcdefghjkmn.part", node.cli("partials", check=0).stdout)
        node.cli("partials", "--remove", "nothing.part", check=1)
        self.assertTrue(os.path.exists(path))
        node.cli("partials", "--remove", "abcdefghjkmn.part", check=0)
        self.assertFalse(os.path.exists(path))
        self.assertEqual(node.get("/partials")["partials"], [])


if __name__ == "__main__":
    unittest.main()
