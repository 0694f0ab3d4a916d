#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "node/overlay/overlay.hpp"
#include "unit/support/faults.hpp"

namespace praline::test {

/// Overlays joined without sockets: bytes go in order, in pieces of any size and as late as the faults say, and time is
/// virtual. What the nodes are besides, the network that derives from this knows. Seeded and repeatable.
class StreamNetwork {
public:
    explicit StreamNetwork(std::uint64_t seed) : rng_{seed} {}
    virtual ~StreamNetwork() = default;

    /// An event for the core of a node that is up; one that is down hears nothing.
    virtual void feed(std::size_t number, overlay::Event const& event) = 0;

    /// Carries everything that may arrive by now, until nothing moves. @returns whether it came to rest.
    bool settle(std::size_t steps_max = 2'000'000) {
        for (std::size_t step = 0; step < steps_max; ++step)
            if (!carry_one()) return true;
        return false;
    }
    void run(Duration how_long) {
        Instant const until = now + how_long;
        settle();
        for (;;) {
            std::optional<Instant> next = next_arrival();
            for (std::size_t i = 0; i < node_count(); ++i)
                if (auto const due = next_deadline(i); due && (!next || *due < *next)) next = due;
            if (!next || *next > until) break;
            now = std::max(now, *next);
            for (std::size_t i = 0; i < node_count(); ++i) tick_if_due(i);
            settle();
        }
        now = until;
    }

    /// Broken ends the links between the two.
    void set_wire(std::size_t one, std::size_t other, Wire state) {
        wires_.set(one, other, state, now);
        if (state != Wire::broken) return;
        break_links([&](End const& end, End const& far) {
            return Wires::between(end.first, far.first) == Wires::between(one, other);
        });
    }
    void heal() { wires_ = {}; }

    Instant now{};
    std::size_t chunk_max = 0;  ///< 0: whole; else pieces of 1 to this many bytes
    Delays delays;              ///< of what is sent from now on
    std::size_t overlapping_transmits = 0;

protected:
    using End = std::pair<std::size_t, PeerId>;

    [[nodiscard]] virtual std::size_t node_count() const = 0;
    /// Null: the node is down.
    [[nodiscard]] virtual overlay::Overlay* core_of(std::size_t number) = 0;
    [[nodiscard]] virtual Endpoint listens_at(std::size_t number) const = 0;
    [[nodiscard]] virtual bool may_connect(std::size_t, std::size_t) const { return true; }
    [[nodiscard]] virtual std::optional<Instant> next_deadline(std::size_t number) = 0;
    virtual void tick_if_due(std::size_t number) = 0;
    /// Something that waits between a node's core and what stands above it. @returns whether there was anything.
    virtual bool hand_on() = 0;

    void carry_out(std::size_t from, overlay::Connect const& action) {
        calls_.push_back({End{from, action.peer}, action.to, now + delays.draw(rng_)});
    }
    /// @returns whether there is such a link.
    bool carry_out(std::size_t from, overlay::Transmit const& action, ByteView bytes) {
        auto const at = pipes_.find(End{from, action.peer});
        if (at == pipes_.end()) return false;
        Pipe& pipe = at->second;
        if (pipe.waiting.empty()) pipe.ready_at = now + delays.draw(rng_);
        pipe.waiting.insert(pipe.waiting.end(), bytes.begin(), bytes.end());
        if (pipe.drain_owed) overlapping_transmits++;
        pipe.drain_owed = true;
        return true;
    }
    void carry_out(std::size_t from, overlay::Close const& action) {
        auto const at = pipes_.find(End{from, action.peer});
        if (at == pipes_.end()) {
            std::erase_if(calls_, [&](Call const& call) { return call.from == End{from, action.peer}; });
            return;
        }
        at->second.closing = true;
        if (!action.after_sending) at->second.waiting.clear();
    }
    /// The node's sockets break; it is told nothing itself.
    void cut_off(std::size_t number) {
        std::erase_if(calls_, [&](Call const& call) { return call.from.first == number; });
        break_links([&](End const& end, End const& far) { return end.first == number || far.first == number; }, number);
    }
    /// The node at the other end of a link; empty: there is none.
    [[nodiscard]] std::optional<std::size_t> other_end(std::size_t number, PeerId peer) const {
        auto const at = pipes_.find(End{number, peer});
        return at == pipes_.end() ? std::nullopt : std::optional{at->second.other.first};
    }

    Rng rng_;

private:
    struct Pipe {
        End other;
        Bytes waiting;  // from this end to the other
        Instant ready_at{};
        bool drain_owed = false, closing = false;
    };
    struct Call {
        End from;
        Endpoint to;
        Instant ready_at{};
    };

    template <class Test>
    void break_links(Test which, std::optional<std::size_t> except = {}) {
        std::vector<End> broken;
        for (auto const& [end, pipe] : pipes_)
            if (which(end, pipe.other)) broken.push_back(end);
        for (End const& end : broken) pipes_.erase(end);
        for (End const& end : broken)
            if (end.first != except) feed(end.first, overlay::Closed{end.second, true});
    }
    [[nodiscard]] bool is_held(End const& from, Pipe const& pipe) const {
        return wires_.state(from.first, pipe.other.first) == Wire::silent;
    }
    [[nodiscard]] static bool has_work(Pipe const& pipe) {
        return !pipe.waiting.empty() || pipe.drain_owed || pipe.closing;
    }
    [[nodiscard]] std::optional<Instant> next_arrival() const {
        std::optional<Instant> next;
        auto const consider = [&](Instant when) { next = next ? std::min(*next, when) : when; };
        for (Call const& call : calls_) consider(call.ready_at);
        for (auto const& [from, pipe] : pipes_)
            if (has_work(pipe) && !is_held(from, pipe)) consider(pipe.ready_at);
        return next;
    }
    bool carry_one() {
        if (hand_on()) return true;
        auto const call =
            std::find_if(calls_.begin(), calls_.end(), [&](Call const& one) { return one.ready_at <= now; });
        if (call != calls_.end()) {
            auto const one = *call;
            calls_.erase(call);
            connect(one.from, one.to);
            return true;
        }
        std::vector<End> ready;
        for (auto const& [from, pipe] : pipes_)
            if (has_work(pipe) && pipe.ready_at <= now && !is_held(from, pipe)) ready.push_back(from);
        if (ready.empty()) return false;
        carry(ready[rng_.below(ready.size())]);
        return true;
    }
    void carry(End const from) {
        Pipe& pipe = pipes_.at(from);
        End const to = pipe.other;
        if (!pipe.waiting.empty()) {
            std::size_t count = pipe.waiting.size();
            if (chunk_max > 0) count = std::min<std::size_t>(count, 1 + rng_.below(chunk_max));
            auto const end = pipe.waiting.begin() + static_cast<std::ptrdiff_t>(count);
            Bytes const piece(pipe.waiting.begin(), end);
            pipe.waiting.erase(pipe.waiting.begin(), end);
            if (auto const other = pipes_.find(to); other != pipes_.end() && !other->second.closing)
                feed(to.first, overlay::Received{to.second, piece});
        } else if (pipe.closing) {
            auto const other = pipes_.find(to);
            bool const hears = other != pipes_.end() && !other->second.closing;
            pipes_.erase(from);
            pipes_.erase(to);
            if (hears) feed(to.first, overlay::Closed{to.second, false});
        } else {
            pipe.drain_owed = false;
            feed(from.first, overlay::Drained{from.second});
        }
    }
    void connect(End const& caller, Endpoint const& to) {
        if (core_of(caller.first) == nullptr) return;
        for (std::size_t i = 0; i < node_count(); ++i) {
            auto* const core = core_of(i);
            bool const there = core != nullptr && listens_at(i) == to;
            if (!there || !may_connect(caller.first, i) || wires_.state(caller.first, i) != Wire::good) continue;
            PeerId const peer = core->allot_peer();
            pipes_[caller].other = End{i, peer};
            pipes_[End{i, peer}].other = caller;
            Endpoint const local = listens_at(caller.first);
            auto const port = static_cast<std::uint16_t>(40000 + peer.value() % 20000);
            feed(i, overlay::Accepted{peer, Endpoint{local.address, port}});
            return feed(caller.first, overlay::Connected{caller.second, local});
        }
        feed(caller.first, overlay::ConnectFailed{caller.second});
    }

    Wires wires_;
    std::map<End, Pipe> pipes_;
    std::vector<Call> calls_;
};

}  // namespace praline::test
