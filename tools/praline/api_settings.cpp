#include "tools/praline/api_settings.hpp"

#include "tools/praline/views.hpp"

namespace praline {

std::vector<webui::SettingView> SettingsApi::settings() { return setting_views(settings_.settings()); }

webui::Outcome<webui::Done> SettingsApi::change_settings(std::vector<webui::SettingChange> const& changes) {
    auto outcome = settings_.change(changes, held_());
    if (outcome.value) changed_();
    return outcome;
}

}  // namespace praline
