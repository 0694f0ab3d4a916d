#include "tools/praline/api_library.hpp"

#include "node/base/text.hpp"
#include "node/net/system_clock.hpp"
#include "tools/praline/node_limits.hpp"
#include "tools/praline/shared_file_content.hpp"
#include "tools/praline/views.hpp"
#include "transfer/content/metalink.hpp"
#include "transfer/content/torrent.hpp"

namespace praline {
namespace {

/// By its hash, as every program of the network serves it.   @source RFC 2169, section 2.1 (N2R)
std::string url_at(Endpoint const& endpoint, Sha1 const& sha1) {
    return "http://" + endpoint.text() + "/uri-res/N2R?" + sha1.urn();
}

}  // namespace

webui::LibraryView LibraryApi::library() { return view_of(library_.folders(), library_.progress()); }

std::vector<webui::SharedFileView> LibraryApi::library_files(std::size_t offset, std::size_t count,
                                                             std::string const& filter) {
    std::vector<webui::SharedFileView> views;
    for (auto const& file : library_.page(offset, count, filter)) {
        Urn const urn{file->sha1, file->tiger_root};
        views.push_back({file->index, file->virtual_path, file->name, urn.text(),
                         magnet_of(urn, file->name, file->size_bytes), file->size_bytes});
    }
    return views;
}

webui::Outcome<webui::Done> LibraryApi::add_folder(std::string const& path, bool confirmed) {
    auto problem = library_.add_folder(path, confirmed);
    if (!problem.empty() && !confirmed && library_.needs_confirmation(path))
        return webui::Refusal{409, "needs_confirmation", std::move(problem)};
    return done_unless(std::move(problem));
}

webui::Outcome<std::optional<webui::PreviewView>> LibraryApi::preview_folder(std::string const& path) {
    auto const answer = library_.preview(path);
    if (!answer.problem.empty()) return bad_request(answer.problem);
    return answer.preview ? std::optional{view_of(*answer.preview)} : std::nullopt;
}

webui::Outcome<webui::Done> LibraryApi::remove_folder(std::string const& path) {
    return done_unless(library_.remove_folder(path));
}

webui::Outcome<webui::Done> LibraryApi::rescan() {
    library_.rescan();
    return webui::Done{};
}

library::SharedFilePtr LibraryApi::named(std::string const& id) const {
    if (auto const urn = Urn::parse(id)) {
        if (urn->sha1) return library_.by_sha1(*urn->sha1);
        return urn->tiger_root ? library_.by_tiger_root(*urn->tiger_root) : nullptr;
    }
    auto const index = parse_number(id);
    return index && *index <= UINT32_MAX ? library_.by_index(static_cast<std::uint32_t>(*index)) : nullptr;
}

webui::Outcome<std::shared_ptr<webui::ContentSource>> LibraryApi::open_file(std::string const& id) {
    auto const file = named(id);
    if (!file) return not_found("A shared file " + id);
    auto const changed = [&library = library_, index = file->index] { library.report_changed(index); };
    if (auto source = SharedFileContent::open(*file, changed)) return source;
    changed();
    return webui::Refusal{409, "changed",
                          file->name +
                              " cannot be read, or has changed since it was hashed. It is looked at again now; try "
                              "again in a moment."};
}

std::string LibraryApi::url_of(library::SharedFile const& file) const {
    return url_at(identity_.advertised, file.sha1);
}

std::vector<std::string> LibraryApi::urls_of(library::SharedFile const& file) const {
    std::vector<std::string> urls{url_of(file)};
    // Nobody knows who will read it: they are told what a peer at this node's own address is told.
    content::AltLocations::Asker const reader{identity_.advertised.address, {identity_.advertised}, true};
    auto const others = locations_.confirmed(file.sha1, reader, NodeLimits::metalink_mirrors_max, net::now());
    for (auto const& other : others) urls.push_back(url_at(other, file.sha1));
    return urls;
}

webui::Outcome<webui::MadeFile> LibraryApi::metalink(std::string const& id) {
    auto const file = named(id);
    if (!file) return not_found("A shared file " + id);
    content::Metalink const metalink{file->name, file->size_bytes, file->sha1, urls_of(*file), user_agent};
    return webui::MadeFile{file->name + ".meta4", "application/metalink4+xml", content::format_metalink(metalink)};
}

webui::Outcome<std::optional<webui::MadeFile>> LibraryApi::torrent(std::string const& id) {
    auto const file = named(id);
    if (!file) return not_found("A shared file " + id);
    auto answer = pieces_.of(*file);
    if (!answer.problem.empty()) {
        library_.report_changed(file->index);
        return webui::Refusal{409, "changed", std::move(answer.problem)};
    }
    if (!answer.pieces) return std::optional<webui::MadeFile>{};
    content::Torrent const torrent{
        file->name,      file->size_bytes, content::torrent_piece_bytes(file->size_bytes), std::move(*answer.pieces),
        {url_of(*file)}, user_agent};
    return std::optional{
        webui::MadeFile{file->name + ".torrent", "application/x-bittorrent", content::format_torrent(torrent)}};
}

webui::Outcome<webui::Done> LibraryApi::done_unless(std::string problem) const {
    if (!problem.empty()) return bad_request(std::move(problem));
    notify_("library", {});
    return webui::Done{};
}

}  // namespace praline
