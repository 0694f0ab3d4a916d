// T28, T30, T31, T37: what is built on structured overlays, and work done by strangers.
#include <string>

#include "tools/reproduce/targets.hpp"
#include "tools/simulate/applications/objects.hpp"
#include "tools/simulate/applications/storage.hpp"
#include "tools/simulate/applications/web_cache.hpp"
#include "tools/simulate/applications/work_units.hpp"

namespace praline::reproduce {

namespace applications = simulate::applications;

Target object_location(Options const& options) {
    Target target{
        "T28", "How long Tapestry's ways to objects are",
        "Zhao and others: Tapestry, JSAC 2004, figures on a simulated transit-stub network of 1,092 nodes: the "
        "median way to an object is less than twice the straight one in the wide area.",
        "1,092 nodes on a transit-stub network of 5,050 routers; their network's parameters and its variance "
        "are not given. Their PlanetLab measurements cannot be repeated."};
    applications::ObjectsExperiment experiment;
    experiment.settings.nodes = 1092;
    experiment.settings.seed = options.seed;
    experiment.settings.underlay =
        simulate::structured::make_underlay("transit-stub", experiment.settings.nodes, options.seed);
    experiment.messages = options.quick ? 5000 : 50'000;
    auto const outcome = applications::send_to_objects(experiment);
    target.checks.push_back(at_least("messages that find the object", "all", 1, outcome.found, 4));
    target.checks.push_back(
        between("median penalty of objects beyond the mean distance", "below 2", 1, 2, *outcome.penalty_far_p50, 3));
    target.checks.push_back(
        at_least("median penalty of nearer ones", "higher", *outcome.penalty_far_p50, *outcome.penalty_near_p50, 3));
    return target;
}

Target storage(Options const& options) {
    Target target{
        "T30", "How full PAST's nodes get, with and without diversion",
        "Rowstron, Druschel: PAST, SOSP 2001: without diversion 51.1 % of the files fail with 60.8 % of the room used; "
        "with it more than 98 % is used, and less than 5 % fail before 95 %.",
        "2,250 nodes, room normal with mean 27 MB; 1,863,055 files, log-normal with median 1,312 and mean 10,517 "
        "bytes, "
        "in place of their web traces, which are gone. --quick: a tenth of nodes and files."};
    applications::StorageExperiment experiment;
    experiment.seed = options.seed;
    if (options.quick) experiment.nodes /= 10, experiment.files /= 10;
    auto const with = applications::store(experiment);
    experiment.settings.accept_own = 1;
    experiment.settings.accept_diverted = 0;
    experiment.settings.keys_tried = 1;
    auto const without = applications::store(experiment);
    target.checks.push_back(between("without: files that fail, %", "51.1", 45, 65, 100 * without.failed, 1));
    target.checks.push_back(between("without: room used, %", "60.8", 55, 70, 100 * without.use, 1));
    target.checks.push_back(at_least("with: room used, %", "more than 98", 97, 100 * with.use, 1));
    target.checks.push_back(at_most("with: files that fail until 95 % is used, %", "less than 5", 5,
                                    100 * with.failed_by_95.value_or(1), 2));
    return target;
}

Target web_cache(Options const& options) {
    Target target{
        "T31", "Browsers that share their caches against a proxy",
        "Iyer, Rowstron, Druschel: Squirrel, PODC 2002: as few requests leave 105 clients with caches of 100 MB "
        "as with a central cache.",
        "a Zipf workload with exponent 0.8 in place of their traces: about as many requests and objects, all of "
        "one size. Their hit rates are of their traces, and are not compared."};
    applications::WebCacheExperiment experiment;
    experiment.seed = options.seed;
    auto const outcome = applications::share_caches(experiment);
    auto const points = [](double share) { return 100 * share; };
    target.checks.push_back(
        within("home-store less central, points", 0, points(outcome.home_store) - points(outcome.central), 1, 2));
    target.checks.push_back(
        within("directory less central, points", 0, points(outcome.directory) - points(outcome.central), 1, 2));
    experiment.cache /= 3;
    auto const small = applications::share_caches(experiment);
    target.checks.push_back(at_least("with a third of the cache: home-store less than central, points",
                                     "no figure: the control", 1, points(small.central) - points(small.home_store), 2));
    return target;
}

Target work_units(Options const& options) {
    Target target{"T37", "What is left of volunteers' computers, and which wrong results pass",
                  "Anderson, Fedak: CCGrid 2006: 95.5 of 341 TFLOPS, with shares of time on .81, active .84, CPU .899.",
                  "the product of their shares; quorums against the formula of their distribution"};
    target.checks.push_back(within("share that is left", 0.28, applications::Pool{}.left(), 0.001, 3));
    for (auto const& [copies, quorum] : {std::pair{4U, 2U}, std::pair{5U, 3U}, std::pair{3U, 3U}}) {
        applications::WorkUnitsExperiment experiment;
        experiment.copies_most = copies;
        experiment.quorum = quorum;
        experiment.seed = options.seed;
        if (!options.quick) experiment.units *= 10;
        target.checks.push_back(within(std::to_string(quorum) + " of " + std::to_string(copies) +
                                           " agree, 5 % of results wrong and alike: wrong units that pass, %",
                                       100 * applications::wrong_by_formula(experiment),
                                       100 * applications::give_out(experiment).wrong, 0.1, 3));
    }
    return target;
}

}  // namespace praline::reproduce
