#include "tools/praline/download_request.hpp"

#include <optional>
#include <string>

#include "node/base/text.hpp"
#include "tools/praline/node_limits.hpp"
#include "transfer/content/http_url.hpp"
#include "transfer/content/magnet.hpp"

namespace praline {
namespace {

/// A peer by its address, if it is asked by hash; else a web server.
std::optional<download::Source> source_of_link(std::string_view link, std::string const& name) {
    constexpr std::string_view by_hash = "/uri-res/";
    auto const url = content::HttpUrl::parse(link);
    if (!url || (url->is_secure && !download::tls_is_spoken)) return std::nullopt;
    download::Source source;
    source.name = name.empty() ? url->file_name() : name;
    auto const endpoint = url->host.endpoint();
    if (endpoint && !url->is_secure && url->target.starts_with(by_hash)) {
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

/// What the user typed stays as it is; searches of this node may know who has it.
void add_known_sources(download::Request& request, search::SearchSessions const& sessions) {
    for (auto const& info : sessions.list()) {
        for (auto const* row : sessions.rows_since(info.id, 0, info.rows)) {
            bool const same = request.urn.sha1
                                  ? row->urn.sha1 == request.urn.sha1
                                  : request.urn.tiger_root && row->urn.tiger_root == request.urn.tiger_root;
            if (!same) continue;
            for (auto const& source : row->sources) {
                if (request.sources.size() >= NodeLimits::known_sources_max) return;
                request.sources.push_back(source_of(*row, source));
            }
        }
    }
}

download::Request request_of(content::Magnet const& magnet) {
    download::Request request;
    request.urn = *magnet.urn();
    request.name = magnet.name;
    request.size_bytes = magnet.size_bytes;
    for (auto const& link : magnet.sources)
        if (auto source = source_of_link(link, magnet.name)) request.sources.push_back(std::move(*source));
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

}  // namespace

std::variant<download::Request, std::string> download_request(std::string_view what,
                                                              search::SearchSessions const& sessions) {
    auto const text = trim(what);
    download::Request request;
    if (to_lower_ascii(text).find("magnet:") <= 1) {
        if (auto problem = content::magnet_problem(text); !problem.empty()) return problem;
        request = request_of(*content::parse_magnet(text));
    } else if (auto const urn = Urn::parse(text)) {
        request.urn = *urn;
    } else if (auto const* const row = find_row(text, sessions)) {
        return request_of(*row);
    } else {
        return "\"" + std::string{text} + "\" is no magnet link, no URN and no result of a search of this node.";
    }
    add_known_sources(request, sessions);
    return request;
}

}  // namespace praline
