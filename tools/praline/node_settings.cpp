// Settings of the running node: changed by the page, the API and `praline config`.
#include <spdlog/spdlog.h>

#include "tools/praline/node.hpp"
#include "tools/praline/setting_trial.hpp"

namespace praline {
namespace {

webui::Refusal refused(std::string sentence) { return {400, "bad_request", std::move(sentence)}; }

/// Applies one change to `settings`; a sentence when it is refused.
std::string change(Settings& settings, webui::SettingChange const& wanted) {
    auto const* const key = find_key(wanted.key);
    if (!wanted.text && !wanted.items) {
        if (key == nullptr && !settings.stored(wanted.key)) return no_such_setting(wanted.key);
        settings.unset(wanted.key);
        return {};
    }
    if (key == nullptr) return no_such_setting(wanted.key);
    if (!wanted.text) return settings.set(wanted.key, *wanted.items);
    auto const read = value_from_text(*key, *wanted.text);
    return read.problem.empty() ? settings.set(wanted.key, read.value) : read.problem;
}

}  // namespace

webui::Outcome<webui::Done> Node::change_settings(std::vector<webui::SettingChange> const& changes) {
    Settings changed = settings_;
    std::map<std::string, std::optional<std::string>> kept;
    for (auto const& wanted : changes) {
        if (auto problem = change(changed, wanted); !problem.empty()) return refused(std::move(problem));
        auto const* const key = find_key(wanted.key);
        auto const stored = changed.stored(wanted.key);
        kept[wanted.key] = stored && key != nullptr ? std::optional{text_of_value(*key, *stored)} : std::nullopt;
    }
    HeldByNode const held{door_->endpoint(), api_->endpoint()};
    for (auto const& wanted : changes) {
        if (!wanted.text && !wanted.items) continue;   // what is undone must go, whatever holds then
        if (auto problem = try_setting(changed.config(), wanted.key, held); !problem.empty()) return refused(std::move(problem));
    }
    try {
        settings_store_.save(kept);
    } catch (store::DatabaseError const& error) {
        return webui::Refusal{507, "not_saved", error.what()};
    }
    settings_ = std::move(changed);
    apply_settings();
    notify("settings");
    return webui::Done{};
}

/// What is live takes effect; the rest holds from the next start on.
void Node::apply_settings() {
    auto const& wanted = settings_.config();
    config_.upload_slots = wanted.upload_slots;
    config_.hit_cache = wanted.hit_cache;
    config_.firewalled = wanted.firewalled;
    config_.strategy = wanted.strategy;
    config_.log_level = wanted.log_level;
    uploads_->set_slots(static_cast<std::size_t>(config_.upload_slots));
    hub_->enable_hit_cache(config_.hit_cache == "on");
    if (index_) index_->set_push_needed(is_firewalled());
    spdlog::set_level(spdlog::level::from_str(config_.log_level));
}

}  // namespace praline
