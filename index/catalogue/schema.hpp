#pragma once

#include "index/catalogue/catalogue.hpp"
#include "node/store/database.hpp"

/// The tables of the catalogue's file.
namespace praline::index::catalogue {

/// A file of a higher format is refused; one of a lower format is emptied, except for what its server keeps of itself:
/// publishers and other servers bring the rest back.
inline constexpr std::int64_t catalogue_format = 4;

/// Creates the tables or checks that they are ours. Throws CatalogueError or store::DatabaseError.
void prepare_schema(store::Database& database);

/// How much memory a connection keeps, how long its log may grow.
void tune(store::Database& database, std::size_t cache_bytes);

/// A sentence for what the database refused, and what can be done about it.
[[nodiscard]] CatalogueError explained(store::DatabaseError const& error, std::string const& file);
/// What is read contradicts itself.
[[noreturn]] void fail_as_damaged(std::string const& file);

/// Calls `work`; what the database refuses becomes a CatalogueError.
template <class Work>
auto explaining(std::string const& file, Work const& work) {
    try {
        return work();
    } catch (store::DatabaseError const& error) {
        throw explained(error, file);
    }
}

}  // namespace praline::index::catalogue
