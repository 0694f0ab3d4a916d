#include "transfer/upload/partial_ranges.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "transfer/upload/limits.hpp"

namespace praline::upload {

std::optional<Span> resolve_partial(std::vector<AskedRange> const& asked, std::uint64_t file_bytes,
                                    std::vector<Span> const& verified) {
    for (auto const& range : asked) {
        auto const span = resolve(range, file_bytes);
        if (!span) continue;
        auto const after = std::upper_bound(verified.begin(), verified.end(), span->begin,
                                            [](std::uint64_t at, Span const& one) { return at < one.begin; });
        if (after == verified.begin()) continue;
        auto const& holding = *std::prev(after);
        if (span->begin < holding.end) return Span{span->begin, std::min(span->end, holding.end)};
    }
    return std::nullopt;
}

std::string available_line(std::vector<Span> const& verified) {
    auto told = verified;
    if (told.size() > available_ranges_told_max) {
        auto const last = told.begin() + static_cast<std::ptrdiff_t>(available_ranges_told_max);
        std::nth_element(told.begin(), last, told.end(),
                         [](Span const& one, Span const& other) { return one.size() > other.size(); });
        told.erase(last, told.end());
        std::sort(told.begin(), told.end(), [](Span const& one, Span const& other) { return one.begin < other.begin; });
    }
    std::string text;
    for (auto const& span : told) text += fmt::format("{}{}-{}", text.empty() ? "" : ",", span.begin, span.end - 1);
    return fmt::format("X-Available-Ranges: bytes {}\r\n", text);
}

}  // namespace praline::upload
