"""A small Gnutella 0.6 peer for tests: written apart from the program under test, and as strict as the strictest living
peers. A rule that is broken raises `Strict`."""
import base64
import os
import socket
import struct
import zlib

TIMEOUT = 30.0
PING, PONG, BYE, QRP, VENDOR, PUSH, QUERY, HIT = 0x00, 0x01, 0x02, 0x30, 0x31, 0x40, 0x80, 0x81
HEADERS_MAX, LINE_MAX = 28, 1024


class Strict(AssertionError):
    """The other side broke a rule of the protocol."""


def require(condition, rule):
    if not condition:
        raise Strict(rule)


def guid():
    raw = bytearray(os.urandom(16))
    raw[8], raw[15] = 0xFF, 0
    return bytes(raw)


def base32(digest):
    return base64.b32encode(digest).decode().rstrip("=")


class Block:
    """A start line and headers."""

    def __init__(self, text):
        lines = text.decode("ascii").split("\r\n")
        require(all("\n" not in line for line in lines), "lines end in CRLF")
        require(all(len(line) <= LINE_MAX for line in lines), f"a header line has at most {LINE_MAX} bytes")
        self.start = lines[0]
        self.headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            require(colon == ":" and name and name.strip() == name, f"'{line}' is a header")
            require(name.lower() not in self.headers, f"{name} comes once")
            self.headers[name.lower()] = value.strip()
        require(len(self.headers) <= HEADERS_MAX, f"at most {HEADERS_MAX} headers")

    def get(self, name):
        return self.headers.get(name.lower())


class Connection:
    def __init__(self, address=None, sock=None):
        if sock is None:
            host, port = address.rsplit(":", 1)
            sock = socket.create_connection((host, int(port)), TIMEOUT)
        sock.settimeout(TIMEOUT)
        self.socket = sock
        self.buffer = b""
        self.inflater = self.deflater = None

    def close(self):
        self.socket.close()

    def __del__(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read_block(self):
        while b"\r\n\r\n" not in self.buffer:
            data = self.socket.recv(4096)
            require(data, "a header block is complete before the connection ends")
            self.buffer += data
            require(len(self.buffer) < 16384, "a header block has at most 16384 bytes")
        text, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        return Block(text)

    def is_closed(self, timeout=TIMEOUT):
        """Whether the other side ends the connection (whatever it sends before)."""
        self.socket.settimeout(timeout)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    # ---- messages ----

    def start_binary(self, inflate, deflate):
        self.inflater = zlib.decompressobj() if inflate else None
        self.deflater = zlib.compressobj() if deflate else None
        waiting, self.buffer = self.buffer, b""
        self._take(waiting)

    def _take(self, data):
        self.buffer += self.inflater.decompress(data) if self.inflater else data

    def send_raw(self, data):
        if self.deflater:
            data = self.deflater.compress(data) + self.deflater.flush(zlib.Z_SYNC_FLUSH)
        self.send(data)

    def send_message(self, function, payload=b"", ttl=1, hops=0, id=None):
        id = id or guid()
        self.send_raw(id + bytes([function, ttl, hops]) + struct.pack("<I", len(payload)) + payload)
        return id

    def _need(self, count):
        while len(self.buffer) < count:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError("the link has ended")
            self._take(data)

    def read_message(self):
        """(id, function, ttl, hops, payload), checked as far as every message can be."""
        self._need(23)
        id, function, ttl, hops = self.buffer[:16], self.buffer[16], self.buffer[17], self.buffer[18]
        length = struct.unpack("<I", self.buffer[19:23])[0]
        require(length <= 65535, "payloads have at most 65535 bytes")
        require(function in (PING, PONG, BYE, QRP, VENDOR, 0x32, PUSH, QUERY, HIT), f"function {function:#x} is known")
        require(ttl > 0, "a message is sent with TTL 1 at least")
        require(ttl + hops <= 15, "TTL and hops are 15 together at most")
        if function in (QRP, VENDOR, BYE):
            require(ttl == 1 and hops == 0, f"function {function:#x} is for the neighbour only")
        self._need(23 + length)
        payload = self.buffer[23:23 + length]
        self.buffer = self.buffer[23 + length:]
        return id, function, ttl, hops, payload

    def read_until(self, function, accept=lambda message: True, answer_pings=None):
        while True:
            message = self.read_message()
            if message[1] == PING and answer_pings:
                self.send_message(PONG, answer_pings, id=message[0])
            if message[1] == function and accept(message):
                return message


def pong_payload(address, files=1, kilobytes=8):
    host, port = address.rsplit(":", 1)
    return struct.pack("<H", int(port)) + socket.inet_aton(host) + struct.pack("<II", files, kilobytes)


# ---- GGEP, extensions ----

def ggep_items(block):
    """[(id, data)] of a GGEP block; strict about lengths, flags and COBS."""
    require(block[:1] == b"\xc3", "GGEP begins with 0xC3")
    at, items = 1, []
    while True:
        require(at < len(block), "a GGEP block has a last extension")
        flags = block[at]
        require(flags & 0x10 == 0, "the reserved GGEP flag is 0")
        require(flags & 0x0F, "a GGEP id has a letter")
        name = block[at + 1:at + 1 + (flags & 0x0F)]
        require(all(32 < c < 127 for c in name), "a GGEP id is printable ASCII")
        at += 1 + (flags & 0x0F)
        length, taken = 0, 0
        while True:
            part = block[at]
            at, taken, length = at + 1, taken + 1, (length << 6) | (part & 0x3F)
            require(bool(part & 0x80) != bool(part & 0x40) and taken <= 3, "a GGEP length has one last byte, three at most")
            if part & 0x40:
                break
        data = block[at:at + length]
        require(len(data) == length, "GGEP data is all there")
        at += length
        if flags & 0x40:
            data = uncobs(data)
        if flags & 0x20:
            data = zlib.decompress(data)
        items.append((name.decode(), data))
        if flags & 0x80:
            return items, at


def uncobs(data):
    out, at = b"", 0
    while at < len(data):
        code = data[at]
        require(code != 0 and at + code <= len(data), "COBS code in range")
        out += data[at + 1:at + code]
        at += code
        if code < 0xFF and at < len(data):
            out += b"\0"
    return out


def parse_hit(payload):
    """{"records": […], "vendor", "servent", "push", …}; every rule that makes a hit spam elsewhere is required."""
    require(len(payload) >= 27, "a hit has 27 bytes at least")
    count, port = payload[0], struct.unpack("<H", payload[1:3])[0]
    require(count >= 1, "a hit has a record")
    at, records = 11, []
    for _ in range(count):
        index, size = struct.unpack("<II", payload[at:at + 8])
        require(index != 0xFFFFFFFF, "an index is not 0xFFFFFFFF")
        end = payload.index(b"\0", at + 8)
        name = payload[at + 8:end].decode("utf-8")
        require(name and "/" not in name, "a record has a name without a path")
        stop = payload.index(b"\0", end + 1)
        records.append({"index": index, "size": size, "name": name, **parse_extensions(payload[end + 1:stop])})
        at = stop + 1
    trailer = payload[at:-16]
    servent = payload[-16:]
    require(servent != bytes(16), "a servent GUID is not blank")
    require(len(trailer) >= 6 and all(chr(c).isascii() and chr(c).isalnum() for c in trailer[:4]), "a hit names its vendor in four letters")
    require(trailer[:4] not in (b"GTKG", b"LIME"), "a vendor code is one's own")
    length, a, b = trailer[4], trailer[5], trailer[6]
    require(length >= 2, "the open data has two bytes at least")
    if b & 0x20:
        require(a & 0x20, "GGEP is defined when it is there")
        ggep_items(trailer[trailer.index(b"\xc3", 5 + length):])
    return {"records": records, "port": port, "ip": socket.inet_ntoa(payload[3:7]), "vendor": trailer[:4].decode(),
            "push": bool(b & 1 and a & 1), "servent": servent}


def parse_extensions(area):
    found = {}
    while area:
        if area[0] == 0xC3:
            items, end = ggep_items(area)
            area = area[end:].lstrip(b"\x1c")
            for name, data in items:
                if name == "H":
                    require((data[0], len(data)) in ((1, 21), (2, 45)), "GGEP H is a SHA-1 or a bitprint")
                    found["sha1"] = base32(data[1:21])
                    if data[0] == 2:
                        found["tth"] = base32(data[21:45])
                if name == "TT":
                    require(len(data) == 24, "GGEP TT has 24 bytes")
                    found["tth"] = base32(data)
        else:
            text, _, area = area.partition(b"\x1c")
            if text.lower().startswith(b"urn:sha1:"):
                require(len(text) == 41, "urn:sha1 has 32 characters")
                found["sha1"] = text[9:].decode()
    return found


def hit_payload(address, servent, records, vendor=b"TEST"):
    """records: (index, size, name, sha1 in base32)"""
    host, port = address.rsplit(":", 1)
    out = bytes([len(records)]) + struct.pack("<H", int(port)) + socket.inet_aton(host) + struct.pack("<I", 1000)
    for index, size, name, sha1 in records:
        out += struct.pack("<II", index, size) + (name if isinstance(name, bytes) else name.encode()) + b"\0"
        out += (b"urn:sha1:" + sha1.encode() if sha1 else b"") + b"\0"
    return out + vendor + b"\x02\x3d\x00" + servent


# ---- QRP ----

def qrp_hash(word, bits):
    x = 0
    for k, unit in enumerate(word.lower()):
        x ^= (ord(unit) & 0xFF) << (8 * (k % 4))
    return ((x * 0x4F1BBCDC) & 0xFFFFFFFF) >> (32 - bits)


class Table:
    """Receives RESET and PATCH as strictly as the peers that answer a fault with Bye 413."""

    def __init__(self):
        self.slots, self.bits, self.data, self.next = None, 0, b"", 1
        self.complete = False

    def take(self, payload):
        if payload[0] == 0:
            require(len(payload) == 6, "a RESET has 6 bytes")
            count, infinity = struct.unpack("<IB", payload[1:6])
            require(count & (count - 1) == 0 and 0 < count <= 1 << 21, "a table has a power of two of slots")
            require(infinity >= 1, "infinity is 1 at least")
            self.slots, self.bits, self.next, self.data = bytearray(count), count.bit_length() - 1, 1, b""
            return
        require(payload[0] == 1, "a table message is RESET or PATCH")
        require(self.slots is not None, "RESET comes before PATCH")
        number, count, compressor, entry_bits = payload[1:5]
        require(1 <= number == self.next <= count, "patches come in sequence")
        require(compressor in (0, 1) and entry_bits in (4, 8), "patches have 4 or 8 bits and zlib or nothing")
        self.data += payload[5:]
        self.next = number + 1
        if number < count:
            return
        data = zlib.decompress(self.data) if compressor else self.data
        require(len(data) == len(self.slots) * entry_bits // 8, "a patch sequence covers the table exactly")
        for slot in range(len(self.slots)):
            if entry_bits == 8:
                delta = data[slot] - 256 if data[slot] > 127 else data[slot]
            else:
                nibble = data[slot // 2] >> 4 if slot % 2 == 0 else data[slot // 2] & 15
                delta = nibble - 16 if nibble > 7 else nibble
            if delta:
                self.slots[slot] = 1 if delta < 0 else 0
        self.next, self.data, self.complete = 1, b"", True

    def has(self, word):
        return bool(self.slots and self.slots[qrp_hash(word, self.bits)])


def table_messages(words, bits=13):
    """RESET and one deflated 8-bit PATCH."""
    slots = bytearray(1 << bits)
    for word in words:
        slots[qrp_hash(word, bits)] = 0xFA
    return [struct.pack("<BIB", 0, 1 << bits, 7), bytes([1, 1, 1, 1, 8]) + zlib.compress(bytes(slots))]


# ---- handshake ----

def header_text(headers):
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"


def common_headers(ultrapeer, deflate=True):
    headers = {"User-Agent": "strict-peer/1.0", "X-Ultrapeer": str(ultrapeer), "X-Query-Routing": "0.2", "X-Ultrapeer-Query-Routing": "0.1",
               "X-Dynamic-Querying": "0.1", "X-Degree": "32", "X-Max-TTL": "4", "X-Requeries": "False", "GGEP": "0.5", "Vendor-Message": "0.2",
               "Pong-Caching": "0.1", "Bye-Packet": "0.1"}
    if ultrapeer:
        headers["X-Ext-Probes"] = "0.1"
    if deflate:
        headers["Accept-Encoding"] = "deflate"
    return headers


def check_headers(block, ultrapeer_expected=None):
    """What the strictest peers want of the other side."""
    require(block.get("User-Agent"), "User-Agent is there")
    require((block.get("X-Ultrapeer") or "").lower() in ("true", "false"), "X-Ultrapeer is never left out")
    require("deflate" in (block.get("Accept-Encoding") or ""), "deflate is accepted: uncompressed links are refused elsewhere")
    require(block.get("Vendor-Message") and block.get("GGEP") and block.get("Pong-Caching") and block.get("Bye-Packet"), "the usual extensions are offered")
    require(block.get("X-Token") is None, "X-Token belongs to another vendor")
    require(block.get("X-Query-Routing") in ("0.1", "0.2"), "X-Query-Routing is 0.1 or 0.2")
    if block.get("X-Ultrapeer").lower() == "true":
        require(block.get("X-Dynamic-Querying") and int(block.get("X-Degree") or 0) >= 16, "leaves want dynamic querying and a degree of 16")
    require(1 <= int(block.get("X-Max-TTL") or 0) <= 4, "X-Max-TTL is 4 at most")
    remote = block.get("Remote-IP")
    require(remote is None or socket.inet_aton(remote), "Remote-IP is an address without a port")
    if block.get("GUID"):
        require(len(block.get("GUID")) == 32, "GUID has 32 digits")
    if ultrapeer_expected is not None:
        require((block.get("X-Ultrapeer").lower() == "true") == ultrapeer_expected, f"X-Ultrapeer is {ultrapeer_expected}")


def connect(address, ultrapeer=False, deflate=True, extra=None, ultrapeer_expected=True):
    """Three steps as initiator; the link, or the refusing block."""
    link = Connection(address)
    headers = {**common_headers(ultrapeer, deflate), **(extra or {})}
    link.send(("GNUTELLA CONNECT/0.6\r\n" + header_text(headers)).encode())
    reply = link.read_block()
    require(reply.start.startswith("GNUTELLA/0.6 ") and reply.start[13:16].isdigit(), f"'{reply.start}' is a status line")
    if reply.start[13:16] != "200":
        link.close()
        return None, reply
    check_headers(reply, ultrapeer_expected)
    inflate = reply.get("Content-Encoding") == "deflate"
    require(not inflate or deflate, "only what was offered is compressed")
    last = {"Content-Encoding": "deflate"} if deflate else {}
    link.send(("GNUTELLA/0.6 200 OK\r\n" + header_text(last)).encode())
    link.start_binary(inflate, deflate)
    return link, reply


def accept(listener, ultrapeer=True, status="200 OK", extra=None, ultrapeer_expected=None):
    """Three steps as acceptor; (link, first block, third block)."""
    listener.settimeout(TIMEOUT)
    sock, _ = listener.accept()
    link = Connection(sock=sock)
    first = link.read_block()
    require(first.start == "GNUTELLA CONNECT/0.6", f"'{first.start}' begins a handshake")
    check_headers(first, ultrapeer_expected)
    headers = {**common_headers(ultrapeer), "Content-Encoding": "deflate", **(extra or {})}
    link.send((f"GNUTELLA/0.6 {status}\r\n" + header_text(headers)).encode())
    if not status.startswith("200"):
        return link, first, None
    last = link.read_block()
    require(last.start.startswith("GNUTELLA/0.6 "), f"'{last.start}' is a status line")
    link.start_binary(last.get("Content-Encoding") == "deflate", True)
    return link, first, last
