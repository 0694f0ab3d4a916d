#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace praline::simulate::sweep {

/// The processes that one `mpirun` began; without it one alone. Only one may be made in a process.
/// @threads that which made it
class Ranks {
public:
    /// @throws std::runtime_error: mpirun began several, and this program was built without MPI
    Ranks();
    ~Ranks();
    Ranks(Ranks const&) = delete;
    Ranks& operator=(Ranks const&) = delete;

    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] bool is_first() const { return number_ == 0; }
    /// The texts of all in their order, at the first; nothing elsewhere. Every rank must call it, and waits for the first.
    /// @throws std::runtime_error: one is longer than `text_bytes_max`
    [[nodiscard]] std::vector<std::string> gather(std::string const& mine) const;

    /// Ends all of them at once, as one that is waited for cannot go on.
    [[noreturn]] void abort(int code) const;

    static constexpr std::size_t text_bytes_max = std::size_t{1} << 30;  // MPI counts in int

private:
    std::uint64_t number_ = 0, count_ = 1;
    bool uses_mpi_ = false;
};

}  // namespace praline::simulate::sweep
