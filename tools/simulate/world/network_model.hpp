#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/rng.hpp"
#include "tools/simulate/world/graph.hpp"

/// What lies between the nodes of a simulation, and which of them are not as they should be.
namespace praline::simulate::world {

enum class Latency : std::uint8_t {
    constant,  ///< `latency_low_ms` for every message
    uniform,   ///< drawn afresh for every message, between low and high, both included
    per_link,  ///< drawn once for every link after measurements: 20 % are at most 70 ms, 20 % at least 280 ms
};

/// What a user may set. The defaults are a network without faults.
struct NetworkOptions {
    Latency latency = Latency::constant;
    std::uint32_t latency_low_ms = 100;   ///< at least 1
    std::uint32_t latency_high_ms = 100;  ///< of `uniform` only
    double loss = 0;                      ///< share of the messages that do not arrive, queries and hits alike
    double failed = 0;  ///< share of the nodes that are dead without anybody knowing: they take messages and do nothing
    double away = 0;    ///< share of the time that a node is not there; its neighbours know. 0: no churn
    double droppers = 0;  ///< share of the nodes that neither answer queries nor pass on queries or hits
    double liars = 0;     ///< share of the nodes that answer every query, and have what they say only if they hold it
    std::uint32_t results_enough = 10;  ///< "enough" of "time to enough results"

    /// Whether all messages arrive, after the same time, at nodes that do what they should.
    [[nodiscard]] bool faultless() const {
        return loss <= 0 && failed <= 0 && away <= 0 && droppers <= 0 && liars <= 0;
    }
    friend bool operator==(NetworkOptions const&, NetworkOptions const&) = default;
};

/// @throws BadInput with a sentence that names what is wrong.
void check_network(NetworkOptions const& options);

/// Bytes of the messages as node/wire writes them: of a query for a name of 20 letters, what makes a walker of it, and
/// a hit with one file whose name has 30 letters and whose hash is told.
struct MessageSizes {
    static constexpr std::uint64_t header = 23;
    static constexpr std::uint64_t query = header + 2 + 20 + 1;
    static constexpr std::uint64_t walker_item = 20;
    static constexpr std::uint64_t hit = header + 11 + (8 + 30 + 2 + 41) + 7 + 16;
};

enum class Fate : std::uint8_t { honest, failed, dropper, liar };

/// Session times: P(session > T) = (x_m / T)^α with x_m = 2,684 s and α = 1.0607 (Bustamante and Qiao 2007, over 500,000
/// peers). Absences follow the same law, stretched so that a node is away for the share of time that was asked for.
struct Sessions {
    static constexpr std::uint64_t shortest_ms = 2'684'000;
    static constexpr std::uint64_t mean_ms = shortest_ms * 10607 / 607;  // x_m α / (α - 1): about 13 hours
    static constexpr double alpha = 1.0607;
    /// One session, from its beginning, in whole seconds.
    [[nodiscard]] static std::uint64_t draw_ms(Rng& rng);
};

class QueryNetwork;

/// The network of one run. Its draws are no sequence but a function each of what is drawn for, so they are the same in
/// whichever order, and on however many threads, somebody asks. Immutable: one serves all threads.
class NetworkModel {
public:
    /// @throws BadInput as `check_network`.
    NetworkModel(NetworkOptions const& options, Node nodes, std::uint64_t seed);

    [[nodiscard]] NetworkOptions const& options() const { return options_; }
    [[nodiscard]] Fate fate(Node node) const { return fates_.empty() ? Fate::honest : fates_[node]; }
    /// No message takes longer.
    [[nodiscard]] std::uint32_t delay_max_ms() const;
    /// What happens to the messages of one query. @param turn  of what is sent more than once on the same link in the same
    /// direction: the number of the ring, of the walker and its step, …
    [[nodiscard]] QueryNetwork query(std::uint64_t number, std::uint64_t turn = 0) const;

private:
    friend class QueryNetwork;
    NetworkOptions options_;
    std::uint64_t passage_salt_, link_salt_, churn_salt_;
    std::uint64_t loss_below_ = 0, away_below_ = 0, absence_mean_ms_ = 0, absence_shortest_ms_ = 0;
    std::uint32_t latency_span_ = 1;
    std::vector<Fate> fates_;  // empty: all are honest
};

/// One message on its way: it arrives after `delay_ms`, at least 1, unless it is lost.
struct Passage {
    std::uint32_t delay_ms;
    bool lost;
};

/// The network as the messages of one query find it. Cheap to copy. The model must outlive it.
class QueryNetwork {
public:
    [[nodiscard]] Passage passage(Node from, Node to) const {
        std::uint64_t const drawn = draw(turn_salt_ ^ (std::uint64_t{from} << 32 | to));
        return {delay(from, to, drawn), (drawn & 0xffff'ffffU) < model_->loss_below_};
    }
    /// The same messages on a further turn.
    [[nodiscard]] QueryNetwork turn(std::uint64_t number) const {
        QueryNetwork other = *this;
        other.turn_salt_ = draw(query_salt_ ^ number);
        return other;
    }
    /// Whether neighbours have a link to this node, so long after the query began. When a query begins, each node but the
    /// source is there or away by the lot; the rest of its session or absence is drawn from how long they last for
    /// somebody who looks in at any time: it ends within t with a probability of t / mean, for t up to the shortest
    /// session. What lasts longer than that outlasts the query. So a node comes or goes once in a query at most.
    [[nodiscard]] bool there(Node node, std::uint64_t after_ms) const {
        if (model_->away_below_ == 0) return true;
        return there_with_churn(node, after_ms);
    }
    /// The same, told at once for all of the query.
    struct Stay {
        bool there;                             ///< when it begins
        std::optional<std::uint64_t> until_ms;  ///< after that comes or goes; empty: not in this query
    };
    [[nodiscard]] Stay stay(Node node) const;
    [[nodiscard]] Fate fate(Node node) const { return model_->fate(node); }

private:
    friend class NetworkModel;
    [[nodiscard]] static constexpr std::uint64_t draw(std::uint64_t key) { return Rng{key}.next(); }
    [[nodiscard]] std::uint32_t delay(Node from, Node to, std::uint64_t drawn) const {
        if (model_->options_.latency == Latency::per_link) return link_delay(from, to);
        // Of 2^32 draws each delay gets the same number but for one: no need to draw again.
        return model_->options_.latency_low_ms +
               static_cast<std::uint32_t>((drawn >> 32) * model_->latency_span_ >> 32);
    }
    [[nodiscard]] std::uint32_t link_delay(Node one, Node other) const;
    [[nodiscard]] bool there_with_churn(Node node, std::uint64_t after_ms) const;

    NetworkModel const* model_ = nullptr;
    std::uint64_t query_salt_ = 0, turn_salt_ = 0, churn_salt_ = 0;
};

}  // namespace praline::simulate::world
