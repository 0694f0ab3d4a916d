"""Monitors read /healthz and /metrics of nodes and index servers; the dashboard asks for figures that there are."""
import json
import os
import re
import unittest
import urllib.error
import urllib.request

from harness import read_text
from index_harness import IndexTest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def ask(server, path, token=None):
    request = urllib.request.Request(f"http://{server.api}{path}", headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


class Monitoring(IndexTest):
    def test_health_needs_no_token_and_figures_do(self):
        for server in (self.node("one"), self.index("index")):
            self.assertEqual(ask(server, "/healthz"), (200, "ok\n"))
            self.assertEqual(ask(server, "/metrics")[0], 401)
            self.assertEqual(ask(server, "/healthy")[0], 404)
            self.assertRegex(ask(server, "/metrics", server.token)[1], r"\npraline_(node|index)_uptime_seconds [0-9.]+\n")

    def test_the_dashboard_names_only_figures_that_there_are(self):
        texts = [ask(server, "/metrics", server.token)[1] for server in (self.node("one"), self.index("index"))]
        known = set(re.findall(r"^# TYPE (\S+)", "".join(texts), re.M))
        summaries = set(re.findall(r"^# TYPE (\S+) summary", "".join(texts), re.M))
        known |= {name + suffix for name in summaries for suffix in ("_sum", "_count")}
        dashboard = json.loads(read_text(os.path.join(ROOT, "tools/packaging/grafana-dashboard.json")))
        asked = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
        asked += [variable["query"] for variable in dashboard["templating"]["list"]]
        named = set(re.findall(r"praline_[a-z_]+", " ".join(asked)))
        self.assertGreater(len(named), 20)
        self.assertEqual(named - known, set())


if __name__ == "__main__":
    unittest.main()
