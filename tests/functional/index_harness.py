"""Real `praline index` processes on loopback, and a node that speaks to them byte by byte."""
import json
import os
import signal
import socket
import ssl
import struct
import subprocess
import threading
import urllib.request

from harness import PRALINE, NodeTest, drain, read_text, terminate

QUICK = ("--beat", "0.1", "--repair-every", "0.2")


class IndexServer:
    """One index server. Ports are chosen by the kernel and read from its first line."""

    def __init__(self, folder, *flags, join=None, secret=None, listen="127.0.0.1:0"):
        self.data = os.path.join(folder, "data")
        self.log_path = os.path.join(folder, "log")
        os.makedirs(folder, exist_ok=True)
        self.command = [PRALINE, "--json", "--data", self.data, "index", "--listen", listen, *QUICK, *flags]
        if join:
            self.command += ["--join", join]
        if secret:
            self.command += ["--group-secret", secret]
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the index server did not start: {self.log_text()[-2000:]}")
        self.start_line = json.loads(line)
        self.address, self.api = self.start_line["address"], self.start_line["api"]
        self.secret = self.start_line["group_secret"]
        threading.Thread(target=drain, args=(self.process.stdout,), daemon=True).start()
        self.token = read_text(os.path.join(self.data, "api-token")).strip()

    def fetch(self, method, path, token=None):
        request = urllib.request.Request(f"http://{self.api}{path}", method=method, data=b"" if method == "POST" else None)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()

    def status(self):
        return json.loads(self.fetch("GET", "/api/v1/index/status", self.token)[2])

    def cli(self, *words):
        return subprocess.run([PRALINE, "--data", self.data, "index", *words], capture_output=True, text=True, timeout=60)

    def log_text(self):
        return read_text(self.log_path)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        return terminate(self.process, "the index server")


class IndexTest(NodeTest):
    def index(self, name, *flags, **options):
        server = IndexServer(os.path.join(self.folder, name), *flags, **options)
        self.nodes.append(server)
        return server


def text(value):
    text = value.encode()
    return struct.pack("<H", len(text)) + text


class WireNode:
    """A node with a key of its own, for what a well-behaved one would not do."""
    WELCOME, PUBLISHED, BEHIND, FOUND, PONG, LEAVING, REFUSED = range(0x41, 0x48)

    def __init__(self, folder, address, name="wire"):
        key, certificate = os.path.join(folder, f"{name}.key"), os.path.join(folder, f"{name}.pem")
        if not os.path.exists(key):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", key, "-out", certificate,
                            "-subj", "/CN=praline", "-days", "1"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.load_cert_chain(certificate, key)
        host, port = address.rsplit(":", 1)
        self.socket = context.wrap_socket(socket.create_connection((host, int(port)), timeout=30))
        self.in_bytes = b""

    def send(self, kind, body=b""):
        self.socket.sendall(struct.pack("<IB", 1 + len(body), kind) + body)

    def sign_in(self, protocol=1, version=(0, 0)):
        self.send(1, struct.pack("<H", protocol) + text("wire") + struct.pack("<HB", 6346, 0) + bytes(16) + struct.pack("<IQ", *version))

    def publish(self, begin, end, files, reset=False):
        """files: (number, size, name)"""
        body = struct.pack("<IQIQB", *begin, *end, reset) + struct.pack("<HH", 0, len(files))
        for number, size, name in files:
            body += struct.pack("<I", number) + bytes(16) + b"\0" + struct.pack("<Q", size) + text(name)
        self.send(2, body)

    def search(self, words, request=1):
        self.send(3, struct.pack("<I", request) + text(words) + b"\0" + struct.pack("<HQQ", 100, 0, (1 << 64) - 1) + text(""))

    def receive(self):
        """Type and body of the next frame; (None, b"") when the link is closed."""
        while True:
            if len(self.in_bytes) >= 4:
                length = struct.unpack_from("<I", self.in_bytes)[0]
                if len(self.in_bytes) >= 4 + length:
                    frame, self.in_bytes = self.in_bytes[4:4 + length], self.in_bytes[4 + length:]
                    return frame[0], frame[1:]
            try:
                more = self.socket.recv(65536)
            except (ConnectionError, ssl.SSLError):
                more = b""
            if not more:
                return None, b""
            self.in_bytes += more

    def expect(self, kind):
        while True:
            found, body = self.receive()
            if found == kind:
                return body
            if found is None:
                raise AssertionError(f"the link was closed before a message of type {kind:#x}")
            if found == self.REFUSED:
                raise AssertionError("refused: " + body[3:].decode(errors="replace"))

    def refusal(self):
        """Reason and sentence of the next refusal."""
        while True:
            found, body = self.receive()
            if found == self.REFUSED:
                length = struct.unpack_from("<H", body, 1)[0]
                return body[0], body[3:3 + length].decode()
            if found is None:
                raise AssertionError("the link was closed without a word")

    def found(self, words):
        """How many files are found."""
        self.search(words)
        return struct.unpack_from("<H", self.expect(self.FOUND), 4)[0]

    def close(self):
        self.socket.close()
