"""Shared files over the API: bytes for players and browsers of this machine."""
import http.client
import os
import unittest

from harness import NodeTest, eventually, random_bytes
from test_access import split_address

SIZE = 3_000_000


class Content(NodeTest):
    def setUp(self):
        super().setUp()
        self.film = random_bytes(SIZE, 7)
        self.folder_shared = self.make_folder("share", {"film.webm": self.film, "trap.html": b"<script>alert(1)</script>"})
        self.owner = self.node("owner", share=[self.folder_shared])
        self.owner.wait_shared(2)
        self.files = {file["name"]: file for file in self.owner.get("/library/files")["files"]}

    def ask(self, method, target, headers=(), proven=True):
        link = http.client.HTTPConnection(*split_address(self.owner.api), timeout=60)
        self.addCleanup(link.close)
        proof = {"Authorization": f"Bearer {self.owner.token}"} if proven else {}
        link.request(method, target, headers={**proof, **dict(headers)})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read()

    def content(self, name, **options):
        return self.ask("GET", f"/api/v1/library/{self.files[name]['index']}/content", **options)

    def test_ranges_put_together_are_the_file(self):
        status, fields, whole = self.content("film.webm")
        self.assertEqual((status, fields["Content-Type"], whole == self.film), (200, "video/webm", True))
        parts = []
        for first in range(0, SIZE, 1_000_000):
            wanted = {"Range": f"bytes={first}-{first + 999_999}", "If-Range": fields["ETag"]}
            status, part, body = self.content("film.webm", headers=wanted)
            self.assertEqual((status, part["Content-Range"]), (206, f"bytes {first}-{first + 999_999}/{SIZE}"))
            parts.append(body)
        self.assertEqual(b"".join(parts), self.film)
        self.assertEqual(self.content("film.webm", headers={"Range": f"bytes={SIZE}-"})[0], 416)

    def test_a_hostile_page_is_saved_and_not_shown(self):
        status, fields, _ = self.content("trap.html")
        self.assertEqual((status, fields["Content-Type"]), (200, "application/octet-stream"))
        self.assertTrue(fields["Content-Disposition"].startswith("attachment;"))
        self.assertIn("sandbox", fields["Content-Security-Policy"])
        self.assertEqual(fields["X-Content-Type-Options"], "nosniff")

    def test_a_link_made_with_the_token_needs_nothing_else_and_opens_one_file(self):
        made = self.owner.post(f"/library/{self.files['film.webm']['urn']}/content-link")
        self.assertEqual((made["media_type"], made["shown"]), ("video/webm", True))
        target = made["link"].removeprefix(f"http://{self.owner.api}")
        self.assertEqual(self.ask("GET", target, proven=False)[2], self.film)
        other = f"/api/v1/library/{self.files['trap.html']['index']}/content?{target.split('?')[1]}"
        self.assertEqual(self.ask("GET", other, proven=False)[0], 401)
        self.assertEqual(self.content("film.webm", proven=False)[0], 401)

    def test_a_file_that_has_changed_is_refused_until_it_is_hashed_anew(self):
        index = self.files["film.webm"]["index"]
        with open(os.path.join(self.folder_shared, "film.webm"), "r+b") as file:
            file.write(b"other")
        status, _, body = self.ask("GET", f"/api/v1/library/{index}/content")
        self.assertIn(status, (404, 409), body)
        anew = eventually(lambda: next((one for one in self.owner.get("/library/files")["files"]
                                        if one["name"] == "film.webm" and one["urn"] != self.files["film.webm"]["urn"]), None), "the file to be hashed anew")
        status, _, body = self.ask("GET", f"/api/v1/library/{anew['index']}/content")
        self.assertEqual((status, body[:5], body[5:] == self.film[5:]), (200, b"other", True))

    def test_what_is_not_shared_is_not_sent(self):
        for id in ("0", "4000000000", "99999999999999", "urn:sha1:" + "A" * 32, "..%2F..%2Fetc%2Fpasswd", "film.webm"):
            self.assertEqual(self.ask("GET", f"/api/v1/library/{id}/content")[0], 404, id)


class WhileItComes(NodeTest):
    def test_a_film_is_read_from_its_beginning_to_its_end_while_it_is_downloaded(self):
        film = random_bytes(SIZE, 9)
        # A way with a symbolic link, as a folder of downloads may have.
        real = self.make_folder("real", {})
        linked = os.path.join(self.folder, "linked")
        os.symlink(real, linked)
        owner = self.node("owner", "--upload-limit", "1500 KiB/s", share=[self.make_folder("share", {"film.webm": film})])
        owner.wait_shared(1)
        file = owner.get("/library/files")["files"][0]
        reader = self.node("reader", "--downloads", linked)
        link = f"{file['magnet']}&xs=http://{owner.address}/uri-res/N2R?{file['urn'].split('.')[0].replace('bitprint', 'sha1')}"
        id = reader.post("/downloads", {"what": link})["id"]
        proof = {"Authorization": f"Bearer {reader.token}"}

        def ask(**headers):
            link = http.client.HTTPConnection(*split_address(reader.api), timeout=60)
            self.addCleanup(link.close)
            link.request("GET", f"/api/v1/downloads/{id}/content", headers={**proof, **headers})
            answer = link.getresponse()
            return answer.status, answer.read()

        def first_bytes():
            status, body = ask(Range="bytes=0-9")
            self.assertIn(status, (206, 409))
            return body if status == 206 else None

        self.assertEqual(eventually(first_bytes, "the tree to come"), film[:10])
        self.assertTrue(ask() == (200, film))
        eventually(lambda: reader.get(f"/downloads/{id}")["state"] == "completed", "the download to be completed")
        self.assertTrue(ask() == (200, film))


if __name__ == "__main__":
    unittest.main()
