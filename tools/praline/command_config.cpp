#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <boost/json.hpp>

#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/load_settings.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/settings_store.hpp"
#include "tools/praline/views.hpp"
#include "transfer/library/folder_guard.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;
namespace {

/// Numbers as numbers, lists as lists.
json::value typed(SettingRow const& row, std::string const& value, std::vector<std::string> const& items) {
    if (row.list) return json::value_from(items);
    if (auto const number = parse_number(value); number && row.kind == ValueKind::number) return *number;
    return json::value(value);
}

std::vector<webui::SettingView> views_in(json::value const& answer) {
    return webui::list_from_json<webui::SettingView>(answer, "settings");
}

/// Those of a running node, which alone knows its flags; else those that a node would start with. Empty: the config is wrong.
std::optional<std::vector<webui::SettingView>> current_views(CommandContext const& context,
                                                             std::string const& config_file) {
    if (config_file.empty() && node_runs(context.data_directory)) {
        try {
            return views_in(connect_to_node(context).get("/settings"));
        } catch (ApiError const&) {
            // It is just ending, or an index server: what is stored can be shown all the same.
        }
    }
    auto settings = load_settings(context.data_directory, config_file, {});
    if (!settings) return std::nullopt;
    std::error_code error;
    auto const database = context.data_directory + "/praline.db";
    if (std::filesystem::exists(database, error)) settings->take_stored(SettingsStore{database}.load());
    return setting_views(*settings);
}

void print_changed(CommandContext const& context, std::vector<webui::SettingView> const& views, SettingRow const& row) {
    for (auto const& view : views) {
        if (view.key != row.name) continue;
        if (context.json) {
            print_json(json::object{{"key", view.key},
                                    {"value", typed(row, view.value, view.values)},
                                    {"source", view.source},
                                    {"needs_restart", !row.live}});
            return;
        }
        std::cout << view.key << " is " << (view.value.empty() ? "empty" : printable(view.value)) << " now ("
                  << view.source << ")" << (row.live ? ".\n" : "; a node takes it at its next start.\n");
    }
}

/// Folders that are not shared before their owner has said yes, whatever the setting says: a sentence for each.
std::vector<std::string> held_back(CommandContext const& context, SettingValue const& folders) {
    std::vector<std::string> sentences;
    auto const here = library::surroundings_here(context.data_directory);
    for (auto const& folder : folders) {
        std::error_code error;
        auto const path = std::filesystem::canonical(library::with_home(folder), error).string();
        if (error) continue;
        auto const verdict = library::judge_folder(path, here);
        if (verdict.kind != library::Verdict::Kind::needs_yes) continue;
        sentences.push_back(verdict.reason +
                            " It is shared only after you have seen what would be public and said yes: " +
                            "on the page, or by `praline share add " + path_text(path) + "` while the node runs.");
    }
    return sentences;
}

/// The same of a running node, which knows to what its owner has said yes.
std::vector<std::string> held_back_by_node(ApiClient& api) {
    std::vector<std::string> sentences;
    for (auto const& folder : webui::from_json<webui::LibraryView>(api.get("/library")).folders)
        if (folder.needs_confirmation) sentences.push_back(folder.problem);
    return sentences;
}

void print_held_back(CommandContext const& context, std::vector<std::string> const& sentences) {
    if (context.json) return;
    for (auto const& sentence : sentences) std::cout << printable(sentence) << '\n';
}

/// Changes what is stored while no node runs. Throws std::runtime_error with a sentence.
std::vector<webui::SettingView> change_stored(CommandContext const& context, DataDirectory& directory,
                                              std::string const& config_file, std::string const& key,
                                              std::optional<SettingValue> const& value) {
    auto settings = load_settings(context.data_directory, config_file, {});
    if (!settings) throw std::invalid_argument{"The config file is wrong; `praline config check` explains it."};
    SettingsStore store{directory.database()};
    settings->take_stored(store.load());
    if (value) {
        if (auto const problem = settings->set(key, *value); !problem.empty()) throw std::invalid_argument{problem};
        if (auto const problem = try_setting(settings->config(), key, {}); !problem.empty())
            throw std::runtime_error{problem};
        store.save({{key, text_of_value(*find_setting(key), *value)}});
    } else {
        settings->unset(key);
        store.save({{key, std::nullopt}});
    }
    return setting_views(*settings);
}

/// Words of the command line as a value: paths are taken from the folder where the command was given.
SettingValue value_from_words(SettingRow const& row, std::vector<std::string> const& words) {
    ReadValue read{words, {}};
    if (!row.list && words.size() != 1)
        throw std::invalid_argument{row.name + " takes one value; put it in quotation marks if it holds blanks."};
    if (words.size() == 1) read = value_from_text(row, words.front());
    if (!read.problem.empty()) throw std::invalid_argument{read.problem};
    if (row.kind == ValueKind::path)
        for (auto& path : read.value)
            if (!path.empty()) path = absolute_path(path);
    Config scratch;
    if (auto const problem = row.set(scratch, read.value); !problem.empty()) throw std::invalid_argument{problem};
    return read.value;
}

json::value body_of(SettingRow const& row, SettingValue const& value) {
    return row.list ? json::value_from(value) : json::value(value.front());
}

}  // namespace

int run_config_show(CommandContext const& context, std::string const& config_file) {
    auto const views = current_views(context, config_file);
    if (!views) return exit_usage;
    if (context.json) {
        json::object object{{"data", context.data_directory}};
        json::array list;
        for (auto const& view : *views) {
            auto const* const row = find_setting(view.key);
            if (row == nullptr) continue;
            object[view.key] = view.value;
            list.push_back(json::object{{"key", view.key},
                                        {"value", typed(*row, view.value, view.values)},
                                        {"source", view.source},
                                        {"needs_restart", !row->live},
                                        {"problem", view.problem}});
        }
        object["settings"] = std::move(list);
        print_json(object);
        return exit_ok;
    }
    std::vector<std::vector<std::string>> rows{{"KEY", "VALUE", "FROM", "MEANING"}};
    for (auto const& view : *views)
        if (auto const* const row = find_setting(view.key))
            rows.push_back({view.key, printable(view.value), view.source, row->help});
    print_table(rows);
    for (auto const& view : *views)
        if (!view.problem.empty()) std::cout << printable(view.problem) << '\n';
    return exit_ok;
}

int run_config_set(CommandContext const& context, std::string const& config_file, std::string const& key,
                   std::vector<std::string> const& words) {
    auto const* const known = find_setting(key);
    if (known == nullptr) throw std::invalid_argument{no_such_setting(key)};
    auto const value = value_from_words(*known, words);
    std::error_code error;
    bool const fresh = !std::filesystem::exists(context.data_directory, error);
    if (auto directory = fresh ? DataDirectory::open_for_node(context.data_directory)
                               : DataDirectory::try_open(context.data_directory)) {
        print_changed(context, change_stored(context, *directory, config_file, key, value), *known);
        if (key == "share") print_held_back(context, held_back(context, value));
    } else {
        auto api = connect_to_node(context);
        print_changed(context, views_in(api.patch("/settings", json::object{{key, body_of(*known, value)}})), *known);
        if (key == "share") print_held_back(context, held_back_by_node(api));
    }
    return exit_ok;
}

int run_config_unset(CommandContext const& context, std::string const& key) {
    auto const* const known = find_setting(key);
    if (auto directory = DataDirectory::try_open(context.data_directory)) {
        std::error_code error;
        bool const anything = std::filesystem::exists(directory->database(), error);
        if (known == nullptr && (!anything || !SettingsStore{directory->database()}.load().contains(key)))
            throw std::invalid_argument{no_such_setting(key)};
        if (anything) SettingsStore{directory->database()}.save({{key, std::nullopt}});
    } else if (node_runs(context.data_directory)) {
        connect_to_node(context).patch("/settings", json::object{{key, nullptr}});
    } else if (known == nullptr) {
        throw std::invalid_argument{no_such_setting(key)};
    }
    auto const views = current_views(context, {});
    if (views && known != nullptr) print_changed(context, *views, *known);
    return exit_ok;
}

int run_config_check(CommandContext const& context, std::string const& config_file) {
    auto const file = config_file.empty() ? context.data_directory + "/praline.toml" : config_file;
    std::error_code error;
    std::vector<ConfigProblem> problems;
    bool const there = std::filesystem::exists(file, error);
    if (there)
        problems = read_config_file(file).problems;
    else if (!config_file.empty())
        problems.push_back({file, 0, 0, "There is no such file."});
    if (context.json) {
        json::array list;
        for (auto const& problem : problems) {
            list.push_back(json::object{{"file", problem.file},
                                        {"line", problem.line},
                                        {"column", problem.column},
                                        {"message", problem.sentence}});
        }
        print_json(json::object{{"problems", list}});
    } else {
        for (auto const& problem : problems) std::cerr << problem.text() << '\n';
        if (!there && problems.empty())
            std::cout << "There is no config file " << file
                      << ", and none is needed: every setting has a built-in value.\n";
        else if (problems.empty())
            std::cout << file << " is fine.\n";
    }
    return problems.empty() ? exit_ok : exit_usage;
}

int run_config_template() {
    std::cout << config_template();
    return exit_ok;
}

}  // namespace praline
