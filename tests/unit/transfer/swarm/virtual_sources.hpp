#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "node/base/rng.hpp"
#include "transfer/swarm/swarm.hpp"

/// A swarm on sources that are numbers only: rates, ways, lies and deaths are given, time is counted in steps.
namespace praline::swarm::test {

struct VirtualSource {
    double rate = 100'000;                              ///< bytes a second
    Duration latency = std::chrono::milliseconds{100};  ///< of a connection, and of each request
    std::optional<RangeSet> offered{};                  ///< of a partial file
    double lie = 0;                                     ///< share of the blocks of 64 KiB that are wrong
    /// It sends nothing in between.
    std::vector<std::pair<Instant, Instant>> silent{};
    std::optional<Instant> dies{};  ///< its connection ends, and no other is accepted

    [[nodiscard]] bool is_honest() const { return lie == 0; }
    [[nodiscard]] double rate_at(Instant now) const {
        if (dies && now >= *dies) return 0;
        for (auto const& [from, to] : silent)
            if (from <= now && now < to) return 0;
        return rate;
    }
};

struct Outcome {
    bool complete = false;
    Duration took{0};
    std::uint64_t wasted_bytes = 0;  ///< came, and were neither kept nor wrong
    std::uint64_t liar_bytes = 0;    ///< came from sources that lie
    std::uint64_t received_bytes = 0;
    bool believed_a_lie = false;          ///< the file is not what it was
    std::set<std::size_t> lied, accused;  ///< by place in the list of sources
    std::size_t connections = 0, searches = 0;
};

class VirtualSwarm {
public:
    static constexpr Duration step = std::chrono::milliseconds{20};
    static constexpr std::uint64_t lie_block = 64 * 1024;

    VirtualSwarm(std::uint64_t seed, std::uint64_t file_bytes, std::uint64_t piece_bytes,
                 std::vector<VirtualSource> sources, SwarmOptions options = {})
        : seed_{seed}, sources_{std::move(sources)}, swarm_{PieceMap{file_bytes, piece_bytes}, std::move(options)} {
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            Source source;
            // Each at an address of its own.
            source.endpoint = {static_cast<std::uint32_t>(0x0A000001 + i * 65536), 6346};
            swarm_.add(source, now_);
            ids_[*swarm_.sources().id_of(source)] = i;
        }
    }

    Outcome run(Duration longest) {
        feed(Ticked{});
        auto const end = Instant{} + longest;
        std::optional<Instant> tick = swarm_.next_deadline(now_);
        while (!outcome_.complete && now_ < end) {
            now_ += step;
            move_bytes();
            run_due();
            if (tick && *tick <= now_) feed(Ticked{});
            if (!tick || *tick <= now_) tick = swarm_.next_deadline(now_);
        }
        outcome_.took = now_ - Instant{};
        outcome_.believed_a_lie = outcome_.complete && !wrong_.empty();
        return outcome_;
    }
    [[nodiscard]] Swarm const& swarm() const { return swarm_; }

private:
    struct Link {
        std::uint64_t number = 0;  // of the connection
        bool sending = false;
        ByteRange body{};
        double owed = 0;  // part of a byte
    };

    void feed(Event const& event) {
        Actions actions;
        swarm_.handle(event, now_, actions);
        for (auto const& action : actions) std::visit([this](auto const& one) { on(one); }, action);
    }
    void later(Duration time, std::function<void()> act) { due_.emplace(now_ + time, std::move(act)); }
    void run_due() {
        while (!due_.empty() && due_.begin()->first <= now_) {
            auto const act = std::move(due_.begin()->second);
            due_.erase(due_.begin());
            act();
        }
    }
    [[nodiscard]] bool is_dead(VirtualSource const& one) const { return one.dies && now_ >= *one.dies; }

    void on(Connect const& action) {
        auto const& source = sources_[ids_.at(action.source)];
        auto const number = ++connections_;
        ++outcome_.connections;
        links_[action.source] = Link{number, false, {}, 0};
        later(source.latency, [this, id = action.source, number] {
            if (!is_current(id, number)) return;
            auto const& one = sources_[ids_.at(id)];
            if (is_dead(one)) return lose(id, Fault::unreachable);
            feed(Opened{id});
            if (one.offered && is_current(id, number)) feed(Offered{id, one.offered->ranges()});
        });
    }
    void on(Ask const& action) {
        auto const& link = links_.at(action.source);
        later(sources_[ids_.at(action.source)].latency, [this, action, number = link.number] {
            if (!is_current(action.source, number)) return;
            auto& asked = links_.at(action.source);
            asked.body = action.range;
            auto const& offered = sources_[ids_.at(action.source)].offered;
            if (offered) {
                // Nothing that it has not: it sends as far as it has it, or refuses.
                auto const has = offered->first_in(action.range);
                if (!has || has->begin != action.range.begin) {
                    feed(Offered{action.source, offered->ranges()});
                    return feed(Declined{action.source});
                }
                asked.body = *has;
            }
            asked.sending = true;
            feed(BodyBegan{action.source, asked.body.end});
        });
    }
    void on(StopAt const& action) {
        links_.at(action.source).body.end = std::max(links_.at(action.source).body.begin, action.end);
    }
    void on(Close const& action) {
        auto const link = links_.find(action.source);
        if (link == links_.end()) return;
        // What was on its way.
        auto const& source = sources_[ids_.at(action.source)];
        if (link->second.sending && source.is_honest())
            outcome_.wasted_bytes += static_cast<std::uint64_t>(
                source.rate_at(now_) * std::chrono::duration<double>(source.latency).count() / 2);
        links_.erase(link);
    }
    void on(CheckPiece const& action) {
        // The disk and the hash take their time.
        later(std::chrono::milliseconds{40}, [this, action] {
            auto const whole = swarm_.map().range_of(action.piece);
            PieceChecked checked{action.piece, wrong_.bytes_in(whole) == 0, {}};
            for (auto const& range : action.to_hash) checked.hashes.push_back(hash_of(range));
            if (!checked.is_right) wrong_.remove(whole);
            feed(checked);
        });
    }
    void on(Accuse const& action) { outcome_.accused.insert(ids_.at(action.source)); }
    void on(FindSources const&) { ++outcome_.searches; }
    void on(AllRight const&) { outcome_.complete = true; }

    [[nodiscard]] bool is_current(SourceId id, std::uint64_t number) const {
        auto const link = links_.find(id);
        return link != links_.end() && link->second.number == number;
    }
    void lose(SourceId id, Fault fault) {
        links_.erase(id);
        feed(Lost{id, fault, {}});
    }
    void move_bytes() {
        std::vector<std::pair<SourceId, std::uint64_t>> sending;
        for (auto const& [id, link] : links_) sending.emplace_back(id, link.number);
        for (auto const& [id, number] : sending) {
            if (!is_current(id, number)) continue;
            auto const& source = sources_[ids_.at(id)];
            if (is_dead(source)) {
                lose(id, Fault::closed);
                continue;
            }
            auto& link = links_.at(id);
            if (!link.sending) continue;
            link.owed += source.rate_at(now_) * std::chrono::duration<double>(step).count();
            auto const bytes = std::min(static_cast<std::uint64_t>(link.owed), link.body.size());
            if (bytes == 0) continue;
            link.owed -= static_cast<double>(bytes);
            ByteRange const range{link.body.begin, link.body.begin + bytes};
            link.body.begin += bytes;
            if (link.body.size() == 0) link.sending = false, link.owed = 0;
            put(ids_.at(id), range);
            feed(BytesCame{id, bytes});
        }
    }
    /// What arrives is on the disk at once.
    void put(std::size_t place, ByteRange range) {
        outcome_.received_bytes += range.size();
        if (!sources_[place].is_honest()) outcome_.liar_bytes += range.size();
        for (auto at = range.begin; at < range.end;) {
            auto const end = std::min(range.end, (at / lie_block + 1) * lie_block);
            Rng dice{seed_ * 1'000'003 + place, at / lie_block};
            bool const lies = static_cast<double>(dice.below(1'000'000)) < sources_[place].lie * 1e6;
            if (lies) {
                wrong_.add({at, end});
                liar_of_[at / lie_block] = place;
                outcome_.lied.insert(place);
            } else {
                wrong_.remove({at, end});
            }
            at = end;
        }
    }
    /// Two parts that differ have two hashes, two that agree one.
    [[nodiscard]] Sha1 hash_of(ByteRange range) const {
        Sha1 hash;
        std::uint64_t sum = range.begin * 31 + range.end;
        for (auto next = wrong_.first_in(range); next; next = wrong_.first_in({next->end, range.end}))
            sum = (sum + next->begin * 7 + next->end) * 1'099'511'628'211ULL + liar_of_.at(next->begin / lie_block) + 1;
        for (std::size_t i = 0; i < 8; ++i) hash.bytes[i] = static_cast<std::uint8_t>(sum >> (8 * i));
        return hash;
    }

    std::uint64_t seed_;
    std::vector<VirtualSource> sources_;
    Swarm swarm_;
    Instant now_{};
    std::map<SourceId, std::size_t> ids_;
    std::map<SourceId, Link> links_;
    std::multimap<Instant, std::function<void()>> due_;
    std::uint64_t connections_ = 0;
    RangeSet wrong_;                                // bytes on the disk that are lies
    std::map<std::uint64_t, std::size_t> liar_of_;  // by block
    Outcome outcome_;
};

/// The shortest time in which anybody who knows the future could have fetched the file from the honest sources: there is
/// enough of it for every set of regions among those that have a part of the set (Hall's condition).
[[nodiscard]] Duration shortest_time(std::uint64_t file_bytes, std::vector<VirtualSource> const& sources,
                                     Duration longest);

}  // namespace praline::swarm::test
