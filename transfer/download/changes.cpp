#include "transfer/download/changes.hpp"

namespace praline::download {

void Changes::removed(std::string id) {
    removed_.emplace_back(++last_, std::move(id));
    if (removed_.size() <= most_) return;
    known_from_ = removed_.front().first;
    removed_.pop_front();
}

std::optional<std::vector<std::string>> Changes::removed_since(std::uint64_t since) const {
    if (since < known_from_ || since > last_) return std::nullopt;
    std::vector<std::string> ids;
    for (auto at = removed_.rbegin(); at != removed_.rend() && at->first > since; ++at) ids.push_back(at->second);
    return ids;
}

}  // namespace praline::download
