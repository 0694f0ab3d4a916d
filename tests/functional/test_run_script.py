"""tools/run as a newcomer uses it, and the command line's manners."""
import os
import re
import signal
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

from harness import PRALINE, NodeTest, eventually, read_text

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def processes_with(text):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = read_text(f"/proc/{pid}/cmdline").replace("\0", " ")
        except OSError:
            continue
        if text in command:
            found.append((int(pid), command))
    return found


class RunScript(NodeTest):
    def run_script(self, *flags):
        """Starts tools/run; returns the process and the login link."""
        data = os.path.join(self.folder, "data")
        temporary = os.path.join(self.folder, "tmp")
        os.makedirs(temporary, exist_ok=True)
        log = open(os.path.join(self.folder, "log"), "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen([os.path.join(ROOT, "tools", "run"), "--data", data, "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0", *flags],
                                   stdout=subprocess.PIPE, stderr=log, text=True, env=dict(os.environ, TMPDIR=temporary), start_new_session=True,
                                   # A shell cannot trap a signal that was ignored when it began, as in a background job.
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.addCleanup(process.stdout.close)
        self.addCleanup(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGKILL))
        link = next((line.strip() for line in process.stdout if "/login?code=" in line), None)
        self.assertTrue(link, read_text(os.path.join(self.folder, "log")))
        threading.Thread(target=process.stdout.read, daemon=True).start()
        return process, link, data

    def praline(self, data, *words):
        return subprocess.run([PRALINE, "--data", data, *words], capture_output=True, text=True, timeout=120)

    def test_the_first_search_of_a_newcomer_finds_something_and_ctrl_c_ends_everything(self):
        process, link, data = self.run_script()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(link) as page:
            self.assertIn(b"<title>", page.read())
        found = eventually(lambda: (lambda done: done if done.returncode == 0 else None)(
            self.praline(data, "search", "--wait", "5", "--enough", "1", "license")), "the first search to find something")
        result = re.search(r"^(\d+-\d+) ", found.stdout, re.M)[1]
        done = self.praline(data, "download", "--wait", result)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(os.path.getsize(done.stdout.strip()), 0)
        self.assertEqual(len([p for p in processes_with(self.folder) if "praline node" in p[1]]), 9)
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does at Ctrl-C
        process.wait(30)
        eventually(lambda: not processes_with(self.folder), "all nodes to be gone")
        self.assertEqual(os.listdir(os.path.join(self.folder, "tmp")), [])

    def test_alone_means_alone_and_a_signal_to_the_script_is_enough(self):
        process, _, data = self.run_script("--alone")
        self.assertIn("No peers", self.praline(data, "peers").stdout)
        self.assertEqual(len([p for p in processes_with(self.folder) if "praline node" in p[1]]), 1)
        process.send_signal(signal.SIGINT)
        process.wait(30)
        eventually(lambda: not processes_with(self.folder), "the node to be gone")


class CommandLine(NodeTest):
    def praline(self, *words):
        return subprocess.run([PRALINE, *words], capture_output=True, text=True, timeout=60)

    def test_help_names_every_command_and_every_exit_code(self):
        text = self.praline("--help").stdout
        for word in ("node", "search", "download", "share", "peers", "status", "config", "Exit codes"):
            self.assertIn(word, text)
        for command in ("node", "search", "download", "share", "peers", "status", "config"):
            done = self.praline(command, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertGreater(len(done.stdout), 200)

    def test_exit_codes_are_those_documented(self):
        nowhere = os.path.join(self.folder, "nowhere")
        self.assertEqual(self.praline("--data", nowhere, "status").returncode, 3)
        self.assertIn("praline node", self.praline("--data", nowhere, "status").stderr)
        self.assertEqual(self.praline("nonsense").returncode, 2)
        self.assertEqual(self.praline("node", "--data", nowhere, "--mode", "boss").returncode, 2)
        node = self.node("one")
        self.assertEqual(node.cli("download", "not-a-thing").returncode, 1)
        self.assertEqual(node.cli("search", "--wait", "0", "whatever").returncode, 4)
        self.assertEqual(node.cli("search", "--wait", "0", "--ttl", "99", "whatever").returncode, 2)
        node.kill()
        self.assertEqual(node.cli("status").returncode, 3)

    def test_a_bad_config_is_explained_by_line_and_column(self):
        file = os.path.join(self.folder, "bad.toml")
        with open(file, "w", encoding="utf-8") as out:
            out.write('listen = "here"\n\nmode = "boss"\n')
        done = self.praline("config", "check", file)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"{file}:1:1: ", done.stderr)
        self.assertIn(f"{file}:3:1: ", done.stderr)

    def test_a_login_link_is_good_once(self):
        node = self.node("one")
        link = node.cli("status", "--login-link", check=0).stdout.strip()
        with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(link) as page:
            self.assertEqual(page.status, 200)
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(link)
        self.assertEqual(refused.exception.code, 401)
        refused.exception.close()

    def test_a_setting_changed_on_the_page_outlives_a_restart_and_a_flag_wins(self):
        node = self.node("one")
        node.call("PATCH", "/settings", {"upload_slots": 3})
        node.stop()
        node.start()
        slots = next(s for s in node.get("/settings")["settings"] if s["key"] == "upload_slots")
        self.assertEqual((slots["value"], slots["source"]), ("3", "page"))
        node.stop()
        node.command += ["--upload-slots", "5"]
        node.start()
        slots = next(s for s in node.get("/settings")["settings"] if s["key"] == "upload_slots")
        self.assertEqual((slots["value"], slots["source"]), ("5", "flag"))


if __name__ == "__main__":
    unittest.main()
