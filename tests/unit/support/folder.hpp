#pragma once

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>

namespace praline::test {

/// A folder that is gone when the test is.
class Folder {
public:
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "praline-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no folder for the test"};
        root_ = pattern;
    }
    ~Folder() { std::filesystem::remove_all(root_); }
    [[nodiscard]] std::string path(std::string const& name) const { return (root_ / name).string(); }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator{root_}, std::filesystem::directory_iterator{}));
    }

private:
    std::filesystem::path root_;
};

}  // namespace praline::test
