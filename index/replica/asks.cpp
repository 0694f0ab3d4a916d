#include <algorithm>

#include "index/replica/impl.hpp"

/// A young server serves what it has and asks the one it joined through for the rest (Clippee, section II-D).
namespace praline::index {

std::optional<ServerId> Replica::Impl::whom_to_ask() const {
    std::vector<ServerId> const others = live();
    if (sponsor_ && std::find(others.begin(), others.end(), *sponsor_) != others.end() && !peers_.at(*sponsor_).young) return sponsor_;
    for (ServerId const id : others)
        if (!peers_.at(id).young) return id;
    if (others.empty()) return std::nullopt;
    return others.front();
}

void Replica::Impl::on(AskWanted const& event) {
    std::optional<ServerId> const whom = young_ ? whom_to_ask() : std::nullopt;
    if (whom && questions_out_.size() < options_.asks_under_way_max) {
        std::uint64_t const request = ++last_request_;
        if (send(*whom, AskFor{request, event.query})) {
            questions_out_[request] = QuestionOut{event.ticket, *whom, now_ + options_.ask_within};
            return;
        }
    }
    AskDone done{event.ticket, std::nullopt};
    emit(std::move(done));
}

void Replica::Impl::got(Envelope const& from, AnswerFor const& message) {
    auto const found = questions_out_.find(message.request);
    if (found == questions_out_.end() || found->second.asked != from.from) return;
    AskDone done{found->second.ticket, message.answer};
    questions_out_.erase(found);
    emit(std::move(done));
}

void Replica::Impl::got(Envelope const& from, AskFor const& message) {
    if (questions_in_.size() >= options_.asks_under_way_max) return;
    Ticket const ticket = this->ticket();
    questions_in_[ticket] = QuestionIn{from.from, message.request, now_ + options_.ask_within};
    emit(AnswerNeeded{ticket, message.query});
}

void Replica::Impl::on(AskAnswered const& event) {
    auto const found = questions_in_.find(event.ticket);
    if (found == questions_in_.end()) return;
    QuestionIn const question = found->second;
    questions_in_.erase(found);
    send(question.asker, AnswerFor{question.request, event.answer});
}

void Replica::Impl::give_up_late_asks() {
    while (!questions_out_.empty() && questions_out_.begin()->second.deadline <= now_) {
        AskDone done{questions_out_.begin()->second.ticket, std::nullopt};
        questions_out_.erase(questions_out_.begin());
        emit(std::move(done));
    }
    while (!questions_in_.empty() && questions_in_.begin()->second.deadline <= now_) questions_in_.erase(questions_in_.begin());
}

}  // namespace praline::index
