#pragma once

#include <functional>
#include <memory>
#include <string>

#include "transfer/library/library.hpp"
#include "transfer/upload/shared_fd.hpp"
#include "webui/api/content_source.hpp"

namespace praline {

/// The bytes of a shared file, as long as it is what was hashed. @threads the node's; blocks for one block of the file, as
/// uploads do.
class SharedFileContent final : public webui::ContentSource {
public:
    /// Null: it cannot be read, or is not what was hashed.
    /// @param on_change  called when it turns out to be another file while it is read.
    [[nodiscard]] static std::shared_ptr<webui::ContentSource> open(library::SharedFile const& file,
                                                                    std::function<void()> on_change);
    /// @param id, etag  of its facts
    [[nodiscard]] static std::shared_ptr<webui::ContentSource> open(library::SharedFile const& file, std::string id,
                                                                    std::string etag, std::function<void()> on_change);
    [[nodiscard]] webui::ContentFacts const& facts() const override { return facts_; }
    void read(std::uint64_t at, std::size_t most, Done done) override;

private:
    SharedFileContent(upload::SharedFd file, webui::ContentFacts facts, std::function<void()> on_change)
        : file_{std::move(file)}, facts_{std::move(facts)}, on_change_{std::move(on_change)} {}

    upload::SharedFd file_;
    webui::ContentFacts facts_;
    std::function<void()> on_change_;
};

}  // namespace praline
