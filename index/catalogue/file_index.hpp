#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "index/catalogue/file_record.hpp"
#include "node/store/database.hpp"

namespace praline::index::catalogue {

/// What must be known of a file without looking at the disk, for the writer to take one more source of it.
struct FileState {
    FileId file;
    std::uint32_t sources = 0;  ///< lists that hold it, hidden ones too; at most `FileIndex::sources_max`
    std::uint64_t print = 0;    ///< `FileIndex::print` of what its first variant says; 0: that place is free
};

/// All files by SHA-1, in memory: some 37 bytes each, made anew from the tables when the catalogue is opened. As a table it
/// would be the dearest part of publishing, since hashes come in no order and each would dirty a page of its own.
///
/// One writer, any number of readers, on any threads. Readers may see what is not committed yet, and so not in their
/// snapshots. Kept under 64 bits of a hash with a key of this run, as whoever publishes chooses the SHA-1; so who asks must
/// look at the file itself, unless its print is the one expected.
class FileIndex {
public:
    static constexpr unsigned sources_bits = 28;
    static constexpr std::uint32_t sources_max = (1U << sources_bits) - 1;

    /// @returns the file, or one that is mistaken for it; `nth` counts those up. Empty: there is none but those before.
    [[nodiscard]] std::optional<FileState> find(Sha1 const& sha1, std::size_t nth = 0) const;
    /// That file. Empty: it is not known any more.
    [[nodiscard]] std::optional<FileState> find(Sha1 const& sha1, FileId file) const;
    /// Not 0. With the key of this run: nobody can choose two entries of one print.
    [[nodiscard]] std::uint64_t print(Entry const& entry) const;

    // The writer's.
    /// Reads all files. Throws store::DatabaseError.
    void load(store::Database& database);
    void add(Sha1 const& sha1, FileState const& state);
    /// The file will be asked for soon: most of what that costs is waiting for memory.
    void prefetch(Sha1 const& sha1) const { __builtin_prefetch(&hashes_[home(hash_of(sha1), hashes_.size())]); }
    /// @pre the file is there.
    void change(Sha1 const& sha1, FileState const& state);
    void remove(Sha1 const& sha1, FileId file);
    /// What became of the transaction.
    void committed() { undo_.clear(); }
    void undone();

    FileIndex();
    [[nodiscard]] std::size_t files() const { return files_; }

private:
    struct Value {
        std::uint64_t print = 0;
        std::uint64_t packed = 0;  ///< the file, above its sources
        [[nodiscard]] FileId file() const { return FileId{static_cast<std::int64_t>(packed >> sources_bits)}; }
        [[nodiscard]] std::uint32_t sources() const { return static_cast<std::uint32_t>(packed & sources_max); }
    };
    /// What stood for a file before a step of the transaction.
    struct Step {
        std::uint64_t hash;
        Value value;
        bool was_there;
    };
    [[nodiscard]] std::uint64_t hash_of(Sha1 const& sha1) const;
    [[nodiscard]] std::size_t home(std::uint64_t hash, std::size_t capacity) const;
    [[nodiscard]] std::size_t next(std::size_t at) const { return at + 1 == hashes_.size() ? 0 : at + 1; }
    /// The place of the file, or the free one behind its neighbours.
    [[nodiscard]] std::size_t place_of(std::uint64_t hash, FileId file) const;
    void insert(std::uint64_t hash, Value const& value);
    void erase(std::size_t at);
    void grow_if_full();
    [[nodiscard]] static Value value_of(FileState const& state);
    [[nodiscard]] FileState state_at(std::size_t at) const;

    std::uint64_t key_;
    mutable std::mutex mutex_;
    std::vector<std::uint64_t> hashes_;  ///< 0: free. Apart from the values, to pass by many at once
    std::vector<Value> values_;
    std::size_t files_ = 0;
    std::vector<Step> undo_;
};

}  // namespace praline::index::catalogue
