#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "index/link/framed_link.hpp"
#include "index/replica/replica.hpp"

/// The connections to the other servers of the group: dialled and accepted, frames in, messages out, and what to say of a
/// server that cannot be reached.
namespace praline::index::server {

/// @threads the io_context's one.
class ServerLinks {
public:
    struct Options {
        link::LinkLimits limits;
        std::optional<Endpoint> join;
    };
    /// Is given what happens; not called after `stop`.
    using OnEvent = std::function<void(replica::Event event)>;
    /// @param settle  called after events that come from the network, not from a call of the owner.
    ServerLinks(boost::asio::io_context& io, link::Ed25519Key const& key, Options options, OnEvent on_event,
                std::function<void()> settle);
    /// @param owner  keeps this alive; callbacks that come after its end do nothing.
    void start(std::weak_ptr<void> owner) { owner_ = std::move(owner); }

    void welcome(link::FramedLinkPtr link, bool outgoing);
    void on(replica::Connect const& action);
    void on(replica::CloseLink const& action);
    void on(replica::Send const& action);
    /// A trouble with a server that has gone is none any more, nor is the end of a link to one that has left.
    void members_changed(std::vector<Member> const& members);
    void stop();

    [[nodiscard]] bool empty() const { return links_.empty(); }
    /// Why a server that should be there cannot be reached, as a sentence; empty: all are.
    [[nodiscard]] std::string unreachable() const;
    /// Why a link was closed lately, until the group is well; empty: none was.
    [[nodiscard]] std::string const& last_refusal() const { return last_refusal_; }
    [[nodiscard]] std::uint64_t bad_frames() const { return bad_frames_; }

private:
    void arrived(replica::LinkId id, ByteView frame);
    void broken(replica::LinkId id, std::string const& why);
    void dialled(Endpoint endpoint, link::Dialled const& result);
    void drop(replica::LinkId id);
    [[nodiscard]] bool expects(Endpoint endpoint) const;

    boost::asio::io_context& io_;
    link::Ed25519Key const& key_;
    Options options_;
    OnEvent on_event_;
    std::function<void()> settle_;
    std::weak_ptr<void> owner_;
    std::map<replica::LinkId, link::FramedLinkPtr> links_;
    std::uint32_t last_link_ = 0;
    std::vector<Endpoint> expected_;                 // of the members
    std::map<Endpoint, std::string> dial_troubles_;  // at most `members_max`
    std::string last_refusal_;
    std::uint64_t bad_frames_ = 0;
    bool stopped_ = false;
};

}  // namespace praline::index::server
