#pragma once

#include <functional>
#include <string>
#include <vector>

#include "webui/api/access.hpp"
#include "webui/api/api_router.hpp"
#include "webui/api/node_control.hpp"

namespace praline::webui {

/// A file in memory. Bytes from `gone_from` on cannot be had; those from `late_from` on are waited for for ever.
class FakeContent final : public ContentSource {
public:
    FakeContent(std::string name, std::string bytes, std::uint64_t gone_from = UINT64_MAX,
                std::uint64_t late_from = UINT64_MAX, std::function<void(std::function<void()>)> later = {})
        : bytes_{std::move(bytes)}, gone_from_{gone_from}, late_from_{late_from}, later_{std::move(later)} {
        facts_ = {"urn:sha1:FAKE", std::move(name), bytes_.size(), "\"FAKE\"", 1'000'000'000};
    }
    ContentFacts const& facts() const override { return facts_; }
    void read(std::uint64_t at, std::size_t most, Done done) override {
        if (at >= gone_from_) return done({});
        if (at >= late_from_) return;
        auto const piece = bytes_.substr(at, most);
        auto const view = as_view(piece);
        Bytes block(view.begin(), view.end());
        if (!later_) return done(std::move(block));
        later_([done = std::move(done), block = std::move(block)] { done(block); });
    }

private:
    std::string bytes_;
    std::uint64_t gone_from_, late_from_;
    std::function<void(std::function<void()>)> later_;  ///< how an answer comes; empty: at once
    ContentFacts facts_;
};

/// A node with one of everything; remembers what it was asked to do.
struct FakeNode final : StatusControl,
                        PeerControl,
                        SearchControl,
                        KeptSearchControl,
                        TransferControl,
                        LibraryControl,
                        SettingsControl {
    [[nodiscard]] NodeControl control() { return {*this, *this, *this, *this, *this, *this, *this}; }

    std::vector<std::string> asked;
    std::vector<ResultView> rows{row(1, 3), row(2, 1), row(3, 2)};
    bool broken = false;
    NewSearch new_search;
    NewSavedSearch new_saved;
    ResultQuery choice;

    static ResultView row(unsigned number, std::uint64_t revision) {
        ResultView view;
        view.id = "1-" + std::to_string(number);
        view.kind = "audio";
        view.revision = revision;
        view.sources.emplace_back(SourceView{"192.0.2.1:6346", "a.ogg", "PRAL", false, false, 2});
        return view;
    }
    static Refusal missing() { return {404, "not_found", "There is no such thing."}; }
    Outcome<Done> note(std::string what) {
        asked.emplace_back(std::move(what));
        return Done{};
    }
    template <class Id>
    Outcome<Done> known(std::string const& what, Id const& id, Id const& right) {
        if (id != right) return missing();
        return note(what);
    }

    StatusView status() override {
        if (broken) throw std::runtime_error{"broken"};
        StatusView view;
        view.mode = "auto", view.role = "leaf", view.network = "private";
        view.counters = {{"queries_in", 7}};
        return view;
    }
    std::vector<NamedPeerView> named_peers() override {
        return {NamedPeerView{.name = "n:1", .address = "", .state = "looking_up", .problem = ""}};
    }
    std::vector<PeerView> peers() override {
        PeerView view;
        view.id = 1, view.direction = "incoming", view.kind = "leaf";
        return {view};
    }
    Outcome<Done> connect_peer(std::string const& address) override { return note("connect " + address); }
    Outcome<Done> forget_peer(std::string const& address) override {
        return known("forget peer", address, std::string{"n:1"});
    }
    Outcome<Done> disconnect_peer(std::uint32_t id) override { return known("disconnect", id, 1U); }
    static PriceView one_price() {
        PriceView price;
        price.messages = 4, price.bytes = 200, price.reach_about = 9, price.hits_by_hops = {{1, 2}, {3, 2}};
        price.index = IndexPriceView{2, 640, 3.5, 4, true, {}};
        price.first_result_seconds = 0.25;
        return price;
    }
    static SearchView one_search() {
        SearchView view;
        view.id = 1, view.text = "words", view.state = "asking", view.strategy = "flood", view.parameters.ttl = 3;
        view.age_seconds = 1.5, view.revision = 3, view.rows = 3, view.hits = 4, view.price = one_price();
        return view;
    }
    std::vector<StrategyView> strategies() override { return {{"flood", "Asks everybody.", {"ttl"}}}; }
    Outcome<SearchView> start_search(NewSearch const& wanted) override {
        asked.emplace_back("search " + wanted.text);
        new_search = wanted;
        return one_search();
    }
    std::size_t sorting = 0;  // so many times chosen results are not ready
    Outcome<ResultPage> result_page(std::uint32_t id, ResultQuery const& wanted) override {
        if (id != 1) return missing();
        choice = wanted;
        return ResultPage{3, true, 3, 2, wanted.offset, {{"audio", 3}}, {rows.front()}, sorting == 0 || sorting-- == 0};
    }
    HistoryPage history(std::size_t offset, std::size_t count) override {
        asked.emplace_back("history " + std::to_string(offset) + " " + std::to_string(count));
        HistoryView view;
        view.id = 1, view.strategy = "flood", view.price = one_price();
        return {1, {view}};
    }
    Outcome<Done> forget_history(std::optional<std::uint64_t> id) override {
        if (id && *id != 1) return missing();
        return note(id ? "forget 1" : "forget all");
    }
    static SavedSearchView one_saved() {
        SavedSearchView view;
        view.id = 1, view.strategy = "flood", view.repeat_seconds = 600;
        return view;
    }
    std::vector<SavedSearchView> saved_searches() override { return {one_saved()}; }
    Outcome<SavedSearchView> save_search(NewSavedSearch const& wanted) override {
        new_saved = wanted;
        return one_saved();
    }
    Outcome<SavedSearchView> run_saved_search(std::uint64_t id) override {
        if (id != 1) return missing();
        asked.emplace_back("run");
        return one_saved();
    }
    Outcome<Done> delete_saved_search(std::uint64_t id) override { return known("delete saved", id, std::uint64_t{1}); }
    Outcome<SearchView> browse(NewBrowse const& wanted) override {
        browsed.push_back(wanted);
        auto view = one_search();
        view.browse = BrowseView{wanted.host, wanted.result, 1, true, {}};
        return view;
    }
    std::vector<NewBrowse> browsed;
    std::vector<SearchView> searches() override { return {one_search()}; }
    Outcome<SearchView> search(std::uint32_t id) override {
        if (id != 1) return missing();
        return one_search();
    }
    Outcome<std::vector<ResultView>> results(std::uint32_t, std::uint64_t since, std::size_t most) override {
        std::vector<ResultView> out;
        for (auto const& view : rows)
            if (view.revision > since && out.size() < most) out.push_back(view);
        return out;
    }
    Outcome<Done> stop_search(std::uint32_t id) override { return known("stop", id, 1U); }
    void keep_searches(std::vector<std::uint32_t> const& ids) override {
        asked.emplace_back("keep " + std::to_string(ids.size()));
    }
    Outcome<Done> delete_search(std::uint32_t id) override { return known("delete search", id, 1U); }
    static DownloadView one_download() {
        DownloadView view;
        view.id = "a b", view.state = "downloading";
        return view;
    }
    std::string downloads_folder() override { return "/data/downloads"; }
    Outcome<DownloadView> start_download(std::string const& what, DownloadPlan const& plan) override {
        asked.emplace_back("download " + what + " " + plan.priority + " " + plan.folder);
        return one_download();
    }
    Outcome<AddedDownloads> start_downloads(NewDownloads const& wanted) override {
        asked.emplace_back("downloads " + wanted.group + " " + std::to_string(wanted.files.size()) + " " +
                           wanted.files.back().what + " " + wanted.files.back().path);
        return AddedDownloads{"folder-1", std::vector<AddedDownload>(wanted.files.size())};
    }
    Outcome<AddedDownloads> start_from_file(std::string const& text, DownloadPlan const& plan) override {
        asked.emplace_back("file " + text + " " + plan.priority + " " + plan.folder);
        return AddedDownloads{{}, {{"abc", {}}, {{}, "No."}}};
    }
    DownloadsView downloads(std::uint64_t since) override { return {since + 1, since == 0, {one_download()}, {"x"}}; }
    Outcome<Done> change_download(std::string const& id, DownloadChange const& change) override {
        return known("change " + change.priority.value_or("-") + " " + change.folder.value_or("-") + " " +
                         change.move.value_or("-"),
                     id, std::string{"a b"});
    }
    Outcome<DownloadView> download(std::string const& id) override {
        if (id != "a b") return missing();
        return one_download();
    }
    Outcome<Done> pause_download(std::string const& id) override { return known("pause", id, std::string{"a b"}); }
    Outcome<Done> resume_download(std::string const& id) override { return known("resume", id, std::string{"a b"}); }
    Outcome<Done> delete_download(std::string const& id) override { return known("delete", id, std::string{"a b"}); }
    std::vector<PartialView> partials() override { return {PartialView{"abc.part", "/data/partial/abc.part", 7, 1}}; }
    Outcome<std::shared_ptr<ContentSource>> open_download(std::string const& id) override {
        if (id == "9") return Refusal{409, "not_ready", "Nothing is proved yet."};
        if (id != "1") return missing();
        return std::shared_ptr<ContentSource>{
            std::make_shared<FakeContent>(file_name, file_bytes, file_gone_from, file_late_from, read_later)};
    }
    Outcome<Done> delete_partial(std::string const& name) override {
        return known("delete partial", name, std::string{"abc.part"});
    }
    std::vector<UploadView> uploads() override {
        UploadView upload;
        upload.state = "sending";
        return {upload};
    }
    LibraryView library() override {
        LibraryView view;
        view.folders.emplace_back();
        return view;
    }
    std::vector<SharedFileView> library_files(std::size_t, std::size_t count, std::string const& filter) override {
        asked.emplace_back("files " + std::to_string(count) + " " + filter);
        return {SharedFileView{}};
    }
    Outcome<Done> add_folder(std::string const& path, bool confirmed) override {
        if (path == "/etc" && !confirmed) return Refusal{409, "needs_confirmation", "/etc is a folder of the system."};
        return note((confirmed ? "confirm " : "add ") + path);
    }
    Outcome<std::optional<PreviewView>> preview_folder(std::string const& path) override {
        if (path == "/missing") return Refusal{400, "bad_request", "/missing is not a folder."};
        if (looking > 0) {
            --looking;
            return std::optional<PreviewView>{};
        }
        PreviewView view;
        view.path = path;
        view.verdict = "ordinary";
        view.names = {"one.txt"};
        view.left_out.push_back({"hidden", "whose names begin with a dot (hidden)", 1, {".x"}});
        return std::optional{view};
    }
    std::size_t looking = 0;  ///< a preview takes so many questions
    Outcome<Done> remove_folder(std::string const& path) override { return note("remove " + path); }
    Outcome<Done> rescan() override { return note("rescan"); }
    Outcome<std::shared_ptr<ContentSource>> open_file(std::string const& id) override {
        if (id == "9") return Refusal{409, "changed", "It has changed."};
        if (id != "1" && id != "urn:sha1:FAKE") return missing();
        asked.emplace_back("open " + id);
        return std::shared_ptr<ContentSource>{
            std::make_shared<FakeContent>(file_name, file_bytes, file_gone_from, file_late_from, read_later)};
    }
    Outcome<MadeFile> metalink(std::string const& id) override {
        if (id != "1") return missing();
        return MadeFile{"one.mp3.meta4", "application/metalink4+xml", "<metalink/>"};
    }
    Outcome<std::optional<MadeFile>> torrent(std::string const& id) override {
        if (id != "1") return missing();
        if (hashing > 0) {
            --hashing;
            return std::optional<MadeFile>{};
        }
        return std::optional{MadeFile{"one.mp3.torrent", "application/x-bittorrent", "de"}};
    }
    std::size_t hashing = 0;  ///< a torrent takes so many questions
    std::string file_name = "one.mp3", file_bytes = "0123456789";
    std::uint64_t file_gone_from = UINT64_MAX, file_late_from = UINT64_MAX;
    std::function<void(std::function<void()>)> read_later;
    std::vector<SettingView> settings() override {
        return {SettingView{.key = "k", .value = "v", .description = "d", .source = "default", .choices = {"v", "w"}}};
    }
    Outcome<Done> change_settings(std::vector<SettingChange> const& changes) override {
        for (auto const& change : changes) {
            std::string text = change.text.value_or(change.items ? "" : "null");
            if (change.items)
                for (auto const& item : *change.items) text += "[" + item + "]";
            (void)note("set " + change.key + "=" + text);
        }
        return Done{};
    }
    Outcome<Done> shut_down() override { return note("shutdown"); }
};

inline std::string const test_token(43, 't');

/// A router with its node, and requests as our own tools make them.
struct Desk {
    FakeNode node;
    static constexpr Endpoint listen{0x7F000001, 8970};
    Access access{test_token, listen};
    ApiRouter router{node.control(), access, listen, page_assets()};
    Instant now{std::chrono::seconds{100}};

    static ApiRequest bare(std::string method, std::string target, std::string body = {}) {
        return {std::move(method), std::move(target), {{"Host", "127.0.0.1:8970"}}, std::move(body)};
    }
    static ApiRequest proven(std::string method, std::string target, std::string body = {}) {
        auto request = bare(std::move(method), std::move(target), std::move(body));
        request.headers.emplace_back("Authorization", "Bearer " + test_token);
        return request;
    }
    ApiResponse ask(ApiRequest const& request) { return router.handle(request, now); }
};

/// What a browser holds after a login: the cookie, and the key that its page keeps.
struct Browser {
    std::string cookie, key;

    static Browser of(Access::Login const& login) {
        return {login.set_cookie.substr(0, login.set_cookie.find(';')), login.key};
    }
    [[nodiscard]] ApiRequest with_cookie_only(ApiRequest request) const {
        request.headers.emplace_back("Cookie", cookie);
        return request;
    }
    [[nodiscard]] ApiRequest with_both(ApiRequest request) const {
        request = with_cookie_only(std::move(request));
        request.headers.emplace_back(session_key_header, key);
        return request;
    }
};

}  // namespace praline::webui
