#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/store/database.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// The searches that have ended, in the data directory's database; those that were under way when the node died are among
/// them as interrupted. Bounded: the oldest gives way.
/// Throws store::DatabaseError.   @threads one.
class SearchHistory {
public:
    static constexpr std::size_t entries_default_max = 1000;

    explicit SearchHistory(std::string const& database_file, std::size_t entries_max = entries_default_max);

    /// A search is under way: nothing of it is shown unless we die before it ends. @returns the handle of its entry.
    [[nodiscard]] std::uint64_t begin(webui::HistoryView const& entry);
    /// It has ended. @param id  as `begin` gave it; 0: there was no `begin`.
    void end(std::uint64_t id, webui::HistoryView const& entry);
    /// The one that began last first.
    [[nodiscard]] std::vector<webui::HistoryView> page(std::size_t offset, std::size_t count);
    [[nodiscard]] std::uint64_t size();
    /// False: there is no such entry.
    bool erase(std::uint64_t id);
    void erase_all();

private:
    void write(std::uint64_t id, webui::HistoryView const& entry, std::int64_t lasted_ms);

    store::Database database_;
    std::size_t entries_max_;
};

}  // namespace praline
