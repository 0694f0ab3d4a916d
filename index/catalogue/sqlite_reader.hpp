#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/catalogue/catalogue.hpp"
#include "index/catalogue/entry_table.hpp"
#include "index/catalogue/file_index.hpp"
#include "index/catalogue/file_table.hpp"
#include "index/catalogue/publisher_table.hpp"
#include "index/catalogue/ranking.hpp"
#include "index/catalogue/waiting_sources.hpp"
#include "index/catalogue/word_terms.hpp"

namespace praline::index::catalogue {

/// One who reads. Every call sees the catalogue as it was at one instant, whatever is written meanwhile.
class SqliteReader final : public CatalogueReader {
public:
    SqliteReader(std::string const& file, CatalogueLimits const& limits, FileIndex const& index,
                 WaitingSources& waiting);
    Answer search(Query const& query) override;
    EntryPage entries_after(PublisherId const& publisher, std::optional<Sha1> after, std::size_t entries_max) override;
    CatalogueSize size() override;

private:
    struct Candidate;
    struct Found;
    struct Sources {
        std::vector<Publisher> named;
        std::uint32_t known = 0;
    };
    template <class Work>
    auto in_snapshot(Work const& work);
    void search_words(Wish const& wish, TermQuery const& terms, std::size_t wanted, Found& found);
    void search_sha1(Sha1 const& sha1, Wish const& wish, Found& found);
    void look_at(FileId file, FileRecord&& record, Wish const& wish, bool words_hold, Found& found);
    /// The best first, one more than are wanted.
    [[nodiscard]] std::vector<Row> rows_of(Found& found, std::size_t wanted);
    /// In order, about so many.
    [[nodiscard]] std::vector<Source> sources_of(FileId file, WaitingSources::View const& view);
    [[nodiscard]] bool is_visible(FileId file, WaitingSources::View const& view);
    /// What most say of those things that satisfy the query.
    [[nodiscard]] Variant const& most_said(Candidate const& candidate, WaitingSources::View const& view);
    /// The list is not hidden: its publisher.
    [[nodiscard]] std::optional<Publisher> source(SlotId slot);
    [[nodiscard]] Sources name_sources(Candidate const& candidate, WaitingSources::View const& view);

    CatalogueLimits limits_;
    FileIndex const& index_;
    WaitingSources& waiting_;
    store::Database database_;
    PublisherTable publishers_;
    EntryTable entries_;
    FileTable files_;
    SourceTable source_table_;
    store::Statement begin_, end_, match_, source_, totals_;
};

}  // namespace praline::index::catalogue
