#include "tools/praline/search_host.hpp"

#include <algorithm>
#include <variant>

#include "node/log/log.hpp"
#include "node/net/system_clock.hpp"
#include "tools/praline/node_limits.hpp"

namespace praline {
namespace {

search::EngineOptions engine_options(bool hit_cache) {
    search::EngineOptions options;
    options.hit_cache = hit_cache;
    return options;
}

}  // namespace

SearchHost::SearchHost(boost::asio::io_context& io, net::OverlayHost& overlay, LocalAnswers answers, bool hit_cache,
                       Rng rng, Upward upward)
    : overlay_{overlay},
      answers_{std::move(answers)},
      engine_{engine_options(hit_cache), Rng{rng.next()}, answers_},
      rng_{rng.next()},
      upward_{std::move(upward)},
      timer_{io, [this] { tick(); }} {}

void SearchHost::on_overlay(overlay::Action const& action) {
    search::EngineOutput decided;
    auto const now = net::now();
    auto const* const query = std::get_if<overlay::QueryArrived>(&action);
    if (query != nullptr) answers_.hold(!may_answer(query->from, now));
    engine_.handle(overlay_.core(), action, now, decided);
    if (query != nullptr) charge(query->from, now);
    if (auto const* const down = std::get_if<overlay::LinkDown>(&action)) answer_budget_.forget(down->peer);
    carry_out(std::move(decided));
}

/// The library has been asked: the link that brought the query pays for more than an ordinary one costs.
void SearchHost::charge(PeerId link, Instant now) {
    auto const steps = answers_.take_cost();
    if (!answers_.held() && overlay_.core().link(link) != nullptr) answer_budget_.charge(link, steps, now);
    auto const units = std::min<std::uint64_t>(steps / NodeLimits::steps_of_a_query, UINT32_MAX);
    if (units > 0) overlay_.feed(overlay::QueryCost{link, static_cast<std::uint32_t>(units)});
}

bool SearchHost::may_answer(PeerId link, Instant now) const {
    auto const* const info = overlay_.core().link(link);
    return answer_budget_.admits(link, info == nullptr ? 0 : info->queued_bytes, now);
}

void SearchHost::launch(Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters,
                        search::SearchText asked) {
    log::debug("Query {} goes out: {}", guid.hex(), query.text);
    search::EngineOutput decided;
    engine_.launch(overlay_.core(), search::Launch{guid, std::move(query), parameters, std::move(asked)}, net::now(),
                   decided);
    carry_out(std::move(decided));
}

void SearchHost::stop_querying(Guid const& guid) {
    search::EngineOutput decided;
    engine_.stop_querying(overlay_.core(), guid, net::now(), decided);
    carry_out(std::move(decided));
}

void SearchHost::close(Guid const& guid) {
    search::EngineOutput decided;
    engine_.close(overlay_.core(), guid, net::now(), decided);
    carry_out(std::move(decided));
}

void SearchHost::set_local_table(search::qrp::QueryRoutingTable finest) {
    search::EngineOutput decided;
    engine_.set_local_table(overlay_.core(), std::move(finest), net::now(), decided);
    carry_out(std::move(decided));
}

/// Carrying it out may set the engine off again, so nothing of it is kept in members.
void SearchHost::carry_out(search::EngineOutput decided) {
    for (auto& event : decided.overlay) overlay_.feed(std::move(event));
    for (auto const& found : decided.found) upward_.found(found, distance_of(found));
    for (auto const& spent : decided.costs) upward_.spent(spent);
    for (auto const& search : decided.query_phase_done) upward_.query_phase_done(search);
    arm();
}

Hops SearchHost::distance_of(search::Found const& found) const {
    return std::binary_search(neighbours_.begin(), neighbours_.end(), found.hit.endpoint) ? Hops{1} : found.hops;
}

void SearchHost::note_neighbours() {
    neighbours_.clear();
    for (auto const& link : overlay_.core().links())
        if (auto const listening = link.listening()) neighbours_.push_back(*listening);
    std::sort(neighbours_.begin(), neighbours_.end());
}

/// Rings and walkers wait for parts of a second.
void SearchHost::arm() {
    if (!stopped_) timer_.set(engine_.next_deadline());
}

void SearchHost::tick() {
    search::EngineOutput decided;
    engine_.tick(overlay_.core(), net::now(), decided);
    carry_out(std::move(decided));
}

void SearchHost::stop() {
    stopped_ = true;
    timer_.set(std::nullopt);
}

}  // namespace praline
