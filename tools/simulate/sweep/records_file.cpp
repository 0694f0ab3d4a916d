#include "tools/simulate/sweep/records_file.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::sweep {

std::string read_records_text(std::string const& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text;
    // A pipe has no size that could be asked for.
    for (std::array<char, 65'536> some{}; file.read(some.data(), some.size()) || file.gcount() > 0;) {
        text.append(some.data(), static_cast<std::size_t>(file.gcount()));
        if (text.size() > world::records_bytes_max)
            throw world::BadInput{path + " is larger than " + std::to_string(world::records_bytes_max) + " bytes"};
    }
    if (!file.eof()) throw world::BadInput{"cannot read " + path};
    return text;
}

RecordsFile::RecordsFile(std::string path, Job const& job, Shard const& shard) : path_{std::move(path)} {
    auto const heading = heading_of(job, shard);
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file_ < 0) fail("cannot be opened");
    try {
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
            fail(errno == EWOULDBLOCK ? "is being written by another process" : "cannot be locked");
        std::string const text = read_records_text(path_);
        // Of a heading that its writer did not finish nothing is known: it begins anew.
        if (heading.starts_with(text) && text.size() < heading.size()) {
            if (::ftruncate(file_, 0) != 0) fail("cannot be cut");
            append(heading);
            return;
        }
        auto records = parse_records(text, path_);
        if (!text.starts_with(heading))
            throw world::BadInput{path_ + " has records of another run; name another file or remove it"};
        if (::ftruncate(file_, static_cast<off_t>(records.whole_bytes)) != 0) fail("cannot be cut");
        bytes_ = records.whole_bytes;
        found_ = std::move(records.all);
    } catch (...) {
        ::close(file_);
        throw;
    }
}

RecordsFile::~RecordsFile() { ::close(file_); }

void RecordsFile::add(Record const& record) { append(line_of(record)); }

void RecordsFile::append(std::string const& text) {
    bytes_ += text.size();
    if (bytes_ > world::records_bytes_max)
        throw std::runtime_error{path_ + " would become larger than " + std::to_string(world::records_bytes_max) +
                                 " bytes: divide the run by --shard"};
    for (std::size_t written = 0; written < text.size();) {
        auto const now = ::write(file_, text.data() + written, text.size() - written);
        if (now < 0 && errno == EINTR) continue;
        if (now <= 0) fail("cannot be written");
        written += static_cast<std::size_t>(now);
    }
}

void RecordsFile::fail(std::string const& what) const {
    throw std::runtime_error{path_ + ' ' + what + ": " + std::error_code{errno, std::generic_category()}.message()};
}

}  // namespace praline::simulate::sweep
