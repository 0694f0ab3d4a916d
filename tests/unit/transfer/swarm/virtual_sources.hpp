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
    std::optional<Duration> connecting{};               ///< takes so long instead
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
        : seed_{seed},
          sources_{std::move(sources)},
          list_{options.limits},
          swarm_{PieceMap{file_bytes, piece_bytes}, list_, std::move(options)} {
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            Source source;
            // Each at an address of its own.
            source.endpoint = {static_cast<std::uint32_t>(0x0A000001 + i * 65536), 6346};
            swarm_.add(source, now_);
            ids_[*swarm_.sources().id_of(source)] = i;
        }
    }

    Outcome run(Duration longest) {
        auto const end = Instant{} + longest;
        while (!outcome_.complete && now_ < end) {
            if (auto const due = swarm_.next_deadline(); due && *due <= now_) feed(Ticked{});
            now_ += step;
            move_bytes();
            run_due();
        }
        outcome_.took = now_ - Instant{};
        outcome_.believed_a_lie = outcome_.complete && !wrong_.empty();
        return outcome_;
    }
    [[nodiscard]] Swarm const& swarm() const { return swarm_; }

private:
    struct Link {
        std::size_t place = 0;  // of its source
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
        auto const place = ids_.at(action.source);
        ++outcome_.connections;
        links_[action.link].place = place;
        later(sources_[place].connecting.value_or(sources_[place].latency), [this, id = action.link] {
            if (!links_.contains(id)) return;
            auto const& source = source_of(id);
            if (is_dead(source)) return lose(id, Fault::unreachable);
            feed(Opened{id});
            if (source.offered && links_.contains(id)) feed(Offered{id, source.offered->ranges()});
        });
    }
    void on(Ask const& action) {
        later(source_of(action.link).latency, [this, action] {
            auto const at = links_.find(action.link);
            if (at == links_.end()) return;
            auto& link = at->second;
            link.body = action.range;
            auto const& offered = source_of(action.link).offered;
            if (offered) {
                // Nothing that it has not: it sends as far as it has it, or refuses.
                auto const has = offered->first_in(action.range);
                if (!has || has->begin != action.range.begin) {
                    feed(Offered{action.link, offered->ranges()});
                    return feed(Declined{action.link});
                }
                link.body = *has;
            }
            link.sending = true;
            feed(BodyBegan{action.link, link.body.end});
        });
    }
    void on(StopAt const& action) {
        auto& body = links_.at(action.link).body;
        body.end = std::max(body.begin, action.end);
    }
    void on(Close const& action) {
        auto const link = links_.find(action.link);
        if (link == links_.end()) return;
        // What was on its way.
        auto const& source = sources_[link->second.place];
        if (link->second.sending && source.is_honest())
            outcome_.wasted_bytes += static_cast<std::uint64_t>(source.rate_at(now_) * to_seconds(source.latency) / 2);
        links_.erase(link);
    }
    void on(CheckPiece const& action) {
        // The disk and the hash take their time.
        later(std::chrono::milliseconds{40}, [this, action] {
            auto const whole = swarm_.map().range_of(action.piece);
            PieceChecked checked{action.check, wrong_.bytes_in(whole) == 0, {}};
            for (auto const& range : action.to_hash) checked.hashes.push_back(hash_of(range));
            if (!checked.is_right) wrong_.remove(whole);
            feed(checked);
        });
    }
    void on(Accuse const& action) { outcome_.accused.insert(ids_.at(action.source)); }
    void on(FindSources const&) { ++outcome_.searches; }
    void on(AllRight const&) { outcome_.complete = true; }

    [[nodiscard]] VirtualSource const& source_of(LinkId id) const { return sources_[links_.at(id).place]; }
    void lose(LinkId id, Fault fault) {
        links_.erase(id);
        feed(Lost{id, fault, {}});
    }
    void move_bytes() {
        std::vector<LinkId> all;
        for (auto const& [id, link] : links_) all.push_back(id);
        for (auto const id : all) {
            if (!links_.contains(id)) continue;
            auto const& source = source_of(id);
            if (is_dead(source)) {
                lose(id, Fault::closed);
                continue;
            }
            auto& link = links_.at(id);
            if (!link.sending) continue;
            link.owed += source.rate_at(now_) * to_seconds(step);
            auto const bytes = std::min(static_cast<std::uint64_t>(link.owed), link.body.size());
            if (bytes == 0) continue;
            link.owed -= static_cast<double>(bytes);
            ByteRange const range{link.body.begin, link.body.begin + bytes};
            link.body.begin += bytes;
            if (link.body.size() == 0) link.sending = false, link.owed = 0;
            put(link.place, range);
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
    SourceList list_;
    Swarm swarm_;
    Instant now_{};
    std::map<SourceId, std::size_t> ids_;
    std::map<LinkId, Link> links_;
    std::multimap<Instant, std::function<void()>> due_;
    RangeSet wrong_;                                // bytes on the disk that are lies
    std::map<std::uint64_t, std::size_t> liar_of_;  // by block
    Outcome outcome_;
};

/// The shortest time in which anybody who knows the future could have fetched the file from the honest sources: there is
/// enough of it for every set of regions among those that have a part of the set (Hall's condition).
[[nodiscard]] Duration shortest_time(std::uint64_t file_bytes, std::vector<VirtualSource> const& sources,
                                     Duration longest);

}  // namespace praline::swarm::test
