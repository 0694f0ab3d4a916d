#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"

/// Publishing at the server that a node is signed in to: changes read ahead, some of them under way at once, and begun
/// anew when the server says so. Pure.
namespace praline::index::client {

class PublishPipeline {
public:
    explicit PublishPipeline(ClientOptions const& options) : options_{options} {}

    /// The server holds `held`: on from there. @returns false: it has sent us back too often.
    [[nodiscard]] bool begin(Version held, SetDigest const& digest, Instant now);
    /// Not signed in any more. What was asked to be read may still come, and is dropped.
    void stop();
    void list_changed();
    /// The host has read. @returns what is to be sent.
    [[nodiscard]] std::optional<Publish> read(ChangeRead const& read, Instant now);
    /// @returns false: as in `begin`.
    [[nodiscard]] bool published(Published const& message, Instant now);
    [[nodiscard]] bool behind(Behind const& message, Instant now);

    /// Once whenever something may be read: at most one is asked for at a time.
    [[nodiscard]] std::optional<ReadChange> wants(Instant now);
    /// A change has had no answer for too long.
    [[nodiscard]] bool overdue(Instant now) const;
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    [[nodiscard]] bool active() const { return active_; }
    /// There was nothing more to read, and nothing is under way.
    [[nodiscard]] bool all_published() const { return active_ && !more_ && under_way_.empty(); }
    [[nodiscard]] Version held() const { return held_; }

private:
    struct UnderWay {
        Version from, to;
        SetDigest digest;
        Instant sent;
    };
    bool restart(Version held, SetDigest const& digest, bool reset, Instant now);
    void refill(Instant now);
    [[nodiscard]] bool may_read() const;

    ClientOptions const& options_;
    bool active_ = false;
    bool reading_ = false;   // the host has been asked
    bool dropping_ = false;  // and its answer is of no use any more
    bool more_ = false;      // there may be something to read
    bool again_ = false;     // the list changed while it was read
    bool reset_ = false;     // the next change begins a new era
    bool careful_ = false;   // one at a time, until one has gone through
    Version held_, next_from_;
    SetDigest next_digest_;
    std::vector<UnderWay> under_way_;
    std::uint32_t restarts_ = 0;
    Instant last_restart_{};
    std::uint64_t tokens_ = 0;  // changes that may be sent now, in thousandths
    Instant refilled_{};
};

}  // namespace praline::index::client
