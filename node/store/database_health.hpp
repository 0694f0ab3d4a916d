#pragma once

#include <memory>
#include <string>

#include "node/store/database.hpp"

/// What can be told of a database before anything relies on it, and what to do when its disk is full.
namespace praline::store {

[[nodiscard]] bool is_damage(DatabaseError const& error) noexcept;     ///< the file is no database, or not a sound one
[[nodiscard]] bool is_lock(DatabaseError const& error) noexcept;       ///< another program holds it
[[nodiscard]] bool is_forbidden(DatabaseError const& error) noexcept;  ///< it may be read only, or not even that

/// Opens the file (it is created if it is missing) and looks through it if it has at most `looked_through_bytes_max`: of a
/// larger one damage shows when the damaged part is used. Throws DatabaseError.
/// @returns the number in it that says which version of the program made it (PRAGMA user_version).
std::int64_t look_through(std::string const& file);
inline constexpr std::uint64_t looked_through_bytes_max = 64ULL << 20U;  ///< takes about a tenth of a second

/// Writes so much and takes it away again. Throws DatabaseError, on a full disk with `is_disk_full`.
void try_to_write(std::string const& file, std::uint64_t bytes);
inline constexpr std::uint64_t written_at_start_bytes = 64ULL << 10U;   ///< more than what a start writes ...
inline constexpr std::uint64_t written_at_first_bytes = 512ULL << 10U;  ///< ... and than what the very first one does

/// A copy in memory of a database that cannot be written, for the life of this object; changes are lost with it. When the
/// file cannot even be read it begins empty. Throws DatabaseError when there is no memory for it.
class MemoryCopy {
public:
    explicit MemoryCopy(std::string const& file);
    ~MemoryCopy();
    MemoryCopy(MemoryCopy&&) noexcept;
    MemoryCopy& operator=(MemoryCopy&&) = delete;
    /// What `Database` opens instead of the file: all of this process see the same content.
    [[nodiscard]] std::string const& name() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::store
