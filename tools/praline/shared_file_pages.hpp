#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "transfer/library/library.hpp"

namespace praline {

/// Reads the shared files by position. A library may be large: a slice that begins where the last one ended goes on at the
/// path there, and costs no more than it returns.   @threads one.
class SharedFilePages {
public:
    explicit SharedFilePages(library::Library const& library) : library_{library} {}
    [[nodiscard]] std::vector<library::SharedFilePtr> slice(std::size_t from, std::size_t most) {
        bool const goes_on = from > 0 && from == position_;
        auto files = goes_on ? library_.after(path_, most) : library_.page(from, most, {});
        position_ = from + files.size();
        path_ = files.empty() ? std::string{} : files.back()->virtual_path;
        return files;
    }

private:
    library::Library const& library_;
    std::size_t position_ = 0;
    std::string path_;
};

}  // namespace praline
