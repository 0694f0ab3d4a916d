#include "index/client/searches_under_way.hpp"

#include <algorithm>

#include "node/base/check.hpp"

namespace praline::index {

bool SearchUnderWay::was_put_to(ConnectionId connection) const {
    auto const in = [&](auto const& list) { return std::find(list.begin(), list.end(), connection) != list.end(); };
    return in(waiting_for) || in(done_with);
}

void SearchesUnderWay::add(SearchWanted const& wanted, Instant now) {
    check(wanted.search != 0 && find(wanted.search) == nullptr);
    SearchUnderWay search;
    search.search = wanted.search;
    search.query = wanted.query;
    search.wanted_at = now;
    searches_.push_back(std::move(search));
}

void SearchesUnderWay::drop(std::uint32_t search) {
    std::erase_if(searches_, [&](auto const& one) { return one.search == search; });
}

SearchUnderWay* SearchesUnderWay::find(std::uint32_t search) {
    auto const found =
        std::find_if(searches_.begin(), searches_.end(), [&](auto const& one) { return one.search == search; });
    return found == searches_.end() ? nullptr : &*found;
}

void SearchesUnderWay::connection_lost(ConnectionId connection) {
    for (auto& search : searches_) {
        std::erase(search.waiting_for, connection);
        std::erase(search.done_with, connection);
    }
}

}  // namespace praline::index
