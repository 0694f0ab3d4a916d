"""Pull the cable: killed nodes, full disks, changed files, two nodes on one directory."""
import filecmp
import os
import shutil
import subprocess
import unittest

from harness import PRALINE, NodeTest, eventually, random_bytes, read_text

MIB = 1 << 20


class Robustness(NodeTest):
    def pair(self, share, **near_options):
        far = self.node("far", mode="ultrapeer", share=[share])
        near = self.node("near", mode="ultrapeer", peers=[far.address], **near_options)
        near.wait_links(1)
        far.wait_shared(1, 120)
        return near, far

    def test_a_download_goes_on_after_kill_9_without_fetching_verified_slices_again(self):
        size = 400 * MIB
        share = self.make_folder("share", {"slab.bin": random_bytes(size, 1)})
        near, far = self.pair(share)
        row = near.find("slab")
        id = near.post("/downloads", {"what": row["magnet"] + "&xs=http://" + far.address + "/uri-res/N2R"})["id"]
        seen = eventually(lambda: next((d["verified_bytes"] for d in [near.get(f"/downloads/{id}")]
                                        if d["verified_bytes"] > size // 5 or d["state"] == "completed"), 0), "a fifth of the file")
        near.kill()
        near.start()
        if near.get(f"/downloads/{id}")["state"] == "completed":
            self.skipTest("the machine was too fast: the file was complete before the kill")
        done = near.wait_download(id)
        self.assertEqual(done["state"], "completed", done["reason"])
        self.assertTrue(filecmp.cmp(done["path"], os.path.join(share, "slab.bin"), shallow=False))
        fetched = near.status()["bytes_downloaded"]
        self.assertLessEqual(fetched, size - seen + 4 * MIB, "what was verified before the kill is not fetched again")

    def test_a_second_node_on_the_same_directory_is_refused_with_a_sentence(self):
        node = self.node("one")
        second = subprocess.run([PRALINE, "node", "--data", node.data, "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0"],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn("Another Praline node is running on the data directory", second.stderr)
        self.assertEqual(node.status()["mode"], "auto")

    def test_hosts_are_remembered_over_a_restart(self):
        far = self.node("far", mode="ultrapeer")
        near = self.node("near", mode="ultrapeer", peers=[far.address])
        near.wait_links(1)
        near.stop()
        self.assertIn(far.address, near.cli("peers", "--known", "--json", check=0).stdout)
        near.command = [word for word in near.command if word not in ("--peer", far.address)]
        near.start()
        near.wait_links(1)

    def test_a_named_peer_that_does_not_answer_is_forgotten(self):
        node = self.node("one", peers=["127.0.0.1:1"])
        self.assertNotEqual(node.cli("peers", "--connect", "127.0.0.1:2").returncode, 0)
        names = lambda: [peer["name"] for peer in node.get("/peers")["named"]]
        self.assertEqual(names(), ["127.0.0.1:1", "127.0.0.1:2"])
        self.assertNotIn("127.0.0.1:2", node.cli("peers", "--forget", " 127.0.0.1:2 ", check=0).stdout)
        self.assertEqual(names(), ["127.0.0.1:1"])
        again = node.cli("peers", "--forget", "127.0.0.1:2", check=1)
        self.assertIn("No peer is named 127.0.0.1:2.", again.stderr)
        node.cli("peers", "--forget", "127.0.0.1:1", check=0)
        self.assertEqual(names(), [])

    def test_a_node_that_knows_nobody_contacts_nobody(self):
        node = self.node("one")
        node.post("/searches", {"text": "is anybody there"})
        self.assertEqual(node.get("/peers")["peers"], [])
        # Its only sockets with another end are those of our own questions to its API.
        api = "%04X" % int(node.api.rsplit(":", 1)[1])
        inodes = {os.readlink(f"/proc/{node.process.pid}/fd/{fd}")[8:-1] for fd in os.listdir(f"/proc/{node.process.pid}/fd")
                  if os.readlink(f"/proc/{node.process.pid}/fd/{fd}").startswith("socket:")}
        rows = [line.split() for table in ("tcp", "udp") for line in read_text(f"/proc/{node.process.pid}/net/{table}").split("\n")[1:] if line]
        mine = [row for row in rows if row[9] in inodes]
        self.assertGreaterEqual(len(mine), 3)
        for row in mine:
            self.assertTrue(row[2] == "00000000:0000" or row[1].endswith(":" + api), row)

    def test_a_taken_port_is_refused_with_a_sentence(self):
        node = self.node("one")
        second = subprocess.run([PRALINE, "node", "--data", os.path.join(self.folder, "two"), "--listen", node.address, "--api", "127.0.0.1:0"],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn(f"Another program already listens at {node.address}. It was given on the command line (--listen).", second.stderr)
        third = subprocess.run([PRALINE, "node", "--data", os.path.join(self.folder, "three"), "--listen", "127.0.0.1:0", "--api", node.api],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(third.returncode, 1)
        self.assertIn(f"Another program already listens at {node.api}. It was given on the command line (--api).", third.stderr)

    def test_a_full_disk_pauses_a_download_and_room_lets_it_go_on(self):
        if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
            self.skipTest("a file system of its own needs root and mount namespaces")
        size = 60 * MIB
        share = self.make_folder("share", {"slab.bin": random_bytes(size, 2)})
        small = os.path.join(self.folder, "small")
        os.makedirs(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "praline-test", small], capture_output=True).returncode != 0:
            self.skipTest("tmpfs cannot be mounted here")
        self.addCleanup(lambda: subprocess.run(["umount", "-l", small], check=True))
        far = self.node("far", mode="ultrapeer", share=[share])
        near = self.node("small", mode="ultrapeer", peers=[far.address])
        near.wait_links(1)
        far.wait_shared(1)
        id = near.post("/downloads", {"what": near.find("slab")["id"]})["id"]
        waiting = near.wait_download(id, states=("waiting", "completed", "failed"))
        self.assertEqual(waiting["state"], "waiting", waiting["reason"])
        self.assertIn("full", waiting["reason"])
        before = near.get(f"/downloads/{id}")["verified_bytes"]
        subprocess.run(["mount", "-o", "remount,size=200m", small], check=True)
        done = near.wait_download(id)
        self.assertEqual(done["state"], "completed", done["reason"])
        self.assertGreater(before, 0)
        self.assertTrue(filecmp.cmp(done["path"], os.path.join(share, "slab.bin"), shallow=False))
        near.stop()
        shutil.rmtree(near.data)

    def test_a_file_that_changes_is_offered_under_its_new_name_only(self):
        share = self.make_folder("share", {"truffle one.txt": b"first\n" * 1000})
        near, far = self.pair(share)
        old = near.find("truffle one")
        with open(os.path.join(share, "truffle one.txt"), "wb") as out:
            out.write(b"second, and longer\n" * 1000)
        changed = near.find("truffle one", lambda row: row["urn"] != old["urn"])
        done = near.download(changed["id"])
        self.assertEqual(done["state"], "completed", done["reason"])
        self.assertTrue(filecmp.cmp(done["path"], os.path.join(share, "truffle one.txt"), shallow=False))

    def test_new_and_deleted_files_are_noticed_and_hashes_are_remembered(self):
        share = self.make_folder("share", {"nougat.txt": b"n" * 5000})
        node = self.node("one", mode="ultrapeer", share=[share])
        node.wait_shared(1)
        with open(os.path.join(share, "marzipan.txt"), "wb") as out:
            out.write(b"m" * 5000)
        node.wait_shared(2)
        os.remove(os.path.join(share, "nougat.txt"))
        eventually(lambda: node.status()["shared_files"] == 1, "the deleted file to vanish")
        node.stop()
        node.start()
        node.wait_shared(1)
        files = node.get("/library/files?offset=0&limit=10&filter=")["files"]
        self.assertEqual([file["name"] for file in files], ["marzipan.txt"])

    def test_files_of_the_same_name_do_not_overwrite_each_other(self):
        first = self.make_folder("a", {"same name.txt": b"one\n" * 500})
        second = self.make_folder("b", {"same name.txt": b"two\n" * 500})
        far = self.node("far", mode="ultrapeer", share=[first, second])
        near = self.node("near", mode="ultrapeer", peers=[far.address])
        near.wait_links(1)
        far.wait_shared(2)
        near.find("same name")
        search = near.post("/searches", {"text": "same name"})["id"]
        rows = eventually(lambda: (lambda r: r if len(r) == 2 else None)(near.get(f"/searches/{search}/results?since=0&limit=10")["rows"]), "both rows")
        paths = {near.download(row["id"])["path"] for row in rows}
        self.assertEqual(len(paths), 2)
        self.assertEqual({read_text(path)[:3] for path in paths}, {"one", "two"})
        for path in paths:
            self.assertEqual(os.path.dirname(path), os.path.join(near.data, "downloads"))


if __name__ == "__main__":
    unittest.main()
