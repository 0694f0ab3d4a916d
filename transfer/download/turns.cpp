#include "transfer/download/turns.hpp"

namespace praline::download {

std::size_t Turns::free_slots() const {
    auto const busy = holders_.size() - idle_;
    return most_ > busy ? most_ - busy : 0;
}

void Turns::wait(Rank const& who) {
    if (!holds(who)) waiting_.insert(who);
}

bool Turns::take(Rank const& who) {
    if (holds(who)) return true;
    auto const at = waiting_.insert(who).first;
    auto free = free_slots();
    for (auto before = waiting_.begin(); free > 0 && before != at; ++before) --free;
    if (free == 0) return false;
    waiting_.erase(at);
    holders_.emplace(who, false);
    return true;
}

void Turns::leave(Rank const& who) {
    set_idle(who, false);
    holders_.erase(who);
    waiting_.erase(who);
}

void Turns::set_idle(Rank const& who, bool idle) {
    auto const at = holders_.find(who);
    if (at == holders_.end() || at->second == idle) return;
    at->second = idle;
    if (idle)
        ++idle_;
    else
        --idle_;
}

void Turns::change(std::vector<std::pair<Rank, Rank>> const& moved) {
    std::vector<decltype(holders_)::node_type> holders;
    std::vector<Rank> waiting;
    for (auto const& [from, to] : moved) {
        if (auto holder = holders_.extract(from)) {
            holder.key() = to;
            holders.push_back(std::move(holder));
        }
        if (waiting_.erase(from) > 0) waiting.push_back(to);
    }
    for (auto& holder : holders) holders_.insert(std::move(holder));
    waiting_.insert(waiting.begin(), waiting.end());
}

std::vector<Rank> Turns::due() const {
    std::vector<Rank> next;
    auto const free = free_slots();
    for (auto at = waiting_.begin(); at != waiting_.end() && next.size() < free; ++at) next.push_back(*at);
    return next;
}

std::map<Rank, std::size_t> Turns::places() const {
    std::map<Rank, std::size_t> all;
    for (auto const& who : waiting_) all.emplace_hint(all.end(), who, all.size() + 1);
    return all;
}

}  // namespace praline::download
