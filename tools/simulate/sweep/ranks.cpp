#include "tools/simulate/sweep/ranks.hpp"

#include <cstdlib>
#include <stdexcept>

#ifdef PRALINE_MPI
#include <mpi.h>
#endif

namespace praline::simulate::sweep {

namespace {

/// What Open MPI, and MPICH and Slurm (by PMI or PMIx), tell those that they begin.
bool is_one_of_several() {
    for (char const* const name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
        if (char const* const size = std::getenv(name); size != nullptr && std::atoi(size) > 1) return true;
    char const* const tasks = std::getenv("SLURM_STEP_NUM_TASKS");
    return std::getenv("PMIX_RANK") != nullptr && tasks != nullptr && std::atoi(tasks) > 1;
}

}  // namespace

#ifdef PRALINE_MPI

Ranks::Ranks() : uses_mpi_{is_one_of_several()} {
    if (!uses_mpi_) return;
    // Threads there may be, but only the one that made this calls MPI.
    int provided = 0, number = 0, count = 1;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &number);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    number_ = static_cast<std::uint64_t>(number);
    count_ = static_cast<std::uint64_t>(count);
}

Ranks::~Ranks() {
    if (uses_mpi_) MPI_Finalize();
}

std::vector<std::string> Ranks::gather(std::string const& mine) const {
    if (!uses_mpi_) return {mine};
    bool const fits = mine.size() <= text_bytes_max;
    std::uint64_t const bytes = fits ? mine.size() : 0;
    std::vector<std::uint64_t> sizes(count_);
    MPI_Gather(&bytes, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    std::vector<std::string> all;
    if (!is_first()) MPI_Send(mine.data(), static_cast<int>(bytes), MPI_CHAR, 0, 0, MPI_COMM_WORLD);
    if (!fits) throw std::runtime_error{"what a process found is too much to be sent to the first"};
    if (!is_first()) return all;
    all.push_back(mine);
    for (std::uint64_t other = 1; other < count_; ++other) {
        std::string text(sizes[other], '\0');
        MPI_Recv(text.data(), static_cast<int>(text.size()), MPI_CHAR, static_cast<int>(other), 0, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        all.push_back(std::move(text));
    }
    return all;
}

void Ranks::abort(int code) const {
    if (uses_mpi_) MPI_Abort(MPI_COMM_WORLD, code);
    std::_Exit(code);
}

#else

Ranks::Ranks() {
    if (is_one_of_several())
        throw std::runtime_error{
            "this program was built without MPI, so each process would do all the work: install libopenmpi-dev and "
            "build again, or divide the work by --shard"};
}

Ranks::~Ranks() = default;

std::vector<std::string> Ranks::gather(std::string const& mine) const { return {mine}; }

void Ranks::abort(int code) const { std::_Exit(code); }

#endif

}  // namespace praline::simulate::sweep
