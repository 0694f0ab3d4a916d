#!/usr/bin/env python3
"""Files of web servers by https: whom a node believes that it is the host of a URL, and what it says of the others."""
import base64
import hashlib
import os
import ssl
import subprocess
import unittest

from harness import NodeTest, eventually, random_bytes
from web_server import WebServer

SIZE = 700_000
LONG_AGO, JUST_THEN, LATER = "20200101000000Z", "20200102000000Z", "21000101000000Z"
AUTHORITY = """[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = any
x509_extensions = v3
unique_subject = no
[any]
commonName = supplied
[v3]
subjectAltName = {names}
"""


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


class HttpsTest(NodeTest):
    def setUp(self):
        super().setUp()
        self.certificates = 0
        self.known = os.path.join(self.folder, "authorities.pem")
        self.trusted = [self.certificate("DNS:localhost, IP:127.0.0.1"),
                        self.certificate("DNS:localhost, IP:127.0.0.1", until=JUST_THEN),
                        self.certificate("DNS:mirror.example, IP:192.0.2.1")]
        with open(self.known, "wb") as known:
            for path, _ in self.trusted:
                with open(path, "rb") as one:
                    known.write(one.read())
        self.good, self.expired, self.of_another = self.trusted
        self.taker = self.node("taker", "--url-ca-file", self.known)

    def certificate(self, names, until=LATER):
        """Paths of a certificate that has signed itself, and of its key."""
        self.certificates += 1
        folder = os.path.join(self.folder, f"certificate {self.certificates}")
        os.makedirs(folder)
        at = lambda name: os.path.join(folder, name)
        for name, text in (("index.txt", ""), ("serial", "01\n"), ("conf", AUTHORITY.format(folder=folder, names=names))):
            with open(at(name), "w", encoding="utf-8") as file:
                file.write(text)
        run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN=test {self.certificates}",
            "-keyout", at("key.pem"), "-out", at("request.pem"))
        run("openssl", "ca", "-batch", "-selfsign", "-notext", "-config", at("conf"), "-keyfile", at("key.pem"),
            "-in", at("request.pem"), "-out", at("cert.pem"), "-startdate", LONG_AGO, "-enddate", until)
        return at("cert.pem"), at("key.pem")

    def server(self, files, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        return WebServer(self, files, context)

    def begin(self, data, *urls):
        sha1 = base64.b32encode(hashlib.sha1(data).digest()).decode()
        file = {"what": "urn:sha1:" + sha1, "name": "file.bin", "size_bytes": len(data), "sources": list(urls)}
        return self.taker.post("/downloads/batch", {"files": [file]})["downloads"][0]["id"]

    def assert_is(self, id, data):
        done = self.taker.wait_download(id)
        self.assertEqual(done["state"], "completed", done["reason"])
        with open(done["path"], "rb") as file:
            self.assertEqual(file.read(), data)
        return {one["address"]: one for one in done["source_details"]}

    def trouble(self, id, url):
        def said():
            details = self.taker.get(f"/downloads/{id}")["source_details"]
            return next((one["trouble"] for one in details if one["address"] == url), "")
        return eventually(said, f"what is wrong with {url}")

    def test_a_file_comes_by_https_by_name_and_by_address_and_counts_as_any_other(self):
        data = random_bytes(SIZE, 1)
        web = self.server({"/f": data}, self.good)
        urls = [f"https://localhost:{web.port}/f", f"https://127.0.0.1:{web.port}/f"]
        for url in urls:
            before = self.taker.status()["bytes_downloaded"]
            id = self.begin(data, url)
            sources = self.assert_is(id, data)
            self.assertEqual(list(sources), [url])
            self.assertGreaterEqual(self.taker.status()["bytes_downloaded"] - before, SIZE)
            self.taker.call("DELETE", f"/downloads/{id}")

    def test_a_host_that_cannot_prove_its_name_is_not_believed_and_the_reason_is_shown(self):
        data = random_bytes(SIZE, 2)
        unknown = self.certificate("DNS:localhost, IP:127.0.0.1")
        plain = WebServer(self, {"/f": data})
        for certificate, words in ((self.expired, "has expired"), (self.of_another, "is for another host"),
                                   (unknown, "an issuer that this machine does not know")):
            web = self.server({"/f": data}, certificate)
            for host in ("localhost", "127.0.0.1"):
                url = f"https://{host}:{web.port}/f"
                id = self.begin(data, url)
                said = self.trouble(id, url)
                self.assertIn(f"{host}:{web.port}: its certificate", said)
                self.assertIn(words, said)
                self.taker.call("DELETE", f"/downloads/{id}")
            self.assertEqual(web.asked, [])
        url = f"https://127.0.0.1:{plain.port}/f"
        id = self.begin(data, url)
        self.assertIn("the TLS handshake fails", self.trouble(id, url))
        # One such source does not keep the file from coming from another.
        good = self.server({"/f": data}, self.good)
        again = self.begin(data, good.url + "/f")
        self.assertEqual(again, id)
        self.assert_is(id, data)

    def test_redirects_lead_to_https_and_never_from_it(self):
        data, other = random_bytes(SIZE, 3), random_bytes(SIZE, 4)
        plain = WebServer(self, {"/f": other})
        web = self.server({"/f": data, "/down": plain.url + "/f", "/here": "/f"}, self.good)
        first = WebServer(self, {"/up": f"https://localhost:{web.port}/here"})
        self.assert_is(self.begin(data, first.url + "/up"), data)
        url = web.url + "/down"
        id = self.begin(other, url)
        self.assertIn("redirects from https to http", self.trouble(id, url))
        self.assertEqual(plain.asked, [])

    def test_a_metalink_may_name_https_mirrors_alone_and_a_link_may_not_hide_what_is_wrong(self):
        data = random_bytes(SIZE, 5)
        web = self.server({"/f": data}, self.good)
        path = os.path.join(self.folder, "f.meta4")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"""<metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="f.bin"><size>{SIZE}</size>
                <hash type="sha-256">{hashlib.sha256(data).hexdigest()}</hash><url>{web.url}/f</url></file></metalink>""")
        self.taker.cli("download", path, "--wait", check=0)

    def test_a_file_of_authorities_is_tried_before_it_is_kept(self):
        wrong = os.path.join(self.folder, "wrong.pem")
        with open(wrong, "w", encoding="utf-8") as file:
            file.write("no certificate")
        for path in (wrong, os.path.join(self.folder, "nothing.pem")):
            said = self.taker.cli("config", "set", "url_ca_file", path, check=1).stderr
            self.assertIn(path, said)


if __name__ == "__main__":
    unittest.main()
