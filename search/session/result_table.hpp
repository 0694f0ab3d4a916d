#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "search/session/search_session.hpp"

namespace praline::search {

/// The rows of one search: grouped by content, numbered in order of change, cheap to ask what is new.
/// @threads one.
class ResultTable {
public:
    /// @param words  what was asked for, in canonical form: rows are the more relevant the more of their name it is.
    explicit ResultTable(std::vector<std::string> words = {}) : words_{std::move(words)} {}

    enum class Outcome : std::uint8_t {
        added,      ///< a row or a source more
        updated,    ///< a known source, something about it differs
        unchanged,  ///< nothing new
        refused,    ///< neither name nor URN, or a limit is reached
    };

    /// How a source is counted in the cost of its search.
    struct Standing {
        std::uint8_t hops = 0;
        bool cached = false;
        friend bool operator==(Standing const&, Standing const&) = default;
    };
    /// Of the source of the last `add` whose outcome was `updated`: before and after.
    struct Moved {
        Standing from, to;
    };
    [[nodiscard]] Moved const& last_move() const { return moved_; }

    /// @param may_grow  false: known sources are kept up to date, new ones refused.
    /// @param revision  the search's counter; one more for each change.
    [[nodiscard]] Outcome add(Urn const& urn, std::uint64_t size_bytes, Source source, SessionLimits const& limits,
                              bool may_grow, std::uint64_t& revision);

    /// Gives the memory of `count` rows back, or of all there are. Nothing else may be asked of the table from then on
    /// but its size and its sources.
    void discard(std::size_t count);

    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] std::size_t sources() const { return sources_; }
    /// Rows of each ContentKind.
    [[nodiscard]] std::array<std::size_t, content_kinds> const& kinds() const { return kinds_; }
    /// The revision of the last change of a row; 0: there was none.
    [[nodiscard]] std::uint64_t last_change() const { return log_.empty() ? 0 : log_.back().revision; }
    /// Changes after `revision`, at least as many as rows that changed.
    [[nodiscard]] std::size_t changes_since(std::uint64_t revision) const;
    [[nodiscard]] ResultRow const* row(std::uint32_t id) const;
    /// See SearchSessions::rows_since.
    [[nodiscard]] std::vector<ResultRow const*> since(std::uint64_t revision, std::size_t most,
                                                      std::size_t sources_min = 0) const;

private:
    struct Change {
        std::uint64_t revision;
        std::uint32_t row;
    };
    [[nodiscard]] std::string key_for(Urn const& urn, std::uint64_t size_bytes, Source const& source) const;
    [[nodiscard]] Outcome add_row(std::string key, Urn const& urn, std::uint64_t size_bytes, Source source,
                                  std::uint64_t& revision);
    [[nodiscard]] Outcome add_to_row(ResultRow& row, Urn const& urn, Source source, SessionLimits const& limits,
                                     bool may_grow, std::uint64_t& revision);
    /// The first change after `revision`.
    [[nodiscard]] std::vector<Change>::const_iterator after(std::uint64_t revision) const;
    void take_name(ResultRow& row, std::string const& name);
    void changed(ResultRow& row, std::uint64_t& revision);
    [[nodiscard]] bool is_current(Change const& change) const {
        return rows_[change.row - 1].revision == change.revision;
    }

    std::deque<ResultRow> rows_;                // row n has id n + 1
    std::map<std::string, std::uint32_t> ids_;  // peers choose the keys: a tree has no worst case they could aim at
    std::vector<Change> log_;                   // ascending; an entry is stale once its row has changed again
    std::size_t sources_ = 0;
    std::array<std::size_t, content_kinds> kinds_{};
    std::vector<std::string> words_;
    Moved moved_;
};

}  // namespace praline::search
