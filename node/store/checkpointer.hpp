#pragma once

#include <memory>

#include "node/store/database.hpp"

namespace praline::store {

/// Brings what was written to a database from its write-ahead log into its file, on a thread of its own: that lasts until
/// the disk is sure of it, tens of milliseconds, which nobody else should wait for.
class Checkpointer {
public:
    static constexpr int pages_wanted =
        4000;  ///< of the log, from which on it is worth while; who begins it anew waits for the disk once
    static constexpr int pages_max =
        16'000;  ///< a writer that never waits has to do it itself then: the log stays bounded

    /// `database`, which must live longer, leaves it to this from now on. Throws DatabaseError.
    explicit Checkpointer(Database& database);
    /// Waits for what is under way.
    ~Checkpointer();
    Checkpointer(Checkpointer const&) = delete;
    Checkpointer& operator=(Checkpointer const&) = delete;

    /// It is at it. One may write, but the log begins anew only when nobody has by its end.   @threads that of the database.
    [[nodiscard]] bool busy() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::store
