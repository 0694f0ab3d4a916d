"""Starting when something is amiss: no name service, a damaged database, a full disk, lost output; and how a node ends."""
import errno
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import unittest

from harness import PRALINE, NodeTest, api_refusal, eventually, read_text, terminate

NOWHERE = "no-such-host.invalid:6346"  # RFC 6761: never in any name service


class Start(NodeTest):
    def refuse(self, *words, code=1):
        """A start that fails, with one sentence at its end."""
        done = subprocess.run([PRALINE, *words], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr.strip().split("\n")[-1]

    def named(self, node, name):
        return next(one for one in node.get("/peers")["named"] if one["name"] == name)

    # ---- names ----

    def test_names_that_cannot_be_looked_up_do_not_keep_a_node_from_starting(self):
        node = self.node("one", "--index", "no-index.invalid:6347", "--network", "gnutella", "--udp-host-cache", "no-cache.invalid:9999",
                         "--gwebcache", "http://no-web.invalid/", peers=[NOWHERE])
        peer = eventually(lambda: (lambda one: one if one["problem"] else None)(self.named(node, NOWHERE)), "the first look-up to fail")
        self.assertEqual(peer["state"], "unknown_name")
        self.assertIn(NOWHERE, node.log_text())
        self.assertIn(NOWHERE, node.cli("peers", check=0).stdout)
        node.stop()
        with open(os.path.join(node.data, "praline.toml"), "w", encoding="utf-8") as out:
            out.write(f'peers = ["{NOWHERE}"]\n')
        node.command = [word for word in node.command if word not in ("--peer", NOWHERE)]
        node.start()
        self.assertEqual(self.named(node, NOWHERE)["name"], NOWHERE)

    def test_a_peer_is_named_by_host_name_too(self):
        far = self.node("far", mode="ultrapeer")
        name = f"localhost:{far.port}"
        near = self.node("near", mode="ultrapeer", peers=[name])
        near.wait_links(1)
        self.assertEqual(self.named(near, name)["state"], "connected")
        other = self.node("other", mode="ultrapeer")
        other.cli("peers", "--connect", name, check=0)
        self.assertIn(far.address, [peer["address"] for peer in other.get("/peers")["peers"]])

    def test_why_a_peer_is_not_connected_is_said(self):
        node = self.node("one", mode="ultrapeer")
        closed = socket.create_server(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{closed.getsockname()[1]}"
        closed.close()
        done = node.cli("peers", "--connect", nobody)
        self.assertEqual(done.returncode, 1)
        self.assertIn("refuses", done.stderr)
        self.assertEqual(self.named(node, nobody)["state"], "failed")
        self.assertEqual(node.cli("peers", "--connect", NOWHERE).returncode, 1)

        full = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(full.close)

        def answer():
            while True:
                try:
                    link, _ = full.accept()
                except OSError:
                    return
                with link:
                    link.recv(4096)
                    link.sendall(b"GNUTELLA/0.6 503 Too many leaves\r\nUser-Agent: other\r\n\r\n")
        threading.Thread(target=answer, daemon=True).start()
        done = node.cli("peers", "--connect", f"127.0.0.1:{full.getsockname()[1]}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("503 Too many leaves", done.stderr)

        for bad in (node.address, "here", "localhost", "localhost:0", "0.0.0.0:1", "http://localhost:1/"):
            with self.subTest(address=bad):
                status, error = api_refusal(lambda: node.post("/peers", {"address": bad}))
                self.assertEqual(status, 400, error)

    # ---- the database ----

    def database(self, node):
        return os.path.join(node.data, "praline.db")

    def stopped_node(self, name):
        node = self.node(name, share=[self.make_folder("share", {f"file {i}.txt": b"%d" % i for i in range(50)})])
        node.wait_shared(50)
        node.stop()
        return node

    def test_a_damaged_database_is_named_with_what_is_lost_and_what_to_do(self):
        node = self.stopped_node("one")
        whole = os.path.getsize(self.database(node))
        shutil.copy(self.database(node), os.path.join(self.folder, "kept"))

        def cut(size):
            return lambda: os.truncate(self.database(node), size)

        def overwrite(at, count):
            def act():
                with open(self.database(node), "r+b") as file:
                    file.seek(at)
                    file.write(b"\xa5" * count)
            return act
        for name, damage in (("cut", cut(20000)), ("half", cut(whole // 2 // 4096 * 4096)), ("head", overwrite(0, 100)), ("garbage", overwrite(0, whole)),
                             ("second page", overwrite(4096, 4096)), ("odd size", cut(whole - 1000))):
            with self.subTest(damage=name):
                shutil.copy(os.path.join(self.folder, "kept"), self.database(node))
                damage()
                said = self.refuse(*node.command[1:])
                self.assertIn(self.database(node), said)
                self.assertIn("move it away: mkdir", said)
                self.assertIn("shared folders", said)
        # What the sentence says is what helps, and so the files that were shared come back by the flag.
        subprocess.run(said[said.index("mkdir"):], shell=True, check=True)
        node.start()
        node.wait_shared(50)

    def test_garbage_in_place_of_the_log_is_survived(self):
        node = self.stopped_node("one")
        for name in ("-wal", "-shm"):
            with open(self.database(node) + name, "wb") as out:
                out.write(os.urandom(40000))
        node.start()
        node.wait_shared(50)

    def test_a_database_that_cannot_be_used_is_named_with_the_reason(self):
        node = self.stopped_node("one")
        with sqlite3.connect(self.database(node)) as newer:
            newer.execute("PRAGMA user_version = 99")
        newer.close()
        said = self.refuse(*node.command[1:])
        self.assertIn("newer Praline", said)
        with sqlite3.connect(self.database(node)) as older:
            older.execute("PRAGMA user_version = 0")
        older.close()
        os.rename(self.database(node), self.database(node) + ".kept")
        os.mkdir(self.database(node))
        self.assertIn(self.database(node), self.refuse(*node.command[1:]))
        os.rmdir(self.database(node))
        os.rename(self.database(node) + ".kept", self.database(node))
        holder = sqlite3.connect(self.database(node), isolation_level=None)
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        said = self.refuse(*node.command[1:])
        holder.close()
        self.assertIn("Another program", said)

    def test_a_damaged_index_database_leaves_the_node_without_the_index_alone(self):
        node = self.node("one", "--index", "127.0.0.1:1")
        node.stop()
        with open(os.path.join(node.data, "index.db"), "wb") as out:
            out.write(b"\xa5" * 20000)
        node.start()
        self.assertIn("index.db", node.status()["index"]["problem"])
        self.assertIn("mkdir", node.status()["index"]["problem"])

    def test_a_damaged_catalogue_of_an_index_server_is_named(self):
        data = os.path.join(self.folder, "server")
        os.makedirs(data)
        with open(os.path.join(data, "catalogue.db"), "wb") as out:
            out.write(b"\xa5" * 20000)
        said = self.refuse("--data", data, "index", "--listen", "127.0.0.1:0")
        self.assertIn("catalogue.db", said)
        self.assertRegex(said, "[Mm]ove it away")

    def test_known_hosts_of_a_fresh_directory_are_none(self):
        done = subprocess.run([PRALINE, "--data", os.path.join(self.folder, "fresh"), "--json", "peers", "--known"], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"hosts": []}))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "fresh")))

    def test_hosts_seen_by_a_clock_that_was_ahead_are_not_the_latest_for_years(self):
        node = self.stopped_node("one")
        with sqlite3.connect(self.database(node)) as database:
            database.execute("INSERT INTO hosts VALUES ('192.0.2.1:1', 1, 4000000000, 4000000000, 0)")
        database.close()
        host = json.loads(node.cli("peers", "--known", "--json", check=0).stdout)["hosts"][0]
        self.assertLess(host["last_seen"], 3900000000)
        self.assertLess(host["last_success"], 3900000000)

    # ---- the disk ----

    def small_disk(self, size):
        if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
            self.skipTest("a file system of its own needs root and mount namespaces")
        small = os.path.join(self.folder, "small")
        os.makedirs(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "praline-test", small], capture_output=True).returncode != 0:
            self.skipTest("tmpfs cannot be mounted here")
        self.addCleanup(lambda: subprocess.run(["umount", "-l", small], check=True))
        return small

    def fill(self, folder):
        name = os.path.join(folder, "ballast")
        with open(name, "wb", buffering=0) as out:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        out.write(b"x" * size)
                except OSError as error:
                    self.assertEqual(error.errno, errno.ENOSPC)
        return name

    def test_a_node_starts_on_a_full_disk_with_page_and_commands(self):
        small = self.small_disk("16m")
        node = self.node("small", share=[self.make_folder("share", {"one.txt": b"1"})])
        node.wait_shared(1)
        node.stop()
        ballast = self.fill(small)
        for _ in range(3):
            node.start()
            self.assertTrue(any("full" in problem for problem in node.status()["problems"]))
            node.wait_shared(1)
            self.assertEqual(node.cli("status", check=0).returncode, 0)
            node.stop()
        os.unlink(ballast)
        node.start()
        self.assertEqual(node.status()["problems"], [])
        node.wait_shared(1)

    def test_a_fresh_node_comes_up_on_a_full_disk_too_and_says_what_is_not_written(self):
        small = self.small_disk("2m")
        self.fill(small)
        log = os.path.join(self.folder, "log")
        with open(log, "wb") as errors:
            process = subprocess.Popen([PRALINE, "--data", os.path.join(small, "data"), "node", "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0"],
                                       stdout=subprocess.PIPE, stderr=errors, text=True)
        self.addCleanup(process.stdout.close)
        try:
            self.assertTrue(any("/login?code=" in line for line in process.stdout), read_text(log))
            self.assertIn("praline.db", read_text(log))
        finally:
            self.assertEqual(terminate(process, "the node"), 0)

    def test_a_data_directory_that_cannot_be_written_is_named(self):
        small = self.small_disk("2m")
        os.makedirs(os.path.join(small, "data"))
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        said = self.refuse("--data", os.path.join(small, "data"), "node", "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0")
        self.assertIn(os.path.join(small, "data"), said)
        self.assertIn("--data", said)

    # ---- output and end ----

    def test_output_that_is_lost_is_a_failure(self):
        node = self.node("one", share=[self.make_folder("share", {"one.txt": b"1"})])
        node.wait_shared(1)
        for words in (("share", "files", "--json"), ("status",), ("config", "template"), ("config", "show", "--json"), ("--help",), ("peers",)):
            with self.subTest(words=words):
                with open("/dev/full", "w", encoding="utf-8") as full:
                    done = subprocess.run([PRALINE, "--data", node.data, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
                self.assertEqual(done.returncode, 1)
                self.assertIn("could not be written", done.stderr)
                reader, writer = os.pipe()
                os.close(reader)
                done = subprocess.run([PRALINE, "--data", node.data, *words], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60)
                os.close(writer)
                self.assertEqual(done.returncode, 1)
                done = subprocess.run([PRALINE, "--data", node.data, *words], stderr=subprocess.PIPE, text=True, timeout=60,
                                      preexec_fn=lambda: os.close(1))
                self.assertEqual(done.returncode, 1)
        simulate = os.path.join(os.path.dirname(PRALINE), "simulate")
        if os.path.exists(simulate):
            with open("/dev/full", "w", encoding="utf-8") as full:
                self.assertEqual(subprocess.run([simulate, "template"], stdout=full, stderr=subprocess.PIPE, timeout=60).returncode, 1)
        # A node whose first lines are lost is a node all the same.
        with open("/dev/full", "w", encoding="utf-8") as full:
            other = os.path.join(self.folder, "other")
            process = subprocess.Popen([PRALINE, "--data", other, "node", "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0"], stdout=full, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        eventually(lambda: subprocess.run([PRALINE, "--data", other, "status"], capture_output=True, timeout=60).returncode == 0, "the node to answer")
        self.assertEqual(terminate(process, "the node"), 0)

    def test_a_closed_terminal_is_a_goodbye(self):
        node = self.node("one")
        node.process.send_signal(signal.SIGHUP)
        self.assertEqual(node.process.wait(60), 0)
        self.assertFalse(os.path.exists(os.path.join(node.data, "api-address")))
        self.assertIn("goodbye", node.log_text())

    def test_nohup_is_heeded(self):
        node = self.node("one", wrapper=["nohup"])
        node.process.send_signal(signal.SIGHUP)
        self.assertIn("uptime_seconds", node.status())
        self.assertIsNone(node.process.poll())

    def test_an_index_server_says_goodbye_too(self):
        data = os.path.join(self.folder, "server")
        process = subprocess.Popen([PRALINE, "--data", data, "index", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.stdout.close)
        next(line for line in process.stdout if "/login?code=" in line)
        process.send_signal(signal.SIGHUP)
        self.assertEqual(process.wait(60), 0)
        self.assertFalse(os.path.exists(os.path.join(data, "api-address")))


if __name__ == "__main__":
    unittest.main()
