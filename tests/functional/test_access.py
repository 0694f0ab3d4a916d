"""Who may use the page and the API of a node, as other programs and browsers on the same machine try it."""
import hmac
import http.client
import http.server
import json
import os
import re
import socket
import stat
import threading
import unittest

from harness import NodeTest, read_text


class Stranger:
    """A program that answers HTTP at a port, and remembers what it was sent. `answer(path)` gives a status and a body."""

    def __init__(self, host, port, answer=lambda path: (404, b"")):
        heard = self.heard = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                heard.append(f"{self.path} {self.headers}")
                status, body = answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_DELETE = do_PATCH = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((host, port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def split_address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class AccessTest(NodeTest):
    def ask(self, address, method, path, headers=None, body=None):
        """Status, headers and body of one request without any proof but what `headers` hold."""
        link = http.client.HTTPConnection(*split_address(address), timeout=60)
        self.addCleanup(link.close)
        link.request(method, path, body=body, headers=headers or {})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read()

    def log_in(self, node):
        """Opens the node's login link as a browser does; the two halves of the session."""
        status, headers, body = self.ask(node.api, "GET", "/login" + node.login_link.split("/login", 1)[1], {"Accept": "text/html"})
        self.assertEqual(status, 200)
        return headers["Set-Cookie"].split(";")[0], re.search(rb'data-key="([0-9a-f]+)"', body)[1].decode()


class Tokens(AccessTest):
    def status(self, node, method, path, secret, body=None):
        return self.ask(node.api, method, path, {"Authorization": f"Bearer {secret}"}, body)[0]

    def test_a_named_token_outlives_a_restart_and_may_do_what_its_scope_says(self):
        node = self.node("node")
        token = node.cli("token", "add", "grafana", check=0).stdout.strip()
        player = node.cli("token", "add", "player", "--scope", "control", check=0).stdout.strip()
        node.cli("token", "add", "grafana", check=1)
        node.cli("token", "add", "other", "--scope", "root", check=2)
        kept = os.path.join(node.data, "api-tokens")
        self.assertEqual(stat.S_IMODE(os.stat(kept).st_mode), 0o600)
        self.assertNotIn(token, read_text(kept))
        node.stop()
        node.start()

        self.assertEqual(self.status(node, "GET", "/metrics", token), 200)
        self.assertEqual(self.status(node, "POST", "/api/v1/library/rescan", token), 403)
        self.assertEqual(self.status(node, "POST", "/api/v1/library/rescan", player), 202)
        self.assertEqual(self.status(node, "POST", "/api/v1/shutdown", player), 403)
        self.assertEqual(json.loads(node.cli("--json", "token", check=0).stdout),
                         {"tokens": [{"name": "grafana", "scope": "read"}, {"name": "player", "scope": "control"}]})
        self.assertNotIn("grafana", node.cli("token", "revoke", "grafana", check=0).stdout)
        self.assertEqual(self.status(node, "GET", "/metrics", token), 401)

    def test_a_token_of_control_puts_files_into_the_folder_of_downloads_alone(self):
        node = self.node("node")
        player = node.cli("token", "add", "player", "--scope", "control", check=0).stdout.strip()
        elsewhere = self.make_folder("elsewhere", {})
        own = json.loads(node.cli("--json", "status", check=0).stdout)["downloads_directory"]

        def start(folder):
            body = {"what": "urn:sha1:QLCS3FY5FZ6RYX4TCMJXGUUPHRUKZ5AC", "folder": folder}
            return self.status(node, "POST", "/api/v1/downloads", player, json.dumps(body))
        self.assertEqual(start(elsewhere), 403)
        self.assertEqual(start(os.path.join(own, "..", "partial")), 403)
        self.assertEqual(start(os.path.join(own, "music")), 201)

    def test_login_links_end_with_a_token_that_is_revoked(self):
        node = self.node("node")
        boss = node.cli("token", "add", "boss", "--scope", "admin", check=0).stdout.strip()
        for revoked in (False, True):
            made = self.ask(node.api, "POST", "/api/v1/login-links", {"Authorization": f"Bearer {boss}"}, "{}")
            self.assertLess(made[0], 300, made[2])
            link = "/login" + json.loads(made[2])["link"].split("/login", 1)[1]
            if revoked:
                node.cli("token", "revoke", "boss", check=0)
            self.assertEqual(b"data-key" in self.ask(node.api, "GET", link, {"Accept": "text/html"})[2], not revoked)

    def test_a_token_that_cannot_be_kept_is_not_made(self):
        node = self.node("node")
        old = node.cli("token", "add", "old", check=0).stdout.strip()
        kept = os.path.join(node.data, "api-tokens")
        before = read_text(kept)
        os.remove(kept)
        os.mkdir(kept)   # a file cannot take its place
        self.assertIn("Nothing was changed", node.cli("token", "add", "new", check=1).stderr)
        self.assertEqual(self.status(node, "GET", "/metrics", old), 200)
        self.assertIn("It is over, but a restart would bring it back", node.cli("token", "revoke", "old", check=1).stderr)
        self.assertEqual(self.status(node, "GET", "/metrics", old), 401)
        os.rmdir(kept)
        node.cli("token", "add", "new", check=0)
        self.assertNotIn(before.split()[2], read_text(kept))


class Commands(AccessTest):
    def stranger_in_place_of(self, node, answer):
        node.kill()
        stranger = Stranger(*split_address(node.api), answer)
        self.addCleanup(stranger.close)
        return stranger

    def test_an_answer_of_another_version_is_said_to_be_one(self):
        node = self.node("node")

        def answer(path):
            if "nonce=" in path:
                text = f"praline node proof 1|{path.split('nonce=')[1]}|{node.api}"
                return 200, json.dumps({"proof": hmac.new(node.token.encode(), text.encode(), "sha256").hexdigest()}).encode()
            return 200, b'{"peers":[{"id":1,"address":"192.0.2.1:6346"}],"named":[]}'

        self.stranger_in_place_of(node, answer)
        refused = node.cli("peers", check=1)
        self.assertIn('not what this version of praline understands ("peers[0].user_agent" is missing)', refused.stderr)
        self.assertEqual(refused.stdout, "")

    def test_a_program_that_took_the_port_is_not_sent_the_token(self):
        for number, answer in enumerate((
            lambda path: (404, b""),
            lambda path: (200, b'{"proof":"' + b"0" * 64 + b'"}'),
            lambda path: (200, b"not JSON"),
            lambda path: (200, b"[]"),
            lambda path: (500, b'{"proof":7}'),
        )):
            node = self.node(f"one{number}")
            stranger = self.stranger_in_place_of(node, answer)
            for words in (("status",), ("search", "--wait", "0", "thing"), ("download", "urn:sha1:" + "A" * 32), ("share", "add", self.folder)):
                done = node.cli(*words, check=3)
                self.assertIn(f"Another program answers at {node.api}", done.stderr)
            self.assertTrue(stranger.heard)
            self.assertNotIn(node.token, "".join(stranger.heard))

    def test_a_program_that_passes_the_question_on_to_the_node_is_not_believed(self):
        node = self.node("one")
        stranger = Stranger("127.0.0.1", 0, lambda path: self.ask(node.api, "GET", path)[::2])
        self.addCleanup(stranger.close)
        address = "127.0.0.1:%d" % stranger.server.server_address[1]
        with open(os.path.join(node.data, "api-address"), "w", encoding="ascii") as out:
            out.write(address)
        self.assertIn(f"Another program answers at {address}", node.cli("status", check=3).stderr)
        self.assertNotIn(node.token, "".join(stranger.heard))
        self.assertIn("/api/v1/proof", stranger.heard[0])

    def test_scripts_with_the_token_go_on_working(self):
        node = self.node("one")
        self.assertEqual(node.get("/status")["mode"], "auto")
        self.assertEqual(node.cli("status", check=0).returncode, 0)


class Sessions(AccessTest):
    def test_browsers_are_listed_and_logged_out_one_by_one_for_good(self):
        node = self.node("node")

        def log_in(browser):
            link = node.cli("status", "--login-link", check=0).stdout.strip()
            _, headers, body = self.ask(node.api, "GET", "/login" + link.split("/login", 1)[1], {"Accept": "text/html", "User-Agent": browser})
            return {"Cookie": headers["Set-Cookie"].split(";")[0], "X-Praline-Key": re.search(rb'data-key="([0-9a-f]+)"', body)[1].decode()}

        def is_in(session):
            return self.ask(node.api, "GET", "/api/v1/status", session)[0] == 200
        phone, laptop = log_in("Phone (1 %)"), log_in("Laptop")
        node.stop()
        node.start()
        self.assertTrue(is_in(phone) and is_in(laptop))
        listed = json.loads(self.ask(node.api, "GET", "/api/v1/sessions", laptop)[2])["sessions"]
        self.assertEqual([(one["browser"], one["current"]) for one in listed[-2:]], [("Phone (1 %)", False), ("Laptop", True)])
        self.assertNotIn("Phone", node.cli("session", "revoke", listed[-2]["id"], check=0).stdout)
        node.cli("session", "revoke", listed[-2]["id"], check=1)
        self.assertFalse(is_in(phone))
        node.stop()
        node.start()
        self.assertFalse(is_in(phone))
        self.assertTrue(is_in(laptop))

    def test_a_cookie_alone_opens_nothing_and_other_ports_learn_nothing_else(self):
        one, other = self.node("one"), self.node("other")
        cookie, key = self.log_in(one)
        other_cookie, other_key = self.log_in(other)
        change = {"X-Praline": "1", "Content-Type": "application/json"}
        status = lambda headers: self.ask(one.api, "GET", "/api/v1/status", headers)[0]
        self.assertEqual(status({"Cookie": cookie}), 401)
        self.assertEqual(status({"Cookie": cookie, "X-Praline": "1"}), 401)
        self.assertEqual(status({"X-Praline-Key": key}), 401)
        self.assertEqual(status({"Cookie": f"{cookie}; {other_cookie}", "X-Praline-Key": other_key}), 401)
        self.assertEqual(self.ask(one.api, "PATCH", "/api/v1/settings", {"Cookie": cookie, **change}, b'{"upload_slots": 3}')[0], 401)
        self.assertEqual(self.ask(one.api, "GET", "/api/v1/events", {"Cookie": cookie})[0], 401)
        self.assertEqual(status({"Cookie": f"{cookie}; {other_cookie}", "X-Praline-Key": key}), 200)
        self.assertEqual(self.ask(one.api, "PATCH", "/api/v1/settings", {"Cookie": cookie, "X-Praline-Key": key, **change}, b'{"upload_slots": 3}')[0], 200)

    def test_a_browser_stays_logged_in_when_the_node_is_started_again(self):
        node = self.node("one")
        cookie, key = self.log_in(node)
        before = node.api
        for end in (node.stop, node.kill):
            end()
            node.start()
            self.assertEqual(node.api, before)  # any free port was asked for, and the browser knows this one
            self.assertEqual(self.ask(node.api, "GET", "/api/v1/status", {"Cookie": cookie, "X-Praline-Key": key})[0], 200)
            self.assertEqual(self.ask(node.api, "GET", "/api/v1/status", {"Cookie": cookie, "X-Praline": "1"})[0], 401)
        kept = os.path.join(node.data, "api-sessions")
        self.assertEqual(stat.S_IMODE(os.stat(kept).st_mode), 0o600)
        text = read_text(kept)
        self.assertNotIn(cookie.split("=")[1], text)
        self.assertNotIn(key, text)

    def test_removing_the_file_logs_everybody_out_and_a_damaged_one_does_no_harm(self):
        node = self.node("one")
        cookie, key = self.log_in(node)
        node.stop()
        with open(os.path.join(node.data, "api-sessions"), "wb") as out:
            out.write(b"port 99999999\n\xff\x00 nonsense\n" * 1000)
        node.start()
        self.assertEqual(self.ask(node.api, "GET", "/api/v1/status", {"Cookie": cookie, "X-Praline-Key": key})[0], 401)
        self.log_in(node)

    def test_a_link_opened_again_leads_to_the_page_or_to_a_sentence(self):
        node = self.node("one")
        path = "/login" + node.login_link.split("/login", 1)[1]
        cookie, _ = self.log_in(node)
        status, headers, _ = self.ask(node.api, "GET", path, {"Cookie": cookie})
        self.assertEqual((status, headers["Location"]), (303, "/"))
        status, headers, body = self.ask(node.api, "GET", path)
        self.assertEqual(status, 401)
        self.assertTrue(headers["Content-Type"].startswith("text/html"))
        self.assertIn(b"praline status --login-link", body)
        status, _, body = self.ask(node.api, "GET", path, {"Accept": "application/json"})
        self.assertEqual((status, json.loads(body)["error"]["code"]), (401, "bad_code"))


class Addresses(AccessTest):
    def test_what_is_not_there_is_not_found_and_head_is_answered(self):
        node = self.node("one")
        for path in ("/metrics/", "/healthy", "/index", "/api", "/../etc/passwd"):
            self.assertIn(self.ask(node.api, "GET", path)[0], (401,) if path == "/api" else (404,), path)
        bearer = {"Authorization": f"Bearer {node.token}"}
        self.assertEqual(self.ask(node.api, "GET", "/api/v1/nothing", bearer)[0], 404)
        for path in ("/", "/api/v1/status", "/api/v1/openapi.json", "/api/v1/events"):
            status, headers, body = self.ask(node.api, "HEAD", path, bearer)
            self.assertEqual((status, body), (200, b""), path)
            if path != "/api/v1/events":
                self.assertGreater(int(headers["Content-Length"]), 0, path)
        status, headers, _ = self.ask(node.api, "POST", "/api/v1/status", bearer)
        self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"))


class Crowds(AccessTest):
    def test_silent_connections_keep_neither_the_page_nor_commands_out(self):
        node = self.node("one")
        host, port = split_address(node.api)
        silent = []
        self.addCleanup(lambda: [one.close() for one in silent])
        for _ in range(100):
            one = socket.create_connection((host, port), 30)
            one.sendall(b"GET / HTTP/1.1\r\nHost: ")
            silent.append(one)
        self.assertEqual(self.ask(node.api, "GET", "/")[0], 200)
        self.assertEqual(node.cli("status", check=0).returncode, 0)
        for one in silent:  # each is closed by the node, those that were not evicted after some seconds
            one.settimeout(60)
            try:
                self.assertEqual(one.recv(1), b"")
            except ConnectionResetError:
                pass

    def test_wrong_guesses_end_no_right_one(self):
        node = self.node("one")
        for _ in range(12):
            status, _, body = self.ask(node.api, "POST", "/login", {"Content-Type": "application/json"}, b'{"token": "wrong"}')
            self.assertEqual((status, json.loads(body)["error"]["code"]), (401, "bad_token"))
        self.log_in(node)


if __name__ == "__main__":
    unittest.main()
