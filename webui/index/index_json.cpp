#include <boost/json.hpp>

#include "index/server/server_identity.hpp"
#include "webui/index/index_views.hpp"

namespace praline::webui {
namespace json = boost::json;
using namespace index;
using namespace index::server;
using index::replica::MemberView;

namespace {

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }
double milliseconds(double us) { return us / 1000.0; }

json::object latency_json(Latency const& latency, double per_second) {
    return {{"count", latency.count},
            {"per_second", per_second},
            {"p50_ms", milliseconds(latency.p50_us)},
            {"p90_ms", milliseconds(latency.p90_us)},
            {"p99_ms", milliseconds(latency.p99_us)},
            {"max_ms", milliseconds(latency.max_us)}};
}

json::object member_json(MemberView const& view) {
    json::object object{{"id", id_text(view.member.id)},
                        {"address", view.member.endpoint.text()},
                        {"load", view.member.load},
                        {"direct", view.direct},
                        {"by_way_of", view.by_way_of ? json::value(id_text(*view.by_way_of)) : json::value(nullptr)},
                        {"suspected", view.suspected},
                        {"silent_seconds", seconds(view.silent)},
                        {"writes_missing", view.writes_missing},
                        {"acks_missing", view.acks_missing},
                        {"same", view.same},
                        {"differing", view.differing},
                        {"compared_seconds_ago", seconds(view.compared_ago)}};
    return object;
}

}  // namespace

json::object to_json(ServerStatus const& status, std::string const& version) {
    json::array members;
    for (MemberView const& view : status.members) members.push_back(member_json(view));
    json::object counters;
    for (auto const& [name, value] : status.counters) counters[name] = value;
    return {{"version", version},
            {"server", id_text(status.self.id)},
            {"incarnation", status.self.incarnation},
            {"address", status.self.endpoint.text()},
            {"load", status.self.load},
            {"group_key", status.group_key},
            {"uptime_seconds", status.uptime_seconds},
            {"answers_alone", status.answers_alone},
            {"draining", status.draining},
            {"sessions", status.sessions},
            {"publishers_here", status.publishers_here},
            {"publishers", status.publishers},
            {"digest", status.digest},
            {"catalogue", json::object{{"publishers", status.catalogue.publishers},
                                       {"files", status.catalogue.files},
                                       {"entries", status.catalogue.entries},
                                       {"disk_bytes", status.catalogue.disk_octets},
                                       {"waiting", status.catalogue_waiting}}},
            {"members", std::move(members)},
            {"searches", latency_json(status.searches, status.searches_per_second)},
            {"searches_waiting", status.searches_waiting},
            {"writes", latency_json(status.writes, status.writes_per_second)},
            {"counters", std::move(counters)},
            {"problem", status.problem}};
}

}  // namespace praline::webui
