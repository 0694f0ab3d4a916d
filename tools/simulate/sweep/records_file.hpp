#pragma once

#include <string>
#include <vector>

#include "tools/simulate/sweep/records.hpp"

namespace praline::simulate::sweep {

/// A file of records that grows as they are made, so that a run that was stopped goes on where it was.
/// @threads one at a time. One process at a time has it.
class RecordsFile {
public:
    /// Makes it, or reads what is there. @throws BadInput: it is of another run; std::runtime_error: it cannot be opened
    /// or another process has it
    RecordsFile(std::string path, Job const& job, Shard const& shard);
    ~RecordsFile();
    RecordsFile(RecordsFile const&) = delete;
    RecordsFile& operator=(RecordsFile const&) = delete;

    /// That were there when it was opened.
    [[nodiscard]] std::vector<Record> const& found() const { return found_; }
    /// @throws std::runtime_error: a sentence; what is there stays whole
    void add(Record const& record);

private:
    void append(std::string const& text);
    [[noreturn]] void fail(std::string const& what) const;

    std::string path_;
    int file_ = -1;
    std::size_t bytes_ = 0;
    std::vector<Record> found_;
};

/// @throws BadInput: it cannot be read, or is larger than `records_bytes_max`
[[nodiscard]] std::string read_records_text(std::string const& path);

}  // namespace praline::simulate::sweep
