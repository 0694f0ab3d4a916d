#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "node/base/time.hpp"
#include "node/wire/message.hpp"
#include "search/qrp/routing_table.hpp"

namespace praline::search {

using TablePtr = std::shared_ptr<qrp::QueryRoutingTable const>;

/// What was announced to one neighbour of our table, and when the next update may go. Neighbours share the tables they
/// were sent: what is kept for each is a pointer.
/// @threads one.
class Announcement {
public:
    [[nodiscard]] bool due(std::uint64_t version, Instant now) const {
        return version_ != version && now >= not_before_;
    }
    /// When it will be due; empty: it is up to date.
    [[nodiscard]] std::optional<Instant> deadline(std::uint64_t version) const {
        return version_ != version ? std::optional{not_before_} : std::nullopt;
    }
    [[nodiscard]] TablePtr const& sent() const { return sent_; }
    void announced(TablePtr table, std::uint64_t version, bool sent_anything, Instant now, std::chrono::seconds every) {
        sent_ = std::move(table);
        version_ = version;
        if (sent_anything) not_before_ = now + every;
    }

private:
    TablePtr sent_;
    std::uint64_t version_ = 0;  // versions start at 1, so a new neighbour is behind
    Instant not_before_ = Instant::min();
};

/// Makes the messages of an update once for all neighbours that need the same one.
/// @threads one.
class UpdateCache {
public:
    [[nodiscard]] std::vector<wire::Qrp> const& update(TablePtr const& before, TablePtr const& now);

private:
    TablePtr before_, now_;
    std::vector<wire::Qrp> messages_;
};

}  // namespace praline::search
