#include <boost/describe.hpp>
#include <boost/json.hpp>

#include "index/server/server_identity.hpp"
#include "webui/api/view_reader.hpp"
#include "webui/index/index_views.hpp"

namespace praline::webui {

BOOST_DESCRIBE_STRUCT(LatencyView, (), (count, per_second, p50_ms, p90_ms, p99_ms, max_ms))
BOOST_DESCRIBE_STRUCT(CatalogueView, (), (publishers, files, entries, disk_bytes, waiting))
BOOST_DESCRIBE_STRUCT(IndexMemberView, (),
                      (id, address, load, direct, by_way_of, suspected, silent_seconds, writes_missing, acks_missing,
                       same, differing, compared_seconds_ago))
BOOST_DESCRIBE_STRUCT(IndexServerView, (),
                      (version, server, incarnation, address, load, group_key, uptime_seconds, answers_alone, draining,
                       sessions, publishers_here, publishers, digest, catalogue, members, searches, searches_waiting,
                       writes, counters, problem))

namespace {

using namespace index;
using namespace index::server;
using index::replica::MemberView;

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }
double milliseconds(double us) { return us / 1000.0; }

LatencyView view_of(Latency const& latency, double per_second) {
    return {latency.count,
            per_second,
            milliseconds(latency.p50_us),
            milliseconds(latency.p90_us),
            milliseconds(latency.p99_us),
            milliseconds(latency.max_us)};
}

IndexMemberView view_of(MemberView const& member) {
    IndexMemberView view;
    view.id = id_text(member.member.id);
    view.address = member.member.endpoint.text();
    view.load = member.member.load;
    view.direct = member.direct;
    if (member.by_way_of) view.by_way_of = id_text(*member.by_way_of);
    view.suspected = member.suspected;
    view.silent_seconds = seconds(member.silent);
    view.writes_missing = member.writes_missing;
    view.acks_missing = member.acks_missing;
    view.same = member.same;
    view.differing = member.differing;
    view.compared_seconds_ago = seconds(member.compared_ago);
    return view;
}

IndexServerView view_of(ServerStatus const& status, std::string const& version) {
    IndexServerView view;
    view.version = version;
    view.server = id_text(status.self.id);
    view.incarnation = status.self.incarnation;
    view.address = status.self.endpoint.text();
    view.load = status.self.load;
    view.group_key = status.group_key;
    view.uptime_seconds = status.uptime_seconds;
    view.answers_alone = status.answers_alone;
    view.draining = status.draining;
    view.sessions = status.sessions;
    view.publishers_here = status.publishers_here;
    view.publishers = status.publishers;
    view.digest = status.digest;
    view.catalogue = {status.catalogue.publishers, status.catalogue.files, status.catalogue.entries,
                      status.catalogue.disk_bytes, status.catalogue_waiting};
    for (MemberView const& member : status.members) view.members.push_back(view_of(member));
    view.searches = view_of(status.searches, status.searches_per_second);
    view.searches_waiting = status.searches_waiting;
    view.writes = view_of(status.writes, status.writes_per_second);
    view.counters = status.counters;
    view.problem = status.problem;
    return view;
}

}  // namespace

boost::json::object to_json(index::server::ServerStatus const& status, std::string const& version) {
    return boost::json::value_from(view_of(status, version)).as_object();
}

IndexServerView index_server_from_json(boost::json::value const& answer) { return read_view<IndexServerView>(answer); }

}  // namespace praline::webui
