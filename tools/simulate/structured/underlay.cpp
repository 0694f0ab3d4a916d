#include "tools/simulate/structured/underlay.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include "node/base/text.hpp"
#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::structured {

namespace {

constexpr std::uint64_t of_places = 0x71ACE5, of_links = 0x11C5, of_attachments = 0xA77AC;
constexpr std::size_t matrix_line_bytes_max = 1U << 20;
constexpr float round_trip_max = 1e12F;

struct Place {
    double x = 0, y = 0;
};
double between(Place const& from, Place const& to) {
    return std::sqrt((from.x - to.x) * (from.x - to.x) + (from.y - to.y) * (from.y - to.y));
}
std::vector<Place> places_of(std::size_t count, std::uint64_t seed) {
    Rng chance{seed, of_places};
    std::vector<Place> places(count);
    for (auto& place : places) place.x = side * unit(chance), place.y = side * unit(chance);
    return places;
}

class Plane final : public Underlay {
public:
    Plane(Node nodes, std::uint64_t seed) : places_{places_of(nodes, seed)} {}
    [[nodiscard]] double distance(Node from, Node to) const override { return between(places_[from], places_[to]); }

private:
    std::vector<Place> places_;
};

/// Places with a distance for each pair, and nodes at some of them.
class Table final : public Underlay {
public:
    /// @param far  of each pair, a row for each place; two nodes at the same place are as far apart as its own entry
    Table(Node nodes, std::uint64_t seed, std::vector<float> far, std::vector<std::uint32_t> const& open)
        : far_{std::move(far)}, places_{static_cast<std::size_t>(std::llround(std::sqrt(far_.size())))} {
        Rng chance{seed, of_attachments};
        at_.reserve(nodes);
        for (Node node = 0; node < nodes; ++node) at_.push_back(open[chance.below(open.size())]);
    }
    [[nodiscard]] double distance(Node from, Node to) const override {
        return from == to ? 0 : far_[at_[from] * places_ + at_[to]];
    }

private:
    std::vector<float> far_;
    std::size_t places_;
    std::vector<std::uint32_t> at_;
};

/// Routers and links that take some time.
class Routers {
public:
    explicit Routers(std::uint32_t count) : count_{count}, part_(count) { std::iota(part_.begin(), part_.end(), 0U); }

    void link(std::uint32_t one, std::uint32_t other, double takes) {
        for (auto const& [from, to] : {std::pair{one, other}, std::pair{other, one}})
            ends_.emplace_back(from, to), times_.push_back(takes);
        part_[root(one)] = root(other);
    }
    [[nodiscard]] bool are_joined(std::uint32_t one, std::uint32_t other) { return root(one) == root(other); }

    /// Of all pairs. @pre all are joined
    [[nodiscard]] std::vector<float> distances() const {
        using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, double>;
        Graph const graph{boost::edges_are_unsorted_multi_pass, ends_.begin(), ends_.end(), times_.begin(), count_};
        std::vector<float> all;
        all.reserve(std::size_t{count_} * count_);
        std::vector<double> far(count_);
        for (std::uint32_t from = 0; from < count_; ++from) {
            boost::dijkstra_shortest_paths(
                graph, from,
                boost::distance_map(boost::make_iterator_property_map(far.begin(), get(boost::vertex_index, graph)))
                    .weight_map(get(boost::edge_bundle, graph)));
            for (double const one : far) all.push_back(static_cast<float>(one));
        }
        return all;
    }

private:
    [[nodiscard]] std::uint32_t root(std::uint32_t router) {
        while (part_[router] != router) router = part_[router] = part_[part_[router]];
        return router;
    }

    std::uint32_t count_;
    std::vector<std::uint32_t> part_;  // a forest: those with the same root are joined
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends_;
    std::vector<double> times_;
};

/// Connects [first, first + count): a random tree, then more links with this probability.
void connect(Routers& routers, std::uint32_t first, std::uint32_t count, double takes, double more, Rng& chance) {
    for (std::uint32_t one = 1; one < count; ++one) {
        auto const parent = static_cast<std::uint32_t>(chance.below(one));
        routers.link(first + one, first + parent, takes);
        for (std::uint32_t other = 0; other < one; ++other)
            if (other != parent && unit(chance) < more) routers.link(first + one, first + other, takes);
    }
}

/// The numbers of a form behind its name. @throws BadInput
std::vector<double> numbers_of(std::string const& form, std::size_t wanted) {
    std::vector<double> numbers;
    auto const colon = form.find(':');
    if (colon == std::string::npos) return numbers;
    for (auto const piece : split(std::string_view{form}.substr(colon + 1), ':')) {
        double number = 0;
        auto const [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), number);
        if (error != std::errc{} || end != piece.data() + piece.size() || !(number > 0) || number > routers_max)
            throw world::BadInput{"underlay " + form + ": \"" + std::string{piece} + "\" is no number above 0, up to " +
                                  std::to_string(routers_max)};
        numbers.push_back(number);
    }
    if (numbers.size() != wanted)
        throw world::BadInput{"underlay " + form + " wants " + std::to_string(wanted) + " numbers or none"};
    return numbers;
}

void check_routers(std::string const& form, double routers) {
    if (routers > routers_max)
        throw world::BadInput{"underlay " + form + " has more than " + std::to_string(routers_max) + " routers"};
}

}  // namespace

std::shared_ptr<Underlay const> make_plane(Node nodes, std::uint64_t seed) {
    return std::make_shared<Plane>(nodes, seed);
}

std::shared_ptr<Underlay const> make_waxman(Node nodes, std::uint64_t seed, WaxmanSettings const& settings) {
    auto const places = places_of(settings.routers, seed);
    Routers routers{settings.routers};
    Rng chance{seed, of_links};
    double const longest = side * std::sqrt(2.0);
    struct Gap {
        double length;
        std::uint32_t one, other;
    };
    std::vector<Gap> gaps;
    for (std::uint32_t one = 0; one < settings.routers; ++one)
        for (std::uint32_t other = 0; other < one; ++other) {
            double const far = between(places[one], places[other]);
            if (unit(chance) < settings.alpha * std::exp(-far / (settings.beta * longest)))
                routers.link(one, other, far);
            else
                gaps.push_back({far, one, other});
        }
    std::sort(gaps.begin(), gaps.end(), [](Gap const& one, Gap const& other) { return one.length < other.length; });
    for (auto const& gap : gaps)
        if (!routers.are_joined(gap.one, gap.other)) routers.link(gap.one, gap.other, gap.length);
    std::vector<std::uint32_t> open(settings.routers);
    std::iota(open.begin(), open.end(), 0U);
    return std::make_shared<Table>(nodes, seed, routers.distances(), open);
}

std::shared_ptr<Underlay const> make_transit_stub(Node nodes, std::uint64_t seed, TransitStubSettings const& settings) {
    auto const transits = settings.transit_domains * settings.transit_routers;
    auto const all = transits + transits * settings.stub_domains * settings.stub_routers;
    Routers routers{all};
    Rng chance{seed, of_links};
    auto const of_domain = [&](std::uint32_t domain) {
        return domain * settings.transit_routers + static_cast<std::uint32_t>(chance.below(settings.transit_routers));
    };
    for (std::uint32_t domain = 0; domain < settings.transit_domains; ++domain) {
        connect(routers, domain * settings.transit_routers, settings.transit_routers, settings.between_transits,
                settings.more_links, chance);
        // Domains are in a chain, and some more are linked.
        for (std::uint32_t other = 0; other < domain; ++other)
            if (other + 1 == domain || unit(chance) < settings.more_links)
                routers.link(of_domain(domain), of_domain(other), settings.between_transits);
    }
    std::uint32_t next = transits;
    for (std::uint32_t transit = 0; transit < transits; ++transit)
        for (std::uint32_t stub = 0; stub < settings.stub_domains; ++stub, next += settings.stub_routers) {
            connect(routers, next, settings.stub_routers, settings.within_stub, settings.more_links, chance);
            auto const gate = next + static_cast<std::uint32_t>(chance.below(settings.stub_routers));
            routers.link(transit, gate, settings.to_stub);
        }
    std::vector<std::uint32_t> open(all - transits);
    std::iota(open.begin(), open.end(), transits);
    return std::make_shared<Table>(nodes, seed, routers.distances(), open);
}

std::shared_ptr<Underlay const> read_matrix(Node nodes, std::uint64_t seed, std::istream& text,
                                            std::string const& name) {
    std::vector<std::vector<float>> rows;
    std::string line;
    for (std::size_t number = 1; std::getline(text, line); ++number) {
        auto const refuse = [&](std::string const& why) {
            throw world::BadInput{name + ", line " + std::to_string(number) + ": " + why};
        };
        if (line.size() > matrix_line_bytes_max) refuse("it is too long");
        std::replace_if(
            line.begin(), line.end(), [](char one) { return one == '\t' || one == ',' || one == '\r'; }, ' ');
        std::vector<float> row;
        for (auto const piece : split(line, ' ')) {
            if (piece.empty()) continue;
            float value = 0;
            auto const [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), value);
            if (error != std::errc{} || end != piece.data() + piece.size() || !(value >= 0) || value > round_trip_max)
                refuse("\"" + std::string{piece} + "\" is no round trip");
            row.push_back(value);
            if (row.size() > routers_max) refuse("it has more than " + std::to_string(routers_max) + " numbers");
        }
        if (row.empty()) continue;
        if (!rows.empty() && row.size() != rows.front().size())
            refuse("it has " + std::to_string(row.size()) + " numbers, the first line " +
                   std::to_string(rows.front().size()));
        rows.push_back(std::move(row));
        if (rows.size() > rows.front().size()) refuse("there are more lines than numbers in each");
    }
    if (rows.empty() || rows.size() != rows.front().size())
        throw world::BadInput{name + " has " + std::to_string(rows.size()) + " lines of " +
                              std::to_string(rows.empty() ? 0 : rows.front().size()) + " numbers: it must be square"};
    std::vector<float> far;
    for (std::size_t from = 0; from < rows.size(); ++from)
        for (std::size_t to = 0; to < rows.size(); ++to) far.push_back((rows[from][to] + rows[to][from]) / 4);
    std::vector<std::uint32_t> open(rows.size());
    std::iota(open.begin(), open.end(), 0U);
    return std::make_shared<Table>(nodes, seed, std::move(far), open);
}

std::shared_ptr<Underlay const> make_underlay(std::string const& form, Node nodes, std::uint64_t seed) {
    auto const kind = form.substr(0, form.find(':'));
    auto const whole = [](double number) { return static_cast<std::uint32_t>(number); };
    if (form == "plane") return make_plane(nodes, seed);
    if (kind == "waxman") {
        WaxmanSettings settings;
        if (auto const numbers = numbers_of(form, 3); !numbers.empty()) {
            if (numbers[0] < 1 || numbers[0] != std::floor(numbers[0]))
                throw world::BadInput{"underlay " + form + " wants a whole number of routers"};
            settings = {whole(numbers[0]), numbers[1], numbers[2]};
        }
        return make_waxman(nodes, seed, settings);
    }
    if (kind == "transit-stub") {
        TransitStubSettings settings;
        if (auto const numbers = numbers_of(form, 4); !numbers.empty()) {
            for (double const number : numbers)
                if (number < 1 || number != std::floor(number))
                    throw world::BadInput{"underlay " + form + " wants whole numbers"};
            check_routers(form, numbers[0] * numbers[1] * (1 + numbers[2] * numbers[3]));
            settings.transit_domains = whole(numbers[0]);
            settings.transit_routers = whole(numbers[1]);
            settings.stub_domains = whole(numbers[2]);
            settings.stub_routers = whole(numbers[3]);
        }
        return make_transit_stub(nodes, seed, settings);
    }
    if (kind == "matrix" && form.size() > kind.size() + 1) {
        auto const path = form.substr(kind.size() + 1);
        std::ifstream file{path};
        if (!file) throw world::BadInput{"cannot read " + path};
        return read_matrix(nodes, seed, file, path);
    }
    throw world::BadInput{"underlay " + form +
                          " is not known; it may be plane, waxman[:ROUTERS:ALPHA:BETA], "
                          "transit-stub[:DOMAINS:ROUTERS:STUBS:ROUTERS] or matrix:FILE"};
}

}  // namespace praline::simulate::structured
