#include "index/catalogue/catalogue.hpp"
#include "index/catalogue/file_index.hpp"
#include "index/catalogue/schema.hpp"
#include "index/catalogue/source_ledger.hpp"
#include "index/catalogue/sqlite_reader.hpp"
#include "index/catalogue/sqlite_writer.hpp"

namespace praline::index::catalogue {
namespace {

class SqliteCatalogue final : public Catalogue {
public:
    SqliteCatalogue(std::string file, CatalogueLimits const& limits) : file_{std::move(file)}, limits_{limits} {
        explaining(file_, [&] {
            store::Database database{file_};
            prepare_schema(database);
            SourceLedger::settle_log(database);
            index_.load(database);
        });
    }
    std::unique_ptr<CatalogueWriter> writer() override {
        return explaining(file_, [&] { return std::make_unique<SqliteWriter>(file_, limits_, index_, waiting_); });
    }
    std::unique_ptr<CatalogueReader> reader() override {
        return explaining(file_, [&] { return std::make_unique<SqliteReader>(file_, limits_, index_, waiting_); });
    }

private:
    std::string file_;
    CatalogueLimits limits_;
    FileIndex index_;
    WaitingSources waiting_;
};

}  // namespace

std::unique_ptr<Catalogue> open_sqlite_catalogue(std::string const& file, CatalogueLimits const& limits) {
    return std::make_unique<SqliteCatalogue>(file, limits);
}

}  // namespace praline::index::catalogue
