#include "node/store/checkpointer.hpp"

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace praline::store {
namespace {

/// What fails is tried again after a later commit: the log holds it until then.
void checkpoint(sqlite3* handle) {
    sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace

struct Checkpointer::Impl {
    explicit Impl(Database& the_database)
        : database{the_database}, own{the_database.file()}, thread{[this] { run(); }} {
        sqlite3_wal_hook(database.handle_.get(), committed, this);  // takes the place of SQLite's own
    }
    ~Impl() {
        sqlite3_wal_hook(database.handle_.get(), nullptr, nullptr);
        {
            std::lock_guard const lock{mutex};
            stopping = true;
        }
        changed.notify_one();
        thread.join();
    }

    static int committed(void* context, sqlite3* handle, char const*, int pages) {
        auto& self = *static_cast<Impl*>(context);
        if (pages >= pages_max) {
            checkpoint(handle);
        } else if (pages >= pages_wanted && !self.busy) {
            std::lock_guard const lock{self.mutex};
            self.busy = true;
            self.changed.notify_one();
        }
        return SQLITE_OK;
    }

    void run() {
        std::unique_lock lock{mutex};
        for (;;) {
            changed.wait(lock, [this] { return stopping || busy; });
            if (stopping) return;
            lock.unlock();
            checkpoint(own.handle_.get());
            busy = false;
            lock.lock();
        }
    }

    Database& database;
    Database own;
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::atomic<bool> busy{false};
    std::thread thread;
};

Checkpointer::Checkpointer(Database& database) : impl_{std::make_unique<Impl>(database)} {}
Checkpointer::~Checkpointer() = default;
bool Checkpointer::busy() const { return impl_->busy; }

}  // namespace praline::store
