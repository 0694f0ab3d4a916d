#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/store/database.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// The searches that have ended, in the data directory's database. Bounded: the oldest gives way.
/// Throws store::DatabaseError.   @threads one.
class SearchHistory {
public:
    static constexpr std::size_t entries_default_max = 1000;

    explicit SearchHistory(std::string const& database_file, std::size_t entries_max = entries_default_max);

    /// `entry.id` is given by us.
    void add(webui::HistoryView const& entry);
    /// The latest first.
    [[nodiscard]] std::vector<webui::HistoryView> page(std::size_t offset, std::size_t count);
    [[nodiscard]] std::uint64_t size();
    /// False: there is no such entry.
    bool erase(std::uint64_t id);
    void erase_all();

private:
    store::Database database_;
    std::size_t entries_max_;
};

}  // namespace praline
