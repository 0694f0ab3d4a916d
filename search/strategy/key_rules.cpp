#include "search/strategy/key_rules.hpp"

#include <string>

#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"
#include "search/qrp/limits.hpp"

namespace praline::search::strategy {
namespace {

std::vector<std::string> words_of(wire::Query const& query) {
    std::vector<std::string> words = wire::keywords(query.text);
    for (wire::GgepItem const& item : query.ggep)
        if (item.id == "XQ")
            for (std::string& word : wire::keywords(as_text(item.data))) words.push_back(std::move(word));
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

}  // namespace

std::optional<std::uint64_t> routing_key(wire::Query const& query) {
    for (Urn const& urn : query.urns)
        if (urn.sha1) return key_of_text(to_lower_ascii(urn.sha1->urn()));
    for (Urn const& urn : query.urns)
        if (urn.tiger_root) return key_of_text(to_lower_ascii(urn.text()));
    std::string all;
    for (std::string const& word : words_of(query)) all += (all.empty() ? "" : " ") + word;
    return all.empty() ? std::nullopt : std::optional{key_of_text(all)};
}

}  // namespace praline::search::strategy
