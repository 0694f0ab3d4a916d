#include "tools/bench/shared_file.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "node/base/rng.hpp"

namespace praline::bench {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

void write_random_file(std::string const& path, std::uint64_t mebibytes) {
    std::ofstream out{path, std::ios::binary};
    Rng rng{7};
    std::vector<std::uint64_t> block((1 << 20) / sizeof(std::uint64_t));
    for (std::uint64_t i = 0; i < mebibytes; ++i) {
        for (auto& word : block) word = rng.next();
        out.write(reinterpret_cast<char const*>(block.data()), 1 << 20);
    }
    if (!out.flush()) throw std::runtime_error{path + " could not be written"};
}

void wait_until_shared(std::string const& binary, std::string const& data) {
    for (int tries = 0; tries < 1200; ++tries) {
        if (run({binary, "--data", data, "status", "--json"}).find("\"shared_files\":1,") != std::string::npos) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    throw std::runtime_error{"the file was not hashed in time"};
}

double seconds_of(std::vector<std::string> const& command) {
    auto const begin = Clock::now();
    run(command);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double cpu_seconds_of(pid_t process) {
    std::ifstream in{"/proc/" + std::to_string(process) + "/stat"};
    std::string line;
    std::getline(in, line);
    // The name in brackets may hold anything; 11 fields stand between it and the times.
    auto const end = line.rfind(')');
    if (end == std::string::npos) throw std::runtime_error{"a process ended that was to be measured"};
    std::istringstream fields{line.substr(end + 1)};
    std::string skipped;
    for (int field = 0; field < 11; ++field) fields >> skipped;
    double user = 0, kernel = 0;
    fields >> user >> kernel;
    return (user + kernel) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::string magnet_of(content::FileDigest const& digest, std::string const& name,
                      std::vector<std::string> const& addresses) {
    auto link = "magnet:?xt=urn:bitprint:" + digest.sha1.base32() + '.' + digest.tree.root().base32() + "&dn=" + name +
                "&xl=" + std::to_string(digest.tree.file_bytes);
    for (auto const& address : addresses)
        link += "&xs=http://" + address + "/uri-res/N2R?urn:sha1:" + digest.sha1.base32();
    return link;
}

}  // namespace praline::bench
