#include "webui/api/views_json.hpp"

#include <boost/describe.hpp>

namespace praline::webui {

BOOST_DESCRIBE_STRUCT(PeerView, (), (id, address, user_agent, direction, kind, compressed, query_routing,
                                     connected_seconds, bytes_in, bytes_out, messages_in, messages_out, dropped_out))
BOOST_DESCRIBE_STRUCT(SearchView, (), (id, text, open, age_seconds, revision, rows, hits, dropped))
BOOST_DESCRIBE_STRUCT(SourceView, (), (address, name, vendor, push_needed, busy, hops))
BOOST_DESCRIBE_STRUCT(ResultView, (), (id, name, urn, magnet, kind, size_bytes, revision, sources, in_library, download))
BOOST_DESCRIBE_STRUCT(DownloadView, (), (id, name, urn, magnet, state, reason, size_bytes, received_bytes,
                                         verified_bytes, bytes_per_second, slice_bytes, verified_map, sources, path))
BOOST_DESCRIBE_STRUCT(UploadView, (), (address, user_agent, name, sent_bytes, range_bytes, bytes_per_second))
BOOST_DESCRIBE_STRUCT(FolderView, (), (path, name, problem, files, bytes))
BOOST_DESCRIBE_STRUCT(LibraryView, (), (folders, scanning, watching, files_found, files_ready, files_waiting,
                                        bytes_ready, bytes_waiting, files_failed, current))
BOOST_DESCRIBE_STRUCT(SharedFileView, (), (index, path, name, urn, magnet, size_bytes))
BOOST_DESCRIBE_STRUCT(SettingView, (), (key, value, description, source, needs_restart))

namespace {

template <class View>
boost::json::object described(View const& view) {
    return boost::json::value_from(view).as_object();
}

}  // namespace

/// By hand: it has too many fields for one macro line, and `counters` is an object, not a list of pairs.
boost::json::object to_json(StatusView const& view) {
    boost::json::object counters;
    for (auto const& [name, count] : view.counters) counters[name] = count;
    return {{"version", view.version},
            {"mode", view.mode},
            {"role", view.role},
            {"network", view.network},
            {"listen", view.listen},
            {"data_directory", view.data_directory},
            {"downloads_directory", view.downloads_directory},
            {"user_agent", view.user_agent},
            {"servent_guid", view.servent_guid},
            {"uptime_seconds", view.uptime_seconds},
            {"links_to_ultrapeers", view.links_to_ultrapeers},
            {"links_to_leaves", view.links_to_leaves},
            {"known_hosts", view.known_hosts},
            {"shared_files", view.shared_files},
            {"shared_bytes", view.shared_bytes},
            {"files_waiting", view.files_waiting},
            {"searches_open", view.searches_open},
            {"downloads_active", view.downloads_active},
            {"uploads_active", view.uploads_active},
            {"bytes_downloaded", view.bytes_downloaded},
            {"bytes_uploaded", view.bytes_uploaded},
            {"counters", std::move(counters)}};
}

boost::json::object to_json(PeerView const& view) { return described(view); }
boost::json::object to_json(SearchView const& view) { return described(view); }
boost::json::object to_json(ResultView const& view) { return described(view); }
boost::json::object to_json(DownloadView const& view) { return described(view); }
boost::json::object to_json(UploadView const& view) { return described(view); }
boost::json::object to_json(LibraryView const& view) { return described(view); }
boost::json::object to_json(SharedFileView const& view) { return described(view); }
boost::json::object to_json(SettingView const& view) { return described(view); }

}  // namespace praline::webui
