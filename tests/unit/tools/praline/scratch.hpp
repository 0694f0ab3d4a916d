#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace praline {

/// A database file that goes with its owner.
struct ScratchDatabase {
    ScratchDatabase() {
        static int number = 0;
        file = (std::filesystem::temp_directory_path() / ("praline-searches-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".db")).string();
    }
    ~ScratchDatabase() {
        for (char const* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
    }
    ScratchDatabase(ScratchDatabase const&) = delete;
    ScratchDatabase& operator=(ScratchDatabase const&) = delete;
    std::string file;
};

}  // namespace praline
