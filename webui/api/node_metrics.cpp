#include "webui/api/node_metrics.hpp"

#include "webui/api/exposition.hpp"

namespace praline::webui {
namespace {

double as_number(std::uint64_t value) { return static_cast<double>(value); }

void add_index(Exposition& out, IndexView const& index) {
    out.gauge("index_configured", "1: index servers are named in the settings.", index.configured ? 1 : 0);
    out.gauge("index_signed_in", "1: signed in to an index server.", index.server.empty() ? 0 : 1);
    out.gauge("index_published", "1: all that is shared has been published.", index.published ? 1 : 0);
    out.gauge("index_replicas", "Index servers that hold what is shared.", as_number(index.replicas));
    out.gauge("index_members", "Index servers of the group.", as_number(index.members));
    out.counter("index_fail_overs_total", "Changes to another index server.", index.fail_overs);
}

}  // namespace

std::string prometheus_text(StatusView const& status) {
    Exposition out{"praline_node_"};
    out.family("info", "gauge", "Which node this is.");
    out.sample(
        "1",
        {{"version", status.version}, {"address", status.listen}, {"role", status.role}, {"network", status.network}});
    out.gauge("uptime_seconds", "Time since the start.", status.uptime_seconds);
    out.gauge("problems", "What its user should know: as many sentences.", as_number(status.problems.size()));
    out.family("links", "gauge", "Links to neighbours.");
    out.sample(std::to_string(status.links_to_ultrapeers), {{"to", "ultrapeer"}});
    out.sample(std::to_string(status.links_to_leaves), {{"to", "leaf"}});
    out.gauge("known_hosts", "Hosts that it could connect to.", as_number(status.known_hosts));
    out.gauge("shared_files", "Files that are shared.", as_number(status.shared_files));
    out.gauge("shared_bytes", "Their size.", as_number(status.shared_bytes));
    out.gauge("files_waiting", "Files that wait to be hashed.", as_number(status.files_waiting));
    out.gauge("searches_open", "Searches that take results.", as_number(status.searches_open));
    out.gauge("downloads_active", "Downloads that fetch or try to.", as_number(status.downloads_active));
    out.gauge("uploads_active", "Upload slots in use.", as_number(status.uploads_active));
    out.counter("downloaded_bytes_total", "Bytes of files received.", status.bytes_downloaded);
    out.counter("uploaded_bytes_total", "Bytes of files sent.", status.bytes_uploaded);
    add_index(out, status.index);
    for (auto const& [name, value] : status.counters)
        out.counter(name + "_total", "Counter " + name + " of `GET /api/v1/status`, since the start.", value);
    return out.take();
}

}  // namespace praline::webui
