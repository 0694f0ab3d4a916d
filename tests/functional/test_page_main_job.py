"""The main job again, as people do it: through the page of a real node, in a real browser."""
import filecmp
import os
import subprocess
import unittest

from test_main_job import BIG_BYTES, BIG_NAME, FILES_MIN, LineTest, big_file, real_files

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAIN_JOB = os.path.join(ROOT, "tests", "browser", "main_job.mjs")


class PageMainJob(LineTest):
    def test_from_login_to_a_finished_gibibyte_through_the_page(self):
        share = os.path.join(self.folder, "share")
        self.assertGreaterEqual(real_files(share, FILES_MIN), FILES_MIN)
        big_file(os.path.join(share, BIG_NAME), BIG_BYTES)
        nodes = self.line_of(5, share)
        nodes[-1].wait_shared(FILES_MIN + 1, 300)
        done = subprocess.run(["node", MAIN_JOB], capture_output=True, text=True, timeout=600, env=dict(
            os.environ, PRALINE_LOGIN_LINK=nodes[0].login_link, PRALINE_QUERY="gigabyte praline", PRALINE_EXPECT_NAME=BIG_NAME))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        path = next(line[6:] for line in done.stdout.split("\n") if line.startswith("path: "))
        self.assertTrue(filecmp.cmp(path, os.path.join(share, BIG_NAME), shallow=False))


if __name__ == "__main__":
    unittest.main()
