#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/commands.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;

int run_config_show(CommandContext const& context, Config const& config) {
    if (context.json) {
        json::object object{{"data", config.data_directory}};
        for (auto const& key : config_keys()) object[key.name] = value_of(config, key.name);
        print_json(object);
        return exit_ok;
    }
    std::vector<std::vector<std::string>> rows{{"KEY", "VALUE", "MEANING"}};
    for (auto const& key : config_keys()) rows.push_back({key.name, value_of(config, key.name), key.description});
    print_table(rows);
    return exit_ok;
}

int run_config_check(CommandContext const& context, std::string const& file) {
    Config config;
    std::vector<std::string> found;
    auto const problems = read_config_file(file, config, found);
    if (context.json) {
        json::array list;
        for (auto const& problem : problems) {
            list.push_back(json::object{{"file", problem.file}, {"line", problem.line}, {"column", problem.column}, {"message", problem.sentence}});
        }
        print_json(json::object{{"problems", list}});
    } else {
        for (auto const& problem : problems) std::cerr << problem.text() << '\n';
        if (problems.empty()) std::cout << file << " is fine.\n";
    }
    return problems.empty() ? exit_ok : exit_usage;
}

int run_config_template() {
    std::cout << config_template();
    return exit_ok;
}

}  // namespace praline
