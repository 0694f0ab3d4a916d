#pragma once

#include <map>
#include <string>

#include "node/store/database.hpp"
#include "tools/praline/config.hpp"

namespace praline {

/// Where each setting came from: "default", "config", "page" or "flag".
using SettingSources = std::map<std::string, std::string>;

/// Settings changed on the page, kept in the data directory's database.
class SettingsStore {
public:
    explicit SettingsStore(std::string const& database_file);
    [[nodiscard]] std::map<std::string, std::string> load();
    void save(std::string const& key, std::string const& value);

private:
    store::Database database_;
};

}  // namespace praline
