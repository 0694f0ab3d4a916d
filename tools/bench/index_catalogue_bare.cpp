#include "tools/bench/index_catalogue_bare.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "node/wire/keywords.hpp"
#include "tools/bench/child.hpp"

namespace praline::bench {
namespace {

constexpr std::string_view settings =
    "PRAGMA synchronous = NORMAL;\nPRAGMA cache_size = -262144;\nPRAGMA wal_autocheckpoint = 16384;\n";

constexpr std::string_view table_alone =
    "CREATE VIRTUAL TABLE file USING fts5(name, sha1 UNINDEXED, tiger UNINDEXED, size UNINDEXED, source UNINDEXED);\n";
constexpr std::string_view tables_answering_all =
    R"(CREATE TABLE entry (name TEXT, sha1 TEXT, tiger TEXT, size INTEGER, source TEXT);
CREATE INDEX by_sha1 ON entry (sha1);
CREATE INDEX by_source ON entry (source);
CREATE VIRTUAL TABLE file USING fts5(name, content='entry');
CREATE TRIGGER follow AFTER INSERT ON entry BEGIN INSERT INTO file (rowid, name) VALUES (new.rowid, new.name); END;
)";

double children_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void write_script(std::string const& path, std::string const& text) {
    std::ofstream out{path, std::ios::binary};
    out << text;
    if (!out.flush()) throw std::runtime_error{path + " could not be written."};
}

}  // namespace

BareIndex::BareIndex(std::string folder) : folder_{std::move(folder)}, database_{folder_ + "/bare.db"} {}

bool BareIndex::is_installed() {
    try {
        run({"sqlite3", "--version"});
        return true;
    } catch (std::runtime_error const&) {
        return false;
    }
}

void BareIndex::write(index::Publisher const& publisher, std::vector<index::Entry> const& change) {
    auto const path = folder_ + "/rows" + std::to_string(changes_.size());
    std::ofstream out{path, std::ios::binary};
    for (auto const& entry : change)
        out << entry.name << '\t' << entry.sha1.base32() << '\t' << entry.tiger_root->base32() << '\t'
            << entry.size_bytes << '\t' << publisher.transfer.text() << '\n';
    if (!out.flush()) throw std::runtime_error{path + " could not be written."};
    changes_.push_back(path);
}

BareIndex::Load BareIndex::load(std::string const& database, std::string_view tables, std::string_view table) const {
    std::ostringstream script;
    script << "PRAGMA journal_mode = WAL;\n" << settings << tables << ".mode tabs\n";
    std::size_t at = 0;
    for (auto const end : ends_) {
        script << "BEGIN;\n";
        for (; at < end; ++at) script << ".import " << changes_[at] << ' ' << table << '\n';
        script << "COMMIT;\n";
    }
    write_script(folder_ + "/load.sql", script.str());
    auto const start = std::chrono::steady_clock::now();
    double const cpu = children_seconds();
    run({"sqlite3", "-bail", database, ".read " + folder_ + "/load.sql"});
    Load result;
    result.cpu_seconds = children_seconds() - cpu;
    result.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.disk_bytes = std::filesystem::file_size(database);  // the log went into it as the program ended
    return result;
}

BareIndex::Loads BareIndex::load() {
    Loads const loads{load(database_, table_alone, "file"),
                      load(folder_ + "/answering_all.db", tables_answering_all, "entry")};
    for (auto const& change : changes_) std::filesystem::remove(change);
    std::filesystem::remove(folder_ + "/answering_all.db");
    return loads;
}

std::vector<double> BareIndex::ask(std::vector<std::string> const& queries, bool best) const {
    std::ostringstream script;
    script << settings << ".output /dev/null\n.timer on\n";  // the times do not go there
    for (auto const& query : queries) {
        script << "SELECT name, sha1, tiger, size, source FROM file WHERE file MATCH '";
        for (auto const& word : wire::keywords(query)) script << '"' << word << "\" ";
        script << (best ? "' ORDER BY rank LIMIT 100;\n" : "' LIMIT 100;\n");
    }
    write_script(folder_ + "/ask.sql", script.str());
    std::istringstream output{run({"sqlite3", "-bail", database_, ".read " + folder_ + "/ask.sql"})};
    std::vector<double> times;
    for (std::string line; std::getline(output, line);) {
        double real = 0, user = 0, system = 0;
        if (std::sscanf(line.c_str(), "Run Time: real %lf user %lf sys %lf", &real, &user, &system) == 3)
            times.push_back((user + system) * 1e3);
    }
    // The settings are timed as well, before the first query.
    if (times.size() < queries.size()) throw std::runtime_error{"sqlite3 did not answer all queries."};
    times.erase(times.begin(), times.end() - static_cast<std::ptrdiff_t>(queries.size()));
    return times;
}

}  // namespace praline::bench
