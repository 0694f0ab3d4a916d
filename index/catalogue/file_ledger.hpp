#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "index/catalogue/entry_table.hpp"
#include "index/catalogue/file_index.hpp"
#include "index/catalogue/file_table.hpp"
#include "index/catalogue/ranking.hpp"
#include "index/catalogue/source_ledger.hpp"
#include "node/store/database.hpp"

namespace praline::index::catalogue {

/// The files that a transaction touches. Changes are gathered here and written in the order of each table, so that tables
/// grow at their ends, and the full text index gets its documents in rising order, which it demands of those who want it to
/// be quick. One more source that says what the first one said changes no file and reads none: FileIndex knows enough.
///
/// Members throw store::DatabaseError; after a failure, `undone`.
class FileLedger {
public:
    FileLedger(store::Database& database, FileIndex& index, WaitingSources& waiting, std::size_t waiting_max);

    /// `add` will be called for it soon.
    void prefetch(Sha1 const& sha1) const { index_.prefetch(sha1); }
    /// A list has the file now; makes the file.
    [[nodiscard]] Place add(SlotId slot, Entry const& entry);
    /// What a list says of the file.
    [[nodiscard]] Entry entry(Sha1 const& sha1, Place const& place);
    /// A list says something else of the file than before.
    [[nodiscard]] Place replace(SlotId slot, Place const& before, Entry const& entry);
    /// A list has the file no more.
    void remove(SlotId slot, Sha1 const& sha1, Place const& place);

    /// Files that have sources but no variant any more, so that nobody finds them; each is named once.
    [[nodiscard]] std::vector<std::pair<FileId, Sha1>> take_orphans();
    /// Some of the lists that have an orphan.
    [[nodiscard]] std::vector<SlotId> lists_of_orphan(FileId file, std::size_t lists_max);
    /// What a list says of an orphan becomes a variant if there is room. @returns its place.
    [[nodiscard]] std::optional<Place> adopt(SlotId slot, FileId file, Variant const& own);

    /// Changes that wait for `flush`, about.
    [[nodiscard]] std::size_t waiting() const { return source_steps_.size() + files_.size(); }
    /// Files made less files that nobody has any more, since the last call.
    [[nodiscard]] std::int64_t take_growth() { return std::exchange(growth_, 0); }
    /// Writes it all. Within a transaction; may be called several times in one.
    void flush();
    /// The last of a transaction.
    void finish();
    /// What became of the transaction.
    void committed();
    void undone();

private:
    /// A file that was made since the last flush.
    struct Fresh {
        FileRecord record;
        std::uint32_t sources = 0;
    };
    /// A file of which more changes than the number of its sources, or whose place among the documents changes.
    struct Touched {
        FileRecord now;
        std::optional<std::string> words_before;  ///< empty: what is said of it has not changed
    };
    struct SourceStep {
        Source source;
        bool has = false;
    };
    /// One step of the full text index.
    struct WordStep {
        DocumentId document;
        bool insert = false;
        std::string words;
    };
    [[nodiscard]] bool is_fresh(FileId file) const { return file.value() >= first_fresh_; }
    [[nodiscard]] Fresh& fresh(FileId file) { return fresh_[static_cast<std::size_t>(file.value() - first_fresh_)]; }
    Touched& touch(FileId file);
    [[nodiscard]] FileRecord& record(FileId file);
    /// What is said of the file is about to change.
    [[nodiscard]] FileRecord& record_to_change(FileId file);
    [[nodiscard]] Place make(SlotId slot, Entry const& entry, std::uint64_t print);
    /// Where the file says what the entry says, or says it from now on.
    [[nodiscard]] Place put(FileId file, Entry const& entry);
    [[nodiscard]] Place put_if_room(FileId file, Entry const& entry);
    [[nodiscard]] FileState state(Sha1 const& sha1, FileId file) const;
    void set_sources(Sha1 const& sha1, FileState state, std::uint32_t sources);
    void update_print(FileId file, FileRecord const& record);
    void lose(Source const& source, Sha1 const& sha1);
    /// Frees variants that nobody says any more, and finds out which files are gone or orphans.
    void settle_lost();
    void write_sources();
    void write_files();
    void write_words();
    [[nodiscard]] std::vector<WordStep> word_steps();

    FileTable table_;
    SourceLedger sources_;
    FileIndex& index_;
    store::Statement insert_words_, delete_words_;
    std::vector<Fresh> fresh_;  ///< from `first_fresh_` on, without gaps
    std::int64_t first_fresh_;
    std::map<FileId, Touched> files_;  ///< others
    std::vector<SourceStep> source_steps_;
    std::map<FileId, std::pair<DocumentId, Sha1>> moved_;  ///< not fresh; where it stood when its tier changed first
    std::map<std::pair<FileId, std::size_t>, Sha1> lost_;  ///< places of files that lost a source
    std::map<FileId, Sha1> orphans_;
    std::set<FileId> gone_;
    std::int64_t growth_ = 0;
};

}  // namespace praline::index::catalogue
