#include "tools/praline/running_settings.hpp"

#include <map>
#include <optional>

namespace praline {
namespace {

webui::Refusal refused(std::string problem) { return {400, "bad_request", std::move(problem)}; }

/// Applies one change to `settings`; a sentence when it is refused.
std::string apply(Settings& settings, webui::SettingChange const& wanted) {
    auto const* const row = find_setting(wanted.key);
    if (!wanted.text && !wanted.items) {
        if (row == nullptr && !settings.stored(wanted.key)) return no_such_setting(wanted.key);
        settings.unset(wanted.key);
        return {};
    }
    if (row == nullptr) return no_such_setting(wanted.key);
    if (!wanted.text) return settings.set(wanted.key, *wanted.items);
    auto const read = value_from_text(*row, *wanted.text);
    return read.problem.empty() ? settings.set(wanted.key, read.value) : read.problem;
}

}  // namespace

RunningSettings::RunningSettings(Config config, Settings settings, std::string const& database)
    : config_{std::move(config)}, settings_{std::move(settings)}, store_{database} {}

webui::Outcome<webui::Done> RunningSettings::change(std::vector<webui::SettingChange> const& changes,
                                                    HeldByNode const& held) {
    Settings changed = settings_;
    std::map<std::string, std::optional<std::string>> kept;
    for (auto const& wanted : changes) {
        if (auto problem = apply(changed, wanted); !problem.empty()) return refused(std::move(problem));
        auto const* const row = find_setting(wanted.key);
        auto const stored = changed.stored(wanted.key);
        kept[wanted.key] = stored && row != nullptr ? std::optional{text_of_value(*row, *stored)} : std::nullopt;
    }
    for (auto const& wanted : changes) {
        if (!wanted.text && !wanted.items) continue;  // a value that is undone must go, whatever holds then
        if (auto problem = try_setting(changed.config(), wanted.key, held); !problem.empty())
            return refused(std::move(problem));
    }
    try {
        store_.save(kept);
    } catch (store::DatabaseError const& error) {
        return webui::Refusal{507, "not_saved", error.what()};
    }
    settings_ = std::move(changed);
    take_live_settings(config_, settings_.config());
    return webui::Done{};
}

}  // namespace praline
