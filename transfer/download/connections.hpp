#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "transfer/download/belief.hpp"
#include "transfer/download/context.hpp"
#include "transfer/download/outcome.hpp"

namespace praline::download {

/// The connections of a download, and what its swarm wants of them. Private to this room.
/// @threads the node's; held by a shared_ptr, which each connection shares
class Connections : public std::enable_shared_from_this<Connections> {
public:
    Connections(ContextPtr context, std::shared_ptr<Belief> belief)
        : context_{std::move(context)}, belief_{std::move(belief)} {}
    [[nodiscard]] ContextPtr const& context() const { return context_; }
    [[nodiscard]] Belief& belief() const { return *belief_; }

    /// Begins one. @param link  its number in the swarm; 0: there is none yet
    void connect(JobPtr const& job, SourceId source, swarm::LinkId link);
    /// The map is known: what is open already goes on as part of a swarm.
    void start_swarm(JobPtr const& job);
    /// Tells the swarm, and does what it answers.
    void feed(JobPtr const& job, swarm::Event const& event);
    /// Everything under way ends; the worker comes to rest.
    void interrupt(Job& job);
    void close_all(Job& job);
    /// A fault of ours must not look like a download that goes on.
    void broke(JobPtr const& job, char const* what);
    /// What the sources are doing, as the state of the download.
    void show_activity(Job& job);

    /// False: it is known already. @param by_user  whether the user named it
    bool take_source(Job& job, Source const& source, bool by_user);
    /// For whoever looks at the file while it comes.
    void read(JobPtr const& job, ContentReads::Read wanted);
    /// Pieces were found right: whoever waited for other ones has his turn.
    void pieces_came(JobPtr const& job);

    // What a connection tells:
    /// Its source has said what it knows of the file, and can be asked for it.
    void learnt(JobPtr const& job, SourceSession& session);
    /// It ended, and nobody here has closed it.
    void session_ended(JobPtr const& job, SourceSession& session, Outcome const& outcome);

private:
    void perform(JobPtr const& job, swarm::Actions const& actions);
    void close_session(Job& job, SourceSession& session);
    void note_delivery(Job& job, SourceSession const& session);
    bool serve_reads(Job& job);
    void fetch_next(JobPtr const& job, std::uint64_t position);
    [[nodiscard]] SourceSession* session_of(Job const& job, swarm::LinkId link) const;

    ContextPtr context_;
    std::shared_ptr<Belief> belief_;
};

}  // namespace praline::download
