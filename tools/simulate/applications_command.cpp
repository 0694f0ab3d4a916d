#include "tools/simulate/applications_command.hpp"

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "tools/simulate/report/text_forms.hpp"
#include "tools/simulate/world/graph.hpp"

namespace praline::simulate {

namespace {

constexpr std::uint64_t many = 100'000'000;
constexpr std::uint32_t clients_most = 100'000, objects_most = 50'000'000, copies_most_of_all = 1000;
constexpr std::uint64_t publications_most = 10'000'000;

using Figures = std::vector<std::pair<char const*, std::optional<double>>>;

int print(Figures const& figures, bool json) {
    std::string text;
    for (auto const& [name, value] : figures) {
        auto const number = value ? report::shortest(*value) : json ? "null" : "-";
        text += json ? (text.empty() ? "{\"" : ",\"") + std::string{name} + "\":" + number
                     : std::string{name} + ' ' + number + '\n';
    }
    std::printf("%s", (json ? text + "}\n" : text).c_str());
    return 0;
}

int carry_out_storage(ApplicationOrders const& orders) {
    auto experiment = orders.storage;
    if (orders.no_diversion) experiment.settings.accept_own = 1, experiment.settings.accept_diverted = 0;
    if (orders.no_diversion) experiment.settings.keys_tried = 1;
    auto const outcome = applications::store(experiment);
    return print({{"use", outcome.use},
                  {"failed_rate", outcome.failed},
                  {"failed_rate_until_95_percent_use", outcome.failed_by_95},
                  {"diverted_rate", outcome.diverted}},
                 orders.json);
}

int carry_out_web_cache(ApplicationOrders const& orders) {
    auto const outcome = applications::share_caches(orders.web_cache);
    return print({{"central_hit_rate", outcome.central},
                  {"home_store_hit_rate", outcome.home_store},
                  {"directory_hit_rate", outcome.directory},
                  {"busiest_home_share", outcome.busiest_home},
                  {"busiest_delegate_share", outcome.busiest_delegate}},
                 orders.json);
}

int carry_out_work_units(ApplicationOrders const& orders) {
    auto const outcome = applications::give_out(orders.work_units);
    return print({{"right_rate", outcome.right},
                  {"wrong_rate", outcome.wrong},
                  {"undecided_rate", outcome.undecided},
                  {"copies_mean", outcome.copies_mean}},
                 orders.json);
}

int carry_out_objects(ApplicationOrders const& orders) {
    auto experiment = orders.objects;
    auto& settings = experiment.settings;
    if (experiment.objects * experiment.servers > publications_most)
        throw world::BadInput{"--objects times --servers may be up to " + std::to_string(publications_most)};
    settings.underlay = structured::make_underlay(orders.underlay, settings.nodes, settings.seed);
    auto const outcome = applications::send_to_objects(experiment);
    return print({{"found_rate", outcome.found},
                  {"delay_penalty_p50", outcome.penalty_p50},
                  {"delay_penalty_p90", outcome.penalty_p90},
                  {"delay_penalty_near_p50", outcome.penalty_near_p50},
                  {"delay_penalty_far_p50", outcome.penalty_far_p50}},
                 orders.json);
}

template <class Value>
void number(CLI::App& command, char const* name, Value& value, Value least, Value most, char const* description) {
    command.add_option(name, value, description)->check(CLI::Range(least, most))->capture_default_str();
}

using CarryOut = int (*)(ApplicationOrders const&);

CLI::App& add(CLI::App& app, ApplicationOrders& orders, std::function<int()>& action, char const* name,
              char const* description, std::uint64_t& seed, CarryOut carry_out) {
    auto* const command = app.add_subcommand(name, description);
    command->add_option("--seed", seed, "of all that chance decides")->capture_default_str();
    command->add_flag("--json", orders.json, "print JSON");
    command->callback([&orders, &action, carry_out] { action = [&orders, carry_out] { return carry_out(orders); }; });
    return *command;
}

}  // namespace

void add_applications(CLI::App& app, ApplicationOrders& orders, std::function<int()>& action) {
    auto& storage = add(app, orders, action, "storage", "files with replicas on the nodes of a Pastry overlay, as PAST",
                        orders.storage.seed, carry_out_storage);
    number(storage, "--nodes", orders.storage.nodes, 1U, structured::nodes_max, "with room for 27 MB on average");
    number<std::uint64_t>(storage, "--files", orders.storage.files, 1, many, "put one after the other");
    number(storage, "--replicas", orders.storage.settings.replicas, 1U, copies_most_of_all, "of each file");
    storage.add_flag("--no-diversion", orders.no_diversion,
                     "a copy that its node has no room for is not put on another, nor the file under another key");

    auto& web_cache = add(app, orders, action, "web-cache",
                          "browsers that share their caches, as Squirrel, against a proxy with as large a cache",
                          orders.web_cache.seed, carry_out_web_cache);
    number(web_cache, "--clients", orders.web_cache.clients, 1U, clients_most, "that ask");
    number(web_cache, "--objects", orders.web_cache.objects, 1U, objects_most, "all of one size");
    number(web_cache, "--zipf", orders.web_cache.zipf, 0.0, 10.0, "the object of rank i is asked for as 1 / i^zipf");
    number(web_cache, "--cache", orders.web_cache.cache, 0U, objects_most, "objects that one client keeps");
    number<std::uint64_t>(web_cache, "--requests", orders.web_cache.requests, 1, many, "counted");
    number<std::uint64_t>(web_cache, "--warm-up", orders.web_cache.warm_up, 0, many, "requests before, not counted");

    auto& units = add(app, orders, action, "work-units", "units of work done by strangers until a quorum agrees",
                      orders.work_units.seed, carry_out_work_units);
    number<std::uint64_t>(units, "--units", orders.work_units.units, 1, many, "given out");
    number(units, "--copies", orders.work_units.copies_most, 1U, copies_most_of_all, "of one unit at most");
    number(units, "--quorum", orders.work_units.quorum, 1U, copies_most_of_all, "results that must agree");
    number(units, "--wrong", orders.work_units.wrong, 0.0, 1.0, "share of the results");
    number(units, "--alike", orders.work_units.alike, 0.0, 1.0, "share of the wrong results that agree");

    auto& objects = add(app, orders, action, "objects",
                        "messages to the nearest copy of an object, by Tapestry's pointers, and how much longer their "
                        "ways are than the straight one",
                        orders.objects.settings.seed, carry_out_objects);
    orders.objects.settings.nodes = 1092;
    number(objects, "--nodes", orders.objects.settings.nodes, 1U, structured::nodes_max, "of the overlay");
    number<std::uint64_t>(objects, "--objects", orders.objects.objects, 1, 1'000'000, "published");
    number(objects, "--servers", orders.objects.servers, 1U, copies_most_of_all, "of each object");
    number<std::uint64_t>(objects, "--messages", orders.objects.messages, 1, many, "sent");
    objects.add_option("--underlay", orders.underlay, "as of `simulate structured`")
        ->option_text("FORM")
        ->capture_default_str();
}

}  // namespace praline::simulate
