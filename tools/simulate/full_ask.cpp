#include "tools/simulate/full_ask.hpp"

#include <limits>
#include <string>

#include "tools/simulate/full/full_host.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate {
namespace {

using search::strategy::Kind;
using search::strategy::Parameters;

Kind kind_of(world::StrategyName strategy) {
    switch (strategy) {
        case world::StrategyName::flood: return Kind::flood;
        case world::StrategyName::expanding_ring: return Kind::expanding_ring;
        case world::StrategyName::random_walk: return Kind::random_walk;
        case world::StrategyName::biased_walk: return Kind::biased_walk;
        case world::StrategyName::dynamic: return Kind::dynamic;
        case world::StrategyName::automatic: return Kind::automatic;
        case world::StrategyName::key: return Kind::key;
    }
    return Kind::flood;
}

Parameters parameters_of(world::RunOptions const& options) {
    Parameters parameters;
    parameters.kind = kind_of(options.strategy);
    parameters.results_wanted = 1;
    world::ParameterMask const taken = world::row_of(options.strategy).parameters;
    if (taken.ttl) parameters.ttl = static_cast<std::uint8_t>(options.effective_ttl());
    if (!taken.walk) return parameters;
    parameters.walkers = options.walkers;
    parameters.check_every = options.check_every;
    parameters.steps_max = options.steps_max;
    parameters.keep_state = options.state;
    return parameters;
}

void check_possible(QueryRun const& run) {
    world::RunOptions const& options = run.options;
    if (run.hosts.topology.nodes() > world::full_nodes_max)
        throw world::BadInput{"at full scale there can be " + std::to_string(world::full_nodes_max) + " nodes at most"};
    if (options.workload.copying == world::Copying::path || options.workload.copying == world::Copying::random)
        throw world::BadInput{"copies along a path or at random are made at graph scale only"};
    if (world::row_of(options.strategy).parameters.walk &&
        options.check_every > std::numeric_limits<std::uint16_t>::max())
        throw world::BadInput{"at full scale a walker can ask every " +
                              std::to_string(std::numeric_limits<std::uint16_t>::max()) +
                              " steps at most: the wire has two bytes for it"};
}

}  // namespace

world::Outcome ask_at_scale(QueryRun const& run) {
    return run.options.scale == world::Scale::full ? ask_real_nodes(run) : ask_graph(run);
}

world::Outcome ask_real_nodes(QueryRun const& run) {
    Hosts& hosts = run.hosts;
    if (!hosts.full) {
        check_possible(run);
        if (hosts.model == nullptr)
            hosts.faultless = std::make_unique<world::NetworkModel>(world::NetworkOptions{}, hosts.topology.nodes(),
                                                                    run.options.seed);
        full::FullOptions full;
        full.codec = run.options.codec;
        full.two_tier = full.query_routing = hosts.topology.ultrapeers() < hosts.topology.nodes();
        full.wide_to_the_end =
            run.options.strategy == world::StrategyName::automatic;  // as at graph scale: it is the last stage
        hosts.full = std::make_unique<full::FullHost>(hosts.topology,
                                                      hosts.model == nullptr ? *hosts.faultless : *hosts.model, full);
    }
    bool const by_key = run.options.strategy == world::StrategyName::key;
    if (run.item || by_key)
        hosts.full->set_query_text(word_for(run.item ? *run.item : run.rng.next()), run.item.has_value());
    hosts.full_has_learnt = hosts.full_has_learnt || by_key;
    hosts.full->number_query(hosts.number);
    return hosts.full->ask(run.source, parameters_of(run.options), run.holders, run.rng);
}

}  // namespace praline::simulate
