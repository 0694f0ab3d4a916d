#include "tools/bench/hash.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "node/base/text.hpp"
#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"
#include "tools/bench/shared_file.hpp"
#include "transfer/content/file_hasher.hpp"
#include "transfer/content/tiger_lanes.hpp"

namespace praline::bench {
namespace {

constexpr double goal = 1.3;

/// Seconds by the clock, and of the processor: the latter do not count what neighbours on the machine took.
struct Taken {
    double wall = 0, cpu = 0;
};

double cpu_seconds(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Work>
Taken measure(int who, Work const& work) {
    auto const cpu = cpu_seconds(who);
    auto const start = std::chrono::steady_clock::now();
    work();
    auto const end = std::chrono::steady_clock::now();
    return {std::chrono::duration<double>(end - start).count(), cpu_seconds(who) - cpu};
}

struct Series {
    std::vector<double> wall, cpu;
    void add(double mebibytes, Taken taken) {
        // Megabytes of a million bytes, as rhash and disks count them.
        double const megabytes = mebibytes * 1.048576;
        wall.push_back(megabytes / taken.wall);
        cpu.push_back(megabytes / taken.cpu);
    }
};

/// Takes the way to hash leaves that the user named, if any.
void choose_way(HashOptions const& options) {
    if (options.tiger.empty() || content::tiger_choose_lanes(options.tiger)) return;
    std::string sentence = "This processor has no way to hash leaves called \"" + options.tiger + "\". It has:";
    for (auto const* lanes : content::tiger_all_lanes()) sentence += std::string{"\n  "} + lanes->name;
    throw std::runtime_error{sentence};
}

void print(HashOptions const& options, Series const& ours, Series const& theirs) {
    double const wall = median(ours.wall), cpu = median(ours.cpu);
    double const their_wall = median(theirs.wall), their_cpu = median(theirs.cpu);
    if (options.json) {
        std::printf(
            "{\"processor\":\"%s\",\"tiger\":\"%s\",\"mebibytes\":%llu,\"runs\":%u,\"praline_mb_per_second\":%.1f,"
            "\"rhash_mb_per_second\":%.1f,"
            "\"ratio\":%.3f,\"praline_mb_per_cpu_second\":%.1f,\"rhash_mb_per_cpu_second\":%.1f,"
            "\"cpu_ratio\":%.3f,\"goal\":%.1f}\n",
            processor_name().c_str(), content::tiger_best_lanes().name,
            static_cast<unsigned long long>(options.mebibytes), options.runs, wall, their_wall, wall / their_wall, cpu,
            their_cpu, cpu / their_cpu, goal);
        return;
    }
    std::printf(
        "SHA-1 and Tiger tree in one pass, %llu MiB in the page cache, medians of %u runs, one core\n"
        "%s; Tiger: %s; SHA-1: OpenSSL\n"
        "                          MB/s   MB per CPU second\n"
        "praline               %8.0f            %8.0f\n"
        "rhash --sha1 --tth    %8.0f            %8.0f\n"
        "ratio                 %8.2f            %8.2f   (goal %.1f)\n",
        static_cast<unsigned long long>(options.mebibytes), options.runs, processor_name().c_str(),
        content::tiger_best_lanes().name, wall, cpu, their_wall, their_cpu, wall / their_wall, cpu / their_cpu, goal);
}

}  // namespace

int measure_hash(HashOptions const& options) {
    choose_way(options);
    ScratchFolder const folder;
    std::string const path = folder.path() + "/random.bin";
    write_random_file(path, options.mebibytes << 20);
    auto const digest = content::hash_file(path);
    if (!digest) throw std::runtime_error{path + " could not be hashed: " + digest.error().message() + "."};
    std::string const sha1 = to_hex(std::as_bytes(std::span{digest->sha1.bytes}));
    std::string const root = to_lower_ascii(digest->tree.root().base32());

    Series ours, theirs;
    for (unsigned i = 0; i < options.runs; ++i) {
        std::string said;
        theirs.add(static_cast<double>(options.mebibytes), measure(RUSAGE_CHILDREN, [&] {
                       said = to_lower_ascii(run({"rhash", "--sha1", "--tth", path}));
                   }));
        if (said.find(sha1) == std::string::npos || said.find(root) == std::string::npos)
            throw std::runtime_error{"rhash and praline do not agree: " + said};
        ours.add(static_cast<double>(options.mebibytes), measure(RUSAGE_SELF, [&] {
                     if (!content::hash_file(path)) throw std::runtime_error{path + " changed."};
                 }));
    }
    print(options, ours, theirs);
    return 0;
}

}  // namespace praline::bench
