"""webui/api/openapi.json, and real answers held against it."""
import http.client
import json
import os
import urllib.parse

from jsonschema import Draft202012Validator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATH = os.path.join(ROOT, "webui", "api", "openapi.json")


class Description:
    def __init__(self, document=None):
        if document is None:
            with open(PATH, encoding="utf-8") as text:
                document = json.load(text)
        self.document = document

    def follow(self, found):
        """What a `$ref` names."""
        while "$ref" in found:
            at = self.document
            for part in found["$ref"].removeprefix("#/").split("/"):
                at = at[part.replace("~1", "/").replace("~0", "~")]
            found = at
        return found

    def operations(self, tag):
        """(METHOD, path) of all that a kind of server has."""
        return {(method.upper(), path) for path, methods in self.document["paths"].items() for method, operation in methods.items()
                if tag in operation["tags"]}

    def validator(self, schema):
        return Draft202012Validator({**schema, "components": self.document["components"]})

    def problems(self, schema, value):
        """Sentences on what of a value is not as described; none: all is."""
        return [f"{error.json_path}: {error.message}" for error in self.validator(schema).iter_errors(value)]

    def answer_problems(self, method, path, status, content_type, body):
        """The same of an answer; `body` is bytes."""
        described = self.document["paths"][path][method.lower()]["responses"].get(str(status))
        if described is None:
            return [f"the status {status} is not described"]
        content = self.follow(described).get("content")
        if content is None:
            return [f"no body is described: {body[:200]}"] if body else []
        kind = (content_type or "").split(";")[0]
        if "*/*" in content:
            return [] if kind else ["there is no content type"]
        if kind not in content:
            return [f"the content type {kind} is not described"]
        value = json.loads(body) if kind == "application/json" else body.decode(errors="replace")
        return self.problems(content[kind]["schema"], value)


class Caller:
    """Calls an API, and lets no answer pass that is not as described. Remembers what was called and how it ended."""

    def __init__(self, test, description, address, token):
        self.test, self.description, self.token = test, description, token
        self.host, port = address.rsplit(":", 1)
        self.port = int(port)
        self.called = set()   # (METHOD, path, status)

    def ask(self, method, path, *places, query=None, body=None, expect=200, headers=None, range=None):
        """`places` fill the {…} of the path. Returns the body, parsed when it is JSON."""
        target = path
        for place in places:
            before, after = target.split("{", 1)
            target = before + urllib.parse.quote(str(place), safe="") + after.split("}", 1)[1]
        if query:
            target += "?" + urllib.parse.urlencode(query)
        if headers is None:
            headers = {"Authorization": f"Bearer {self.token}"}
        if range:
            headers = {**headers, "Range": range}
        link = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            raw = body if body is None or isinstance(body, bytes) else json.dumps(body)
            link.request(method, target, body=raw, headers={**headers, "Content-Type": "application/json"})
            answer = link.getresponse()
            content, kind = answer.read(), answer.headers["Content-Type"]
        finally:
            link.close()
        where = f"{method} {target} answered {answer.status}: {content[:300]}"
        self.test.assertEqual(answer.status, expect, where)
        self.test.assertEqual(self.description.answer_problems(method, path, answer.status, kind, content), [], where)
        self.called.add((method, path, answer.status))
        return json.loads(content) if kind == "application/json" else content

    def first_event(self, path, cause):
        """Opens an event stream, then calls `cause`, and returns the data of the first change that is told of."""
        link = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            link.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            answer = link.getresponse()
            self.test.assertEqual(answer.status, 200)
            self.test.assertEqual(self.description.answer_problems("GET", path, 200, answer.headers["Content-Type"], b""), [])
            self.called.add(("GET", path, 200))
            cause()
            kind = ""
            while True:
                line = answer.fp.readline().decode().rstrip("\r\n")
                if line.startswith("event:"):
                    kind = line.removeprefix("event:").strip()
                if line.startswith("data:") and kind == "change":
                    return json.loads(line.removeprefix("data:"))
        finally:
            link.close()
