#include "tools/simulate/full_ask.hpp"

#include <limits>
#include <string>

#include "tools/simulate/full_host.hpp"
#include "tools/simulate/limits.hpp"

namespace praline::simulate {
namespace {

using search::strategy::Kind;
using search::strategy::Parameters;

Kind kind_of(StrategyName strategy) {
    switch (strategy) {
        case StrategyName::flood: return Kind::flood;
        case StrategyName::expanding_ring: return Kind::expanding_ring;
        case StrategyName::random_walk: return Kind::random_walk;
        case StrategyName::biased_walk: return Kind::biased_walk;
        case StrategyName::dynamic: return Kind::dynamic;
        case StrategyName::automatic: return Kind::automatic;
        case StrategyName::key: return Kind::key;
    }
    return Kind::flood;
}

Parameters parameters_of(RunOptions const& options) {
    Parameters parameters;
    parameters.kind = kind_of(options.strategy);
    parameters.results_wanted = 1;
    Heeds const heeds = row_of(options.strategy).heeds;
    if (heeds.ttl) parameters.ttl = static_cast<std::uint8_t>(options.effective_ttl());
    if (!heeds.walk) return parameters;
    parameters.walkers = options.walkers;
    parameters.check_every = options.check_every;
    parameters.steps_max = options.steps_max;
    parameters.keep_state = options.state;
    return parameters;
}

void check_possible(Question const& question) {
    RunOptions const& options = question.options;
    if (question.hosts.topology.nodes() > full_nodes_max)
        throw BadInput{"at full scale there can be " + std::to_string(full_nodes_max) + " nodes at most"};
    if (options.workload.copying == Copying::path || options.workload.copying == Copying::random)
        throw BadInput{"copies along a path or at random are made at graph scale only"};
    if (row_of(options.strategy).heeds.walk && options.check_every > std::numeric_limits<std::uint16_t>::max())
        throw BadInput{"at full scale a walker can ask every " +
                       std::to_string(std::numeric_limits<std::uint16_t>::max()) +
                       " steps at most: the wire has two octets for it"};
}

}  // namespace

Outcome ask_at_scale(Question const& question) {
    return question.options.scale == Scale::full ? ask_real_nodes(question)
                                                 : row_of(question.options.strategy).ask(question);
}

Outcome ask_real_nodes(Question const& question) {
    Hosts& hosts = question.hosts;
    if (!hosts.full) {
        check_possible(question);
        if (hosts.model == nullptr)
            hosts.faultless =
                std::make_unique<NetworkModel>(NetworkOptions{}, hosts.topology.nodes(), question.options.seed);
        FullOptions full;
        full.codec = question.options.codec;
        full.two_tier = full.query_routing = hosts.topology.ultrapeers() < hosts.topology.nodes();
        full.wide_to_the_end =
            question.options.strategy == StrategyName::automatic;  // as at graph scale: it is the last stage
        hosts.full =
            std::make_unique<FullHost>(hosts.topology, hosts.model == nullptr ? *hosts.faultless : *hosts.model, full);
    }
    bool const by_key = question.options.strategy == StrategyName::key;
    if (question.item || by_key)
        hosts.full->look_for(word_for(question.item ? *question.item : question.rng.next()), question.item.has_value());
    hosts.full_has_learnt = hosts.full_has_learnt || by_key;
    hosts.full->number_query(hosts.number);
    return hosts.full->ask(question.source, parameters_of(question.options), question.holders, question.rng);
}

}  // namespace praline::simulate
