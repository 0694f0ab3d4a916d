#pragma once

#include <cstddef>

namespace praline::download {

/// One more while it lives, however its scope is left.
class Counted {
public:
    explicit Counted(std::size_t& count) : count_{count} { ++count_; }
    ~Counted() { --count_; }
    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;

private:
    std::size_t& count_;
};

}  // namespace praline::download
