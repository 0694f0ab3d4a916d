#pragma once

#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/net/deadline_timer.hpp"
#include "node/net/overlay_host.hpp"
#include "search/engine/engine.hpp"
#include "tools/praline/answer_budget.hpp"
#include "tools/praline/local_answers.hpp"

namespace praline {

/// Overlay and search joined: what the overlay says goes to the engine, and what the engine decides back to the overlay; what
/// concerns searches of this node goes upward. Runs on the node's thread.
class SearchHost {
public:
    /// What follows for searches of this node. Each may call back from within.
    struct Upward {
        /// `hops` as far as the source really is: a neighbour's hit may have come by a detour.
        std::function<void(search::Found const& found, Hops hops)> found;
        std::function<void(search::CostUpdate const& spent)> spent;
        std::function<void(Guid const& search)> query_phase_done;
    };
    SearchHost(boost::asio::io_context& io, net::OverlayHost& overlay, LocalAnswers answers, bool hit_cache, Rng rng,
               Upward upward);

    /// An action of the overlay that is not about sockets.
    void on_overlay(overlay::Action const& action);
    void launch(Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters,
                search::SearchText asked = {});
    /// No more peers are asked; late hits are still taken.
    void stop_querying(Guid const& guid);
    /// Late hits are no longer wanted either.
    void close(Guid const& guid);
    void set_local_table(search::qrp::QueryRoutingTable finest);
    void source_refused(Endpoint source, Guid const& servent) { engine_.source_refused(source, servent); }
    void enable_hit_cache(bool on) { engine_.enable_hit_cache(on); }
    [[nodiscard]] search::EngineCounters counters() const { return engine_.counters(); }
    [[nodiscard]] Guid new_guid() { return Guid::random(rng_); }
    /// Looks again where the neighbours listen, which may be learned late.
    void note_neighbours();
    void stop();

private:
    void charge(PeerId link, Instant now);
    [[nodiscard]] bool may_answer(PeerId link, Instant now) const;
    void carry_out(search::EngineOutput decided);
    void arm();
    void tick();
    [[nodiscard]] Hops distance_of(search::Found const& found) const;

    net::OverlayHost& overlay_;
    LocalAnswers answers_;
    AnswerBudget answer_budget_;
    search::SearchEngine engine_;
    Rng rng_;
    Upward upward_;
    std::vector<Endpoint> neighbours_;  ///< where they listen, in order
    net::DeadlineTimer timer_;
    bool stopped_ = false;
};

}  // namespace praline
