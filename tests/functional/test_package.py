"""The Debian package: what it puts where, that its units are confined, and that its program does the main job from there."""
import glob
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import NodeTest, read_text

BUILD = os.path.dirname(harness.PRALINE)
MISSING = [program for program in ("cpack", "dpkg-deb", "dpkg-shlibdeps") if not shutil.which(program)]


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **more)


@unittest.skipIf(MISSING or not os.path.exists(os.path.join(BUILD, "CPackConfig.cmake")), f"missing: {MISSING or 'CPackConfig.cmake'}")
class Package(NodeTest):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.work)
        made = run("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", cls.work, "-D", f"CPACK_OUTPUT_FILE_PREFIX={cls.work}")
        packages = glob.glob(os.path.join(cls.work, "praline_*.deb"))
        if made.returncode or not packages:
            raise AssertionError(made.stdout + made.stderr)
        cls.package, cls.root = packages[0], os.path.join(cls.work, "root")
        subprocess.run(["dpkg-deb", "-x", cls.package, cls.root], check=True, timeout=120)
        built, harness.PRALINE = harness.PRALINE, os.path.join(cls.root, "usr/bin/praline")
        cls.addClassCleanup(setattr, harness, "PRALINE", built)

    def path(self, name):
        return os.path.join(self.root, name)

    def test_it_depends_on_the_libraries_that_it_needs(self):
        control = run("dpkg-deb", "-f", self.package).stdout
        self.assertRegex(control, r"(?m)^Depends: .*libsqlite3-0")
        self.assertRegex(control, r"(?m)^Package: praline$")

    def test_files_are_in_their_places(self):
        for name in ("usr/share/doc/praline/copyright", "usr/share/doc/praline/changelog.gz", "usr/share/zsh/vendor-completions/_praline",
                     "usr/share/fish/vendor_completions.d/praline.fish", "usr/share/doc/praline/grafana-dashboard.json"):
            self.assertTrue(os.path.isfile(self.path(name)), name)
        commands = re.findall(r"(?m)^  ([a-z]+) ", run(harness.PRALINE, "--help").stdout.split("Commands:")[1].split("Options")[0])
        self.assertIn("search", commands)
        for page in ["praline", *(f"praline-{command}" for command in commands)]:
            with gzip.open(self.path(f"usr/share/man/man1/{page}.1.gz"), "rt") as text:
                self.assertIn(".SH NAME\n", text.read())

    def test_bash_completes_commands_options_and_values(self):
        def completed(*words):
            script = f"""source '{self.path("usr/share/bash-completion/completions/praline")}'
                COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _praline; printf '%s\\n' "${{COMPREPLY[@]}}\""""
            return run("bash", "-c", script, "bash", "praline", *words).stdout.split()
        self.assertEqual(completed("dow"), ["download", "downloads"])
        self.assertEqual(completed("search", "--st"), ["--strategy"])
        self.assertEqual(completed("search", "angel", "--strategy", "exp"), ["expanding-ring"])
        self.assertEqual(completed("--json", "downloads", "p"), ["pause"])
        self.assertEqual(completed("config", "set", "upload_l"), ["upload_limit"])

    def test_units_start_the_installed_program_and_are_confined(self):
        for unit in ("system/praline.service", "user/praline.service", "system/praline-index.service"):
            self.assertRegex(read_text(self.path(f"usr/lib/systemd/{unit}")), r"(?m)^ExecStart=/usr/bin/praline ")
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not there")
        for unit in ("praline.service", "praline-index.service"):
            done = run("systemd-analyze", "security", "--offline=true", "--threshold=20", self.path(f"usr/lib/systemd/system/{unit}"))
            self.assertEqual(done.returncode, 0, done.stdout[-500:] + done.stderr)

    def test_two_nodes_share_search_and_download(self):
        content = os.urandom(1 << 20)
        far = self.node("far", mode="ultrapeer", share=[self.make_folder("share", {"almond brittle.bin": content})])
        near = self.node("near", mode="ultrapeer", peers=[far.address])
        self.assertEqual(os.readlink(f"/proc/{near.process.pid}/exe"), os.path.realpath(harness.PRALINE))
        near.wait_links(1)
        far.wait_shared(1)
        row = near.find("almond")
        path = near.cli("download", row["id"], "--wait", check=0).stdout.strip()
        with open(path, "rb") as file:
            self.assertEqual(file.read(), content)


if __name__ == "__main__":
    unittest.main()
