#include <algorithm>
#include <limits>

#include "node/base/text.hpp"
#include "transfer/content/file_description.hpp"
#include "transfer/content/http_url.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/xml_reader.hpp"

namespace praline::content {
namespace {

/// A URL, and how soon it is to be asked: version 4 counts from 1 as the best, version 3 up to 100.
struct Mirror {
    std::string url;
    std::uint64_t rank = 0;
};

template <std::size_t size>
bool take_hex(std::string_view text, std::array<std::uint8_t, size>& into) {
    auto const digest = from_hex(trim(text));
    if (!digest || digest->size() != size) return false;
    std::transform(digest->begin(), digest->end(), into.begin(),
                   [](std::byte one) { return std::to_integer<std::uint8_t>(one); });
    return true;
}

std::string kind_of_hash(std::string_view type) {
    auto kind = to_lower_ascii(type);
    std::erase(kind, '-');
    return kind;
}

std::string problem_of(WireError error) {
    if (error == WireError::unknown_type)
        return "This Metalink has a document type, an entity of its own, or another encoding than UTF-8, none of which "
               "is "
               "read.";
    if (error == WireError::limit_exceeded) return "This Metalink is nested too deeply, or too long.";
    if (error == WireError::truncated) return "This Metalink is cut off.";
    return "This Metalink is no well-formed XML.";
}

/// Takes the document an event at a time. Elements of both versions have the same names, in other places.
class Builder {
public:
    /// @return a sentence; empty: go on
    std::string take(XmlReader::Event const& event) {
        if (auto const* const open = std::get_if<XmlReader::Open>(&event)) return opened(*open);
        if (auto const* const text = std::get_if<XmlReader::Text>(&event)) {
            if (text_.size() + text->text.size() <= url_bytes_max) text_ += text->text;
            return {};
        }
        return closed(std::get<XmlReader::Closed>(event).name);
    }
    [[nodiscard]] FileDescriptions finish() {
        if (!is_metalink_) return "This is no Metalink.";
        if (files_.empty()) return "This Metalink names no file.";
        return std::move(files_);
    }

private:
    std::string opened(XmlReader::Open const& open) {
        if (depth_++ == 0) is_metalink_ = open.name == "metalink";
        if (!is_metalink_) return "This is no Metalink.";
        text_.clear();
        open_ = open;
        if (open.name == "file") {
            if (in_file_) return "This Metalink has a file within a file.";
            if (files_.size() >= described_files_max)
                return "This Metalink names more than " + std::to_string(described_files_max) + " files.";
            in_file_ = true;
            file_ = {};
            proof_ = {};
            mirrors_.clear();
            file_.name = open.attribute("name");
            if (file_.name.size() > described_path_bytes_max) return "This Metalink names a file by too long a path.";
        } else if (open.name == "pieces" && in_file_ && proof_.piece_bytes == 0) {
            auto const size = parse_number(open.attribute("length"));
            // Of several lists the one that can be used.
            in_pieces_ = true;
            takes_pieces_ = size && *size > 0 && kind_of_hash(open.attribute("type")) == "sha1";
            if (takes_pieces_) proof_.piece_bytes = *size;
        } else if (open.name == "pieces") {
            in_pieces_ = true;
            takes_pieces_ = false;
        }
        return {};
    }

    std::string closed(std::string const& name) {
        --depth_;
        auto const text = std::string{trim(text_)};
        text_.clear();
        if (!in_file_) return {};
        if (name == "size" && !file_.size_bytes) {
            file_.size_bytes = parse_number(text);
            if (!file_.size_bytes || *file_.size_bytes > described_bytes_max)
                return "The size of " + file_.name + " in this Metalink is no number of bytes that a file can have.";
        } else if (name == "hash") {
            return take_hash(text);
        } else if (name == "url") {
            take_url(text);
        } else if (name == "pieces") {
            in_pieces_ = takes_pieces_ = false;
        } else if (name == "file") {
            in_file_ = false;
            return close_file();
        }
        return {};
    }

    std::string take_hash(std::string const& text) {
        if (in_pieces_) {
            if (!takes_pieces_) return {};
            if (proof_.pieces.size() >= torrent_pieces_max || !take_hex(text, proof_.pieces.emplace_back().bytes))
                return "The hashes of the pieces of " + file_.name + " in this Metalink are damaged, or too many.";
            return {};
        }
        auto const kind = kind_of_hash(open_.attribute("type"));
        bool is_right = true;
        if (kind == "sha1")
            is_right = take_hex(text, file_.urn.sha1.emplace().bytes);
        else if (kind == "sha256")
            is_right = take_hex(text, proof_.sha256.emplace());
        if (!is_right) return "The " + kind + " hash of " + file_.name + " in this Metalink is damaged.";
        return {};
    }

    void take_url(std::string const& text) {
        auto const url = HttpUrl::parse(text);
        if (!url || mirrors_.size() >= described_urls_max) return;
        constexpr std::uint64_t best_preference = 100;
        auto const priority = parse_number(open_.attribute("priority"));
        auto const preference = parse_number(open_.attribute("preference"));
        auto const rank = priority     ? *priority
                          : preference ? best_preference - std::min(*preference, best_preference)
                                       : std::numeric_limits<std::uint64_t>::max();
        mirrors_.push_back({url->text(), rank});
    }

    std::string close_file() {
        if (file_.name.empty()) return "This Metalink has a file without a name.";
        proof_.file_bytes = file_.size_bytes.value_or(0);
        // Pieces of a file whose size is not said cannot be told apart.
        if (!proof_.is_consistent() || !file_.size_bytes) {
            if (file_.size_bytes && proof_.piece_bytes > 0)
                return "This Metalink does not have one hash for each piece of " + file_.name + ".";
            proof_.pieces.clear();
            proof_.piece_bytes = 0;
        }
        if (file_.size_bytes && (proof_.has_pieces() || proof_.sha256))
            file_.proof = std::make_shared<FileProof const>(proof_);
        std::stable_sort(mirrors_.begin(), mirrors_.end(),
                         [](Mirror const& left, Mirror const& right) { return left.rank < right.rank; });
        for (auto& mirror : mirrors_) file_.urls.push_back(std::move(mirror.url));
        file_.problem = problem();
        files_.push_back(std::move(file_));
        return {};
    }

    [[nodiscard]] std::string problem() const {
        if (!file_.urn.sha1 && !file_.proof)
            return "The Metalink gives no SHA-1 of " + file_.name +
                   ", nor its size and a SHA-256 or SHA-1 of its pieces: there would be nothing to verify it with.";
        if (file_.urls.empty() && !file_.urn.sha1)
            return "The Metalink names no http or https URL of " + file_.name +
                   ", and no SHA-1 by which peers could be found.";
        return {};
    }

    std::vector<FileDescription> files_;
    FileDescription file_;
    FileProof proof_;
    std::vector<Mirror> mirrors_;
    XmlReader::Open open_;
    std::string text_;
    std::size_t depth_ = 0;
    bool is_metalink_ = false, in_file_ = false, in_pieces_ = false, takes_pieces_ = false;
};

}  // namespace

FileDescriptions read_metalink(std::string_view text) {
    if (text.size() > description_bytes_max) return "This Metalink is too large.";
    XmlReader reader{text};
    Builder builder;
    for (std::size_t count = 0; count < xml_events_max; ++count) {
        auto const event = reader.next();
        if (!event) return problem_of(event.error());
        if (std::holds_alternative<XmlReader::Ended>(*event)) return builder.finish();
        if (auto problem = builder.take(*event); !problem.empty()) return problem;
    }
    return "This Metalink is too long.";
}

FileDescriptions read_description(std::string_view text) {
    if (text.starts_with('d')) return read_torrent(text);
    auto const at = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (at != std::string_view::npos && text[at] == '<') return read_metalink(text);
    return "This is neither a Metalink nor a .torrent file.";
}

}  // namespace praline::content
