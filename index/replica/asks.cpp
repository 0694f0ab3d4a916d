#include "index/replica/asks.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace praline::index::replica {

std::optional<ServerId> Asks::server_to_ask() const {
    std::vector<ServerId> const others = group_.live();
    auto const is_complete = [this](ServerId id) { return !group_.find(id)->joining; };
    std::optional<ServerId> const sponsor = group_.sponsor();
    if (sponsor && std::find(others.begin(), others.end(), *sponsor) != others.end() && is_complete(*sponsor))
        return sponsor;
    auto const complete = std::find_if(others.begin(), others.end(), is_complete);
    if (complete != others.end()) return *complete;
    if (others.empty()) return std::nullopt;
    return others.front();
}

void Asks::wanted(AskWanted const& event) {
    std::optional<ServerId> const server = group_.joining() ? server_to_ask() : std::nullopt;
    if (server && questions_out_.size() < ctx_.options().asks_under_way_max) {
        std::uint64_t const request = ++last_request_;
        if (group_.send(*server, AskFor{request, event.query})) {
            questions_out_[request] = QuestionOut{event.ticket, *server, ctx_.now() + ctx_.options().ask_within};
            return;
        }
    }
    AskDone done{event.ticket, std::nullopt};
    ctx_.emit(std::move(done));
}

void Asks::got(Envelope const& from, AnswerFor const& message) {
    auto const found = questions_out_.find(message.request);
    if (found == questions_out_.end() || found->second.asked != from.from) return;
    AskDone done{found->second.ticket, message.answer};
    questions_out_.erase(found);
    ctx_.emit(std::move(done));
}

void Asks::got(Envelope const& from, AskFor const& message) {
    if (questions_in_.size() >= ctx_.options().asks_under_way_max) return;
    Ticket const ticket = ctx_.next_ticket();
    questions_in_[ticket] = QuestionIn{from.from, message.request, ctx_.now() + ctx_.options().ask_within};
    ctx_.emit(AnswerNeeded{ticket, message.query});
}

void Asks::answered(AskAnswered const& event) {
    auto const found = questions_in_.find(event.ticket);
    if (found == questions_in_.end()) return;
    QuestionIn const question = found->second;
    questions_in_.erase(found);
    group_.send(question.asker, AnswerFor{question.request, event.answer});
}

void Asks::give_up_late() {
    while (!questions_out_.empty() && questions_out_.begin()->second.deadline <= ctx_.now()) {
        AskDone done{questions_out_.begin()->second.ticket, std::nullopt};
        questions_out_.erase(questions_out_.begin());
        ctx_.emit(std::move(done));
    }
    while (!questions_in_.empty() && questions_in_.begin()->second.deadline <= ctx_.now())
        questions_in_.erase(questions_in_.begin());
}

std::optional<Instant> Asks::next_deadline() const {
    if (questions_out_.empty()) return std::nullopt;
    return questions_out_.begin()->second.deadline;
}

}  // namespace praline::index::replica
