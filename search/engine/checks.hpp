#pragma once

#include <cstdint>
#include <optional>

#include "node/base/ids.hpp"
#include "node/base/lazy.hpp"
#include "node/wire/praline.hpp"
#include "search/engine/check_routes.hpp"
#include "search/engine/events.hpp"
#include "search/engine/limits.hpp"
#include "search/engine/strategies.hpp"

namespace praline::search {

/// The questions of walkers, whether to go on, and the answers: asked of the origin of the query, along its reply route,
/// and answered where the query began.
/// `route` is what Overlay::reverse_path says of the query: empty if it is forgotten, `here` if it began here.
/// @threads one.   @source Lv, Cao, Cohen, Li, Shenker 2002; node/wire/protocol/praline.md
class Checks {
public:
    static constexpr PeerId here{0};
    struct Counters {
        std::uint64_t in = 0, answered = 0;
    };

    /// Both outlive it.
    Checks(EngineLimits const& limits, Strategies const& strategies) : limits_{limits}, strategies_{strategies} {}

    /// A walker waits here. @returns the answer, if it is known here; else its question is on its way, unless the route is
    /// forgotten: then the walker will run out of patience.
    [[nodiscard]] std::optional<bool> ask(strategy::WalkerCheck const& check, std::optional<PeerId> route,
                                          Turn const& turn);
    /// A neighbour's question: passed on, or answered. @returns the answer, if it was given here.
    std::optional<wire::CheckAnswerNote> on_question(PeerId from, Guid const& guid, wire::CheckNote const& note,
                                                     std::optional<PeerId> route, Turn const& turn);
    /// A neighbour's answer: passed on. @returns whether it is for a walker that waits here.
    [[nodiscard]] bool on_answer(PeerId from, Guid const& guid, wire::CheckAnswerNote const& note, Turn const& turn);

    [[nodiscard]] Counters counters() const { return state_.if_made() ? state_.if_made()->counters : Counters{}; }

private:
    struct State {
        CheckRoutes routes;
        Counters counters;
    };
    void pass_on(Guid const& guid, wire::CheckNote const& note, PeerId asker, PeerId to, Turn const& turn);

    EngineLimits const& limits_;
    Strategies const& strategies_;
    Lazy<State> state_;
};

}  // namespace praline::search
