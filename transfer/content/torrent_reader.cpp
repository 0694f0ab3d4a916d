#include <algorithm>
#include <numeric>

#include "node/base/text.hpp"
#include "transfer/content/bencode_reader.hpp"
#include "transfer/content/file_description.hpp"
#include "transfer/content/http_url.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

struct Member {
    std::string path;  ///< with "/" between folders
    std::uint64_t begin = 0, size_bytes = 0;
    std::optional<Sha1> sha1;
    bool is_padding = false;
};

struct Contents {
    std::string name;
    std::uint64_t piece_bytes = 0, total_bytes = 0;
    std::vector<Sha1> pieces;
    std::vector<Member> members;
    bool is_folder = false;
    std::vector<std::string> seeds;
};

std::optional<std::uint64_t> size_at(BencodeValue const& value, std::string_view key) {
    auto const* const field = value.find(key);
    auto const* const number = field != nullptr ? field->number() : nullptr;
    if (number == nullptr || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

std::string_view bytes_at(BencodeValue const& value, std::string_view key) {
    auto const* const field = value.find(key);
    return field != nullptr && field->bytes() != nullptr ? *field->bytes() : std::string_view{};
}

/// A name of a file or folder that is no way out of the folder.
bool is_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." &&
           name.find_first_of(std::string_view{"/\0", 2}) == name.npos && is_valid_utf8(name);
}

/// The name in UTF-8 where another encoding stands beside it.
std::string_view name_at(BencodeValue const& value, std::string_view key) {
    auto const utf8 = bytes_at(value, std::string{key} + ".utf-8");
    return utf8.empty() ? bytes_at(value, key) : utf8;
}

/// Some sites write it beside each file, as 20 bytes or in hexadecimal.
std::optional<Sha1> sha1_at(BencodeValue const& value) {
    auto const text = bytes_at(value, "sha1");
    auto const hex = text.size() == 2 * sizeof(Sha1) ? from_hex(text) : std::nullopt;
    auto const digest = hex ? as_text(*hex) : text;
    if (digest.size() != sizeof(Sha1)) return std::nullopt;
    Sha1 sha1;
    std::copy(digest.begin(), digest.end(), sha1.bytes.begin());
    return sha1;
}

/// @return a sentence; empty: it is read
std::string read_members(BencodeValue const& info, Contents& torrent) {
    auto const* const files = info.find("files");
    if (files == nullptr) {
        auto const size = size_at(info, "length");
        if (!size) return "This .torrent file does not say how large its file is.";
        torrent.members.push_back({torrent.name, 0, *size, sha1_at(info), false});
        return {};
    }
    if (files->list() == nullptr || files->list()->empty()) return "This .torrent file has a broken list of files.";
    if (files->list()->size() > described_files_max)
        return "This .torrent file names more than " + std::to_string(described_files_max) + " files.";
    torrent.is_folder = true;
    for (auto const& file : *files->list()) {
        auto const size = size_at(file, "length");
        auto const* path = file.find("path.utf-8");
        if (path == nullptr) path = file.find("path");
        bool const has_path = path != nullptr && path->list() != nullptr && !path->list()->empty();
        if (!size || !has_path) return "This .torrent file has a broken list of files.";
        Member member{torrent.name, 0, *size, sha1_at(file),
                      bytes_at(file, "attr").find('p') != std::string_view::npos};
        for (auto const& part : *path->list()) {
            if (part.bytes() == nullptr || !is_name(*part.bytes()))
                return "This .torrent file names a file by a path that is none.";
            member.path.append("/").append(*part.bytes());
        }
        if (member.path.size() > described_path_bytes_max) return "This .torrent file names a file by too long a path.";
        torrent.members.push_back(std::move(member));
    }
    return {};
}

std::string read_pieces(BencodeValue const& info, Contents& torrent) {
    for (auto& member : torrent.members) {
        if (member.size_bytes > described_bytes_max - torrent.total_bytes)
            return "The files of this .torrent file are too large.";
        member.begin = torrent.total_bytes;
        torrent.total_bytes += member.size_bytes;
    }
    auto hashes = bytes_at(info, "pieces");
    auto const piece_bytes = size_at(info, "piece length");
    if (hashes.empty() && info.find("meta version") != nullptr)
        return "This .torrent file is of version 2 alone, which is not read; one of version 1, or of both, is.";
    if (!piece_bytes || *piece_bytes == 0 || *piece_bytes > described_piece_bytes_max)
        return "The size of the pieces in this .torrent file is none.";
    torrent.piece_bytes = *piece_bytes;
    auto const count = torrent.total_bytes / *piece_bytes + (torrent.total_bytes % *piece_bytes != 0 ? 1 : 0);
    if (hashes.size() % sizeof(Sha1) != 0 || hashes.size() / sizeof(Sha1) != count)
        return "This .torrent file does not have one hash for each piece of its files.";
    if (count > torrent_pieces_max)
        return "This .torrent file has more than " + std::to_string(torrent_pieces_max) + " pieces.";
    for (; !hashes.empty(); hashes.remove_prefix(sizeof(Sha1)))
        std::copy_n(hashes.begin(), sizeof(Sha1), torrent.pieces.emplace_back().bytes.begin());
    return {};
}

void read_seeds(BencodeValue const& whole, Contents& torrent) {
    auto const take = [&](BencodeValue const& one) {
        if (one.bytes() == nullptr || torrent.seeds.size() >= described_urls_max) return;
        if (HttpUrl::parse(*one.bytes())) torrent.seeds.emplace_back(trim(*one.bytes()));
    };
    auto const* const seeds = whole.find("url-list");
    if (seeds == nullptr) return;
    take(*seeds);
    if (seeds->list() != nullptr) std::for_each(seeds->list()->begin(), seeds->list()->end(), take);
}

/// A seed of one file is its URL, or ends with "/" and the name follows; of several it is the URL of the folder they are in.
std::vector<std::string> urls_of(Contents const& torrent, Member const& member) {
    std::vector<std::string> urls;
    // Each file of a folder has a URL of each seed.
    auto const most = torrent.is_folder ? folder_seeds_max : described_urls_max;
    for (auto const& seed : torrent.seeds) {
        if (urls.size() >= most) break;
        auto url = seed;
        bool const is_place = torrent.is_folder || url.ends_with('/');
        if (is_place && !url.ends_with('/')) url += '/';
        if (is_place) {
            auto path = percent_encode(member.path);
            for (std::size_t at = 0; (at = path.find("%2F", at)) != std::string::npos; ++at) path.replace(at, 3, "/");
            url += path;
        }
        if (auto const parsed = HttpUrl::parse(url)) urls.push_back(parsed->text());
    }
    return urls;
}

/// The hashes of the pieces that are of this file alone, if all of its pieces are. Null: they are not.
std::shared_ptr<FileProof const> proof_of(Contents const& torrent, std::size_t number) {
    auto const& member = torrent.members[number];
    auto const end = member.begin + member.size_bytes;
    FileProof proof;
    proof.file_bytes = member.size_bytes;
    if (member.size_bytes == 0) return std::make_shared<FileProof const>(proof);
    if (member.begin % torrent.piece_bytes != 0) return nullptr;
    auto const first = member.begin / torrent.piece_bytes;
    auto const last = (end - 1) / torrent.piece_bytes;
    auto const hashed_end = std::min((last + 1) * torrent.piece_bytes, torrent.total_bytes);
    // What follows in the last piece has to be zeros that are no file.
    for (auto next = number + 1; next < torrent.members.size() && torrent.members[next].begin < hashed_end; ++next)
        if (!torrent.members[next].is_padding && torrent.members[next].size_bytes > 0) return nullptr;
    proof.piece_bytes = torrent.piece_bytes;
    proof.padding_bytes = hashed_end - end;
    auto const begin = torrent.pieces.begin() + static_cast<std::ptrdiff_t>(first);
    proof.pieces.assign(begin, begin + static_cast<std::ptrdiff_t>(last - first + 1));
    return proof.is_consistent() ? std::make_shared<FileProof const>(std::move(proof)) : nullptr;
}

std::string problem_of(FileDescription const& file) {
    if (!file.urn.sha1 && !file.proof)
        return "The file " + file.name +
               " shares pieces with other files of its .torrent file, which gives no SHA-1 of it: it could not be "
               "verified by itself.";
    if (file.urls.empty() && !file.urn.sha1)
        return "The .torrent file of " + file.name +
               " names no web seed (url-list), and no SHA-1 by which peers could be found. This program does not speak "
               "BitTorrent: it needs a BitTorrent program.";
    return {};
}

}  // namespace

FileDescriptions read_torrent(std::string_view text) {
    if (text.size() > description_bytes_max) return "This .torrent file is too large.";
    auto const whole = read_bencode(text);
    if (!whole) {
        if (whole.error() == WireError::limit_exceeded) return "This .torrent file is nested too deeply, or too long.";
        if (whole.error() == WireError::truncated) return "This .torrent file is cut off.";
        return "This is no .torrent file.";
    }
    auto const* const info = whole->find("info");
    if (info == nullptr || info->dictionary() == nullptr) return "This .torrent file has no description of its files.";
    Contents torrent;
    torrent.name = name_at(*info, "name");
    if (!is_name(torrent.name) || torrent.name.size() > described_path_bytes_max)
        return "This .torrent file gives its file a name that is none.";
    if (auto problem = read_members(*info, torrent); !problem.empty()) return problem;
    if (auto problem = read_pieces(*info, torrent); !problem.empty()) return problem;
    read_seeds(*whole, torrent);
    std::vector<FileDescription> files;
    for (std::size_t number = 0; number < torrent.members.size(); ++number) {
        auto const& member = torrent.members[number];
        if (member.is_padding) continue;
        FileDescription file;
        file.name = member.path;
        file.size_bytes = member.size_bytes;
        file.urn.sha1 = member.sha1;
        file.proof = proof_of(torrent, number);
        file.urls = urls_of(torrent, member);
        file.problem = problem_of(file);
        files.push_back(std::move(file));
    }
    if (files.empty()) return "This .torrent file names no file.";
    return files;
}

}  // namespace praline::content
