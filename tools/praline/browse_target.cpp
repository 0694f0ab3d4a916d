#include "tools/praline/browse_target.hpp"

#include <algorithm>
#include <limits>

#include "node/base/text.hpp"

namespace praline {
namespace {

/// The row that "3-17" names; null: there is none.
search::ResultRow const* row_named(std::string_view result, search::SearchSessions const& sessions) {
    auto const dash = result.find('-');
    if (dash == std::string_view::npos) return nullptr;
    auto const search = parse_number(result.substr(0, dash)), row = parse_number(result.substr(dash + 1));
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    if (!search || !row || *search > most || *row > most) return nullptr;
    return sessions.row(static_cast<std::uint32_t>(*search), static_cast<std::uint32_t>(*row));
}

browse::Target target_at(search::Source const& source) {
    HostPort const where{source.endpoint.address.text(), source.endpoint.port, source.endpoint.address};
    return {where, source.servent, source.index, source.push_needed};
}

}  // namespace

std::variant<browse::Target, std::string> browse_target(webui::NewBrowse const& wanted,
                                                        search::SearchSessions const& sessions) {
    std::string const host{trim(wanted.host)};
    auto const where = HostPort::parse(host);
    if (!host.empty() && !where)
        return "\"" + host +
               "\" is not an address and port such as 192.0.2.1:6346, nor a name and port such as "
               "node.example.org:6346.";
    if (wanted.result.empty()) {
        auto const endpoint = where->endpoint();
        if (endpoint && endpoint->is_unusable()) return host + " cannot be the address of a node.";
        return browse::Target{*where};
    }
    auto const* const row = row_named(trim(wanted.result), sessions);
    if (row == nullptr) return "There is no result " + wanted.result + ".";
    auto const fits = [&](search::Source const& source) {
        return host.empty() ? source.browsable : source.endpoint == where->endpoint();
    };
    auto const source = std::find_if(row->sources.begin(), row->sources.end(), fits);
    if (source != row->sources.end()) return target_at(*source);
    return host.empty() ? "None of the nodes that have " + row->name + " says that it gives a list of its files."
                        : host + " is no source of result " + wanted.result + ".";
}

}  // namespace praline
