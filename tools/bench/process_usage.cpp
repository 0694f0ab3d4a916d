#include "tools/bench/process_usage.hpp"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "node/base/text.hpp"

namespace praline::bench {

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

double thread_cpu_seconds() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

std::uint64_t resident_bytes_of(pid_t process) {
    std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) * 1024;
    }
    return 0;
}

std::string processor_name() {
    std::ifstream in{"/proc/cpuinfo"};
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name")) return std::string{trim(line.substr(line.find(':') + 1))};
    return "unknown processor";
}

}  // namespace praline::bench
