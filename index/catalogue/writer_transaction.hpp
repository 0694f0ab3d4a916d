#pragma once

#include <type_traits>

#include "index/catalogue/sqlite_writer.hpp"

namespace praline::index::catalogue {

template <class Work>
auto SqliteWriter::in_transaction(Work const& work) {
    if (open_) {
        try {
            return explaining(database_.file(), work);
        } catch (...) {
            spoilt_ = true;
            throw;
        }
    }
    return explaining(database_.file(), [&] {
        begin();
        try {
            if constexpr (std::is_void_v<decltype(work())>) {
                work();
                commit();
            } else {
                auto result = work();
                commit();
                return result;
            }
        } catch (...) {
            undo();
            throw;
        }
    });
}

}  // namespace praline::index::catalogue
