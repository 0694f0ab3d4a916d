#pragma once

#include "node/store/database.hpp"

namespace praline::index::catalogue {

/// Ends the reading of a statement, however it ends: one that is left in the middle keeps its snapshot open, and takes no
/// new values.
class Rows {
public:
    explicit Rows(store::Statement& statement) : statement_{statement} {}
    Rows(Rows const&) = delete;
    Rows& operator=(Rows const&) = delete;
    ~Rows() { statement_.reset(); }

private:
    store::Statement& statement_;
};

}  // namespace praline::index::catalogue
