#include "search/strategy/key.hpp"

#include <algorithm>
#include <utility>

namespace praline::search::strategy {
namespace {

template <class Requests>
auto find_request(Requests& requests, Guid const& guid) {
    return std::find_if(requests.begin(), requests.end(), [&](auto const& one) {
        return one.asked.guid == guid || (!one.flood.is_blank() && one.flood == guid);
    });
}

template <class Requests>
void append(Requests& requests, typename Requests::value_type request, std::size_t most) {
    if (requests.size() >= std::max<std::size_t>(most, 1)) requests.erase(requests.begin());
    requests.push_back(std::move(request));
}

}  // namespace

KeyRouting::KeyRouting(KeyLimits limits, FloodLimits flood)
    : limits_{limits}, flood_{flood}, references_{limits.references_max} {}

Instant KeyRouting::patience(Instant now, unsigned htl) const { return now + limits_.wait_per_hop * (htl + 1); }

void KeyRouting::start(Asked const& asked, Surroundings const& around, Spreads& out) {
    stop(asked.guid);
    auto const key = asked.query ? key_of(*asked.query) : std::nullopt;
    std::uint8_t const htl = std::clamp<std::uint8_t>(asked.parameters.ttl.value_or(limits_.htl), 1, limits_.htl_max);
    Request request{asked, {}, key.value_or(0), htl, {}, {}, around.now};
    request.wanted = asked.parameters.results_wanted.value_or(limits_.results_wanted);
    if (!key || !send_on(request, around, out)) {
        Asked flood = asked;
        if (asked.parameters.ttl) flood.ttl = Ttl{0};  // that was said of the request
        return flood_.start(flood, around, out);
    }
    append(own_, std::move(request), limits_.searches_max);
    find_next_deadline();
}

void KeyRouting::relay(Asked const& asked, Surroundings const& around, Spreads& out) {
    if (!asked.trip) return flood_.relay(asked, around, out);
    if (asked.answered_here) return;
    std::uint8_t const htl = std::min(asked.trip->htl, limits_.htl_max);
    bool const again = asked.again || find_request(own_, asked.guid) != own_.end() ||
                       find_request(passing_, asked.guid) != passing_.end();
    auto const key = asked.query ? key_of(*asked.query) : std::nullopt;
    Request request{asked, {}, key.value_or(asked.trip->key), htl, {}, {}, around.now};
    if (again || htl == 0 || !send_on(request, around, out)) return give_back(asked, htl);
    append(passing_, std::move(request), limits_.passing_max);
    find_next_deadline();
}

bool KeyRouting::send_on(Request& request, Surroundings const& around, Spreads& out) {
    open_.clear();
    for (Candidate const& one : around.candidates)
        if (one.walks && one.peer != request.asked.from &&
            !std::binary_search(request.tried.begin(), request.tried.end(), one.peer))
            open_.push_back(one.peer);
    auto const to = nearest_of(std::span<PeerId const>{open_}, request.key, references_, start_key, scratch_);
    if (!to) return false;
    request.tried.insert(std::lower_bound(request.tried.begin(), request.tried.end(), *to), *to);
    request.with = to;
    --request.htl;
    request.until = patience(around.now, request.htl);
    out.push_back(Spread{request.asked, request.asked.hops, {Copy{*to, Ttl{1}, std::nullopt, KeyTrip{request.key, request.htl}}}});
    return true;
}

void KeyRouting::give_back(Asked const& asked, std::uint8_t htl) {
    if (asked.from) returns_.push_back(Return{asked.guid, *asked.from, htl});
}

void KeyRouting::take_returns(Returns& out) {
    out.insert(out.end(), returns_.begin(), returns_.end());
    returns_.clear();
}

void KeyRouting::returned(Return const& back, PeerId from, Surroundings const& around, Spreads& out) {
    for (Requests* const requests : {&own_, &passing_}) {
        auto const request = find_request(*requests, back.guid);
        if (request == requests->end() || request->with != from) continue;
        request->with.reset();
        request->htl = std::min(request->htl, back.htl);
        bool const ours = requests == &own_;
        if (ours && request->found >= request->wanted) break;
        if (request->htl > 0 && send_on(*request, around, out)) break;
        if (ours) {
            fall_back(*request, around, out);
        } else {
            give_back(request->asked, request->htl);
            requests->erase(request);
        }
        break;
    }
    find_next_deadline();
}

void KeyRouting::fall_back(Request& request, Surroundings const& around, Spreads& out) {
    request.with.reset();
    request.waits = false;
    request.flood = Guid::random(around.rng);
    Asked flood = request.asked;
    flood.guid = request.flood;
    if (flood.parameters.ttl) flood.ttl = Ttl{0};
    std::size_t const before = out.size();
    flood_.start(flood, around, out);
    for (std::size_t at = before; at < out.size(); ++at) out[at].round_of = request.asked.guid;
}

void KeyRouting::results(Guid const& guid, std::size_t count) {
    auto const request = find_request(own_, guid);
    if (request == own_.end()) return;
    request->found += count;
    if (request->found >= request->wanted) request->waits = false;
    find_next_deadline();
}

bool KeyRouting::asks_more(Guid const& guid) const {
    return std::any_of(own_.begin(), own_.end(), [&](Request const& request) { return request.asked.guid == guid && request.waits; });
}

void KeyRouting::stop(Guid const& guid) {
    auto const request = find_request(own_, guid);
    if (request == own_.end()) return;
    own_.erase(request);
    find_next_deadline();
}

void KeyRouting::hit_passed(Guid const& guid, PeerId via) {
    for (Requests* const requests : {&own_, &passing_}) {
        auto const request = find_request(*requests, guid);
        if (request == requests->end()) continue;
        references_.learn(request->key, via);
        // It ended at a match, so what might come back now is not an answer.
        if (requests == &passing_) request->with.reset();
    }
}

void KeyRouting::neighbour_down(PeerId peer) {
    references_.forget(peer);
    std::erase_if(passing_, [&](Request const& one) { return one.asked.from == peer; });
    for (Requests* const requests : {&own_, &passing_})
        for (Request& one : *requests)
            if (one.with == peer) {
                one.with.reset();
                one.lost = true;
                one.until = Instant::min();
            }
    find_next_deadline();
}

void KeyRouting::tick_own(Request& request, Surroundings const& around, Spreads& out) {
    bool const lost = std::exchange(request.lost, false);
    if (lost && request.htl > 0 && send_on(request, around, out)) return;
    fall_back(request, around, out);
}

bool KeyRouting::tick_passing(Request& request, Surroundings const& around, Spreads& out) {
    if (!std::exchange(request.lost, false)) return false;
    if (request.htl > 0 && send_on(request, around, out)) return true;
    give_back(request.asked, request.htl);
    return false;
}

void KeyRouting::tick(Surroundings const& around, Spreads& out) {
    for (Request& one : own_)
        if (one.waits && one.until <= around.now) tick_own(one, around, out);
    for (auto one = passing_.begin(); one != passing_.end();)
        one = one->until > around.now || tick_passing(*one, around, out) ? one + 1 : passing_.erase(one);
    find_next_deadline();
}

void KeyRouting::find_next_deadline() {
    next_.reset();
    auto const take = [&](Request const& one) {
        if (one.waits && (!next_ || one.until < *next_)) next_ = one.until;
    };
    std::for_each(own_.begin(), own_.end(), take);
    std::for_each(passing_.begin(), passing_.end(), take);
}

}  // namespace praline::search::strategy
