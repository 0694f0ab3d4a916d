#include "transfer/content/file_proof.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <span>

#include <openssl/evp.h>

#include "node/base/check.hpp"
#include "transfer/content/bencode.hpp"
#include "transfer/content/bencode_reader.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

template <class Digest>
std::string_view text_of(Digest const& digest) {
    return as_text(std::as_bytes(std::span{digest}));
}

/// Empty: no number, or a negative one.
std::optional<std::uint64_t> number_at(BencodeValue const& value, std::string_view key) {
    auto const* const field = value.find(key);
    auto const* const number = field != nullptr ? field->number() : nullptr;
    if (number == nullptr || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

}  // namespace

bool FileProof::is_consistent() const {
    if (file_bytes > described_bytes_max || piece_bytes > described_piece_bytes_max) return false;
    if (piece_bytes == 0) return pieces.empty() && padding_bytes == 0;
    auto const rest = file_bytes % piece_bytes;
    auto const count = file_bytes / piece_bytes + (rest != 0 ? 1 : 0);
    if (padding_bytes > (rest != 0 ? piece_bytes - rest : 0)) return false;
    // Each piece is checked by itself: of tiny ones a short file would have too many.
    if (count > tiny_pieces_max && piece_bytes < described_piece_bytes_min) return false;
    return pieces.size() == count && count <= torrent_pieces_max;
}

std::string FileProof::packed() const {
    BencodeDictionary fields;
    fields.set("length", bencode(file_bytes)).set("piece length", bencode(piece_bytes));
    fields.set("padding", bencode(padding_bytes));
    if (sha256) fields.set("sha256", bencode(text_of(*sha256)));
    std::string hashes;
    for (auto const& piece : pieces) hashes += text_of(piece.bytes);
    fields.set("pieces", bencode(hashes));
    return fields.text();
}

std::optional<FileProof> FileProof::unpacked(std::string_view text) {
    auto const value = read_bencode(text);
    if (!value) return std::nullopt;
    FileProof proof;
    auto const file_bytes = number_at(*value, "length"), piece_bytes = number_at(*value, "piece length");
    auto const* const hashes = value->find("pieces");
    if (!file_bytes || !piece_bytes || hashes == nullptr || hashes->bytes() == nullptr) return std::nullopt;
    proof.file_bytes = *file_bytes;
    proof.piece_bytes = *piece_bytes;
    proof.padding_bytes = number_at(*value, "padding").value_or(0);
    if (hashes->bytes()->size() % sizeof(Sha1) != 0) return std::nullopt;
    for (auto rest = *hashes->bytes(); !rest.empty(); rest.remove_prefix(sizeof(Sha1)))
        std::copy_n(rest.begin(), sizeof(Sha1), proof.pieces.emplace_back().bytes.begin());
    if (auto const* const whole = value->find("sha256"); whole != nullptr && whole->bytes() != nullptr) {
        if (whole->bytes()->size() != sizeof(Sha256)) return std::nullopt;
        std::copy_n(whole->bytes()->begin(), sizeof(Sha256), proof.sha256.emplace().begin());
    }
    if (!proof.is_consistent()) return std::nullopt;
    return proof;
}

PieceProof::PieceProof(std::shared_ptr<TreeLevel const> tree, std::shared_ptr<FileProof const> named) {
    if (named && named->has_pieces())
        named_ = std::move(named);
    else
        tree_ = std::move(tree);
}

bool PieceProof::is_right(std::uint64_t piece, ByteView bytes) const {
    if (tree_) return hash_slice(bytes) == tree_->nodes[static_cast<std::size_t>(piece)];
    auto one = check(piece);
    one.update(bytes);
    return one.finish();
}

PieceProof::Check::Check(PieceProof const& proof, std::uint64_t piece) : proof_{proof}, piece_{piece} {
    if (proof.tree_)
        tiger_.emplace(proof.tree_->slice_bytes);
    else
        sha1_.emplace();
}

void PieceProof::Check::update(ByteView bytes) { tiger_ ? tiger_->update(bytes) : sha1_->update(bytes); }

bool PieceProof::Check::finish() {
    auto const at = static_cast<std::size_t>(piece_);
    if (tiger_) return tiger_->finish().root() == proof_.tree_->nodes[at];
    if (at + 1 == proof_.named_->pieces.size()) {
        static constexpr std::array<std::byte, 64 * 1024> zeros{};
        for (auto left = proof_.named_->padding_bytes; left > 0;) {
            auto const count = std::min<std::uint64_t>(left, zeros.size());
            sha1_->update(std::span{zeros}.first(static_cast<std::size_t>(count)));
            left -= count;
        }
    }
    return sha1_->finish() == proof_.named_->pieces[at];
}

struct Sha256Hasher::Impl {
    Impl() {
        if (context == nullptr) throw std::bad_alloc{};
        praline::check(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1);
    }
    ~Impl() { EVP_MD_CTX_free(context); }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256Hasher::Sha256Hasher() : impl_{std::make_unique<Impl>()} {}
Sha256Hasher::~Sha256Hasher() = default;
void Sha256Hasher::update(ByteView data) { check(EVP_DigestUpdate(impl_->context, data.data(), data.size()) == 1); }
Sha256 Sha256Hasher::finish() {
    Sha256 digest{};
    unsigned length = 0;
    check(EVP_DigestFinal_ex(impl_->context, digest.data(), &length) == 1 && length == digest.size());
    return digest;
}

}  // namespace praline::content
