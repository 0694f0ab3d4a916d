#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What `bench` measures besides hashing: each against a baseline in the same run. Errors are exceptions with a sentence.
namespace praline::bench {

struct QueriesOptions {
    unsigned links = 30, queries = 20'000, runs = 3;
    bool json = false;
};
int measure_queries(QueriesOptions const& options);

struct IdleLinksOptions {
    unsigned links = 500;
    bool json = false;
};
int measure_idle_links(IdleLinksOptions const& options);

struct DownloadOptions {
    std::uint64_t mebibytes = 1024;
    unsigned runs = 3;
    bool json = false;
};
int measure_download(DownloadOptions const& options);

struct MirrorsOptions {
    std::uint64_t mebibytes = 256;
    unsigned sources = 8, mebibytes_per_second = 4;  ///< of each
    unsigned runs = 3;
    bool json = false;
};
int measure_mirrors(MirrorsOptions const& options);

struct UploadsOptions {
    std::uint64_t mebibytes = 64;  ///< to each
    unsigned takers = 200;
    unsigned runs = 5;
    bool json = false;
};
int measure_uploads(UploadsOptions const& options);

struct RequestsOptions {
    std::uint64_t bytes = 1024;  ///< of the file
    unsigned connections = 64, requests = 100'000;
    unsigned runs = 5;
    bool json = false;
};
int measure_requests(RequestsOptions const& options);

struct TransferOptions {
    unsigned runs = 5;
    bool json = false;
};
/// Download, mirrors, uploads and requests one after the other, in one table.
int measure_transfer(TransferOptions const& options);

struct ResultsOptions {
    std::uint32_t hits = 100'000;
    unsigned runs = 5;
    bool json = false;
};
int measure_results(ResultsOptions const& options);

struct MatchingOptions {
    std::uint32_t files = 20'000;
    unsigned runs = 5;
    bool json = false;
};
int measure_matching(MatchingOptions const& options);

struct RatesOptions {
    double seconds = 10;
    bool json = false;
};
int measure_rates(RatesOptions const& options);

[[nodiscard]] double median(std::vector<double> values);

/// A temporary folder that goes with its owner.
class ScratchFolder {
public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(ScratchFolder const&) = delete;
    ScratchFolder& operator=(ScratchFolder const&) = delete;
    [[nodiscard]] std::string const& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace praline::bench
