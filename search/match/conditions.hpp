#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/wire/content_kind.hpp"

namespace praline::search {

/// What a search or a filter asks of files besides words: `type:audio`, `ext:flac`, `size:>10M`, `size:1M..20M`,
/// `sources:>2`. A minus turns `type:` and `ext:` round; of several kinds or endings one is enough, and several sizes
/// hold together. Units are B, K, M, G and T, 1024 of each other, as the page and the command line print them.
/// @threads any: pure.
class Conditions {
public:
    /// Takes a word of a search text. @returns false: it is no condition, so it is a word like others.
    bool take(std::string_view word, bool minus);

    [[nodiscard]] bool any() const { return !shown_.empty() || !problem_.empty(); }
    /// Whether a file of this name and size is wanted, as far as these two tell.
    [[nodiscard]] bool fits(std::string_view name, std::uint64_t size_bytes) const;
    [[nodiscard]] std::size_t sources_min() const { return sources_min_; }
    /// As they were written, those that were understood.
    [[nodiscard]] std::vector<std::string> const& shown() const { return shown_; }
    /// A sentence about the first one that could not be understood; empty: all were.
    [[nodiscard]] std::string const& problem() const { return problem_; }

private:
    [[nodiscard]] bool take_type(std::string_view value, bool minus);
    [[nodiscard]] bool take_ending(std::string_view value, bool minus);
    [[nodiscard]] bool take_size(std::string_view value);
    void narrow(std::uint64_t least, std::uint64_t most);
    [[nodiscard]] bool take_sources(std::string_view value);

    std::bitset<wire::content_kinds> kinds_, other_kinds_;  // of `kinds_` one; none of `other_kinds_`
    std::vector<std::string> endings_, other_endings_;      // in lower case, without a dot
    std::uint64_t size_min_ = 0, size_max_ = UINT64_MAX;    // bytes, both included
    std::size_t sources_min_ = 0;
    std::vector<std::string> shown_;
    std::string problem_;
};

}  // namespace praline::search
