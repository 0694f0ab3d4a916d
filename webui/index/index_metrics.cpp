#include <string_view>
#include <vector>

#include "index/server/server_identity.hpp"
#include "webui/api/exposition.hpp"
#include "webui/index/index_views.hpp"

namespace praline::webui {
using namespace index;
using namespace index::server;
using index::replica::MemberView;

namespace {

void add_summary(Exposition& out, std::string_view name, std::string_view help, Latency const& latency) {
    constexpr double us = 1e6;
    out.family(name, "summary", help);
    out.sample(number_text(latency.p50_us / us), {{"quantile", "0.5"}});
    out.sample(number_text(latency.p90_us / us), {{"quantile", "0.9"}});
    out.sample(number_text(latency.p99_us / us), {{"quantile", "0.99"}});
    out.sample(number_text(latency.sum_us / us), {}, "_sum");
    out.sample(std::to_string(latency.count), {}, "_count");
}

/// One sample a member.
template <class Value>
void add_gauge(Exposition& out, std::vector<MemberView> const& all, std::string_view name, std::string_view help,
               Value value) {
    out.family(name, "gauge", help);
    for (MemberView const& one : all)
        out.sample(number_text(value(one)),
                   {{"member", id_text(one.member.id)}, {"address", one.member.endpoint.text()}});
}

double seconds_of(Duration time) { return std::chrono::duration<double>(time).count(); }

void add_members(Exposition& out, std::vector<MemberView> const& members) {
    add_gauge(out, members, "member_direct", "1: over a link of its own; 0: by way of another server, or not at all.",
              [](MemberView const& m) { return m.direct ? 1.0 : 0.0; });
    add_gauge(out, members, "member_suspected", "1: silent for too long, writes do not wait for it.",
              [](MemberView const& m) { return m.suspected ? 1.0 : 0.0; });
    add_gauge(out, members, "member_silent_seconds", "Time since it was heard.",
              [](MemberView const& m) { return seconds_of(m.silent); });
    add_gauge(out, members, "member_writes_missing", "Its writes that have not come here: our lag behind it.",
              [](MemberView const& m) { return static_cast<double>(m.writes_missing); });
    add_gauge(out, members, "member_acks_missing", "Our writes that it has not acknowledged: its lag behind us.",
              [](MemberView const& m) { return static_cast<double>(m.acks_missing); });
    add_gauge(out, members, "member_same", "1: the last comparison found no difference.",
              [](MemberView const& m) { return m.same ? 1.0 : 0.0; });
    add_gauge(out, members, "member_differing_publishers", "Publishers in which the last comparison differed.",
              [](MemberView const& m) { return static_cast<double>(m.differing); });
    add_gauge(out, members, "member_compared_seconds", "Time since the last comparison.",
              [](MemberView const& m) { return seconds_of(m.compared_ago); });
}

}  // namespace

std::string prometheus_text(ServerStatus const& status, std::string const& version) {
    Exposition out{"praline_index_"};
    out.family("info", "gauge", "Who this server is.");
    out.sample("1",
               {{"server", id_text(status.self.id)}, {"address", status.self.endpoint.text()}, {"version", version}});
    out.gauge("uptime_seconds", "Time since the start.", status.uptime_seconds);
    out.gauge("answers_alone", "0: young, another server is asked too.", status.answers_alone ? 1 : 0);
    out.gauge("draining", "1: about to leave the group.", status.draining ? 1 : 0);
    out.gauge("problem", "1: something is wrong; the status says what.", status.problem.empty() ? 0 : 1);
    out.gauge("load_ratio", "0 idle, 1 full.", status.self.load / 255.0);
    out.gauge("sessions", "Connected nodes.", static_cast<double>(status.sessions));
    out.gauge("publishers_here", "Nodes that are signed in here.", static_cast<double>(status.publishers_here));
    out.gauge("publishers", "Publishers known, of the whole group.", static_cast<double>(status.publishers));
    out.gauge("catalogue_files", "Different files.", static_cast<double>(status.catalogue.files));
    out.gauge("catalogue_entries", "Files times publishers.", static_cast<double>(status.catalogue.entries));
    out.gauge("catalogue_disk_bytes", "Of the catalogue's file.", static_cast<double>(status.catalogue.disk_bytes));
    out.gauge("catalogue_waiting", "Changes that wait to be written.", static_cast<double>(status.catalogue_waiting));
    out.gauge("searches_waiting", "Searches that wait for a thread.", static_cast<double>(status.searches_waiting));
    add_summary(out, "search_seconds", "From a node's question to the answer; quantiles of the last 4096.",
                status.searches);
    add_summary(out, "write_seconds", "From a node's change to its being at all servers; quantiles of the last 4096.",
                status.writes);
    add_members(out, status.members);
    for (auto const& [name, value] : status.counters) {
        out.counter(name + "_total", "Counter " + name + " of `GET /api/v1/index/status`, since the start.", value);
    }
    return out.take();
}

}  // namespace praline::webui
