#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "index/replica/context.hpp"
#include "index/replica/group.hpp"

namespace praline::index::replica {

/// Questions of nodes while we are joining: a joining server answers from what it has and asks another one, if it can the one
/// it joined through, for the rest (Clippee, section II-D). And what joining servers ask us.
/// @threads one: it belongs to a replica.
class Asks {
public:
    Asks(Context& context, Group& group) : ctx_{context}, group_{group} {}

    void wanted(AskWanted const& event);
    /// Our own answer to another server's question.
    void answered(AskAnswered const& event);
    void got(Envelope const& from, AskFor const& message);
    void got(Envelope const& from, AnswerFor const& message);
    void give_up_late();
    [[nodiscard]] std::optional<Instant> next_deadline() const;

private:
    struct QuestionOut {
        Ticket ticket{};
        ServerId asked{};
        Instant deadline{};
    };
    struct QuestionIn {
        ServerId asker{};
        std::uint64_t request = 0;
        Instant deadline{};
    };
    [[nodiscard]] std::optional<ServerId> server_to_ask() const;

    Context& ctx_;
    Group& group_;
    std::map<std::uint64_t, QuestionOut> questions_out_;  ///< at most asks_under_way_max
    std::map<Ticket, QuestionIn> questions_in_;           ///< the same
    std::uint64_t last_request_ = 0;
};

}  // namespace praline::index::replica
