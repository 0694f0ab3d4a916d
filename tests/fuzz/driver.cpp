// Runs a fuzz target without libFuzzer: every file of a folder, then seeded random changes of them.
//   fuzz_<target> [--runs N] [--seed S] [corpus folder or file]…

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "node/base/rng.hpp"
#include "node/base/text.hpp"

namespace {

using Input = std::vector<std::uint8_t>;
constexpr std::size_t input_bytes_max = 4096;
constexpr std::uint64_t changes_max = 8;

Input read_file(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return Input{std::istreambuf_iterator<char>{file}, {}};
}

std::vector<Input> read_corpus(std::filesystem::path const& path) {
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_regular_file(path)) files.push_back(path);
    if (std::filesystem::is_directory(path))
        for (auto const& entry : std::filesystem::directory_iterator{path})
            if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());  // the same order on every machine, so that a seed is a bug report
    std::vector<Input> inputs;
    for (auto const& file : files) inputs.push_back(read_file(file));
    return inputs;
}

void change(Input& input, Input const& other, praline::Rng& rng) {
    constexpr std::uint8_t telling[] = {0x00, 0x01, 0x1C, 0x3F, 0x40, 0x7F, 0x80,
                                        0xC0, 0xC3, 0xFF, '\r', '\n', ':',  ' '};
    auto const at = input.empty() ? 0 : rng.below(input.size());
    auto const place = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (rng.below(7)) {
        case 0:
            if (!input.empty()) *place = static_cast<std::uint8_t>(rng.below(256));
            break;
        case 1:
            if (!input.empty()) *place = telling[rng.below(std::size(telling))];
            break;
        case 2:
            if (!input.empty()) *place ^= static_cast<std::uint8_t>(1U << rng.below(8));
            break;
        case 3: input.insert(place, 1 + rng.below(8), static_cast<std::uint8_t>(rng.below(256))); break;
        case 4:
            input.erase(place, place + static_cast<std::ptrdiff_t>(std::min(input.size() - at, rng.below(16))));
            break;
        case 5: input.resize(at); break;
        default: {
            if (other.empty()) break;
            auto const from = rng.below(other.size());
            auto const count = 1 + rng.below(std::min<std::size_t>(other.size() - from, 64));
            Input const piece{other.begin() + static_cast<std::ptrdiff_t>(from),
                              other.begin() + static_cast<std::ptrdiff_t>(from + count)};
            input.insert(place, piece.begin(), piece.end());
        }
    }
    if (input.size() > input_bytes_max) input.resize(input_bytes_max);
}

struct Options {
    std::uint64_t runs = 0;
    std::uint64_t seed = 1;
    std::vector<std::string> paths;
};

bool parse(int count, char** arguments, Options& options) {
    for (int i = 1; i < count; ++i) {
        std::string const argument = arguments[i];
        bool const takes_number = argument == "--runs" || argument == "--seed";
        if (!takes_number) {
            if (argument.starts_with("-")) return false;
            options.paths.push_back(argument);
            continue;
        }
        auto const number = i + 1 < count ? praline::parse_number(arguments[++i]) : std::nullopt;
        if (!number) return false;
        (argument == "--runs" ? options.runs : options.seed) = *number;
    }
    return true;
}

/// Left behind by a crash, so that the input can be had without running all others again.
char const* last_input_path = "fuzz-last-input";
Input const* running = nullptr;

void keep_last_input(int signal) {
    // No more than open and write: this runs in the middle of whatever broke.
    if (running != nullptr) {
        if (auto* file = std::fopen(last_input_path, "wb")) {
            std::fwrite(running->data(), 1, running->size(), file);
            std::fclose(file);
            std::fprintf(stderr, "the input is in %s\n", last_input_path);
        }
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(Input const& input) {
    running = &input;
    // A copy of exactly its size, so that a sanitizer sees a single byte read too far.
    std::vector<std::uint8_t> const exact(input.begin(), input.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    running = nullptr;
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    if (!parse(count, arguments, options)) {
        std::fprintf(stderr, "usage: %s [--runs N] [--seed S] [corpus folder or file]...\n", arguments[0]);
        return 2;
    }
    std::signal(SIGABRT, keep_last_input);
    std::signal(SIGSEGV, keep_last_input);
    std::vector<Input> corpus;
    for (auto const& path : options.paths)
        for (auto& input : read_corpus(path)) corpus.push_back(std::move(input));
    auto const files = corpus.size();
    corpus.emplace_back();
    for (auto const& input : corpus) run(input);
    praline::Rng rng{options.seed};
    for (std::uint64_t i = 0; i < options.runs; ++i) {
        Input input = corpus[rng.below(corpus.size())];
        for (auto left = 1 + rng.below(changes_max); left > 0; --left)
            change(input, corpus[rng.below(corpus.size())], rng);
        run(input);
    }
    std::printf("%zu files, %llu changed inputs, seed %llu: no fault\n", files,
                static_cast<unsigned long long>(options.runs), static_cast<unsigned long long>(options.seed));
    return 0;
}
