#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "index/wire/values.hpp"

/// Who shares what, on one server. The interface knows no SQL: SQLite with FTS5 stands behind it (schema.hpp), a
/// shared database could. One `CatalogueWriter` for all changes, any number of `CatalogueReader`s beside it; each is
/// used by one thread at a time, and none waits for another.
///
/// A call that returned outlives the end of the process, however sudden. A power cut can take the last changes with it
/// (those of some 64 MiB), each whole and in order, and never more: the catalogue is then as it was some changes ago,
/// with the versions of then, and what is missing comes again from the other servers or from the publisher, who compares
/// versions when it signs in. Waiting for the disk at each change would be dear and protect nothing else.
namespace praline::index::catalogue {

/// What the disk refuses. `what()` names the file and says what to do.
class CatalogueError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class ApplyOutcome : std::uint8_t {
    applied,
    known,     ///< that version or a later one is there already
    behind,    ///< the change does not begin at what is there
    too_many,  ///< the publisher would have more entries than it may
};

struct ApplyResult {
    ApplyOutcome outcome{};
    Record record;  ///< as it is now
};

class CatalogueWriter {
public:
    virtual ~CatalogueWriter() = default;
    /// Every publisher that is there whole. A copy that was not finished when the server ended is gone.
    [[nodiscard]] virtual std::vector<Record> records() = 0;
    /// All of it is on disk, or none. Makes a hidden publisher visible.
    virtual ApplyResult apply(Publisher const& publisher, Claim claim, Change const& change) = 0;
    /// Address, agent, claim; the entries stay. Unknown publishers get a blank record.
    virtual Record adopt(Publisher const& publisher, Claim claim) = 0;
    /// Its entries are not found any more, at once; `purge_some` takes them away. `version` stays its version (with the
    /// entries gone) if `forget` is false, else the publisher is as one that never was.
    virtual void hide(PublisherId const& publisher, Version version, bool forget) = 0;
    /// The disk space of hidden entries, a slice at a time. @returns true: there is more to do.
    virtual bool purge_some(std::size_t entries_max) = 0;

    // A copy of a publisher's whole list from another server: invisible until it is committed, in one step.
    /// Forgets an unfinished copy of the same publisher.
    virtual void copy_begin(PublisherId const& publisher) = 0;
    virtual void copy_add(PublisherId const& publisher, std::span<Entry const> entries) = 0;
    /// False, and nothing changes: the digest of what came is not that of `record`, or what is there is newer.
    virtual bool copy_commit(Record const& record) = 0;
    virtual void copy_forget(PublisherId const& publisher) = 0;

    // The server's own few words: its id, members it knew.
    /// Stays through a power cut from the moment this returns.
    virtual void keep(std::string const& key, std::string const& value) = 0;
    [[nodiscard]] virtual std::optional<std::string> kept(std::string const& key) = 0;

    /// What `work` does with this writer is on disk as a whole or not at all, and far cheaper than one by one when it is
    /// many small changes. When any call in it fails, everything is undone and this throws, even if `work` went on.
    virtual void together(std::function<void()> const& work) { work(); }
};

struct EntryPage {
    std::optional<Record> record;  ///< empty: unknown publisher
    std::vector<Entry> entries;    ///< in order of SHA-1
    bool last = false;
};

struct CatalogueSize {
    std::uint64_t publishers = 0, files = 0, entries = 0, disk_bytes = 0;
};

class CatalogueReader {
public:
    virtual ~CatalogueReader() = default;
    /// The best first: files with more sources before those with fewer, then the younger (last heard of here). A file is
    /// found if what one of its publishers says of it satisfies all of the query, words matching as node/wire/keywords.md
    /// has it; four different things said of a file are remembered for that, and the one that most say is shown, counted
    /// up to 256. By URN: SHA-1 only.
    ///
    /// Bounded work: files are looked at in order of the power of four below their number of sources, then the younger
    /// first; no more than `candidates_max` of those with all the words, and no more than four times as many as are
    /// wanted that satisfy the rest too; of a file's sources the first 32 are compared, and the others are counted, some
    /// of which may be hidden and not purged yet. So the order is exact while fewer match, and a query whose size or kind is rare
    /// among very many files with its words can miss some; `more` is true then.
    [[nodiscard]] virtual Answer search(Query const& query) = 0;
    [[nodiscard]] virtual EntryPage entries_after(PublisherId const& publisher, std::optional<Sha1> after,
                                                  std::size_t entries_max) = 0;
    [[nodiscard]] virtual CatalogueSize size() = 0;
};

struct CatalogueLimits {
    std::uint32_t publisher_entries_max = 2'000'000;
    std::size_t query_terms_max =
        16;  ///< looked up for one query, the longest; the other words are looked for in the names
    std::size_t query_widened_max =
        4;  ///< of them as 37 terms, each some microseconds; the others as a shorter term (word_terms.hpp)
    std::size_t changes_waiting_max = 100'000;  ///< in memory, of one transaction; then they are written, within it
    std::size_t candidates_max = 4096;          ///< files with its words that are looked at for one query
    std::size_t cache_bytes = 256U << 20;       ///< of the writer; readers take a quarter of it
    std::size_t waiting_sources_max =
        262'144;  ///< in memory, some 64 bytes each, to be written in order of files; twice so many at worst
};

class Catalogue {
public:
    virtual ~Catalogue() = default;
    [[nodiscard]] virtual std::unique_ptr<CatalogueWriter> writer() = 0;
    [[nodiscard]] virtual std::unique_ptr<CatalogueReader> reader() = 0;
};

/// Opens or creates. Throws CatalogueError: a newer format, a damaged file, no permission, no space.
[[nodiscard]] std::unique_ptr<Catalogue> open_sqlite_catalogue(std::string const& file,
                                                               CatalogueLimits const& limits = {});

}  // namespace praline::index::catalogue
