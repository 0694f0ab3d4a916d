#include "tools/praline/settings_store.hpp"

namespace praline {

SettingsStore::SettingsStore(std::string const& database_file) : database_{database_file} {
    database_.run("CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
}

std::map<std::string, std::string> SettingsStore::load() {
    std::map<std::string, std::string> settings;
    auto rows = database_.prepare("SELECT key, value FROM settings");
    while (rows.step()) settings[rows.text(0)] = rows.text(1);
    return settings;
}

void SettingsStore::save(std::map<std::string, std::optional<std::string>> const& changes) {
    store::Transaction transaction{database_};
    auto put =
        database_.prepare("INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    auto forget = database_.prepare("DELETE FROM settings WHERE key = ?");
    for (auto const& [key, value] : changes) {
        if (value)
            put.bind(1, std::string_view{key}).bind(2, std::string_view{*value}).run();
        else
            forget.bind(1, std::string_view{key}).run();
    }
    transaction.commit();
}

}  // namespace praline
