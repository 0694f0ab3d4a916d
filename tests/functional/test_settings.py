"""Settings: tried when they are saved, never in the way of a start, changed from the command line, paths as people write them."""
import json
import os
import socket
import subprocess
import unittest

from harness import PRALINE, NodeTest, api_refusal, eventually

ELSEWHERE = "203.0.113.5:6346"  # an address of no machine at all


class Settings(NodeTest):
    def praline(self, *words, data=None, env=None, cwd=None):
        data = data or os.path.join(self.folder, "fresh")
        return subprocess.run([PRALINE, "--data", data, *words], capture_output=True, text=True, timeout=120,
                              env={**os.environ, **(env or {})}, cwd=cwd)

    def setting(self, node, key):
        return next(one for one in node.get("/settings")["settings"] if one["key"] == key)

    def plain(self, node, *flags):
        """The node with nothing said on the command line but what a test adds."""
        node.stop()
        node.command = [PRALINE, "node", "--data", node.data, *flags]

    def taken_port(self):
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        return taken.getsockname()[1]

    # ---- saved ----

    def test_a_value_that_cannot_work_is_refused_when_it_is_saved(self):
        node = self.node("one")
        file = os.path.join(self.make_folder("files", {"plain.txt": b"x"}), "plain.txt")
        for key, value in (("listen", ELSEWHERE), ("listen", f"127.0.0.1:{self.taken_port()}"), ("listen", "here"),
                           ("api", f"127.0.0.1:{self.taken_port()}"), ("api", "0.0.0.0:7000"), ("api", node.address),
                           ("downloads", "/proc/nope"), ("downloads", file), ("downloads", "not/absolute"), ("downloads", "~nobody-at-all/x"),
                           ("share", file), ("share", [os.path.join(self.folder, "gone")]), ("peers", "no port"), ("index", ["host:0"]),
                           ("upload_slots", 0), ("upload_slots", "many"), ("mode", "boss"), ("nonsense", 1)):
            with self.subTest(key=key, value=value):
                before = node.get("/settings")
                status, error = api_refusal(lambda: node.call("PATCH", "/settings", {"max_leaves": 7, key: value}))
                self.assertEqual(status, 400)
                self.assertTrue(error["message"].endswith("."), error)
                self.assertEqual(node.get("/settings"), before, "of several changes all are taken, or none")

    def test_what_works_is_saved_and_its_own_address_is_no_obstacle(self):
        node = self.node("one")
        wanted = os.path.join(self.folder, "made", "for it")
        node.call("PATCH", "/settings", {"listen": node.address, "api": node.api, "downloads": wanted})
        self.assertTrue(os.path.isdir(wanted))
        node.call("PATCH", "/settings", {"listen": "0.0.0.0:" + node.address.split(":")[1]})
        node.call("PATCH", "/settings", {"listen": node.address})
        address, api = node.address, node.api
        self.plain(node)
        node.start()
        self.assertEqual((node.address, node.api, node.status()["downloads_directory"]), (address, api, wanted))
        self.assertEqual(self.setting(node, "listen")["source"], "page")
        node.call("PATCH", "/settings", {"listen": None, "downloads": None})
        self.assertEqual(self.setting(node, "downloads")["source"], "default")

    # ---- stored, and bad ----

    def store(self, node, key, text):
        """As an older or newer program, or another machine, may have left it."""
        import sqlite3
        with sqlite3.connect(os.path.join(node.data, "praline.db")) as database:
            database.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, text))
        database.close()

    def test_no_stored_value_keeps_a_node_from_starting(self):
        node = self.node("one")
        file = os.path.join(self.make_folder("files", {"plain.txt": b"x"}), "plain.txt")
        port = self.taken_port()
        api = ("--api", "127.0.0.1:0")
        listen = ("--listen", "127.0.0.1:0")
        for key, value, flags in (("listen", ELSEWHERE, api), ("listen", f"127.0.0.1:{port}", api), ("listen", "nonsense", api),
                                  ("api", f"127.0.0.1:{port}", listen), ("api", "192.0.2.1:80", listen), ("downloads", "/proc/nope", api + listen),
                                  ("downloads", file, api + listen), ("downloads", "~nobody-at-all", api + listen), ("mode", "boss", api + listen),
                                  ("upload_slots", "-1", api + listen), ("strategy", "magic", api + listen), ("log_level", "loud", api + listen),
                                  ("peers", "no port", api + listen), ("index", '["a:1", 2]', api + listen), ("from_the_future", "x", api + listen)):
            with self.subTest(key=key, value=value):
                self.plain(node, *flags)
                self.store(node, key, value)
                # What falls back to the usual port finds it taken when other tests run beside this one: any port will do then.
                node.start()
                undo = f"praline config unset {key}"
                self.assertIn(undo, node.log_text())
                self.assertTrue(any(undo in problem for problem in node.status()["problems"]), node.status()["problems"])
                if key != "from_the_future":
                    row = self.setting(node, key)
                    self.assertIn(undo, row["problem"])
                    self.assertEqual(row["source"], "flag" if "--" + key in flags else "default")
                node.cli("config", "unset", key, check=0)
                self.assertEqual(node.status()["problems"], [])

    def test_the_next_source_holds_where_a_stored_value_is_left_out(self):
        node = self.node("one")
        wanted = os.path.join(self.folder, "wanted")
        with open(os.path.join(node.data, "praline.toml"), "w", encoding="utf-8") as out:
            out.write(f'downloads = "{wanted}"\n')
        self.plain(node, "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0")
        self.store(node, "downloads", "/proc/nope")
        node.start()
        self.assertEqual(node.status()["downloads_directory"], wanted)
        self.assertEqual(self.setting(node, "downloads")["source"], "config")

    # ---- what the owner wrote just now ----

    def test_what_is_wrong_on_the_command_line_or_in_the_file_is_said_with_where_it_stands(self):
        for words in (("--peer", "nohost"), ("--listen", "nowhere"), ("--mode", "boss"), ("--api", "0.0.0.0:1"), ("--downloads", "~nobody-at-all/x"),
                      ("--upload-slots", "0")):
            with self.subTest(words=words):
                done = self.praline("node", *words)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(words[0], done.stderr)
        done = self.praline("node", "--listen", ELSEWHERE, "--api", "127.0.0.1:0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--listen", done.stderr)
        file = os.path.join(self.folder, "mine.toml")
        with open(file, "w", encoding="utf-8") as out:
            out.write('downloads = "/proc/nope"\nlisten = "127.0.0.1:0"\napi = "127.0.0.1:0"\n')
        done = self.praline("--config", file, "node")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/proc/nope", done.stderr)
        self.assertIn(file, done.stderr)
        self.assertEqual(self.praline("--config", os.path.join(self.folder, "gone.toml"), "node").returncode, 2)

    # ---- praline config ----

    def test_settings_are_changed_without_a_node_and_with_one(self):
        node = self.node("one")
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    node.stop()
                done = node.cli("config", "set", "upload_slots", "3" if running else "4", check=0)
                self.assertIn("upload_slots", done.stdout)
                self.assertEqual(node.cli("config", "set", "upload_slots", "0").returncode, 2)
                self.assertEqual(node.cli("config", "set", "uplaod_slots", "1").returncode, 2)
                self.assertIn("upload_slots", node.cli("config", "set", "uplaod_slots", "1").stderr)
                refused = node.cli("config", "set", "listen", ELSEWHERE)
                self.assertEqual(refused.returncode, 1)
                self.assertIn("203.0.113.5", refused.stderr)
                shown = json.loads(node.cli("config", "show", "--json", check=0).stdout)
                self.assertEqual(shown["upload_slots"], "3" if running else "4")
                row = next(one for one in shown["settings"] if one["key"] == "upload_slots")
                self.assertEqual((row["value"], row["source"]), (3 if running else 4, "page"))
                self.assertIn("page", next(line for line in node.cli("config", "show", check=0).stdout.split("\n") if line.startswith("upload_slots")))
        node.cli("config", "unset", "upload_slots", check=0)
        self.assertEqual(json.loads(node.cli("config", "show", "--json", check=0).stdout)["upload_slots"], "8")
        self.assertEqual(node.cli("config", "unset", "nonsense").returncode, 2)

    def test_a_first_setting_makes_the_data_directory(self):
        self.assertEqual(self.praline("config", "show").returncode, 0)
        self.assertEqual(self.praline("config", "unset", "mode").returncode, 0)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "fresh")), "looking makes nothing")
        self.assertEqual(self.praline("config", "set", "mode", "leaf").returncode, 0)
        self.assertEqual(json.loads(self.praline("config", "show", "--json").stdout)["mode"], "leaf")
        self.assertEqual(os.stat(os.path.join(self.folder, "fresh")).st_mode & 0o777, 0o700)

    def test_a_check_without_a_file_is_fine(self):
        done = self.praline("config", "check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("praline.toml", done.stdout)
        self.assertEqual(self.praline("config", "check", os.path.join(self.folder, "gone.toml")).returncode, 2)
        self.assertEqual(self.praline("--config", os.path.join(self.folder, "gone.toml"), "config", "check").returncode, 2)

    # ---- lists and paths ----

    def test_a_comma_in_a_path_belongs_to_it_however_it_is_given(self):
        wanted = self.make_folder("Public, drafts", {"mine.txt": b"m" * 99})
        self.make_folder("Public", {"other.txt": b"o" * 99})
        second = self.make_folder("second", {"two.txt": b"2" * 99})

        def shared(node):
            return sorted(folder["path"] for folder in node.get("/library")["folders"])
        node = self.node("flag", share=[wanted])
        node.wait_shared(1)
        self.assertEqual(shared(node), [wanted])
        for name, value in (("text", wanted), ("list", [wanted, second]), ("lines", wanted + "\n" + second), ("json", json.dumps([wanted, second]))):
            with self.subTest(how=name):
                node = self.node(name)
                node.call("PATCH", "/settings", {"share": value})
                self.assertEqual(self.setting(node, "share")["values"], [wanted] if name == "text" else [wanted, second])
                node.stop()
                node.start()
                eventually(lambda: shared(node) == sorted([wanted] if name == "text" else [wanted, second]), "the folders that were named")
        node = self.node("command")
        node.cli("config", "set", "share", wanted, second, check=0)
        self.assertEqual(self.setting(node, "share")["values"], [wanted, second])
        node.cli("config", "set", "share", wanted, check=0)
        self.assertEqual(self.setting(node, "share")["values"], [wanted])
        node.cli("config", "set", "peers", "a.invalid:1,b.invalid:2", check=0)
        self.assertEqual(self.setting(node, "peers")["values"], ["a.invalid:1", "b.invalid:2"])

    def test_a_tilde_is_the_home_folder_everywhere(self):
        home = os.path.join(self.folder, "home")
        elsewhere = self.make_folder("cwd", {})
        self.make_folder("home/Music", {"song.mp3": b"s" * 99})
        os.makedirs(os.path.join(home, "node"))
        with open(os.path.join(home, "node", "praline.toml"), "w", encoding="utf-8") as out:
            out.write('share = ["~/Music"]\ndownloads = "~/Done"\n')
        env = {"HOME": home}
        self.assertEqual(self.praline("config", "check", "~/node/praline.toml", env=env).returncode, 0)
        # Words with a tilde that no shell has seen, as from a script or a service file.
        node = self.node("one", wrapper=["env", "-C", elsewhere, "HOME=" + home])
        node.stop()
        node.command = ["env", "-C", elsewhere, "HOME=" + home, PRALINE, "--data", "~/node", "node", "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0"]
        node.data = os.path.join(home, "node")
        node.start()
        node.wait_shared(1)
        self.assertEqual(node.status()["downloads_directory"], os.path.join(home, "Done"))
        node.call("PATCH", "/settings", {"downloads": "~/Other"})
        self.assertEqual(self.setting(node, "downloads")["value"], os.path.join(home, "Other"))
        node.stop()
        node.command += ["--downloads", "~/Flag"]
        node.start()
        self.assertEqual(node.status()["downloads_directory"], os.path.join(home, "Flag"))
        self.assertEqual(os.listdir(elsewhere), [])

    # ---- the command line ----

    def test_a_mistyped_command_is_named_and_the_right_one_too(self):
        for words, meant in ((("serch", "foo"), "search"), (("--data", "x", "staus"), "status"), (("config", "sett", "a", "b"), "set")):
            done = subprocess.run([PRALINE, *words], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{meant}`", done.stderr)
        for words in ((), ("help",), ("--help",)):
            done = subprocess.run([PRALINE, *words], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0)
            self.assertIn("Exit codes", done.stdout)


if __name__ == "__main__":
    unittest.main()
