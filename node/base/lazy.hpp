#pragma once

#include <memory>
#include <utility>

namespace praline {

/// A part that is made when it is first needed. At rest it takes one pointer: among a million nodes of a simulation most
/// never need what only busy nodes use.
/// @threads one.
template <class T>
class Lazy {
public:
    /// Makes it from `arguments`, unless it is made already.
    template <class... Arguments>
    [[nodiscard]] T& get(Arguments&&... arguments) {
        if (!made_) made_ = std::make_unique<T>(std::forward<Arguments>(arguments)...);
        return *made_;
    }
    /// Null: not made yet.
    [[nodiscard]] T* if_made() { return made_.get(); }
    [[nodiscard]] T const* if_made() const { return made_.get(); }
    void reset() { made_.reset(); }

private:
    std::unique_ptr<T> made_;
};

}  // namespace praline
