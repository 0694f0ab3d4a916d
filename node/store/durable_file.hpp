#pragma once

#include <optional>
#include <string>

/// Small files that must survive a crash, and a lock on a folder. Errors are std::runtime_error with a sentence.
namespace praline::store {

/// Writes to a temporary name, syncs, renames: the file is the old one or the new one, never half.
void write_file_durably(std::string const& path, std::string const& content, unsigned mode);
/// Trimmed; empty when there is no such file, or none that this user may open.
[[nodiscard]] std::optional<std::string> read_small_file(std::string const& path);

/// Held until destroyed, or until the process ends however it ends.
class FileLock {
public:
    /// Empty: somebody else holds it. Creates the file if it is missing.
    [[nodiscard]] static std::optional<FileLock> try_take(std::string const& path);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();
    /// False after the lock was moved elsewhere.
    [[nodiscard]] bool held() const { return file_ >= 0; }

private:
    explicit FileLock(int file) : file_{file} {}
    int file_ = -1;
};

}  // namespace praline::store
