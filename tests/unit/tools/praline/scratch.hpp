#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace praline {

/// A database file that goes with its owner.
struct ScratchDatabase {
    ScratchDatabase() {
        static int number = 0;
        file = (std::filesystem::temp_directory_path() /
                ("praline-searches-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".db"))
                   .string();
    }
    ~ScratchDatabase() {
        for (char const* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
    }
    ScratchDatabase(ScratchDatabase const&) = delete;
    ScratchDatabase& operator=(ScratchDatabase const&) = delete;
    std::string file;
};

/// A folder that goes with its owner.
class Scratch {
public:
    Scratch() {
        static int number = 0;
        path_ = (std::filesystem::temp_directory_path() /
                 ("praline-scratch-" + std::to_string(::getpid()) + "-" + std::to_string(++number)))
                    .string();
        std::filesystem::create_directories(path_);
    }
    ~Scratch() { std::filesystem::remove_all(path_); }
    Scratch(Scratch const&) = delete;
    Scratch& operator=(Scratch const&) = delete;
    [[nodiscard]] std::string const& path() const { return path_; }
    /// For a database.
    [[nodiscard]] std::string file() const { return path_ + "/praline.db"; }

private:
    std::string path_;
};

}  // namespace praline
