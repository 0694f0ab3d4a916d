#include "search/strategy/key.hpp"

#include <algorithm>
#include <utility>

namespace praline::search::strategy {
namespace {

template <class Requests>
auto find_request(Requests& requests, Guid const& guid) {
    return std::find_if(requests.begin(), requests.end(), [&](auto const& one) {
        return one.context.guid == guid || (!one.flood.is_blank() && one.flood == guid);
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

void KeyRouting::start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    stop_querying(context.guid);
    auto const key = context.query ? routing_key(context.query->query) : std::nullopt;
    std::uint8_t const htl = std::clamp<std::uint8_t>(context.parameters.ttl.value_or(limits_.htl), 1, limits_.htl_max);
    Request request{context, {}, key.value_or(0), htl, {}, {}, view.now};
    request.wanted = context.parameters.results_wanted.value_or(limits_.results_wanted);
    if (!key || !send_on(request, view, out)) {
        QueryContext flood = context;
        if (context.parameters.ttl) flood.ttl = Ttl{0};  // that was said of the request
        return flood_.start(flood, view, out);
    }
    append(own_, std::move(request), limits_.searches_max);
    find_next_deadline();
}

void KeyRouting::relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    if (!context.key_request) return flood_.relay(context, view, out);
    if (context.answered_here) return;
    std::uint8_t const htl = std::min(context.key_request->htl, limits_.htl_max);
    bool const again = context.again || find_request(own_, context.guid) != own_.end() ||
                       find_request(passing_, context.guid) != passing_.end();
    auto const key = context.query ? routing_key(context.query->query) : std::nullopt;
    Request request{context, {}, key.value_or(context.key_request->key), htl, {}, {}, view.now};
    if (again || htl == 0 || !send_on(request, view, out)) return send_back(context, htl);
    append(passing_, std::move(request), limits_.passing_max);
    find_next_deadline();
}

bool KeyRouting::send_on(Request& request, RoutingView const& view, ForwardPlans& out) {
    open_.clear();
    for (Neighbour const& one : view.neighbours)
        if (one.praline && one.peer != request.context.from &&
            !std::binary_search(request.tried.begin(), request.tried.end(), one.peer))
            open_.push_back(one.peer);
    auto const to = nearest_of(std::span<PeerId const>{open_}, request.key, references_, start_key, scratch_);
    if (!to) return false;
    request.tried.insert(std::lower_bound(request.tried.begin(), request.tried.end(), *to), *to);
    request.with = to;
    --request.htl;
    request.until = patience(view.now, request.htl);
    out.push_back(
        ForwardPlan{request.context, {Hop{*to, Ttl{1}, std::nullopt, wire::KeyItem{request.key, request.htl}}}});
    return true;
}

void KeyRouting::send_back(QueryContext const& context, std::uint8_t htl) {
    if (context.from) returns_.push_back(KeyReturn{context.guid, *context.from, htl});
}

void KeyRouting::take_returns(KeyReturns& out) {
    out.insert(out.end(), returns_.begin(), returns_.end());
    returns_.clear();
}

void KeyRouting::key_returned(KeyReturn const& back, PeerId from, RoutingView const& view, ForwardPlans& out) {
    for (Requests* const requests : {&own_, &passing_}) {
        auto const request = find_request(*requests, back.guid);
        if (request == requests->end() || request->with != from) continue;
        request->with.reset();
        request->htl = std::min(request->htl, back.htl);
        bool const ours = requests == &own_;
        if (ours && request->found >= request->wanted) break;
        if (request->htl > 0 && send_on(*request, view, out)) break;
        if (ours) {
            fall_back(*request, view, out);
        } else {
            send_back(request->context, request->htl);
            requests->erase(request);
        }
        break;
    }
    find_next_deadline();
}

void KeyRouting::fall_back(Request& request, RoutingView const& view, ForwardPlans& out) {
    request.with.reset();
    request.waits = false;
    request.flood = Guid::random(view.rng);
    QueryContext flood = request.context;
    flood.guid = request.flood;
    if (flood.parameters.ttl) flood.ttl = Ttl{0};
    std::size_t const before = out.size();
    flood_.start(flood, view, out);
    for (std::size_t at = before; at < out.size(); ++at) out[at].round_of = request.context.guid;
}

void KeyRouting::results(Guid const& guid, std::size_t count) {
    auto const request = find_request(own_, guid);
    if (request == own_.end()) return;
    request->found += count;
    if (request->found >= request->wanted) request->waits = false;
    find_next_deadline();
}

bool KeyRouting::may_query_more(Guid const& guid) const {
    return std::any_of(own_.begin(), own_.end(),
                       [&](Request const& request) { return request.context.guid == guid && request.waits; });
}

void KeyRouting::stop_querying(Guid const& guid) {
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
    std::erase_if(passing_, [&](Request const& one) { return one.context.from == peer; });
    for (Requests* const requests : {&own_, &passing_})
        for (Request& one : *requests)
            if (one.with == peer) {
                one.with.reset();
                one.lost = true;
                one.until = Instant::min();
            }
    find_next_deadline();
}

void KeyRouting::tick_own(Request& request, RoutingView const& view, ForwardPlans& out) {
    bool const lost = std::exchange(request.lost, false);
    if (lost && request.htl > 0 && send_on(request, view, out)) return;
    fall_back(request, view, out);
}

bool KeyRouting::tick_passing(Request& request, RoutingView const& view, ForwardPlans& out) {
    if (!std::exchange(request.lost, false)) return false;
    if (request.htl > 0 && send_on(request, view, out)) return true;
    send_back(request.context, request.htl);
    return false;
}

void KeyRouting::tick(RoutingView const& view, ForwardPlans& out) {
    for (Request& one : own_)
        if (one.waits && one.until <= view.now) tick_own(one, view, out);
    for (auto one = passing_.begin(); one != passing_.end();)
        one = one->until > view.now || tick_passing(*one, view, out) ? one + 1 : passing_.erase(one);
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
