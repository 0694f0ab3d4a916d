#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/base/time.hpp"
#include "search/qrp/table_builder.hpp"
#include "transfer/library/library.hpp"

namespace praline {

/// Rebuilds this node's own query routing table when what it shares has changed, in slices: a million names take a second,
/// and other work has its turn between two of them. The more a rebuild cost, the later the next one begins.
/// @threads one.
class QrpTableRebuild {
public:
    struct Host {
        std::function<std::vector<library::SharedFilePtr>(std::string const& after, std::size_t count)>
            files;                                        ///< Library::after
        std::function<void(std::function<void()>)> post;  ///< runs a function soon, not from within
        std::function<Instant()> now;
        std::function<void(search::qrp::QueryRoutingTable)> finished;
    };
    explicit QrpTableRebuild(Host host) : host_{std::move(host)} {}

    void content_changed() { changed_ = true; }
    /// Begins a rebuild if one is due and none is under way.
    void tick();
    /// Nothing is begun or continued any more.
    void stop() { stopped_ = true; }

private:
    struct Build {
        search::qrp::TableBuilder builder;
        std::string after;  ///< the last file that is in it, by its virtual path
        Duration cost{};
    };
    void continue_build();
    /// False: that was the last one.
    [[nodiscard]] bool add_slice();

    Host host_;
    bool changed_ = false, stopped_ = false;
    Instant not_before_{};
    std::optional<Build> build_;
};

}  // namespace praline
