#include "search/strategy/index_first.hpp"

#include <algorithm>

#include "node/base/check.hpp"

namespace praline::search::strategy {

IndexFirst::IndexFirst(Parameters const& parameters, IndexFirstLimits const& limits, Instant now)
    : parameters_{parameters},
      enough_{parameters.results_wanted.value_or(limits.enough)},
      patience_until_{now + limits.patience} {
    check(asks_index(parameters.kind));
}

IndexFirst::Next IndexFirst::ask_overlay() {
    if (parameters_.kind != Kind::hybrid || overlay_ != Stage::untouched) return finish_if_over();
    overlay_ = Stage::asking;
    return Next::ask_overlay;
}

IndexFirst::Next IndexFirst::finish_if_over() {
    return index_ == Stage::over && overlay_ != Stage::asking ? Next::finished : Next::wait;
}

IndexFirst::Next IndexFirst::answered(std::size_t files) {
    if (index_ == Stage::over) return Next::wait;
    index_ = Stage::over;
    files_ = files;
    return files_ < enough_ ? ask_overlay() : finish_if_over();
}

IndexFirst::Next IndexFirst::failed() { return answered(0); }

IndexFirst::Next IndexFirst::tick(Instant now) {
    bool const late = index_ == Stage::asking && overlay_ == Stage::untouched && now >= patience_until_;
    return late && parameters_.kind == Kind::hybrid ? ask_overlay() : Next::wait;
}

IndexFirst::Next IndexFirst::overlay_query_phase_done() {
    if (overlay_ != Stage::asking) return Next::wait;
    overlay_ = Stage::over;
    return finish_if_over();
}

Parameters IndexFirst::overlay_parameters() const {
    Parameters parameters = parameters_;
    parameters.kind = Kind::dynamic;
    // What is missing. Without a wish the strategy's own measure holds: it widens slowly anyway.
    if (parameters_.results_wanted)
        parameters.results_wanted = enough_ - static_cast<std::uint32_t>(std::min<std::size_t>(files_, enough_ - 1));
    return parameters;
}

}  // namespace praline::search::strategy
