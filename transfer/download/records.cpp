#include "transfer/download/records.hpp"

#include <utility>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace praline::download {

namespace asio = boost::asio;

namespace {

bool kept(DownloadStore& store, Record const& record) {
    try {
        store.save(record);
        return true;
    } catch (store::DatabaseError const&) {
        return false;
    }
}

}  // namespace

Records::Records(std::string const& database, DiskPool& pool)
    : store_{std::make_shared<DownloadStore>(database)}, strand_{pool.threads.get_executor()} {}

std::vector<Record> Records::load() { return store_->load(); }

void Records::save(Record record) {
    asio::post(strand_, [store = store_, record = std::move(record)] { kept(*store, record); });
}

void Records::remove(std::string id) {
    asio::post(strand_, [store = store_, id = std::move(id)] {
        try {
            store->remove(id);
        } catch (store::DatabaseError const&) {
            // It is there again after the next start; better than losing another.
        }
    });
}

asio::awaitable<void> Records::completed(Record record, std::string part) {
    // Named: GCC 12 destroys a closure twice that is a temporary of a co_await.
    auto on_strand = [store = store_, record = std::move(record), part = std::move(part)]() -> asio::awaitable<void> {
        // Else the next life finds the part, which has its name already.
        if (kept(*store, record)) ::unlink(part.c_str());
        co_return;
    };
    co_await asio::co_spawn(strand_, std::move(on_strand), asio::use_awaitable);
}

void Records::completed_now(Record const& record, std::string const& part) {
    if (kept(*store_, record)) ::unlink(part.c_str());
}

}  // namespace praline::download
