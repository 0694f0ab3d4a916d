#include "search/engine/checks.hpp"

namespace praline::search {

void Checks::pass_on(Guid const& guid, wire::CheckNote const& note, PeerId asker, PeerId to, Turn const& turn) {
    state_.get().routes.add(guid, note.number, note.step, asker, to, turn.now, limits_.checks_max, limits_.checks_for);
    turn.emit(overlay::SendNote{to, guid, note});
}

std::optional<bool> Checks::ask(strategy::WalkerCheck const& check, std::optional<PeerId> route, Turn const& turn) {
    if (!route) return std::nullopt;
    if (*route == here) {
        ++state_.get().counters.answered;
        return strategies_.wants_more(check.guid);
    }
    pass_on(check.guid, wire::CheckNote{check.walker.number, check.walker.step}, here, *route, turn);
    return std::nullopt;
}

std::optional<wire::CheckAnswerNote> Checks::on_question(PeerId from, Guid const& guid, wire::CheckNote const& note,
                                                         std::optional<PeerId> route, Turn const& turn) {
    ++state_.get().counters.in;
    if (route && *route != here) {
        // Back to the neighbour that asks it would go in circles.
        if (*route != from) pass_on(guid, note, from, *route, turn);
        return std::nullopt;
    }
    // Where the route is forgotten, nothing can say any more whether the query goes on: then it does not.
    wire::CheckAnswerNote const answer{note.number, note.step, route && strategies_.wants_more(guid)};
    ++state_.get().counters.answered;
    turn.emit(overlay::SendNote{from, guid, answer});
    return answer;
}

bool Checks::on_answer(PeerId from, Guid const& guid, wire::CheckAnswerNote const& note, Turn const& turn) {
    auto const asker = state_.get().routes.take(guid, note.number, note.step, from);
    if (!asker || *asker == here) return asker.has_value();
    turn.emit(overlay::SendNote{*asker, guid, note});
    return false;
}

}  // namespace praline::search
