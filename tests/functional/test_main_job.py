"""The main job on real input: five nodes in a line, found and fetched from one end to the other, every byte compared."""
import filecmp
import os
import random
import shutil
import unittest

from harness import NodeTest, eventually

FILES_MIN = 1000
BIG_BYTES = 1 << 30
BIG_NAME = "gigabyte of praline dough.bin"


def real_files(into, count):
    """Copies of files that every Debian machine has."""
    os.makedirs(into)
    taken = 0
    for top in ("/usr/share/doc", "/usr/share/perl", "/usr/include", "/usr/share/common-licenses", "/usr/lib/python3"):
        for folder, folders, names in os.walk(top):
            folders.sort()
            for name in sorted(names):
                source = os.path.join(folder, name)
                if name.startswith(".") or os.path.islink(source) or not 0 < os.path.getsize(source) < 1 << 20:
                    continue
                shutil.copyfile(source, os.path.join(into, f"{taken:05} {name}"))
                taken += 1
                if taken >= count:
                    return taken
    return taken


def big_file(path, size):
    """Bytes that do not compress and do not repeat, from a fixed seed."""
    generator = random.Random(20061121)
    with open(path, "wb") as out:
        for _ in range(size >> 20):
            out.write(generator.randbytes(1 << 20))


class LineTest(NodeTest):
    def line_of(self, count, far_share):
        nodes = []
        for number in range(count):
            share = [far_share] if number == count - 1 else []
            peers = [nodes[-1].address] if nodes else []
            # As many slots as a line needs: gossip would else join everybody to everybody.
            slots = str(1 if number in (0, count - 1) else 2)
            nodes.append(self.node(f"node{number}", "--max-ultrapeers", slots, mode="ultrapeer", share=share, peers=peers))
        for number, node in enumerate(nodes):
            node.wait_links(1 if number in (0, count - 1) else 2)
        return nodes


class MainJob(LineTest):
    def test_a_gibibyte_and_a_thousand_files_cross_a_line_of_five_nodes(self):
        share = os.path.join(self.folder, "share")
        self.assertGreaterEqual(real_files(share, FILES_MIN + 50), FILES_MIN)
        big_file(os.path.join(share, BIG_NAME), BIG_BYTES)
        nodes = self.line_of(5, share)
        near, far = nodes[0], nodes[-1]
        far.wait_shared(len(os.listdir(share)), 300)

        # The line is a line: nobody is connected to more than its two neighbours.
        self.assertEqual([node.links() for node in nodes], [1, 2, 2, 2, 1])

        found = near.find("gigabyte praline dough", lambda row: row["name"] == BIG_NAME)
        self.assertEqual(found["size_bytes"], BIG_BYTES)
        self.assertEqual(found["sources"][0]["address"], far.address)
        done = near.cli("download", "--json", "--wait", found["id"], check=0)
        big = eventually(lambda: [d for d in near.get("/downloads")["downloads"] if d["name"] == BIG_NAME], "the download")[0]
        self.assertEqual(big["state"], "completed", done.stdout)
        self.assertEqual(big["verified_bytes"], BIG_BYTES)
        self.assertTrue(filecmp.cmp(big["path"], os.path.join(share, BIG_NAME), shallow=False))

        names = sorted(os.listdir(share))
        for name in random.Random(7).sample([n for n in names if n != BIG_NAME], 5):
            row = near.find(os.path.splitext(name)[0], lambda one, name=name: one["name"] == name)
            finished = near.download(row["magnet"])
            self.assertEqual(finished["state"], "completed", finished["reason"])
            self.assertTrue(filecmp.cmp(finished["path"], os.path.join(share, name), shallow=False), name)

        # Queries were forwarded, not answered by a neighbour: the ones in the middle share nothing.
        self.assertGreater(nodes[2].status()["counters"]["queries_forwarded"], 0)

    def test_the_command_line_searches_and_downloads(self):
        share = self.make_folder("share", {"hazelnut recipe.txt": b"roast, sugar, grind\n" * 100})
        near, far = self.line_of(2, share)
        far.wait_shared(1)
        near.find("hazelnut recipe")
        found = near.cli("search", "--wait", "20", "--enough", "1", "--json", "hazelnut", "recipe", check=0)
        self.assertIn("hazelnut recipe.txt", found.stdout)
        near.cli("search", "--wait", "0.2", "--json", "nobody", "has", "this", check=4)
        row = near.find("hazelnut recipe")
        done = near.cli("download", "--wait", row["urn"], check=0)
        self.assertTrue(filecmp.cmp(done.stdout.strip(), os.path.join(share, "hazelnut recipe.txt"), shallow=False))

    def test_a_leaf_finds_and_is_found_through_its_ultrapeer(self):
        share = self.make_folder("share", {"cocoa butter handbook.txt": b"melt gently\n" * 50})
        middle = self.node("middle", mode="ultrapeer")
        far = self.node("far", mode="leaf", share=[share], peers=[middle.address])
        near = self.node("near", mode="leaf", peers=[middle.address])
        for leaf in (far, near):
            leaf.wait_links(1)
            self.assertEqual(leaf.status()["role"], "leaf")
        far.wait_shared(1)
        row = near.find("cocoa handbook")
        self.assertEqual(near.download(row["id"])["state"], "completed")
        # Without a matching word the ultrapeer keeps queries away from the leaf.
        before = far.status()["counters"]["queries_in"]
        search = near.post("/searches", {"text": "zzzunheardof words"})["id"]
        eventually(lambda: middle.status()["counters"]["queries_in"] >= 2, "the ultrapeer to see the query")
        self.assertEqual(near.get(f"/searches/{search}")["rows"], 0)
        self.assertEqual(far.status()["counters"]["queries_in"], before)


if __name__ == "__main__":
    unittest.main()
