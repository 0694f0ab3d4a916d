#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "index/catalogue/catalogue.hpp"
#include "index/catalogue/file_ledger.hpp"
#include "index/catalogue/publisher_table.hpp"
#include "index/catalogue/schema.hpp"

namespace praline::index::catalogue {

/// The one who writes. Every call is a transaction of its own, unless it is made within `together`.
class SqliteWriter final : public CatalogueWriter {
public:
    SqliteWriter(std::string const& file, CatalogueLimits const& limits, FileIndex& index, WaitingSources& waiting);

    std::vector<Record> records() override;
    ApplyResult apply(Publisher const& publisher, Claim claim, Change const& change) override;
    Record adopt(Publisher const& publisher, Claim claim) override;
    void hide(PublisherId const& publisher, Version version, bool forget) override;
    bool purge_some(std::size_t entries_max) override;

    void copy_begin(PublisherId const& publisher) override;
    void copy_add(PublisherId const& publisher, std::span<Entry const> entries) override;
    bool copy_commit(Record const& record) override;
    void copy_forget(PublisherId const& publisher) override;

    void keep(std::string const& key, std::string const& value) override;
    std::optional<std::string> kept(std::string const& key) override;

    void together(std::function<void()> const& work) override;

private:
    /// A list that grows: of a publisher, or a copy.
    struct List {
        SlotId slot;
        SetDigest digest;
        std::uint32_t entries = 0;
    };
    struct Copy {
        List list;
        bool too_many = false;
    };
    struct Totals {
        std::int64_t publishers = 0, files = 0, entries = 0;
    };
    /// What happens to one file in a change.
    struct Step {
        Sha1 sha1;
        Entry const* add = nullptr;   ///< null: it is removed
        Place const* held = nullptr;  ///< in the list, before; null: it is not there
    };

    /// Runs `work` as one transaction, or as a part of the one that is open.
    template <class Work>
    auto in_transaction(Work const& work);
    void begin();
    void commit();
    void undo() noexcept;

    /// Sorted, each file once.
    [[nodiscard]] static std::vector<Step> steps_of(Change const& change);
    /// Finds out what the list holds of them already. @returns what `held` points at.
    [[nodiscard]] std::vector<Place> look_up(SlotId slot, std::vector<Step>& steps);
    [[nodiscard]] bool too_many(PublisherRow const& row, std::vector<Step> const& steps, bool anew) const;
    void take(List& list, Step const& step);
    void rescue_orphans();
    /// The row's list is dead from now on.
    void mark_dead(PublisherRow& row);
    void drop_copy(PublisherId const& publisher);
    void read_totals();

    CatalogueLimits limits_;
    store::Database database_;
    PublisherTable publishers_;
    SlotTable slots_;
    EntryTable entries_;
    FileLedger files_;
    store::Statement select_totals_, update_totals_, keep_, kept_;
    Totals totals_;
    std::map<PublisherId, Copy> copies_, copies_before_;
    bool open_ = false, spoilt_ = false;
};

}  // namespace praline::index::catalogue
