#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "transfer/download/context.hpp"

namespace praline::download {

/// Whom a download believes: which of the sources' stories about the file is tried, and what follows once the whole proves
/// or refutes it. Private to this room.
/// @threads the node's; lives as long as its coroutines
class Belief {
public:
    explicit Belief(ContextPtr context) : context_{std::move(context)} {}

    /// It fits what is believed, and its bytes may be of the next whole where one was wrong.
    [[nodiscard]] bool may_ask(Job const& job, SourceId source) const;
    /// Those whose bytes may be of the next whole are gone or fail, and others could be asked.
    [[nodiscard]] bool trusted_have_failed(Job& job) const;
    /// Those are trusted for the next whole.   @pre nothing is in flight
    void trust_others(Job& job);
    /// No source that fits the believed story can be asked: one that contradicts it and can. Empty: there is none, or what
    /// is believed is not given up.
    [[nodiscard]] std::optional<SourceId> another_story(Job& job) const;
    /// Believes that one.   @pre nothing is in flight
    void turn_to(Job& job, SourceId source);
    /// The swarm has found bytes that do not fit the tree.
    void accused(Job& job, swarm::Accuse const& action);

    /// The file is fetched in pieces of this size, at first nothing of it is there.
    void start_map(Job& job, std::uint64_t piece_bytes);
    /// A source has given the tree; it is taken up when nothing is in flight.
    void tree_came(Job& job, content::TreeLevel tree, SourceId giver);
    /// What is on disk already is checked against the tree before anything else is fetched.   @pre nothing is in flight
    void adopt_tree(Job& job, content::TreeLevel tree, SourceId giver);

    /// A whole that no tree proves is wrong: what its sources sent is compared with what came in its place before.
    /// False: it is not wanted any more.
    [[nodiscard]] boost::asio::awaitable<bool> question_sources(JobPtr job);
    /// The whole is there and is not what was asked for. Who did not say so is absolved of having contradicted it.
    /// @pre question_sources
    void whole_is_wrong(Job& job, bool sha1_right, bool root_right);
    /// The whole is right: who sent something else before has lied.
    [[nodiscard]] boost::asio::awaitable<void> name_liars(JobPtr job);
    /// What was believed is proved: whoever said something else is reported.
    void whole_is_right(Job& job);
    /// It is no source to be told of any more, until it delivers again.
    void note_failure(Job& job, SourceId id, Endpoint const& endpoint);

private:
    [[nodiscard]] std::set<SourceId> doubted_and_ready(Job& job) const;
    void drop_doubted(Job& job);
    void drop_content(Job& job);
    void blame(Job& job, SourceId source, Fault fault);

    ContextPtr context_;
};

}  // namespace praline::download
