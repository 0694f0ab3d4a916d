#!/usr/bin/env python3
"""What is shared: who named it, what is remembered of it, what is left out, and what needs a yes."""
import base64
import hashlib
import json
import os
import subprocess
import unittest
import urllib.parse

from harness import NodeTest, api_refusal, eventually, random_bytes

MIB = 1 << 20


def sha1_urn(path):
    with open(path, "rb") as content:
        return "urn:sha1:" + base64.b32encode(hashlib.sha1(content.read()).digest()).decode()


def may_mount():
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


class Library(NodeTest):
    def files(self, node):
        return {file["path"]: file for file in node.get("/library/files?offset=0&limit=1000&filter=")["files"]}

    def settled(self, node, count):
        def done():
            library = node.get("/library")
            return not library["scanning"] and not library["files_waiting"] and library["files_ready"] == count and library
        return eventually(done, f"{count} files to be shared and none to wait")

    def mount(self, *words):
        if subprocess.run(["mount", *words], capture_output=True).returncode != 0:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(lambda: subprocess.run(["umount", "-l", words[-1]], capture_output=True))

    def unmount(self, folder):
        subprocess.run(["umount", "-l", folder], check=True)

    def write_config(self, node, shared):
        with open(os.path.join(node.data, "praline.toml"), "w", encoding="utf-8") as config:
            config.write(f"share = {json.dumps(shared)}\n")

    def bytes_read(self, node):
        with open(f"/proc/{node.process.pid}/io", encoding="ascii") as io:
            return int(io.readline().split()[1])

    def test_a_folder_taken_out_of_the_config_is_no_longer_shared(self):
        named, added = self.make_folder("named", {"diary.txt": b"d" * 99}), self.make_folder("added", {"song.txt": b"s" * 99})
        node = self.node("one")
        node.stop()
        self.write_config(node, [named])
        node.start()
        self.settled(node, 1)
        node.post("/library/folders", {"path": added})
        self.settled(node, 2)
        node.stop()
        self.write_config(node, [])
        node.start()
        self.settled(node, 1)
        self.assertEqual([folder["path"] for folder in node.get("/library")["folders"]], [added])

    def test_a_folder_that_may_hold_secrets_is_shared_with_a_yes_only(self):
        hidden = self.make_folder(".private", {"id_rsa": b"key", "notes.txt": b"n"})
        node = self.node("one", share=[hidden])
        folder = node.get("/library")["folders"][0]
        self.assertTrue(folder["needs_confirmation"])
        self.assertIn("praline share add", folder["problem"])
        self.assertIn("praline share add", node.log_text())
        for path in ("/etc", "~", hidden):
            status, error = api_refusal(lambda: node.post("/library/folders", {"path": path}))
            self.assertEqual((status, error["code"]), (409, "needs_confirmation"), path)
        for path in ("/", "/proc", "/dev", node.data, os.path.join(node.data, "partial")):
            status, error = api_refusal(lambda: node.post("/library/folders", {"path": path, "confirm": True}))
            self.assertEqual(status, 400, path)
        self.assertIn("full path", node.cli("share", "add", "~nobody/x", check=1).stderr)

        refused = node.cli("share", "add", hidden, check=1)
        self.assertIn("2 files", refused.stderr)
        self.assertIn("keys", refused.stderr)
        self.assertIn("--yes", refused.stderr)
        self.assertEqual(node.status()["shared_files"], 0)
        preview = node.cli("share", "preview", hidden, check=0).stdout
        self.assertIn("notes.txt", preview)
        look = node.get("/library/preview?path=" + urllib.parse.quote(hidden))
        self.assertEqual((look["verdict"], look["files"], sorted(look["names"])), ("needs_confirmation", 2, ["id_rsa", "notes.txt"]))
        taken = node.cli("config", "set", "share", hidden, check=0).stdout
        self.assertIn("share is " + hidden, taken)
        self.assertIn("said yes", taken)
        self.assertIn("praline share add " + hidden, taken)
        self.assertNotIn("said yes", node.cli("config", "set", "share", hidden, "--json", check=0).stdout)
        node.cli("share", "add", "--yes", hidden, check=0)
        self.settled(node, 2)
        self.assertNotIn("said yes", node.cli("config", "set", "share", hidden, check=0).stdout)
        node.stop()
        taken = node.cli("config", "set", "share", "/etc", hidden, check=0).stdout
        self.assertIn("praline share add /etc", taken)
        node.cli("config", "unset", "share", check=0)
        node.start()
        self.settled(node, 2)

    def test_a_path_that_is_not_utf8_survives_json_and_can_be_removed(self):
        folder = os.fsencode(self.folder) + b"/Caf\xe9"
        os.mkdir(folder)
        with open(folder + b"/viol\xe9t.mp3", "wb") as out:
            out.write(b"v" * 99)
        node = self.node("one")
        node.cli("share", "add", folder, check=0)
        library = self.settled(node, 1)
        name = library["folders"][0]["path"]
        self.assertTrue(name.startswith("file:///") and name.endswith("/Caf%E9"), name)
        self.assertIn("Caf%E9", node.cli("share", check=0).stdout)
        node.get("/settings")
        self.assertEqual(len(self.files(node)), 1)
        node.call("DELETE", "/library/folders?path=" + urllib.parse.quote(name))
        self.settled(node, 0)
        node.post("/library/folders", {"path": name})
        self.settled(node, 1)
        node.cli("share", "remove", folder, check=0)
        self.settled(node, 0)
        node.cli("share", "add", name, check=0)
        self.settled(node, 1)
        node.cli("share", "remove", name, check=0)
        self.settled(node, 0)

    def test_a_path_that_is_not_utf8_may_be_named_on_the_command_line(self):
        folder = os.fsencode(self.folder) + b"/Caf\xe9"
        os.mkdir(folder)
        with open(folder + b"/violet.mp3", "wb") as out:
            out.write(b"v" * 99)
        node = self.node("one", share=[folder])
        self.settled(node, 1)
        node.get("/settings")

    def test_what_is_left_out_is_counted_and_named(self):
        folder = self.make_folder("share", {"one.txt": b"1", ".hidden.txt": b"h", "...And Justice for All.mp3": b"j", "empty.txt": b""})
        os.symlink("/etc", os.path.join(folder, "link"))
        os.mkfifo(os.path.join(folder, "pipe"))
        node = self.node("one", share=[folder])
        self.settled(node, 2)
        self.assertIn("share/...And Justice for All.mp3", self.files(node))
        groups = eventually(lambda: node.get("/library")["folders"][0]["left_out"], "what is left out")
        self.assertEqual({group["reason"]: (group["count"], group["names"]) for group in groups},
                         {"hidden": (1, [".hidden.txt"]), "link": (1, ["link"]), "special": (1, ["pipe"]), "empty": (1, ["empty.txt"])})
        self.assertIn(".hidden.txt", node.cli("share", check=0).stdout)

    def test_a_content_that_changes_under_the_same_size_and_time_is_not_offered_under_its_old_hash(self):
        folder = self.make_folder("share", {"container.bin": bytes(70000)})
        path = os.path.join(folder, "container.bin")
        node = self.node("one", share=[folder])
        self.settled(node, 1)

        def change(content):
            stamp = os.stat(path)
            with open(path, "r+b") as out:
                out.write(content)
            os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

        def told():
            files = list(self.files(node).values())
            return len(files) == 1 and files[0]["urn"]
        change(b"changed")
        eventually(lambda: (told() or "").startswith(sha1_urn(path)) or sha1_urn(path).split(":")[-1] in (told() or ""), "the new hash")
        node.stop()
        change(b"again!!")
        node.start()
        eventually(lambda: sha1_urn(path).split(":")[-1] in (told() or ""), "the new hash after a restart")

    def test_a_renamed_folder_is_not_read_again(self):
        folder = self.make_folder("share/old name", {f"reel {i}.bin": random_bytes(4 * MIB, i) for i in range(4)})
        node = self.node("one", share=[os.path.dirname(folder)])
        self.settled(node, 4)
        before = self.bytes_read(node)
        os.rename(folder, os.path.join(os.path.dirname(folder), "new name"))
        eventually(lambda: len([path for path in self.files(node) if "/new name/" in path]) == 4, "the files under their new names")
        self.assertLess(self.bytes_read(node) - before, 4 * MIB)

    def test_a_disk_that_is_taken_out_and_put_back_is_not_read_again(self):
        if not may_mount():
            self.skipTest("mounting needs root")
        disk = self.make_folder("disk", {f"reel {i}.bin": random_bytes(4 * MIB, i) for i in range(4)})
        mount = os.path.join(self.folder, "mount")
        os.mkdir(mount)
        self.mount("--bind", disk, mount)
        node = self.node("one", share=[mount])
        self.settled(node, 4)
        self.unmount(mount)
        self.settled(node, 0)
        eventually(lambda: "empty now" in node.get("/library")["folders"][0]["problem"], "the empty folder to be called that")
        before = self.bytes_read(node)
        self.mount("--bind", disk, mount)
        self.settled(node, 4)
        self.assertLess(self.bytes_read(node) - before, 4 * MIB)
        eventually(lambda: node.get("/library")["folders"][0]["problem"] == "", "no problem any more")
        node.stop()

    def test_hashes_that_cannot_be_remembered_are_said_everywhere(self):
        if not may_mount():
            self.skipTest("mounting needs root")
        folder = self.make_folder("share", {"one.txt": b"1" * 99})
        data = os.path.join(self.folder, "one", "data")
        os.makedirs(data)
        self.mount("-t", "tmpfs", "-o", "size=16m", "praline-test", data)
        node = self.node("one", share=[folder])
        self.settled(node, 1)
        with open(data + "/fill", "wb", buffering=0) as fill:
            try:
                while True:
                    fill.write(bytes(MIB))
            except OSError:
                pass
        for number in range(300):
            with open(os.path.join(folder, f"{number}.txt"), "wb") as out:
                out.write(b"%d" % number * 200)
        self.settled(node, 301)
        self.assertIn("cannot be remembered", eventually(lambda: node.get("/library")["problem"], "the problem"))
        self.assertIn("cannot be remembered", node.status()["library_problem"])
        os.remove(data + "/fill")
        eventually(lambda: node.get("/library")["problem"] == "", "the hashes to be written once there is room")
        node.stop()


if __name__ == "__main__":
    unittest.main()
