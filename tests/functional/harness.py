"""Real praline processes on loopback, for the functional tests."""
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

PRALINE = os.environ.get("PRALINE") or os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "build", "release", "praline")
PATIENCE = 60.0  # seconds until a condition that should come true is given up; generous, machines differ
POLL = 0.05


def eventually(condition, what, patience=PATIENCE):
    """Waits for a condition, not for a time: returns its first true value."""
    deadline = time.monotonic() + patience
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience:.0f} s: {what}")
        pause.wait(POLL)


def read_text(path):
    with open(path, encoding="utf-8", errors="replace") as text:
        return text.read()


def drain(stream):
    with stream:
        stream.read()


def terminate(process, name):
    """Asks a process to end, and returns how it did."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{name} did not end within 20 s of SIGTERM")
    return process.returncode


def random_bytes(size, seed):
    """Bytes that do not compress, the same for the same seed."""
    generator = random.Random(seed)
    return b"".join(generator.randbytes(min(1 << 20, size - done)) for done in range(0, size, 1 << 20))


class Node:
    """One `praline node` process. Ports are chosen by the kernel and read from its first lines."""

    def __init__(self, folder, *flags, mode=None, share=(), peers=(), wrapper=(), listen="127.0.0.1:0", api="127.0.0.1:0"):
        self.data = os.path.join(folder, "data")
        self.log_path = os.path.join(folder, "log")
        os.makedirs(folder, exist_ok=True)
        self.command = [*wrapper, PRALINE, "node", "--data", self.data, "--listen", listen, "--api", api]
        for path in share:
            self.command += ["--share", path]
        for peer in peers:
            self.command += ["--peer", peer]
        if mode:
            self.command += ["--mode", mode]
        self.command += flags
        self.process = None
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log, text=True)
        self.address = self.api = self.login_link = None
        for line in self.process.stdout:
            if line.startswith("Peers reach this node at "):
                self.address = line.split()[-1].rstrip(".")
            if "/login?code=" in line:
                self.login_link = line.strip()
                break
        if not self.login_link:
            raise AssertionError(f"the node did not start: {self.log_text()[-2000:]}")
        threading.Thread(target=drain, args=(self.process.stdout,), daemon=True).start()
        self.api = read_text(os.path.join(self.data, "api-address")).strip()
        self.token = read_text(os.path.join(self.data, "api-token")).strip()

    @property
    def port(self):
        return int(self.address.rsplit(":", 1)[1])

    def call(self, method, path, body=None, timeout=60):
        request = urllib.request.Request(f"http://{self.api}/api/v1{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None):
        return self.call("POST", path, body or {})

    def status(self):
        return self.get("/status")

    def cli(self, *words, check=None, timeout=300):
        """`praline --data DIR …`; returns the finished process."""
        done = subprocess.run([PRALINE, "--data", self.data, *words], capture_output=True, text=True, timeout=timeout)
        if check is not None and done.returncode != check:
            raise AssertionError(f"praline {' '.join(words)} ended with {done.returncode}, not {check}:\n{done.stdout}{done.stderr}")
        return done

    def links(self):
        status = self.status()
        return status["links_to_ultrapeers"] + status["links_to_leaves"]

    def wait_links(self, count):
        eventually(lambda: self.links() >= count, f"{count} links at {self.address}")

    def wait_shared(self, count, patience=PATIENCE):
        eventually(lambda: self.status()["shared_files"] >= count, f"{count} shared files at {self.address}", patience)

    def find(self, words, predicate=lambda row: True, patience=PATIENCE):
        """Searches again and again until a row comes that fits: routing tables need a moment to spread."""
        deadline = time.monotonic() + patience
        while True:
            search = self.post("/searches", {"text": words})["id"]
            try:
                row = eventually(lambda: next((r for r in self.get(f"/searches/{search}/results?since=0&limit=1000")["rows"]
                                               if predicate(r)), None), f"a result for {words!r}", 3)
                return row
            except AssertionError:
                self.call("DELETE", f"/searches/{search}")
                if time.monotonic() > deadline:
                    raise

    def download(self, what, patience=300):
        started = self.post("/downloads", {"what": what})
        return self.wait_download(started["id"], patience)

    def wait_download(self, id, patience=300, states=("completed", "failed")):
        return eventually(lambda: (lambda d: d if d["state"] in states else None)(self.get(f"/downloads/{id}")),
                          f"download {id} to be {' or '.join(states)}", patience)

    def log_text(self):
        return read_text(self.log_path)

    def rss_bytes(self):
        for line in read_text(f"/proc/{self.process.pid}/status").split("\n"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        return 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        return terminate(self.process, "the node")


class NodeTest(unittest.TestCase):
    """A folder of its own for each test, and no process left behind."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="praline-test.")
        self.nodes = []
        self.addCleanup(self.clean_up)

    def clean_up(self):
        problems = []
        for node in self.nodes:
            try:
                node.stop()
            except AssertionError as error:
                problems.append(str(error))
        shutil.rmtree(self.folder, ignore_errors=True)
        if problems:
            self.fail("; ".join(problems))

    def node(self, name, *flags, **options):
        node = Node(os.path.join(self.folder, name), *flags, **options)
        self.nodes.append(node)
        return node

    def make_folder(self, name, files):
        """files: name -> bytes"""
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        for file_name, content in files.items():
            with open(os.path.join(path, file_name), "wb") as out:
                out.write(content)
        return path


def api_refusal(call):
    """The status and the error object of a request that is refused."""
    try:
        call()
    except urllib.error.HTTPError as error:
        body = error.read()
        return error.code, json.loads(body)["error"] if body else {}
    raise AssertionError("the request was not refused")
