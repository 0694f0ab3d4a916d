#pragma once

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "index/catalogue/catalogue.hpp"

namespace praline::index::catalogue {

/// A catalogue in a file of its own that goes with its owner.
struct Scene {
    explicit Scene(CatalogueLimits const& wanted = {}) : limits{wanted} {
        static int number = 0;
        file = (std::filesystem::temp_directory_path() /
                ("praline-catalogue-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".db"))
                   .string();
        open();
    }
    ~Scene() {
        close();
        for (char const* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
    }
    Scene(Scene const&) = delete;
    Scene& operator=(Scene const&) = delete;
    void close() {
        reader.reset();
        writer.reset();
        catalogue.reset();
    }
    void open() {
        catalogue = open_sqlite_catalogue(file, limits);
        writer = catalogue->writer();
        reader = catalogue->reader();
    }
    void reopen() {
        close();
        open();
    }
    void purge() {
        while (writer->purge_some(3)) {}
    }
    CatalogueLimits limits;
    std::string file;
    std::unique_ptr<Catalogue> catalogue;
    std::unique_ptr<CatalogueWriter> writer;
    std::unique_ptr<CatalogueReader> reader;
};

inline Sha1 sha1_of(unsigned number) {
    Sha1 sha1;
    sha1.bytes[0] = static_cast<std::uint8_t>(number * 37);  // not in order of the numbers
    sha1.bytes[1] = static_cast<std::uint8_t>(number >> 8U);
    sha1.bytes[19] = static_cast<std::uint8_t>(number);
    return sha1;
}

inline Entry entry_of(unsigned number, std::string name, std::uint64_t size = 1000) {
    return {sha1_of(number), std::nullopt, size, std::move(name)};
}

inline Publisher publisher_of(unsigned number, bool push_needed = false) {
    Publisher publisher;
    publisher.id.bytes[0] = static_cast<std::uint8_t>(number);
    publisher.id.bytes[31] = static_cast<std::uint8_t>(number >> 8U);
    publisher.transfer = {0x7F000001, static_cast<std::uint16_t>(1000 + number)};
    publisher.push_needed = push_needed;
    publisher.agent = "test";
    return publisher;
}

inline SetDigest digest_of(std::vector<Entry> const& entries) {
    SetDigest digest;
    for (auto const& entry : entries) digest.add(entry);
    return digest;
}

/// The publisher's first list.
inline ApplyResult publish(Scene& scene, Publisher const& publisher, std::vector<Entry> entries) {
    return scene.writer->apply(publisher, {}, {{0, 0}, {1, 1}, true, {}, std::move(entries)});
}

inline Query words(std::string text) {
    Query query;
    query.words = std::move(text);
    return query;
}

inline std::vector<std::string> names_found(Scene& scene, Query const& query) {
    std::vector<std::string> names;
    for (auto const& row : scene.reader->search(query).rows) names.push_back(row.entry.name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace praline::index::catalogue
