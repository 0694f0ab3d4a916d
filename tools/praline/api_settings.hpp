#pragma once

#include <functional>

#include "tools/praline/running_settings.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// The settings, and changes while the node runs.
class SettingsApi final : public webui::SettingsControl {
public:
    /// @param held     what the node itself listens at.
    /// @param changed  is called after each change.
    SettingsApi(RunningSettings& settings, std::function<HeldByNode()> held, std::function<void()> changed)
        : settings_{settings}, held_{std::move(held)}, changed_{std::move(changed)} {}
    std::vector<webui::SettingView> settings() override;
    webui::Outcome<webui::Done> change_settings(std::vector<webui::SettingChange> const& changes) override;

private:
    RunningSettings& settings_;
    std::function<HeldByNode()> held_;
    std::function<void()> changed_;
};

}  // namespace praline
