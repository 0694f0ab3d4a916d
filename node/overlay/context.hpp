#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "node/base/check.hpp"
#include "node/overlay/counters.hpp"
#include "node/overlay/overlay.hpp"

namespace praline::overlay {

/// What a part has found wrong with a message. The part has changed nothing because of it; the caller counts it against
/// the link.
enum class Fault : std::uint8_t {
    none,
    malformed,  ///< it could not be understood
    repeats,    ///< the link has repeated its own messages too often
};

/// What every part of one overlay works with: its settings, limits and role, the clock and the random numbers that were
/// handed in, where its actions go, what is counted, and what is left to do when the event has been handled. Nothing
/// here decides anything.
/// @threads one: it belongs to an overlay.
class Context {
public:
    Context(Settings settings, std::shared_ptr<Limits const> limits, Role role, Rng rng)
        : limits_{std::move(limits)},
          role_{role},
          hands_over_{settings.hand_over},
          rng_{rng},
          settings_{std::move(settings)} {}
    Context(Context const&) = delete;
    Context& operator=(Context const&) = delete;

    /// For as long as one event is handled: actions are appended to `out`.
    void begin(Instant now, UnixSeconds unix_now, Actions& out) {
        now_ = now;
        unix_now_ = unix_now;
        out_ = &out;
    }
    void end() { out_ = nullptr; }

    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] UnixSeconds unix_now() const { return unix_now_; }
    [[nodiscard]] Limits const& limits() const { return *limits_; }
    [[nodiscard]] Settings const& settings() const { return settings_; }
    [[nodiscard]] Rng& rng() { return rng_; }
    /// `Settings::hand_over`.
    [[nodiscard]] bool hands_over() const { return hands_over_; }
    /// `Settings::peers`, once.
    [[nodiscard]] std::vector<Endpoint> take_named_peers() { return std::exchange(settings_.peers, {}); }

    [[nodiscard]] Role role() const { return role_; }
    void set_role(Role role) { role_ = role; }
    [[nodiscard]] bool started() const { return started_; }
    void set_started() { started_ = true; }
    [[nodiscard]] bool stopping() const { return stopping_; }
    void set_stopping() { stopping_ = true; }

    /// @pre between `begin` and `end`.
    template <class A>
    void emit(A&& action) {
        check(out_ != nullptr);
        out_->emplace_back(std::forward<A>(action));
    }

    [[nodiscard]] Counters& counters() { return counters_; }
    [[nodiscard]] Counters const& counters() const { return counters_; }
    /// Counts messages that were not sent or not taken. `kind` empty: of no kind that is counted apart.
    void drop(DropReason reason, std::optional<Kind> kind, std::uint64_t count = 1) {
        count_dropped(counters_, reason, kind, count);
    }
    /// What a link said when it came up has changed.
    void count_link_change() { ++link_changes_; }
    [[nodiscard]] std::uint32_t link_changes() const { return link_changes_; }

    // ---- for the end of the event ----
    /// Something that has a time was changed: the deadline is to be planned anew.
    void deadline_changed() { deadline_changed_ = true; }
    /// There may be room for further links, or a host to connect to.
    void links_changed() { links_changed_ = deadline_changed_ = true; }
    [[nodiscard]] bool take_deadline_changed() { return std::exchange(deadline_changed_, false); }
    [[nodiscard]] bool take_links_changed() { return std::exchange(links_changed_, false); }

private:
    // What every message touches comes first: among a million nodes each further cache line is read from memory.
    Instant now_{};
    Actions* out_ = nullptr;
    std::shared_ptr<Limits const> limits_;
    Role role_;
    bool hands_over_;
    bool started_ = false, stopping_ = false;
    bool links_changed_ = false;
    bool deadline_changed_ = true;
    std::uint32_t link_changes_ = 0;
    UnixSeconds unix_now_ = 0;
    Counters counters_;
    Rng rng_;
    Settings settings_;
};

}  // namespace praline::overlay
