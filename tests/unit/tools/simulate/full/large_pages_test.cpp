#include "tools/simulate/full/large_pages.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

namespace large_pages_test {
using namespace praline::simulate;
using namespace praline::simulate::full;

namespace {

std::uint64_t resident_bytes() {
    std::uint64_t total = 0, resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE("to ask for large pages takes no memory, and memory is had as before") {
    constexpr std::size_t asked = std::size_t{512} << 20;
    std::uint64_t const before = resident_bytes();
    ask_for_large_pages(asked);
    ask_for_large_pages(0);
    CHECK(resident_bytes() < before + asked / 2);
    std::vector<std::unique_ptr<std::vector<int>>> small;
    for (int i = 0; i < 1000; ++i) small.push_back(std::make_unique<std::vector<int>>(100, i));
    for (int i = 0; i < 1000; ++i) CHECK(small[static_cast<std::size_t>(i)]->back() == i);
}

}  // namespace large_pages_test
