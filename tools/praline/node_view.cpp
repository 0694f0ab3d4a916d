// The running node as the API sees it: plain values out, refusals as sentences.
#include <algorithm>

#include <spdlog/spdlog.h>

#include "node/base/host_port.hpp"
#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "node/net/real_world.hpp"
#include "tools/praline/node.hpp"
#include "tools/praline/views.hpp"
#include "transfer/content/magnet.hpp"

namespace praline {
namespace {

webui::Refusal not_found(std::string const& what) { return {404, "not_found", what + " does not exist."}; }
webui::Refusal bad_request(std::string sentence) { return {400, "bad_request", std::move(sentence)}; }

/// The host of "http://ADDRESS:PORT/uri-res/…"; names are not resolved.
std::optional<Endpoint> endpoint_of(std::string_view link) {
    constexpr std::string_view scheme = "http://";
    constexpr std::uint16_t http_port = 80;
    if (!to_lower_ascii(link.substr(0, scheme.size())).starts_with(scheme)) return std::nullopt;
    link.remove_prefix(scheme.size());
    auto const host = HostPort::parse(trim(link.substr(0, link.find_first_of("/?#"))), {.usual_port = http_port});
    return host ? host->endpoint() : std::nullopt;
}

}  // namespace

class NodeView : public webui::NodeControl {
public:
    explicit NodeView(Node& node) : node_{node} {}

    webui::StatusView status() override {
        webui::StatusView view;
        auto const& core = node_.overlay_->core();
        view.version = "0.1.0";
        view.mode = node_.config_.mode;
        view.role = core.role() == overlay::Role::ultrapeer ? "ultrapeer" : "leaf";
        view.network = node_.config_.network;
        view.listen = node_.own_.text();
        view.data_directory = path_text(node_.directory_.path());
        view.downloads_directory = path_text(node_.config_.downloads_directory());
        view.user_agent = "Praline/0.1";
        view.servent_guid = node_.directory_.servent_guid().hex();
        view.uptime_seconds = seconds_between(node_.started_, net::now());
        for (auto const& link : core.links()) {
            ++(link.kind == overlay::LinkKind::to_ultrapeer ? view.links_to_ultrapeers : view.links_to_leaves);
        }
        view.known_hosts = core.hosts().size();
        auto const progress = node_.library_->progress();
        view.library_problem = progress.problem;
        view.shared_files = progress.files_ready;
        view.shared_bytes = progress.bytes_ready;
        view.files_waiting = progress.files_waiting;
        for (auto const& search : sessions().list()) view.searches_open += search.open ? 1 : 0;
        for (auto const& download : node_.downloads_->list()) view.downloads_active += is_active(download.state) ? 1 : 0;
        view.uploads_active = node_.uploads_->uploads().size();
        view.bytes_downloaded = node_.downloads_->bytes_received();
        view.bytes_uploaded = node_.uploads_->bytes_sent();
        if (node_.index_) view.index = view_of(node_.index_->state(), progress, node_.index_->publisher(), node_.index_->group_key());
        else if (!node_.index_problem_.empty()) view.index.configured = true, view.index.problem = node_.index_problem_;
        view.problems = node_.problems_;
        for (auto& problem : node_.settings_.problems()) view.problems.push_back(std::move(problem));
        view.counters = counters_of(core.counters());
        for (auto& one : search::named(node_.hub_->counters())) view.counters.push_back(std::move(one));
        return view;
    }

    std::vector<webui::PeerView> peers() override {
        std::vector<webui::PeerView> views;
        for (auto const& link : node_.overlay_->core().links()) views.push_back(view_of(link, net::now()));
        return views;
    }

    std::vector<webui::NamedPeerView> named_peers() override { return node_.named_peer_views(); }
    webui::Outcome<webui::Done> connect_peer(std::string const& address) override { return node_.connect_peer(address); }

    webui::Outcome<webui::Done> disconnect_peer(std::uint32_t id) override {
        if (node_.overlay_->core().link(PeerId{id}) == nullptr) return not_found("Peer " + std::to_string(id));
        node_.disconnect_peer(PeerId{id});
        return webui::Done{};
    }

    std::vector<webui::StrategyView> strategies() override { return strategy_views(); }

    webui::Outcome<webui::SearchView> start_search(webui::NewSearch const& wanted) override {
        return node_.searches_->start(with_strategy(wanted), moment());
    }

    std::vector<webui::SearchView> searches() override { return node_.searches_->list(net::now()); }
    webui::Outcome<webui::SearchView> search(std::uint32_t id) override { return node_.searches_->find(id, net::now()); }

    webui::Outcome<std::vector<webui::ResultView>> results(std::uint32_t id, std::uint64_t since, std::size_t most) override {
        auto const rows = node_.searches_->rows_since(id, since, most, net::now());
        if (!rows.value) return rows.refusal;
        return views_of(id, *rows.value);
    }

    webui::Outcome<webui::ChosenResults> chosen_results(std::uint32_t id, webui::ResultChoice const& choice) override {
        auto const page = node_.searches_->page(id, choice, net::now());
        if (!page.value) return page.refusal;
        auto const info = sessions().info(id);
        webui::ChosenResults results{info->revision, info->open, page.value->total, page.value->matching, choice.offset, {}, {}};
        for (std::size_t kind = 0; kind < search::content_kinds; ++kind) {
            if (auto const count = page.value->kinds[kind]; count > 0)
                results.kinds.emplace_back(search::name_of(static_cast<search::ContentKind>(kind)), count);
        }
        results.rows = views_of(id, page.value->rows);
        results.ready = page.value->ready;
        return results;
    }

    webui::Outcome<webui::Done> stop_search(std::uint32_t id) override { return node_.searches_->stop(id, moment()); }
    webui::Outcome<webui::Done> delete_search(std::uint32_t id) override { return node_.searches_->erase(id, moment()); }
    void keep_searches(std::vector<std::uint32_t> const& ids) override { node_.searches_->keep(ids, net::now()); }

    HistoryPage history(std::size_t offset, std::size_t count) override { return node_.searches_->history(offset, count); }
    webui::Outcome<webui::Done> forget_history(std::optional<std::uint64_t> id) override { return node_.searches_->forget_history(id); }
    std::vector<webui::SavedSearchView> saved_searches() override { return node_.searches_->saved(); }
    webui::Outcome<webui::SavedSearchView> save_search(webui::NewSavedSearch const& wanted) override {
        return node_.searches_->save({with_strategy(wanted.search), wanted.repeat_seconds, wanted.messages_per_run, wanted.messages_per_day}, moment());
    }
    webui::Outcome<webui::SavedSearchView> run_saved_search(std::uint64_t id) override { return node_.searches_->run_saved(id, moment()); }
    webui::Outcome<webui::Done> delete_saved_search(std::uint64_t id) override { return node_.searches_->erase_saved(id); }

    webui::Outcome<webui::DownloadView> start_download(std::string const& what) override {
        download::Request request;
        auto const text = trim(what);
        if (to_lower_ascii(text).find("magnet:") <= 1) {
            if (auto problem = content::magnet_problem(text); !problem.empty()) return bad_request(std::move(problem));
            auto const magnet = content::parse_magnet(text);
            request.urn = *magnet->urn();
            request.name = magnet->name;
            request.size_bytes = magnet->size_bytes;
            for (auto const& link : magnet->sources) {
                if (auto const endpoint = endpoint_of(link)) request.sources.push_back({*endpoint, {}, 0, magnet->name, {}, false});
            }
            take_known_sources(request);
        } else if (auto const urn = Urn::parse(text)) {
            request.urn = *urn;
            take_known_sources(request);
        } else if (auto const* const row = find_row(std::string{text})) {
            request = request_of(*row);
        } else {
            return bad_request("\"" + std::string{text} + "\" is no magnet link, no URN and no result of a search of this node.");
        }
        // A hit from the overlay shows the way to a source that has to be asked to call; the index cannot.
        bool const way_wanted = std::any_of(request.sources.begin(), request.sources.end(),
                                            [](download::Source const& source) { return source.push_needed && source.index == 0; });
        auto const urn = request.urn;
        auto const name = request.name;
        auto const added = node_.downloads_->add(std::move(request));
        if (added.id.empty()) return webui::Refusal{409, "not_started", added.problem};
        if (way_wanted) node_.find_sources(added.id, urn, name);
        node_.notify("downloads", added.id);
        return download(added.id);
    }

    std::vector<webui::DownloadView> downloads() override {
        std::vector<webui::DownloadView> views;
        for (auto const& info : node_.downloads_->list()) views.push_back(view_of(info));
        return views;
    }

    webui::Outcome<webui::DownloadView> download(std::string const& id) override {
        auto const info = node_.downloads_->find(id);
        if (!info) return not_found("Download " + id);
        return view_of(*info);
    }

    webui::Outcome<webui::Done> pause_download(std::string const& id) override { return done(node_.downloads_->pause(id), id); }
    webui::Outcome<webui::Done> resume_download(std::string const& id) override { return done(node_.downloads_->resume(id), id); }
    webui::Outcome<webui::Done> delete_download(std::string const& id) override { return done(node_.downloads_->remove(id), id); }

    std::vector<webui::PartialView> partials() override {
        std::vector<webui::PartialView> views;
        for (auto const& one : node_.downloads_->orphans()) views.push_back({one.name, one.path, one.size_bytes, one.changed_at});
        return views;
    }

    webui::Outcome<webui::Done> delete_partial(std::string const& name) override {
        auto const problem = node_.downloads_->remove_orphan(name);
        if (!problem.empty()) return webui::Refusal{404, "not_found", problem};
        return webui::Done{};
    }

    std::vector<webui::UploadView> uploads() override {
        std::vector<webui::UploadView> views;
        for (auto const& info : node_.uploads_->uploads()) {
            views.push_back({info.remote.text(), info.user_agent, info.name, info.sending ? "sending" : "sent", info.sent_bytes, info.range_bytes, info.bytes_per_second});
        }
        return views;
    }

    webui::LibraryView library() override { return view_of(node_.library_->folders(), node_.library_->progress()); }

    std::vector<webui::SharedFileView> library_files(std::size_t offset, std::size_t count, std::string const& filter) override {
        std::vector<webui::SharedFileView> views;
        for (auto const& file : node_.library_->page(offset, count, filter)) {
            Urn const urn{file->sha1, file->tiger_root};
            views.push_back({file->index, file->virtual_path, file->name, urn.text(), magnet_of(urn, file->name, file->size_bytes), file->size_bytes});
        }
        return views;
    }

    webui::Outcome<webui::Done> add_folder(std::string const& path, bool confirmed) override {
        auto const problem = node_.library_->add_folder(path, confirmed);
        if (!problem.empty() && !confirmed && node_.library_->needs_confirmation(path)) return webui::Refusal{409, "needs_confirmation", problem};
        return sentence(problem);
    }
    webui::Outcome<std::optional<webui::PreviewView>> preview_folder(std::string const& path) override {
        auto const answer = node_.library_->preview(path);
        if (!answer.problem.empty()) return bad_request(answer.problem);
        return answer.preview ? std::optional{view_of(*answer.preview)} : std::nullopt;
    }
    webui::Outcome<webui::Done> remove_folder(std::string const& path) override { return sentence(node_.library_->remove_folder(path)); }
    webui::Outcome<webui::Done> rescan() override { node_.library_->rescan(); return webui::Done{}; }

    std::vector<webui::SettingView> settings() override { return setting_views(node_.settings_); }

    webui::Outcome<webui::Done> change_settings(std::vector<webui::SettingChange> const& changes) override { return node_.change_settings(changes); }

    webui::Outcome<webui::Done> shut_down() override {
        node_.shut_down();
        return webui::Done{};
    }

private:
    static bool is_active(download::State state) {
        return state == download::State::connecting || state == download::State::downloading || state == download::State::stalled ||
               state == download::State::verifying;
    }

    webui::Outcome<webui::Done> done(bool found, std::string const& id) {
        if (!found) return not_found("Download " + id + " in a state that allows this");
        node_.notify("downloads", id);
        return webui::Done{};
    }

    webui::Outcome<webui::Done> sentence(std::string const& problem) {
        if (!problem.empty()) return bad_request(problem);
        node_.notify("library");
        return webui::Done{};
    }

    [[nodiscard]] search::SearchSessions const& sessions() const { return node_.searches_->sessions(); }
    static Moment moment() { return {net::now(), net::unix_now()}; }

    webui::NewSearch with_strategy(webui::NewSearch wanted) {
        if (wanted.strategy.empty()) wanted.strategy = node_.config_.strategy;
        return wanted;
    }

    std::vector<webui::ResultView> views_of(std::uint32_t search, std::vector<search::ResultRow const*> const& rows) {
        std::vector<webui::ResultView> views;
        views.reserve(rows.size());
        for (auto const* row : rows) views.push_back(known(view_of(search, *row), *row));
        return views;
    }

    webui::ResultView known(webui::ResultView view, search::ResultRow const& row) {
        view.in_library = row.urn.sha1 && node_.library_->by_sha1(*row.urn.sha1) != nullptr;
        view.download = node_.downloads_->id_of(row.urn).value_or("");
        return view;
    }

    search::ResultRow const* find_row(std::string const& id) {
        auto const dash = id.find('-');
        if (dash == std::string::npos) return nullptr;
        auto const search = parse_number(std::string_view{id}.substr(0, dash));
        auto const row = parse_number(std::string_view{id}.substr(dash + 1));
        if (!search || !row || *search > UINT32_MAX || *row > UINT32_MAX) return nullptr;
        return sessions().row(static_cast<std::uint32_t>(*search), static_cast<std::uint32_t>(*row));
    }

    /// What the row's sources say of the file goes along as their word. A Tiger root that stands beside a SHA-1 is no more
    /// than that: the user chose a file by its SHA-1.
    static download::Request request_of(search::ResultRow const& row) {
        download::Request request;
        request.urn = row.urn.sha1 ? Urn{row.urn.sha1, {}} : row.urn;
        request.name = row.name;
        request.size_bytes = row.size_bytes;
        for (auto const& source : row.sources) request.sources.push_back(source_of(row, source));
        return request;
    }

    static download::Source source_of(search::ResultRow const& row, search::Source const& source) {
        return {source.endpoint, source.servent,      source.index,   source.name,        source.vendor,
                source.push_needed, row.size_bytes, row.urn.sha1, row.urn.tiger_root, true};
    }

    /// What the user typed stays as it is; searches of this node may know who has it.
    void take_known_sources(download::Request& request) {
        for (auto const& info : sessions().list()) {
            for (auto const* row : sessions().rows_since(info.id, 0, info.rows)) {
                bool const same = request.urn.sha1 ? row->urn.sha1 == request.urn.sha1
                                                   : request.urn.tiger_root && row->urn.tiger_root == request.urn.tiger_root;
                if (!same) continue;
                for (auto const& source : row->sources) {
                    if (request.sources.size() >= NodeLimits::known_sources_max) return;
                    request.sources.push_back(source_of(*row, source));
                }
            }
        }
    }

    Node& node_;
};

std::unique_ptr<webui::NodeControl> make_control(Node& node) {
    return std::make_unique<NodeView>(node);
}

}  // namespace praline
