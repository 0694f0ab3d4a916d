#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "index/catalogue/entry_table.hpp"
#include "index/catalogue/file_table.hpp"
#include "index/catalogue/ranking.hpp"
#include "index/catalogue/sha1_index.hpp"
#include "node/store/database.hpp"

namespace praline::index {

/// The files that a transaction touches. Changes are gathered here and written in the order of each table, so that a
/// file that comes from many publishers is written once, tables grow at their ends, and the full text index gets its
/// documents in rising order, which it demands of those who want it to be quick.
///
/// Members throw store::DatabaseError; after a failure, `forget`.
class FileLedger {
public:
    FileLedger(store::Database& database, RecentFiles& recent, std::size_t recent_max);

    /// A list has the file now; makes the file.
    [[nodiscard]] Place add(SlotId slot, Entry const& entry);
    /// What a list says of the file.
    [[nodiscard]] Entry entry(Sha1 const& sha1, Place const& place);
    /// A list says something else of the file than before.
    [[nodiscard]] Place replace(Place const& before, Entry const& entry);
    /// A list has the file no more.
    void remove(SlotId slot, Place const& place);
    /// A list whose word for a file was its own: it becomes a variant if there is room. @returns its place.
    [[nodiscard]] std::optional<Place> adopt(FileId file, Variant const& own);

    /// Files that have sources but no variant any more, so that nobody finds them; each is named once.
    [[nodiscard]] std::vector<std::pair<FileId, Sha1>> take_orphans();
    /// Some of the lists that have the file.
    [[nodiscard]] std::vector<SlotId> holders(FileId file, std::size_t holders_max);

    /// Files touched since the last flush.
    [[nodiscard]] std::size_t touched() const { return files_.size(); }
    /// Files made less files that nobody has any more, since the last call.
    [[nodiscard]] std::int64_t take_growth() { return std::exchange(growth_, 0); }
    /// Writes it all. Within a transaction; may be called several times in one.
    void flush();
    /// The last of a transaction, before it ends.
    void finish();
    /// What became of the transaction.
    void committed();
    void undone();

private:
    struct Touched {
        std::optional<DocumentId> document_before;   ///< empty: it is new
        std::optional<std::string> words_before;     ///< empty: what is said of it has not changed
        FileRecord now;
    };
    std::pair<FileId const, Touched>& touch(FileId file);
    [[nodiscard]] std::pair<FileId const, Touched>& find_or_make(Sha1 const& sha1);
    Place put(FileId file, Touched& touched, Entry const& entry);
    void take(FileId file, Touched& touched, Place const& place);
    void will_change_words(Touched& touched) const;
    void hold(FileId file, Touched& touched, SlotId slot);
    void release(FileId file, Touched& touched, SlotId slot);
    void flush_holders();
    void flush_files();
    void flush_words();

    FileTable table_;
    Sha1Index by_sha1_;
    store::Statement insert_holder_, delete_holder_, select_holders_, insert_words_, delete_words_;
    std::map<FileId, Touched> files_;
    std::map<std::pair<FileId, SlotId>, bool> holders_;       ///< true: has it now; those beyond `holders_inside_max`
    std::map<FileId, Sha1> orphans_;
    std::int64_t growth_ = 0;
};

}  // namespace praline::index
