#pragma once

#include <string>
#include <vector>

#include "tools/praline/setting_trial.hpp"
#include "tools/praline/settings.hpp"
#include "tools/praline/settings_store.hpp"
#include "webui/api/views.hpp"

namespace praline {

/// The settings of a running node: those that hold now, and those it will start with next time. Changes by the page, the
/// API and `praline config` are checked, tried on this machine and stored before they hold.   @threads one.
class RunningSettings {
public:
    /// @param config    what the node runs with.
    /// @param settings  what it would start with now.
    /// Throws store::DatabaseError.
    RunningSettings(Config config, Settings settings, std::string const& database);

    [[nodiscard]] Config const& config() const { return config_; }
    [[nodiscard]] Settings const& settings() const { return settings_; }
    /// All of them or, when one is refused, none. Live ones hold in `config` at once.
    [[nodiscard]] webui::Outcome<webui::Done> change(std::vector<webui::SettingChange> const& changes,
                                                     HeldByNode const& held);

private:
    Config config_;
    Settings settings_;
    SettingsStore store_;
};

}  // namespace praline
