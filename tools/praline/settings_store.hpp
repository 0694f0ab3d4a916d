#pragma once

#include <map>
#include <optional>
#include <string>

#include "node/store/database.hpp"

namespace praline {

/// Settings changed on the page or by `praline config set`, kept in the data directory's database. Throws DatabaseError.
class SettingsStore {
public:
    explicit SettingsStore(std::string const& database_file);
    /// Texts of `text_of_value` by key; older versions wrote lists with commas between the items.
    [[nodiscard]] std::map<std::string, std::string> load();
    /// All of them or, when one cannot be written, none. Empty: what was stored is forgotten.
    void save(std::map<std::string, std::optional<std::string>> const& changes);

private:
    store::Database database_;
};

}  // namespace praline
