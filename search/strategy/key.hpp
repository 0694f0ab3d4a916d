#pragma once

#include <vector>

#include "search/strategy/flood.hpp"
#include "search/strategy/key_rules.hpp"
#include "search/strategy/limits.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

/// A request for the key of a query goes to one neighbour at a time: to the one whose known keys are nearest. Where it
/// comes a second time, or where no neighbour is left, it is sent back, and the asker tries its next best. Every hop
/// made counts, those of tries that failed included. It ends at the first match; the hit returns along the path of the
/// request, and each node on it learns in which direction its key lies.
/// A request goes to Praline peers only. When it found too little, when it was lost, and where no neighbour is one,
/// the query goes out as a flood, which every servent understands; after a request under a new name
/// (`Spread::round_of`), since nodes that passed the request would drop it as seen.
/// What a query that passes says of its key is not believed where its words or hashes can be read.
/// @source Freenet. There the path leads to the node that holds the data; here links are
/// given, so a reference names the neighbour that the hit came by.
class KeyRouting final : public Strategy {
public:
    explicit KeyRouting(KeyLimits limits = {}, FloodLimits flood = {});
    void start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    /// `guid` is that of the query or of its flood.
    void results(Guid const& guid, std::size_t count) override;
    void stop_querying(Guid const& guid) override;
    [[nodiscard]] bool may_query_more(Guid const& guid) const override;
    /// Requests of ours that got no answer in time become floods; those that pass by are forgotten.
    void tick(RoutingView const& view, ForwardPlans& out) override;
    void key_returned(KeyReturn const& back, PeerId from, RoutingView const& view, ForwardPlans& out) override;
    void take_returns(KeyReturns& out) override;
    void hit_passed(Guid const& guid, PeerId via) override;
    /// Requests that it had are sent on at the next tick, which is due at once.
    void neighbour_down(PeerId peer) override;
    [[nodiscard]] std::optional<Instant> next_deadline() const override { return next_; }

    /// What has been learned.
    [[nodiscard]] KeyReferences<PeerId> const& references() const { return references_; }
    /// A place on the circle for a neighbour of which nothing is known yet. It differs from node to node.
    [[nodiscard]] static std::uint64_t start_key(PeerId peer) { return key_of_number(peer.value()); }

private:
    struct Request {
        QueryContext context;
        Guid flood;  // the name of its flood; blank: there was none
        std::uint64_t key;
        std::uint8_t htl;            // hops left when it was last sent on
        std::vector<PeerId> tried;   // sorted
        std::optional<PeerId> with;  // the neighbour that has it now
        Instant until;               // the end of our patience
        std::size_t found = 0;
        std::size_t wanted = 1;
        bool waits = true;  // for its deadline
        bool lost = false;  // with a neighbour that went down
    };
    using Requests = std::vector<Request>;

    /// @return whether there was a neighbour to send it to.
    bool send_on(Request& request, RoutingView const& view, ForwardPlans& out);
    void fall_back(Request& request, RoutingView const& view, ForwardPlans& out);
    void tick_own(Request& request, RoutingView const& view, ForwardPlans& out);
    bool tick_passing(Request& request, RoutingView const& view, ForwardPlans& out);
    void send_back(QueryContext const& context, std::uint8_t htl);
    void find_next_deadline();
    [[nodiscard]] Instant patience(Instant now, unsigned htl) const;

    KeyLimits limits_;
    Flood flood_;
    KeyReferences<PeerId> references_;
    Requests own_, passing_;  // in the order they began
    KeyReturns returns_;
    std::optional<Instant> next_;
    std::vector<PeerId> open_;  // scratch: neighbours that a request may go to, sorted
    std::vector<std::optional<std::uint64_t>> scratch_;
};

}  // namespace praline::search::strategy
