#include "tools/praline/download_request.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "node/base/text.hpp"
#include "tools/praline/node_limits.hpp"
#include "transfer/content/file_description.hpp"
#include "transfer/content/http_url.hpp"
#include "transfer/content/magnet.hpp"

namespace praline {
namespace {

/// A peer by its address, if it is asked by the hash of the network; else a web server.
std::optional<download::Source> source_of_link(std::string_view link, std::string const& name, bool has_urn = true) {
    constexpr std::string_view by_hash = "/uri-res/";
    auto const url = content::HttpUrl::parse(link);
    if (!url) return std::nullopt;
    download::Source source;
    source.name = name.empty() ? url->file_name() : name;
    auto const endpoint = url->host.endpoint();
    if (endpoint && has_urn && !url->is_secure && url->target.starts_with(by_hash)) {
        source.endpoint = *endpoint;
        source.name = name;
    } else {
        source.url = url->text();
    }
    return source;
}

download::Source source_of(search::ResultRow const& row, search::Source const& source) {
    return {source.endpoint,    source.servent, source.index, source.name,        source.vendor,
            source.push_needed, row.size_bytes, row.urn.sha1, row.urn.tiger_root, true};
}

/// The hash that a file is looked for by.
std::string key_of(Urn const& urn) {
    return urn.sha1 ? Urn{urn.sha1, {}}.text() : urn.tiger_root ? Urn{{}, urn.tiger_root}.text() : std::string{};
}

/// What the user typed stays as it is; searches of this node may know who has it. All results are looked at once, however
/// many requests there are.
void add_known_sources(std::vector<download::Request*> const& requests, search::SearchSessions const& sessions) {
    std::unordered_multimap<std::string, download::Request*> wanted;
    for (auto* const request : requests) wanted.emplace(key_of(request->urn), request);
    auto const add = [&](search::ResultRow const& row, std::string const& key) {
        auto const [from, to] = wanted.equal_range(key);
        for (auto at = from; at != to; ++at)
            for (auto const& source : row.sources) {
                auto& sources = at->second->sources;
                if (sources.size() < NodeLimits::known_sources_max) sources.push_back(source_of(row, source));
            }
    };
    if (wanted.empty()) return;
    for (auto const& info : sessions.list())
        for (auto const* row : sessions.rows_since(info.id, 0, info.rows)) {
            if (row->urn.sha1) add(*row, Urn{row->urn.sha1, {}}.text());
            if (row->urn.tiger_root) add(*row, Urn{{}, row->urn.tiger_root}.text());
        }
}

/// A peer by its address is asked for the file by its hash; so is one by its name, as a web server.
std::string link_of_peer(std::string const& peer, Urn const& urn) {
    return "http://" + peer + "/uri-res/N2R?" + (urn.sha1 ? urn.sha1->urn() : urn.text());
}

download::Request request_of(content::Magnet const& magnet) {
    download::Request request;
    request.urn = *magnet.urn();
    request.name = magnet.name;
    request.size_bytes = magnet.size_bytes;
    for (auto const& link : magnet.sources)
        if (auto source = source_of_link(link, magnet.name)) request.sources.push_back(std::move(*source));
    for (auto const& peer : magnet.peers)
        if (auto source = source_of_link(link_of_peer(peer, request.urn), magnet.name))
            request.sources.push_back(std::move(*source));
    return request;
}

/// What the row's sources say of the file goes along as their word. A Tiger root beside a SHA-1 is no more than that: the
/// user chose a file by its SHA-1.
download::Request request_of(search::ResultRow const& row) {
    download::Request request;
    request.urn = row.urn.sha1 ? Urn{row.urn.sha1, {}} : row.urn;
    request.name = row.name;
    request.size_bytes = row.size_bytes;
    for (auto const& source : row.sources) request.sources.push_back(source_of(row, source));
    return request;
}

search::ResultRow const* find_row(std::string_view id, search::SearchSessions const& sessions) {
    auto const dash = id.find('-');
    if (dash == std::string_view::npos) return nullptr;
    auto const search = parse_number(id.substr(0, dash));
    auto const row = parse_number(id.substr(dash + 1));
    if (!search || !row || *search > UINT32_MAX || *row > UINT32_MAX) return nullptr;
    return sessions.row(static_cast<std::uint32_t>(*search), static_cast<std::uint32_t>(*row));
}

/// A request, or a sentence. Who else has the file is looked for later if the user named it by its hash.
struct Read {
    std::variant<download::Request, std::string> result;
    bool by_hash = false;
};

Read read_request(std::string_view what, search::SearchSessions const& sessions) {
    auto const text = trim(what);
    if (to_lower_ascii(text).find("magnet:") <= 1) {
        if (auto problem = content::magnet_problem(text); !problem.empty()) return {std::move(problem)};
        return {request_of(*content::parse_magnet(text)), true};
    }
    if (auto const urn = Urn::parse(text)) {
        download::Request request;
        request.urn = *urn;
        return {std::move(request), true};
    }
    if (auto const* const row = find_row(text, sessions)) return {request_of(*row)};
    return {"\"" + std::string{text} + "\" is no magnet link, no URN and no result of a search of this node."};
}

/// What the list says of a file beside its hash.
std::string complete(download::Request& request, webui::NewDownload const& file) {
    if (!file.name.empty()) request.name = file.name;
    if (file.size_bytes) request.size_bytes = file.size_bytes;
    request.path = file.path;
    for (auto const& url : file.sources) {
        auto source = source_of_link(url, file.name);
        if (!source) return "\"" + url + "\" is no source. " + content::HttpUrl::problem(url);
        request.sources.push_back(std::move(*source));
    }
    return {};
}

}  // namespace

std::variant<download::Request, std::string> download_request(std::string_view what,
                                                              search::SearchSessions const& sessions) {
    auto read = read_request(what, sessions);
    if (read.by_hash) add_known_sources({&std::get<download::Request>(read.result)}, sessions);
    return std::move(read.result);
}

std::vector<std::variant<download::Request, std::string>> download_requests(
    std::vector<webui::NewDownload> const& files, search::SearchSessions const& sessions) {
    std::vector<std::variant<download::Request, std::string>> all;
    std::vector<bool> by_hash;
    for (auto const& file : files) {
        auto read = read_request(file.what, sessions);
        std::string problem;
        if (auto* const request = std::get_if<download::Request>(&read.result)) problem = complete(*request, file);
        if (!problem.empty()) read = {std::move(problem)};
        all.push_back(std::move(read.result));
        by_hash.push_back(read.by_hash);
    }
    std::vector<download::Request*> named;
    for (std::size_t at = 0; at < all.size(); ++at)
        if (by_hash[at]) named.push_back(&std::get<download::Request>(all[at]));
    add_known_sources(named, sessions);
    return all;
}

std::vector<webui::NewDownload> one_file_each(std::vector<webui::NewDownload> const& files) {
    std::vector<webui::NewDownload> all;
    for (auto const& file : files) {
        auto const magnets = content::parse_magnets(file.what);
        if (!magnets || magnets->size() < 2) {
            all.push_back(file);
            continue;
        }
        for (auto const& magnet : *magnets) all.push_back({content::format_magnet(magnet), {}, magnet.name, {}, {}});
    }
    return all;
}

namespace {

/// The folder that all of them are in; empty: there is none.
std::string common_folder(std::vector<content::FileDescription> const& files) {
    auto const folder_of = [](content::FileDescription const& file) {
        auto const slash = file.name.find('/');
        return slash == std::string::npos ? std::string{} : file.name.substr(0, slash);
    };
    auto const folder = folder_of(files.front());
    bool const is_common = std::all_of(files.begin(), files.end(),
                                       [&](content::FileDescription const& one) { return folder_of(one) == folder; });
    return is_common ? folder : std::string{};
}

std::variant<download::Request, std::string> request_of(content::FileDescription const& file,
                                                        std::string const& group) {
    if (!file.problem.empty()) return file.problem;
    download::Request request;
    request.urn = file.urn;
    request.proof = file.proof;
    request.name = file.name.substr(file.name.rfind('/') + 1);
    if (!group.empty()) request.path = file.name.substr(group.size() + 1);
    request.size_bytes = file.size_bytes;
    for (auto const& url : file.urls)
        if (auto source = source_of_link(url, request.name, request.urn.sha1.has_value()))
            request.sources.push_back(std::move(*source));
    return request;
}

}  // namespace

DescribedFiles described_files(std::string_view text, search::SearchSessions const& sessions) {
    DescribedFiles found;
    auto const read = content::read_description(text);
    if (auto const* const problem = std::get_if<std::string>(&read)) {
        found.problem = *problem;
        return found;
    }
    auto const& files = std::get<std::vector<content::FileDescription>>(read);
    found.group = common_folder(files);
    for (auto const& file : files) found.files.push_back(request_of(file, found.group));
    std::vector<download::Request*> by_hash;
    for (auto& one : found.files)
        if (auto* const request = std::get_if<download::Request>(&one); request != nullptr && request->urn.sha1)
            by_hash.push_back(request);
    add_known_sources(by_hash, sessions);
    return found;
}

}  // namespace praline
