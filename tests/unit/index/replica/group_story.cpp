#include "unit/index/replica/group_story.hpp"

#include <algorithm>
#include <memory>

namespace praline::index::replica::group {
namespace {

using namespace std::chrono_literals;

constexpr Duration step = 50ms;
constexpr Duration claim_settles = 12s;  // what the core may need after two servers hear each other again
constexpr Duration peace_max = 150s;     // act two: three times what should be needed

ReplicaOptions options_of(Story const& story) {
    auto options = quick_options();
    if (!story.forget_after) return options;
    options.forget_after = *story.forget_after;
    options.rejoin_partition_every = 3s;
    return options;
}

class Run {
public:
    explicit Run(Story const& story)
        : story_{story},
          rng_{story.seed},
          options_{options_of(story)},
          group_{calendar_, Rng{rng_.next()}, options_, conditions()} {
        auto const servers = story.servers_min + rng_.below(story.servers_max - story.servers_min + 1);
        for (std::size_t number = 0; number < servers; ++number) {
            group_.add(number == 0 ? std::nullopt : std::optional{std::size_t{rng_.below(number)}});
            calendar_.run_until(calendar_.now() + Duration{static_cast<Duration::rep>(rng_.below(400'000))});
        }
        auto const publishers = 1 + rng_.below(story.publishers_max);
        for (std::uint64_t number = 0; number < publishers; ++number) {
            publishers_.push_back(std::make_unique<PublisherNode>(calendar_, group_, number + 1, Rng{rng_.next()}));
            publishers_.back()->come();
        }
    }

    Ending tell() {
        bad_times();
        if (fault_.empty()) peace();
        Ending ending{fault_, calendar_.happened(), group_.messages(), 0, crashes_, 0};
        for (auto const& one : publishers_) ending.acknowledgements += one->acknowledgements();
        ending.trace = calendar_.happened() * 1'000'003 + group_.messages() * 31 + ending.acknowledgements;
        return ending;
    }

private:
    [[nodiscard]] Conditions conditions() {
        Conditions conditions;
        conditions.late_percent = story_.late ? static_cast<std::uint32_t>(rng_.below(6)) : 0;
        if (rng_.below(3) == 0) conditions.delays.max = 150ms;
        conditions.odd_clocks = story_.odd_clocks;
        return conditions;
    }

    // ---- act one ----
    void bad_times() {
        auto const end = calendar_.now() + story_.bad_times;
        auto next_mishap = calendar_.now() + 2s;
        while (calendar_.now() < end && fault_.empty()) {
            pass();
            for (auto const& one : publishers_)
                if (rng_.below(20) == 0) one->change_list();
            if (calendar_.now() < next_mishap) continue;
            mishap();
            next_mishap = calendar_.now() +
                          Duration{1ms} * static_cast<Duration::rep>(1 + rng_.below(2 * story_.mishap_every_ms));
        }
    }

    void pass() {
        calendar_.run_until(calendar_.now() + step);
        for (auto const& one : publishers_) one->look();
        for (std::size_t number = 0; number < group_.size(); ++number)
            if (group_.is_up(number) && group_.has_drained(number)) group_.crash(number, false);
        check_safety();
    }

    void mishap() {
        auto const server = rng_.below(group_.size());
        auto const other = rng_.below(group_.size());
        switch (rng_.below(10)) {
            case 0:
            case 1:
                if (story_.crashes) crash_or_start(server);
                break;
            case 2:
            case 3:
                if (story_.broken_wires && server != other) group_.set_wire(server, other, Group::Wire::broken);
                break;
            case 4:
                if (story_.silent_wires && server != other) group_.set_wire(server, other, Group::Wire::silent);
                break;
            case 5:
                if (server != other) group_.set_wire(server, other, Group::Wire::good);
                break;
            case 6:
                if (story_.broken_wires) part();
                break;
            case 7:
                if (story_.drains && rng_.below(2) == 0 && group_.is_up(server) && up() > 1)
                    group_.drain(server);
                else
                    group_.heal();
                break;
            case 8: publisher_mishap(); break;
            default:
                if (story_.joins && group_.size() < story_.servers_max + 2) join();
                break;
        }
    }

    [[nodiscard]] std::optional<std::size_t> somebody_up(std::size_t but) {
        auto const first = rng_.below(group_.size());
        for (std::size_t number = 0; number < group_.size(); ++number)
            if (auto const one = (first + number) % group_.size(); one != but && group_.is_up(one)) return one;
        return std::nullopt;
    }

    [[nodiscard]] std::size_t up() const {
        std::size_t count = 0;
        for (std::size_t number = 0; number < group_.size(); ++number) count += group_.is_up(number) ? 1 : 0;
        return count;
    }

    void crash_or_start(std::size_t server) {
        if (group_.is_up(server)) {
            if (up() == 1) return;  // at least one that holds everything is expected to live (section II-A)
            group_.crash(server, rng_.below(3) == 0);
            ++crashes_;
            return;
        }
        bool const with_disk = !story_.disk_losses || rng_.below(3) != 0;
        group_.start(server, with_disk, somebody_up(server));
    }

    /// Two sides that do not hear each other.
    void part() {
        auto const silent = story_.silent_wires && rng_.below(2) == 0;
        std::vector<bool> left;
        for (std::size_t number = 0; number < group_.size(); ++number) left.push_back(rng_.below(2) == 0);
        for (std::size_t one = 0; one < group_.size(); ++one)
            for (std::size_t other = one + 1; other < group_.size(); ++other)
                if (left[one] != left[other])
                    group_.set_wire(one, other, silent ? Group::Wire::silent : Group::Wire::broken);
    }

    void join() {
        if (auto const by = somebody_up(group_.size())) group_.add(by);
    }

    void publisher_mishap() {
        auto& one = *publishers_[rng_.below(publishers_.size())];
        switch (rng_.below(4)) {
            case 0:
                if (one.lives())
                    one.go();
                else
                    one.come();
                break;
            case 1:
                if (one.lives())
                    one.say_goodbye();
                else
                    one.come();
                break;
            default: one.move(); break;
        }
    }

    void check_safety() {
        if (!fault_.empty()) return;
        fault_ = group_.fault();
        for (std::size_t number = 0; number < group_.size() && fault_.empty(); ++number) {
            if (!group_.is_up(number)) continue;
            for (auto const& one : publishers_) check_shown(number, *one);
        }
        for (auto const& one : publishers_) check_claims(*one);
    }

    /// What is shown is a list that its publisher once had, under that version.
    void check_shown(std::size_t server, PublisherNode const& one) {
        auto const* const shown = group_.catalogue(server).shown(one.id());
        if (!shown) return;
        auto const* const truth = one.list_at(shown->record.version);
        if (!truth)
            fault_ = at(server) + "shows a version that the publisher never had";
        else if (*truth != shown->entries)
            fault_ = at(server) + "shows other files than the publisher had at that version";
    }

    void check_claims(PublisherNode const& one) {
        for (std::size_t left = 0; left < group_.size(); ++left)
            for (std::size_t right = left + 1; right < group_.size(); ++right) {
                auto& since = both_[{&one, left, right}];
                auto const hear = group_.hear_each_other_since(left, right);
                bool const both =
                    hear && group_.core(left).believes_claim(one.id()) && group_.core(right).believes_claim(one.id());
                if (!both)
                    since.reset();
                else if (!since)
                    since = calendar_.now();
                else if (calendar_.now() - std::max(*since, *hear) > claim_settles)
                    fault_ = at(left) + "and " + at(right) + "both believe that they hold one claim";
            }
    }

    // ---- act two ----
    void peace() {
        group_.heal();
        auto calm = Conditions{};
        group_.set_conditions(calm);
        auto const end = calendar_.now() + peace_max;
        auto same_since = end;
        while (calendar_.now() < end && fault_.empty()) {
            pass();
            // One that was about to leave in bad times has left by now, and is started again like the others.
            for (std::size_t number = 0; number < group_.size(); ++number)
                if (!group_.is_up(number)) group_.start(number, true, somebody_up(number));
            if (!difference().empty())
                same_since = end;
            else if (same_since == end)
                same_since = calendar_.now();
            else if (calendar_.now() - same_since > options_.lease * 2)
                return;
        }
        if (fault_.empty()) fault_ = "after all was mended: " + difference();
    }

    [[nodiscard]] std::string difference() const {
        for (std::size_t number = 0; number < group_.size(); ++number) {
            if (!group_.core(number).answers_alone()) return at(number) + "does not answer alone yet";
            if (group_.core(number).digest() != group_.core(0).digest())
                return at(number) + "has another digest than " + at(0);
            for (auto const& one : publishers_)
                if (auto const wrong = difference(number, *one); !wrong.empty()) return wrong;
        }
        return {};
    }

    [[nodiscard]] std::string difference(std::size_t server, PublisherNode const& one) const {
        auto const* const shown = group_.catalogue(server).shown(one.id());
        if (!one.lives()) return shown ? at(server) + "still shows a publisher that has gone" : std::string{};
        if (one.replicated() < one.own() && !one.list().empty()) return "a publisher's last change is not acknowledged";
        if (one.list().empty()) return shown ? at(server) + "shows files of an empty list" : std::string{};
        if (!shown) return at(server) + "lacks a publisher that lives";
        return shown->entries == one.list() ? std::string{} : at(server) + "does not hold the last list of a publisher";
    }

    [[nodiscard]] std::string at(std::size_t server) const { return "server " + std::to_string(server) + " "; }

    Story story_;
    Rng rng_;
    ReplicaOptions options_;
    Calendar calendar_;
    Group group_;
    std::vector<std::unique_ptr<PublisherNode>> publishers_;
    std::map<std::tuple<PublisherNode const*, std::size_t, std::size_t>, std::optional<Instant>> both_;
    std::string fault_;
    std::uint64_t crashes_ = 0;
};

}  // namespace

ReplicaOptions quick_options() {
    ReplicaOptions options;
    options.lease = 8s;
    options.tombstone = 40s;
    options.repair_every = 1s;
    options.reconnect_every = 500ms;
    options.write_within = 1500ms;
    options.copy_entries = 7;
    return options;
}

Ending run(Story const& story) { return Run{story}.tell(); }

}  // namespace praline::index::replica::group
