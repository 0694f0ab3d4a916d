#pragma once

#include <string>

#include "webui/api/views.hpp"

namespace praline {

/// How far a download is, for people. On a terminal one line that is written over and over, with a bar, per cent, rate, time
/// left and sources; elsewhere, such as in a log, a line when the state changes and every ten per cent.   @threads one.
class ProgressLines {
public:
    explicit ProgressLines(bool terminal) : terminal_{terminal} {}
    /// What to write now; empty: nothing is new.
    [[nodiscard]] std::string next(webui::DownloadView const& download);

private:
    bool terminal_;
    std::string last_state_;
    unsigned last_tenth_ = 0;
};

}  // namespace praline
