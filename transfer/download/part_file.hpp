#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "node/base/bytes.hpp"

namespace praline::download {

/// A file that is being filled. Errors are errno values, 0 for none. @threads any: reads and writes go to places of
/// their own.
class PartFile {
public:
    using FaultHook = std::function<int(std::uint64_t bytes)>;
    /// Opened or created, readable by its owner. `error` says why not.
    [[nodiscard]] static std::shared_ptr<PartFile> open(std::string const& path, FaultHook hook, int& error);
    explicit PartFile(int fd, FaultHook hook) : fd_{fd}, hook_{std::move(hook)} {}
    PartFile(PartFile const&) = delete;
    PartFile& operator=(PartFile const&) = delete;
    ~PartFile();

    [[nodiscard]] int write(std::uint64_t at, ByteView bytes) const;
    /// Fills all of `into`; ENODATA: the file is shorter.
    [[nodiscard]] int read(std::uint64_t at, std::span<std::byte> into) const;
    [[nodiscard]] int sync() const;
    /// Lets the disk begin with what was written, so that the sync in the end has little left. Promises nothing.
    void begin_writeback(std::uint64_t at, std::uint64_t bytes) const;
    /// Something was written in this range, at some time. True when nobody knows.
    [[nodiscard]] bool may_hold(std::uint64_t at, std::uint64_t bytes) const;
    [[nodiscard]] int cut_to(std::uint64_t bytes) const;

private:
    int fd_;
    FaultHook hook_;
};

struct Placed {
    std::string path;  ///< empty: it failed
    int error = 0;     ///< EEXIST: all numbered names are taken
};
/// Puts a finished part file into `directory` under its safe name or the next numbered one that is free. Never replaces a
/// file. Copies when the directory is on another disk. The name is on disk when this returns. Where the file system can
/// give a file two names the part keeps its own, so that who is killed before he has noted the new one finds it again: a
/// part that has a name there already keeps that, and a whole copy of it on another disk is taken for that which it is.
/// Delete the part once it is noted.
[[nodiscard]] Placed place(std::string const& part, std::string const& directory, std::string const& safe_name);

/// mkdir -p; the directories are for their owner only.
[[nodiscard]] int make_directories(std::string const& path);
/// What the disk that holds `path` has left for us; empty: nobody knows.
[[nodiscard]] std::optional<std::uint64_t> free_bytes(std::string const& path);
/// "The disk holding … is full; the download goes on when there is room."
[[nodiscard]] std::string disk_sentence(std::string const& path, int error);

}  // namespace praline::download
