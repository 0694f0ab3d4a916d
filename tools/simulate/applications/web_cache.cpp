#include "tools/simulate/applications/web_cache.hpp"

#include <algorithm>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "tools/simulate/applications/draws.hpp"
#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::applications {

using structured::Node;

namespace {

constexpr std::uint64_t of_requests = 0xCAC4E;

/// The least recently used object is evicted.
class Cache {
public:
    explicit Cache(std::size_t most) : most_{most} {}
    [[nodiscard]] bool fetch(std::uint32_t object) {
        auto const found = where_.find(object);
        if (found == where_.end()) return false;
        order_.splice(order_.end(), order_, found->second);
        return true;
    }
    void put(std::uint32_t object) {
        if (most_ == 0 || fetch(object)) return;
        if (where_.size() >= most_) {
            where_.erase(order_.front());
            order_.pop_front();
        }
        where_[object] = order_.insert(order_.end(), object);
    }

private:
    std::size_t most_;
    std::list<std::uint32_t> order_;
    std::unordered_map<std::uint32_t, std::list<std::uint32_t>::iterator> where_;
};

/// The clients that keep an object, as its home remembers them: the newest last.
class Directory {
public:
    Directory(WebCacheExperiment const& experiment)
        : most_{experiment.delegates},
          caches_(experiment.clients, Cache{experiment.cache}),
          known_(experiment.objects) {}

    /// @return who answers; empty: nobody has it any more, it comes from its origin
    std::optional<Node> ask(Node client, std::uint32_t object) {
        auto& known = known_[object];
        std::optional<Node> by;
        // Whoever has dropped it says so, and is forgotten.
        while (!known.empty() && !by) {
            if (caches_[known.back()].fetch(object))
                by = known.back();
            else
                known.pop_back();
        }
        caches_[client].put(object);
        std::erase(known, client);
        if (known.size() >= most_) known.erase(known.begin());
        if (most_ > 0) known.push_back(client);
        return by;
    }

private:
    std::size_t most_;
    std::vector<Cache> caches_;
    std::vector<std::vector<Node>> known_;
};

double busiest(std::vector<std::uint64_t> const& answered, double all) {
    return static_cast<double>(*std::max_element(answered.begin(), answered.end())) / all;
}

}  // namespace

WebCacheOutcome share_caches(WebCacheExperiment const& experiment) {
    Rng chance{experiment.seed, of_requests};
    structured::Settings overlay;
    overlay.nodes = experiment.clients;
    overlay.seed = experiment.seed;
    auto const pastry = make_pastry(overlay);
    structured::Live const all_up{experiment.clients, 0, chance};
    std::vector<Node> home(experiment.objects);
    for (auto& one : home) one = *pastry->owner(chance.next(), all_up);
    Zipf const popular{experiment.objects, experiment.zipf};

    Cache central{std::size_t{experiment.clients} * experiment.cache};
    std::vector<Cache> homes(experiment.clients, Cache{experiment.cache});
    Directory directory{experiment};
    std::uint64_t by_central = 0, by_home = 0, by_delegate = 0;
    std::vector<std::uint64_t> home_answers(experiment.clients), delegate_answers(experiment.clients);
    for (std::uint64_t request = 0; request < experiment.warm_up + experiment.requests; ++request) {
        bool const counts = request >= experiment.warm_up;
        auto const client = static_cast<Node>(chance.below(experiment.clients));
        auto const object = popular.draw(chance);
        bool const central_has = central.fetch(object), home_has = homes[home[object]].fetch(object);
        central.put(object);
        homes[home[object]].put(object);
        auto const delegate = directory.ask(client, object);
        if (!counts) continue;
        by_central += central_has ? 1 : 0;
        by_home += home_has ? 1 : 0;
        by_delegate += delegate ? 1 : 0;
        ++home_answers[home[object]];
        if (delegate) ++delegate_answers[*delegate];
    }
    auto const all = static_cast<double>(experiment.requests);
    return {static_cast<double>(by_central) / all, static_cast<double>(by_home) / all,
            static_cast<double>(by_delegate) / all, busiest(home_answers, all), busiest(delegate_answers, all)};
}

}  // namespace praline::simulate::applications
