"""What shells complete, with the scripts that the program prints."""
import shutil
import subprocess
import tempfile
import unittest

from harness import PRALINE

# The words of bash as they are split at the `=` of an option; the last one is completed.
BASH = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _praline; echo "${COMPREPLY[@]}"'


class Completion(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def script(self, shell):
        path = f"{self.folder.name}/praline.{shell}"
        with open(path, "wb") as file:
            file.write(subprocess.run([PRALINE, "completion", shell], stdout=subprocess.PIPE, check=True).stdout)
        return path

    def bash(self, *words):
        done = subprocess.run(["bash", "-c", BASH, "bash", self.script("bash"), "praline", *words], stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.split()

    def fish(self, line):
        command = f'source {self.script("fish")}; complete -C "{line}"'
        done = subprocess.run(["fish", "--no-config", "-c", command], stdout=subprocess.PIPE, text=True, check=True)
        return [row.split("\t")[0] for row in done.stdout.splitlines()]

    def test_bash_completes_commands_options_and_their_values(self):
        self.assertIn("save", self.bash("searches", "s"))
        self.assertEqual(self.bash("search", "--strat"), ["--strategy"])
        self.assertEqual(self.bash("downloads", "set", "7", "--move", "l"), ["later", "last"])

    def test_bash_completes_a_value_behind_an_equals_sign(self):
        self.assertEqual(self.bash("downloads", "set", "7", "--move", "=", "l"), ["later", "last"])
        self.assertEqual(self.bash("downloads", "set", "7", "--move", "="), ["first", "earlier", "later", "last"])
        self.assertEqual(self.bash("search", "--wait", "=", "5", "--strat"), ["--strategy"])

    def test_a_value_of_an_option_is_no_command(self):
        for words in (("--data", "search", "searches", ""), ("--data", "=", "search", "searches", "")):
            self.assertIn("history", self.bash(*words))
        self.assertIn("share", self.bash("--data", "search", ""))
        self.assertNotIn("--strategy", self.bash("--data", "search", "--"))
        if shutil.which("fish"):
            self.assertIn("history", self.fish("praline --data search searches "))
            self.assertIn("share", self.fish("praline --data search "))
        if shutil.which("zsh"):
            subprocess.run(["zsh", "-n", self.script("zsh")], check=True)


if __name__ == "__main__":
    unittest.main()
