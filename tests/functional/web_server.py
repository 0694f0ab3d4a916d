"""A web server that knows no Gnutella, for the functional tests."""
import http.server
import threading


class WebServer:
    """Files by their paths, by ranges, as any web server has them; a text that begins with http is a redirect.

    :param tls: a server's ssl.SSLContext; None: plain
    """

    def __init__(self, test, files, tls=None):
        self.asked = []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                server.asked.append((self.path, dict(self.headers)))
                data = files.get(self.path)
                if data is None:
                    return self.send_error(404)
                if isinstance(data, str):
                    self.send_response(302)
                    self.send_header("Location", data)
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                begin, end = 0, len(data)
                if "Range" in self.headers:
                    first, last = self.headers["Range"][6:].split("-")
                    begin, end = int(first), min(int(last) + 1, len(data))
                self.send_response(206 if "Range" in self.headers else 200)
                if "Range" in self.headers:
                    self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
                self.send_header("Content-Length", str(end - begin))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(data[begin:end])

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)
        self.port = self.server.server_port
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
