#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "index/client/client_core.hpp"
#include "index/client/publish_list.hpp"
#include "index/client/shared_update.hpp"
#include "node/net/deadline_timer.hpp"

/// The list of what is published, and when it is worked on: brought in line with what is shared while the node goes on with
/// other work, and read when the core asks for the next change.   @threads the io_context's one.
namespace praline::index::client {

class ListHost {
public:
    struct Owner {
        SharedUpdate::Shared shared;
        /// Is given `ListChanged`, never from within a call of the owner, and `ChangeRead`.
        std::function<void(ClientEvent)> feed;
    };
    /// Throws store::DatabaseError.
    /// @param entries_per_slice  of the shared files, before the node goes on with other work; at least 1.
    ListHost(boost::asio::io_context& io, std::string const& file, std::size_t entries_per_slice, Owner owner);

    /// What is shared is known, or has changed.
    void shared_changed();
    /// Feeds one `ChangeRead`, perhaps from within, unless it is called again or stopped before.
    void read(ReadChange const& action);
    /// Feeds nothing any more.
    void stop();

    /// The version that the core knows of: the list's when this was made, later that of the last `ListChanged`.
    [[nodiscard]] Version told() const { return told_; }
    /// The list says what is shared.
    [[nodiscard]] bool up_to_date() const { return update_.up_to_date(); }
    /// Why the list cannot be read or kept, as a sentence; empty: it can.
    [[nodiscard]] std::string const& trouble() const { return trouble_; }

private:
    void schedule_update();
    void update_slice();
    void tell_if_changed();
    [[nodiscard]] std::size_t change_entries_least() const;

    Owner owner_;
    PublishList list_;
    SharedUpdate update_;
    net::DeadlineTimer update_timer_, read_timer_;
    std::optional<ReadChange> to_read_;  ///< when the disk has time
    Version told_;
    bool held_back_ = false;  ///< the core was told that there is nothing while a little waited
    bool stopped_ = false;
    std::string trouble_;
};

}  // namespace praline::index::client
