"""What nodes and index servers answer is what webui/api/openapi.json describes: every route, every field, called for real."""
import os
import socket
import unittest

from harness import eventually
from index_harness import IndexTest
from jsonschema import Draft202012Validator
from openapi import Caller, Description

TOKENLESS = {"/api/v1/proof", "/login", "/healthz"}
NOTHING = "urn:sha1:" + "A" * 32   # a file that nobody has


def parts_of(value, where="#"):
    """Every object and list within a JSON value, with its place."""
    yield where, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        if isinstance(part, (dict, list)):
            yield from parts_of(part, f"{where}/{key}")


class TheDescription(unittest.TestCase):
    description = Description()

    def schemas(self):
        for where, part in parts_of(self.description.document["components"]["schemas"]):
            if isinstance(part, dict) and ("type" in part or "$ref" in part or "oneOf" in part) and not where.endswith("/properties"):
                yield where, part

    def test_its_schemas_are_schemas(self):
        for name, schema in self.description.document["components"]["schemas"].items():
            with self.subTest(name):
                Draft202012Validator.check_schema(schema)

    def test_every_reference_leads_somewhere_and_every_schema_is_used(self):
        document = self.description.document
        used = set()
        for where, part in parts_of(document):
            if isinstance(part, dict) and isinstance(part.get("$ref"), str):
                with self.subTest(where):
                    self.assertTrue(self.description.follow(part))
                    used.add(part["$ref"].split("/")[-1])
        for kind in ("schemas", "responses"):
            self.assertEqual(set(document["components"][kind]) - used - {"Change"}, set())

    def test_objects_are_closed_and_their_fields_are_explained(self):
        for where, schema in self.schemas():
            if schema.get("type") != "object":
                continue
            with self.subTest(where):
                self.assertIn("additionalProperties", schema)
                properties = schema.get("properties", {})
                self.assertTrue(not properties or schema["additionalProperties"] is False)
                self.assertLessEqual(set(schema.get("required", ())), set(properties))
                for name, field in properties.items():
                    self.assertIn("description", self.description.follow(field), name)

    def test_what_does_not_fit_is_noticed(self):
        done = {"$ref": "#/components/schemas/Done"}
        self.assertEqual(self.description.problems(done, {"done": True}), [])
        for wrong in ({"done": False}, {"done": 1}, {}, {"done": True, "more": 1}, [], None):
            self.assertNotEqual(self.description.problems(done, wrong), [], wrong)
        answer = self.description.answer_problems
        self.assertEqual(answer("POST", "/api/v1/shutdown", 202, "application/json", b'{"done":true}'), [])
        self.assertNotEqual(answer("POST", "/api/v1/shutdown", 200, "application/json", b'{"done":true}'), [])
        self.assertNotEqual(answer("POST", "/api/v1/shutdown", 202, "text/html", b'{"done":true}'), [])
        results = "/api/v1/searches/{id}/results"
        self.assertEqual(answer("GET", results, 200, "application/json", b'{"revision":1,"open":true,"rows":[]}'), [])
        self.assertNotEqual(answer("GET", results, 200, "application/json", b'{"revision":1,"open":true,"rows":[],"total":0}'), [])


class SchemaTest(IndexTest):
    description = Description()

    def caller(self, server):
        return Caller(self, self.description, server.api, server.token)

    def refusals(self, caller, tag):
        """Every route without the token, and one that does not exist."""
        for method, path in sorted(self.description.operations(tag)):
            if path not in TOKENLESS:
                caller.ask(method, path, *["1"] * path.count("{"), headers={}, expect=401)
        caller.ask("GET", "/api/v1/proof", query={"nonce": "short"}, headers={}, expect=400)
        caller.ask("POST", "/login", body={"token": "wrong"}, headers={}, expect=401)
        caller.ask("POST", "/login", body={}, headers={}, expect=400)
        caller.ask("GET", "/login", headers={"Accept": "application/json"}, expect=401)
        caller.ask("GET", "/login", headers={"Accept": "text/html"}, expect=401)

    def logins(self, caller):
        caller.ask("GET", "/api/v1/proof", query={"nonce": "0" * 64}, headers={})
        for accept in ("text/html", "application/json"):
            link = caller.ask("POST", "/api/v1/login-links", expect=201)["link"]
            caller.ask("GET", "/login", query={"code": link.split("code=")[1]}, headers={"Accept": accept})
        session = caller.ask("POST", "/login", body={"token": caller.token}, headers={})
        self.assertRegex(session["key"], "^[0-9a-f]+$")
        self.assertEqual(caller.ask("GET", "/api/v1/openapi.json"), self.description.document)
        self.assertEqual(caller.ask("GET", "/healthz", headers={}), b"ok\n")
        caller.ask("GET", "/metrics")

    def everything_was_called(self, caller, tag):
        well = {(method, path) for method, path, status in caller.called if status < 300}
        self.assertEqual(self.description.operations(tag) - well, set(), "routes that no test has called with success")


class OfANode(SchemaTest):
    def test_every_answer_is_as_described(self):
        server = self.index("index")
        share = self.make_folder("share", {"meadow at dawn.ogg": os.urandom(1 << 20), "large meadow.bin": os.urandom(24 << 20), "meadow.txt": b"grass"})
        far = self.node("far", "--index", server.address, mode="ultrapeer", share=[share])
        node = self.node("near", "--index", server.address, mode="ultrapeer", peers=[far.address, "127.0.0.1:1"])
        node.wait_links(1)
        far.wait_shared(3)
        eventually(lambda: far.status()["index"]["replicas"] > 0, "the far node's files to be published")
        eventually(lambda: node.status()["index"]["server"], "the near node to be signed in")
        caller = self.caller(node)
        self.refusals(caller, "node")
        self.logins(caller)
        self.peers(caller, far)
        self.files(caller)
        row = self.searches(caller)
        self.kept_searches(caller)
        self.transfers(caller, node, row)
        self.uploads(far, row)
        self.settings(caller)
        self.tokens(caller)
        caller.ask("GET", "/api/v1/status")
        caller.ask("POST", "/api/v1/shutdown", expect=202)
        self.everything_was_called(caller, "node")

    def tokens(self, caller):
        made = caller.ask("POST", "/api/v1/tokens", body={"name": "reader", "scope": "read"}, expect=201)
        caller.ask("POST", "/api/v1/tokens", body={"name": "reader", "scope": "read"}, expect=409)
        caller.ask("POST", "/api/v1/tokens", body={"name": "reader", "scope": "root"}, expect=400)
        caller.ask("POST", "/api/v1/shutdown", headers={"Authorization": f"Bearer {made['token']}"}, expect=403)
        self.assertEqual(caller.ask("GET", "/api/v1/tokens")["tokens"], [{"name": "reader", "scope": "read"}])
        caller.ask("DELETE", "/api/v1/tokens/{name}", "reader")
        caller.ask("DELETE", "/api/v1/tokens/{name}", "reader", expect=404)
        sessions = caller.ask("GET", "/api/v1/sessions")["sessions"]
        caller.ask("DELETE", "/api/v1/sessions/{id}", sessions[0]["id"])
        caller.ask("DELETE", "/api/v1/sessions/{id}", sessions[0]["id"], expect=404)

    def peers(self, caller, far):
        answer = caller.ask("GET", "/api/v1/peers")
        self.assertTrue(answer["peers"] and answer["named"])
        caller.ask("POST", "/api/v1/peers", body={"address": far.address}, expect=202)
        caller.ask("POST", "/api/v1/peers", body={"address": "nowhere"}, expect=400)
        caller.ask("DELETE", "/api/v1/peers", query={"address": "127.0.0.1:1"})
        caller.ask("DELETE", "/api/v1/peers", query={"address": "127.0.0.1:1"}, expect=404)
        caller.ask("DELETE", "/api/v1/peers", expect=400)
        caller.ask("DELETE", "/api/v1/peers/{id}", 4_000_000_000, expect=404)

    def files(self, caller):
        folder = self.make_folder("own", {"river.txt": b"water", ".hidden": b"reeds"})
        caller.ask("POST", "/api/v1/library/folders", body={"path": "/etc"}, expect=409)
        caller.ask("POST", "/api/v1/library/folders", body={"path": "relative"}, expect=400)
        self.assertTrue(caller.ask("GET", "/api/v1/library/preview", query={"path": folder})["left_out"])
        caller.ask("GET", "/api/v1/library/preview", query={"path": "/proc"})
        caller.ask("POST", "/api/v1/library/folders", body={"path": folder}, expect=202)
        caller.ask("POST", "/api/v1/library/rescan", expect=202)
        file = eventually(lambda: caller.ask("GET", "/api/v1/library/files")["files"], "the file to be hashed")[0]
        self.assertEqual(caller.ask("GET", "/api/v1/library/{id}/content", file["index"]), b"water")
        self.assertEqual(caller.ask("GET", "/api/v1/library/{id}/content", file["urn"], range="bytes=1-2", expect=206), b"at")
        caller.ask("GET", "/api/v1/library/{id}/content", file["index"], range="bytes=5-", expect=416)
        caller.ask("GET", "/api/v1/library/{id}/content", NOTHING, expect=404)
        caller.ask("POST", "/api/v1/library/{id}/content-link", file["index"], expect=201)
        caller.ask("GET", "/api/v1/downloads/{id}/content", NOTHING, expect=404)
        caller.ask("POST", "/api/v1/downloads/{id}/content-link", NOTHING, expect=404)
        for made in ("metalink", "torrent"):
            self.assertIn(b"river.txt", caller.ask("GET", f"/api/v1/library/{{id}}/{made}", file["index"]))
            caller.ask("GET", f"/api/v1/library/{{id}}/{made}", NOTHING, expect=404)
        self.assertTrue(caller.ask("GET", "/api/v1/library")["folders"])
        caller.ask("DELETE", "/api/v1/library/folders", query={"path": folder})

    def searches(self, caller):
        """Returns a row of a file that the far node has."""
        for strategy in caller.ask("GET", "/api/v1/strategies")["strategies"]:
            search = caller.ask("POST", "/api/v1/searches", body={"text": "meadow -sheep", "strategy": strategy["name"]}, expect=201)
            caller.ask("GET", "/api/v1/searches/{id}", search["id"])
            caller.ask("POST", "/api/v1/searches/{id}/stop", search["id"])
        caller.ask("POST", "/api/v1/searches", body={"text": "x", "parameters": {"ttl": 99}}, expect=400)
        id = caller.ask("POST", "/api/v1/searches", body={"text": "large meadow", "strategy": "hybrid", "parameters": {"ttl": 2}}, expect=201)["id"]
        results = "/api/v1/searches/{id}/results"
        row = eventually(lambda: caller.ask("GET", results, id, query={"since": 0})["rows"], "a result")[0]
        page = caller.ask("GET", results, id, query={"sort": "name", "filter": "large", "kind": row["kind"]})
        self.assertEqual([one["name"] for one in page["rows"]], ["large meadow.bin"])
        self.assertIsNotNone(caller.ask("GET", "/api/v1/searches/{id}", id)["price"]["index"])
        browse = caller.ask("POST", "/api/v1/browse", body={"result": row["id"], "host": row["sources"][0]["address"]}, expect=201)
        ended = lambda: (lambda view: None if view["open"] else view)(caller.ask("GET", "/api/v1/searches/{id}", browse["id"]))
        self.assertIn("gives no list", eventually(ended, "the browse to end")["browse"]["problem"])
        caller.ask("POST", "/api/v1/browse", body={"host": "nowhere"}, expect=400)
        caller.ask("GET", results, id, query={"limit": 0}, expect=400)
        caller.ask("GET", results, 9999, expect=404)
        self.assertTrue(caller.ask("GET", "/api/v1/searches", query={"watch": str(id)})["searches"])
        return row

    def kept_searches(self, caller):
        saved = caller.ask("POST", "/api/v1/saved-searches", body={"text": "river", "repeat_seconds": 3600}, expect=201)
        caller.ask("POST", "/api/v1/saved-searches/{id}/run", saved["id"])
        self.assertTrue(caller.ask("GET", "/api/v1/saved-searches")["saved_searches"])
        caller.ask("DELETE", "/api/v1/saved-searches/{id}", saved["id"])
        caller.ask("POST", "/api/v1/saved-searches", body={"text": "river"}, expect=400)
        id = caller.ask("POST", "/api/v1/searches", body={"text": "river"}, expect=201)["id"]
        caller.ask("DELETE", "/api/v1/searches/{id}", id)
        entry = eventually(lambda: caller.ask("GET", "/api/v1/history")["history"], "a search that has ended")[0]
        caller.ask("DELETE", "/api/v1/history/{id}", entry["id"])
        caller.ask("DELETE", "/api/v1/history")

    def transfers(self, caller, node, row):
        paused = caller.ask("POST", "/api/v1/downloads", body={"what": NOTHING}, expect=201)["id"]
        caller.ask("POST", "/api/v1/downloads/{id}/pause", paused)
        caller.ask("POST", "/api/v1/downloads/{id}/resume", paused)
        done = caller.ask("POST", "/api/v1/downloads", body={"what": row["id"]}, expect=201)["id"]
        state = lambda: caller.ask("GET", "/api/v1/downloads/{id}", done)["state"]
        eventually(lambda: state() == "completed", "the download to be completed")
        size = caller.ask("GET", "/api/v1/downloads/{id}", done)["size_bytes"]
        self.assertEqual(len(caller.ask("GET", "/api/v1/downloads/{id}/content", done)), size)
        caller.ask("POST", "/api/v1/downloads/{id}/content-link", done, expect=201)
        caller.ask("GET", "/api/v1/downloads/{id}/content", paused, expect=409)
        all = caller.ask("GET", "/api/v1/downloads")
        self.assertEqual(len(all["downloads"]), 2)
        folder = os.path.join(self.folder, "own folder")
        files = [{"what": NOTHING, "path": "a/b.txt", "size_bytes": 7, "sources": ["http://127.0.0.1:1/b.txt"]}, {"what": row["id"]}]
        added = caller.ask("POST", "/api/v1/downloads/batch", body={"group": "Meadows", "priority": "low", "folder": folder, "files": files}, expect=201)
        self.assertEqual(len(added["downloads"]), 2)
        caller.ask("PATCH", "/api/v1/downloads/{id}", added["group"], body={"priority": "high", "move": "first"})
        caller.ask("PATCH", "/api/v1/downloads/{id}", paused, body={"folder": "/proc/nothing"}, expect=409)
        caller.ask("PATCH", "/api/v1/downloads/{id}", paused, body={"priority": "urgent"}, expect=400)
        caller.ask("PATCH", "/api/v1/downloads/{id}", paused, body={"folder": "/tmp/a\0b"}, expect=400)
        caller.ask("POST", "/api/v1/downloads", body={"what": NOTHING, "folder": "/tmp/a\0b"}, expect=400)
        caller.ask("PATCH", "/api/v1/downloads/{id}", "nothing", body={"priority": "low"}, expect=404)
        caller.ask("POST", "/api/v1/downloads/batch", body={"group": "Bad", "files": [{"what": NOTHING, "path": "../b"}]}, expect=409)
        caller.ask("POST", "/api/v1/downloads/batch", body={"files": []}, expect=400)
        link = f"<metalink><file name='a'><size>7</size><hash type='sha-1'>{'1' * 40}</hash></file></metalink>".encode()
        one = caller.ask("POST", "/api/v1/downloads/from-file", body=link, expect=201)["downloads"][0]["id"]
        caller.ask("DELETE", "/api/v1/downloads/{id}", one)
        caller.ask("POST", "/api/v1/downloads/from-file", body=b"nothing", expect=400)
        self.assertFalse(caller.ask("GET", "/api/v1/downloads", query={"since": all["revision"]})["complete"])
        caller.ask("DELETE", "/api/v1/downloads/{id}", added["group"])
        self.assertTrue(caller.ask("GET", "/api/v1/downloads", query={"since": all["revision"]})["removed"])
        caller.ask("DELETE", "/api/v1/downloads/{id}", paused)
        caller.ask("GET", "/api/v1/downloads/{id}", paused, expect=404)
        caller.ask("POST", "/api/v1/downloads", body={"what": "nonsense"}, expect=400)
        with open(os.path.join(node.data, "partial", "abcdefghjkmn.part"), "wb") as file:
            file.write(b"forgotten")
        self.assertTrue(caller.ask("GET", "/api/v1/partials")["partials"])
        caller.ask("DELETE", "/api/v1/partials/{name}", "abcdefghjkmn.part")
        caller.ask("GET", "/api/v1/uploads")

    def uploads(self, far, row):
        """A caller that reads nothing keeps its slot."""
        caller = self.caller(far)
        host, port = far.address.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=60) as peer:
            peer.sendall(f"GET /uri-res/N2R?{row['urn']} HTTP/1.1\r\nHost: {far.address}\r\nUser-Agent: test\r\n\r\n".encode())
            eventually(lambda: caller.ask("GET", "/api/v1/uploads")["uploads"], "the upload to begin")

    def settings(self, caller):
        self.assertTrue(caller.ask("GET", "/api/v1/settings")["settings"])
        caller.ask("PATCH", "/api/v1/settings", body={"strategy": "flood"})
        caller.ask("PATCH", "/api/v1/settings", body={"strategy": None})
        caller.ask("PATCH", "/api/v1/settings", body={"nothing": "1"}, expect=400)
        change = caller.first_event("/api/v1/events", lambda: caller.ask("PATCH", "/api/v1/settings", body={"strategy": "flood"}))
        self.assertEqual(self.description.problems({"$ref": "#/components/schemas/Change"}, change), [])
        for id in [peer["id"] for peer in caller.ask("GET", "/api/v1/peers")["peers"]][:1]:
            caller.ask("DELETE", "/api/v1/peers/{id}", id)


class OfAnIndexServer(SchemaTest):
    def test_every_answer_is_as_described(self):
        one = self.index("one")
        two = self.index("two", join=one.address, secret=one.secret)
        eventually(lambda: any(member["direct"] for member in one.status()["members"]), "the servers to be linked")
        share = self.make_folder("share", {"meadow.txt": b"grass"})
        self.node("node", "--index", two.address, share=[share])
        eventually(lambda: one.status()["catalogue"]["entries"] == 1, "the file to be published")
        caller = self.caller(one)
        self.refusals(caller, "index server")
        self.logins(caller)
        self.assertTrue(caller.ask("GET", "/api/v1/index/status")["members"])
        caller.ask("GET", "/metrics")
        caller.ask("POST", "/api/v1/index/drain", expect=202)
        self.everything_was_called(caller, "index server")


if __name__ == "__main__":
    unittest.main()
