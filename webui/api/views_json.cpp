#include "webui/api/views_json.hpp"

#include <boost/describe.hpp>

#include "webui/api/view_reader.hpp"

namespace praline::webui {

BOOST_DESCRIBE_STRUCT(PeerView, (),
                      (id, address, user_agent, direction, kind, compressed, query_routing, connected_seconds, bytes_in,
                       bytes_out, messages_in, messages_out, dropped_out))
BOOST_DESCRIBE_STRUCT(NamedPeerView, (), (name, address, state, problem))
BOOST_DESCRIBE_STRUCT(HopCount, (), (hops, hits))
BOOST_DESCRIBE_STRUCT(IndexView, (),
                      (configured, server, stand_by, round_trip_milliseconds, servers_known, fail_overs, replicas,
                       members, published, publisher, group_key, problem))
BOOST_DESCRIBE_STRUCT(IndexPriceView, (), (messages, bytes, milliseconds, files, more, problem))
BOOST_DESCRIBE_STRUCT(PriceView, (),
                      (messages, bytes, origins, origins_at_least, reach_about, estimates, cached_hits, hidden_hits,
                       excluded_hits, hits_by_hops, first_result_seconds, tenth_result_seconds, index))
BOOST_DESCRIBE_STRUCT(StrategyView, (), (name, explanation, heeds))
BOOST_DESCRIBE_STRUCT(BrowseView, (), (host, result, bytes, complete, problem))
BOOST_DESCRIBE_STRUCT(SearchView, (),
                      (id, text, open, state, strategy, parameters, age_seconds, revision, rows, hits, dropped,
                       saved_search, price, without, conditions, unasked, closes_in_seconds, browse))
BOOST_DESCRIBE_STRUCT(SourceView, (),
                      (address, name, vendor, push_needed, busy, hops, cached_seconds, indexed, browsable))
BOOST_DESCRIBE_STRUCT(ResultView, (),
                      (id, name, urn, magnet, kind, size_bytes, revision, sources, cached, in_library, download))
BOOST_DESCRIBE_STRUCT(HistoryView, (),
                      (id, text, strategy, parameters, started_at, lasted_seconds, interrupted, rows, hits, dropped,
                       saved_search, price))
BOOST_DESCRIBE_STRUCT(SavedSearchView, (),
                      (id, text, strategy, parameters, repeat_seconds, messages_per_run, messages_per_day, created_at,
                       next_at, last_at, runs, skips, last_skip, messages_today, results_known, new_results, search))
BOOST_DESCRIBE_STRUCT(DownloadSourceView, (),
                      (address, vendor, state, received_bytes, verified_bytes, failed_bytes, bytes_per_second,
                       latency_ms, next_try_seconds, trouble))
BOOST_DESCRIBE_STRUCT(DownloadView, (),
                      (id, name, urn, magnet, state, reason, size_bytes, received_bytes, verified_bytes,
                       bytes_per_second, slice_bytes, verified_map, sources, path, size_known, stalled_seconds,
                       next_try_seconds, source_details, priority, order, queue_place, directory, group, group_name,
                       below))
BOOST_DESCRIBE_STRUCT(DownloadsView, (), (revision, complete, downloads, removed))
BOOST_DESCRIBE_STRUCT(AddedDownload, (), (id, problem))
BOOST_DESCRIBE_STRUCT(AddedDownloads, (), (group, downloads))
BOOST_DESCRIBE_STRUCT(PartialView, (), (name, path, size_bytes, changed_at))
BOOST_DESCRIBE_STRUCT(UploadView, (), (address, user_agent, name, state, sent_bytes, range_bytes, bytes_per_second))
BOOST_DESCRIBE_STRUCT(LeftOutView, (), (reason, explanation, count, names))
BOOST_DESCRIBE_STRUCT(FolderView, (), (path, name, problem, files, bytes, from_config, needs_confirmation, left_out))
BOOST_DESCRIBE_STRUCT(PreviewView, (),
                      (path, verdict, reason, shared, files, bytes, complete, names, warnings, left_out))
BOOST_DESCRIBE_STRUCT(LibraryView, (),
                      (folders, scanning, watching, files_found, files_ready, files_waiting, bytes_ready, bytes_waiting,
                       files_failed, current, problem))
BOOST_DESCRIBE_STRUCT(SharedFileView, (), (index, path, name, urn, magnet, size_bytes))
BOOST_DESCRIBE_STRUCT(SettingView, (), (key, value, description, source, needs_restart, choices, list, values, problem))

BOOST_DESCRIBE_STRUCT(StatusView, (),
                      (version, mode, role, network, listen, data_directory, downloads_directory, user_agent,
                       servent_guid, uptime_seconds, links_to_ultrapeers, links_to_leaves, known_hosts, shared_files,
                       shared_bytes, files_waiting, library_problem, searches_open, downloads_active, uploads_active,
                       bytes_downloaded, bytes_uploaded, index, problems, counters))
BOOST_DESCRIBE_STRUCT(SearchParameters, (), (ttl, walkers, check_every, max_steps, state, results_wanted))
BOOST_DESCRIBE_STRUCT(ResultChanges, (), (revision, open, rows))
BOOST_DESCRIBE_STRUCT(ResultPage, (), (revision, open, total, matching, offset, kinds, rows))
BOOST_DESCRIBE_STRUCT(LoginLinkView, (), (link))
BOOST_DESCRIBE_STRUCT(ContentLinkView, (), (link, media_type, shown, expires_in_seconds))

void tag_invoke(boost::json::value_from_tag, boost::json::value& out, NamedCounts const& counts) {
    boost::json::object object;
    for (auto const& [name, count] : counts) object[name] = count;
    out = std::move(object);
}

/// By hand: what was left to the strategy is left out.
void tag_invoke(boost::json::value_from_tag, boost::json::value& out, SearchParameters const& p) {
    boost::json::object object;
    auto const add = [&](char const* name, auto const& value) {
        if (value) object[name] = *value;
    };
    add("ttl", p.ttl);
    add("walkers", p.walkers);
    add("check_every", p.check_every);
    add("max_steps", p.max_steps);
    add("state", p.state);
    add("results_wanted", p.results_wanted);
    out = std::move(object);
}

namespace {

template <class View>
boost::json::object described(View const& view) {
    return boost::json::value_from(view).as_object();
}

}  // namespace

boost::json::object to_json(StatusView const& view) { return described(view); }
boost::json::object to_json(PeerView const& view) { return described(view); }
boost::json::object to_json(SearchView const& view) { return described(view); }
boost::json::object to_json(StrategyView const& view) { return described(view); }
boost::json::object to_json(ResultView const& view) { return described(view); }
boost::json::object to_json(HistoryView const& view) { return described(view); }
boost::json::object to_json(SavedSearchView const& view) { return described(view); }

boost::json::object to_json(ResultPage const& view) { return described(view); }
boost::json::object to_json(ResultChanges const& view) { return described(view); }
boost::json::object to_json(DownloadView const& view) { return described(view); }
boost::json::object to_json(DownloadsView const& view) { return described(view); }
boost::json::object to_json(AddedDownloads const& view) { return described(view); }
boost::json::object to_json(PartialView const& view) { return described(view); }
boost::json::object to_json(UploadView const& view) { return described(view); }
boost::json::object to_json(LibraryView const& view) { return described(view); }
boost::json::object to_json(PreviewView const& view) { return described(view); }
boost::json::object to_json(SharedFileView const& view) { return described(view); }
boost::json::object to_json(NamedPeerView const& view) { return described(view); }
boost::json::object to_json(SettingView const& view) { return described(view); }
boost::json::object to_json(LoginLinkView const& view) { return described(view); }
boost::json::object to_json(ContentLinkView const& view) { return described(view); }

template <class View>
View from_json(boost::json::value const& answer) {
    return read_view<View>(answer);
}

template StatusView from_json(boost::json::value const&);
template SearchView from_json(boost::json::value const&);
template PeerView from_json(boost::json::value const&);
template HistoryView from_json(boost::json::value const&);
template SavedSearchView from_json(boost::json::value const&);
template ResultView from_json(boost::json::value const&);
template DownloadView from_json(boost::json::value const&);
template AddedDownloads from_json(boost::json::value const&);
template LibraryView from_json(boost::json::value const&);
template PreviewView from_json(boost::json::value const&);
template SharedFileView from_json(boost::json::value const&);
template LoginLinkView from_json(boost::json::value const&);
template ResultChanges from_json(boost::json::value const&);

boost::json::array const& list_in(boost::json::value const& answer, std::string_view name) {
    auto const* const object = answer.if_object();
    auto const* const list = object == nullptr ? nullptr : object->if_contains(name);
    if (list == nullptr || !list->is_array()) throw UnreadableAnswer{'"' + std::string{name} + "\" is missing"};
    return list->as_array();
}

template <class View>
std::vector<View> list_from_json(boost::json::value const& answer, std::string_view name) {
    std::vector<View> views;
    for (auto const& one : list_in(answer, name)) {
        PlaceInAnswer const list{nullptr, name};
        auto const item = views.size();
        ViewReader<View>::read(one, views.emplace_back(), PlaceInAnswer{&list, {}, item});
    }
    return views;
}

template std::vector<PeerView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<NamedPeerView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<SearchView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<HistoryView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<SavedSearchView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<DownloadView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<PartialView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<UploadView> list_from_json(boost::json::value const&, std::string_view);
template std::vector<SettingView> list_from_json(boost::json::value const&, std::string_view);

}  // namespace praline::webui
