#include "index/server/catalogue_host.hpp"

#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

#include "index/server/server_identity.hpp"

namespace praline::index::server {

CatalogueHost::CatalogueHost(boost::asio::io_context& io, Options options, Host host)
    : io_{io},
      options_{std::move(options)},
      host_{std::move(host)},
      catalogue_{catalogue::open_sqlite_catalogue(options_.file, options_.limits)} {}

CatalogueHost::~CatalogueHost() { stop(); }

CatalogueHost::Kept CatalogueHost::start(std::weak_ptr<void> owner) {
    auto writer = catalogue_->writer();
    Kept kept{writer->records(), writer->kept("members").value_or("")};
    for (Record const& record : kept.records) note(record);
    writer_ = std::make_unique<CatalogueThread>(
        std::move(writer), catalogue_->reader(), [this, owner](std::vector<CatalogueReport> reports) {
            boost::asio::post(io_, [this, owner, reports = std::move(reports)]() mutable {
                if (auto const alive = owner.lock()) changes_done(reports);
            });
        });
    std::vector<std::unique_ptr<catalogue::CatalogueReader>> each;
    for (std::size_t i = 0; i < options_.readers; ++i) each.push_back(catalogue_->reader());
    readers_ = std::make_unique<ReaderPool>(std::move(each), options_.waiting, [this, owner](ReaderReport report) {
        boost::asio::post(io_, [this, owner, report = std::move(report)]() mutable {
            if (auto const alive = owner.lock()) reader_reports(report);
        });
    });
    return kept;
}

void CatalogueHost::stop() {
    stopped_ = true;
    if (readers_) readers_->stop();
    if (writer_) writer_->stop();
}

void CatalogueHost::push(CatalogueTask task) {
    if (auto const* const hidden = std::get_if<replica::Hide>(&task))
        ledger_.drop(hidden->publisher);
    else if (auto const* const adopted = std::get_if<replica::Adopt>(&task))
        ledger_.move(adopted->publisher.id, adopted->publisher.transfer.address);
    writer_->push(std::move(task));
}

void CatalogueHost::keep_members(std::vector<Member> const& members) {
    auto text = members_text(members);
    if (text == members_kept_) return;
    members_kept_ = std::move(text);
    writer_->push(Keep{"members", members_kept_});
}

void CatalogueHost::note(Record const& record) {
    ledger_.note(record.publisher.id, record.publisher.transfer.address, record.entries);
}

bool CatalogueHost::search(SearchTask task) { return readers_->search(std::move(task)); }
void CatalogueHost::measure() { readers_->measure(); }

void CatalogueHost::changes_done(std::vector<CatalogueReport>& reports) {
    if (stopped_) return;
    for (CatalogueReport const& report : reports) {
        if (auto const* const trouble = std::get_if<CatalogueTrouble>(&report)) trouble_ = trouble->sentence;
        if (auto const* const wrote = std::get_if<Wrote>(&report); wrote != nullptr && wrote->record)
            note(*wrote->record);
    }
    host_.changed(reports);
}

void CatalogueHost::reader_reports(ReaderReport& report) {
    if (stopped_) return;
    if (auto const* const size = std::get_if<SizeKnown>(&report))
        size_ = size->size;
    else
        host_.searched(std::get<SearchDone>(report));
}

}  // namespace praline::index::server
