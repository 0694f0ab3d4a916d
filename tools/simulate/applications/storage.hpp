#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::applications {

/// Files on the nodes of a Pastry overlay: each on the k nodes whose keys are nearest to its own. A node that has no room
/// for its copy looks for another in its leaf set (a diverted replica), and a file that finds no room gets another key.
/// @threads one   @source PAST
class Storage {
public:
    struct Settings {
        unsigned replicas = 5;          ///< k
        structured::Node leaves = 32;   ///< l, half of them on each side
        double accept_own = 0.1;        ///< t_pri: of a node's free room, what one copy may take; 1: whatever fits
        double accept_diverted = 0.05;  ///< t_div; 0: nothing is diverted
        unsigned keys_tried = 4;        ///< for each file
    };
    /// @param keys  of the nodes, rising   @param room  of each, in bytes
    Storage(Settings const& settings, std::vector<structured::Key> keys, std::vector<double> room);

    struct Copy {
        structured::Node node = 0;
        bool is_diverted = false;
    };
    /// All copies or none. @return where they are; empty: no key had room
    [[nodiscard]] std::optional<std::vector<Copy>> put(double bytes, Rng& chance);
    /// Gives their room back.
    void remove(std::vector<Copy> const& copies, double bytes);
    /// Share of all room.
    [[nodiscard]] double use() const { return used_ / total_; }

private:
    [[nodiscard]] std::vector<structured::Node> nearest(structured::Key key) const;
    [[nodiscard]] std::optional<std::vector<Copy>> place(structured::Key key, double bytes) const;
    [[nodiscard]] std::optional<structured::Node> divert(structured::Node from, double bytes,
                                                         std::vector<structured::Node> const& primary,
                                                         std::vector<Copy> const& taken) const;

    Settings settings_;
    std::vector<structured::Key> keys_;
    std::vector<double> free_;
    double total_ = 0, used_ = 0;
};

/// Files that are put one after the other until all were tried.
struct StorageExperiment {
    Storage::Settings settings;
    structured::Node nodes = 2250;
    double room_mean = 27e6, room_deviation = 10.8e6, room_least = 2e6, room_most = 51e6;  ///< normal, cut
    std::uint64_t files = 1'863'055;
    double file_median = 1312, file_mean = 10'517;  ///< log-normal
    std::uint64_t seed = 1;
};
struct StorageOutcome {
    double use = 0;       ///< share of all room, in the end
    double failed = 0;    ///< share of all files
    double diverted = 0;  ///< share of all copies
    /// Share of the files tried until so much of the room was used; empty: it never was.
    std::optional<double> failed_by_95;
};
[[nodiscard]] StorageOutcome store(StorageExperiment const& experiment);

}  // namespace praline::simulate::applications
