#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "index/wire/values.hpp"

/// Who shares what, on one server. The interface knows no SQL: SQLite with FTS5 stands behind it (sqlite_catalogue.hpp),
/// a shared database could. One `CatalogueWriter` for all changes, any number of `CatalogueReader`s beside it; each is
/// used by one thread at a time, and none waits for another.
namespace praline::index {

/// What the disk refuses. `what()` names the file and says what to do.
class CatalogueError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class ApplyOutcome : std::uint8_t {
    applied,
    known,         ///< that version or a later one is there already
    behind,        ///< what is there is older than the change begins
    too_many,      ///< the publisher would have more entries than it may
};

struct ApplyResult {
    ApplyOutcome outcome{};
    Record record;               ///< as it is now
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
    virtual void keep(std::string const& key, std::string const& value) = 0;
    [[nodiscard]] virtual std::optional<std::string> kept(std::string const& key) = 0;
};

struct EntryPage {
    std::optional<Record> record;      ///< empty: unknown publisher
    std::vector<Entry> entries;        ///< in order of SHA-1
    bool last = false;
};

struct CatalogueSize { std::uint64_t publishers = 0, files = 0, entries = 0, disk_octets = 0; };

class CatalogueReader {
public:
    virtual ~CatalogueReader() = default;
    /// The best first: files with more sources before those with fewer, then the younger. Bounded work: of words that
    /// match very many files, those files with the most sources are looked at first, and not all.
    [[nodiscard]] virtual Answer search(Query const& query) = 0;
    [[nodiscard]] virtual EntryPage entries_after(PublisherId const& publisher, std::optional<Sha1> after, std::size_t entries_max) = 0;
    [[nodiscard]] virtual CatalogueSize size() = 0;
};

struct CatalogueLimits {
    std::uint32_t publisher_entries_max = 2'000'000;
    std::size_t query_words_max = 16;
    std::size_t candidates_max = 4096;         ///< files looked at for one query
    std::size_t cache_octets = 256U << 20;     ///< of the writer; readers take a quarter of it
};

class Catalogue {
public:
    virtual ~Catalogue() = default;
    [[nodiscard]] virtual std::unique_ptr<CatalogueWriter> writer() = 0;
    [[nodiscard]] virtual std::unique_ptr<CatalogueReader> reader() = 0;
};

/// Opens or creates. Throws CatalogueError: a newer format, a damaged file, no permission, no space.
[[nodiscard]] std::unique_ptr<Catalogue> open_sqlite_catalogue(std::string const& file, CatalogueLimits const& limits = {});

}  // namespace praline::index
