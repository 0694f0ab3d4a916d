#include "search/qrp/hash.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "node/base/text.hpp"
#include "search/qrp/limits.hpp"

namespace hash_test {
using namespace praline;
using namespace praline::search::qrp;

namespace {

struct Row {
    char const* word;
    std::array<std::uint32_t, 8> slots;  // for 3, 10, 13, 14, 16, 17, 20 and 21 bits
};
constexpr std::array<unsigned, 8> row_bits{3, 10, 13, 14, 16, 17, 20, 21};
constexpr Row rows[] = {
    {"test", {2, 323, 2589, 5178, 20712, 41424, 331397, 662795}},
    {"qrp", {7, 918, 7347, 14694, 58776, 117552, 940421, 1880842}},
    {"music", {0, 78, 629, 1258, 5032, 10065, 80526, 161052}},
    {"gnutella", {2, 332, 2661, 5323, 21293, 42586, 340691, 681382}},
    {"linux", {2, 260, 2085, 4170, 16680, 33361, 266895, 533791}},
    {"network", {7, 958, 7670, 15341, 61367, 122735, 981880, 1963760}},
    {"free", {1, 183, 1470, 2940, 11763, 23526, 188211, 376422}},
    {"file", {2, 377, 3018, 6036, 24147, 48294, 386359, 772719}},
    {"files", {2, 346, 2769, 5539, 22156, 44313, 354507, 709015}},
    {"ubuntu", {5, 662, 5299, 10599, 42399, 84799, 678392, 1356784}},
    {"prefix", {7, 999, 7996, 15992, 63970, 127940, 1023520, 2047041}},
    {"abcdefgh", {7, 955, 7642, 15284, 61138, 122276, 978214, 1956428}},
    {"2024", {1, 231, 1849, 3699, 14796, 29592, 236738, 473476}},
    {"http", {4, 546, 4369, 8738, 34952, 69904, 559238, 1118477}},
    {"tiny", {2, 366, 2929, 5859, 23439, 46879, 375036, 750073}},
    {"élan", {6, 813, 6504, 13009, 52039, 104079, 832635, 1665270}},
    {"été", {3, 472, 3777, 7555, 30222, 60445, 483561, 967122}},
    {"アニメ", {0, 46, 373, 746, 2987, 5975, 47807, 95614}},
};

struct Vector {
    char const* word;
    unsigned bits;
    std::uint32_t slot;
};
constexpr Vector vectors[] = {
    {"eb", 13, 6791},
    {"ebc", 13, 7082},
    {"ebck", 13, 6698},
    {"ebckl", 13, 3179},
    {"ebcklm", 13, 3235},
    {"ebcklme", 13, 6438},
    {"ebcklmen", 13, 1062},
    {"ebcklmenq", 13, 3527},
    {"n", 16, 65003},
    {"nd", 16, 54193},
    {"ndf", 16, 4953},
    {"ndfl", 16, 58201},
    {"ndfla", 16, 34830},
    {"ndflal", 16, 36910},
    {"ndflale", 16, 34586},
    {"ndflalem", 16, 37658},
    {"ndflaleme", 16, 45559},
    {"ol2j34lj", 10, 318},
    {"asdfas23", 10, 503},
    {"9um3o34fd", 10, 758},
    {"a234d", 10, 281},
    {"a3f", 10, 767},
    {"3nja9", 10, 581},
    {"2459345938032343", 10, 146},
    {"7777a88a8a8a8", 10, 342},
    {"asdfjklkj3k", 10, 861},
    {"adfk32l", 10, 1011},
    {"zzzzzzzzzzz", 10, 944},
    {"\xe3\x82\xa2\xe3\x83\x8b\xe3\x83\xa1", 10, 46},
    {"\xe3\x83\xa9", 10, 0},
    {"\xe5\xa3\xb0\xe5\x84\xaa", 10, 731},
    {"\xf0\x90\x90\x80", 10, 316},
    {"\xf0\x90\x90\xa8", 10, 658},
    {"", 10, 0},
};

}  // namespace

TEST_CASE("words hash to the slots other servents compute, in every table size") {
    for (Row const& row : rows)
        for (std::size_t i = 0; i < row_bits.size(); ++i) {
            INFO(row.word << " at " << row_bits[i] << " bits");
            CHECK(qrp_hash(row.word, row_bits[i]) == row.slots[i]);
        }
}

TEST_CASE("the vectors of the specification hold") {
    for (Vector const& vector : vectors) {
        INFO(vector.word << " at " << vector.bits << " bits");
        CHECK(qrp_hash(vector.word, vector.bits) == vector.slot);
    }
}

TEST_CASE("a table half the size has half the slot number") {
    for (Row const& row : rows)
        for (unsigned bits = 0; bits < 32; ++bits) CHECK(qrp_hash(row.word, bits) == qrp_hash(row.word, bits + 1) / 2);
}

TEST_CASE("bytes that are not UTF-8 hash to something, wherever the word is cut") {
    std::string const word = "\xF0\x90\x90\x80\xE3\x82\xFF\xC3";
    for (std::size_t size = 0; size <= word.size(); ++size) CHECK(qrp_hash(word.substr(0, size), 21) < slots_max);
}

TEST_CASE("terms are the different words of at least three bytes, and hashes in lower case") {
    wire::Query query;
    query.text = "Linux of LINUX-kernel";
    Sha1 const sha1{{1, 2, 3}};
    Urn urn;
    urn.sha1 = sha1;
    query.urns.push_back(urn);
    QueryTerms const terms = QueryTerms::of(query);
    CHECK(terms.words == std::vector{hash_product("linux"), hash_product("kernel")});
    CHECK(terms.urns == std::vector{hash_product(to_lower_ascii(sha1.urn()))});
    CHECK_FALSE(terms.only_urns());
}

TEST_CASE("the terms of a long query are bounded") {
    wire::Query query;
    for (int i = 0; i < 1000; ++i) query.text += "word" + std::to_string(i) + " ";
    query.ggep.push_back({"XQ", {}});
    query.urns.resize(1000);
    QueryTerms const terms = QueryTerms::of(query);
    CHECK(terms.words.size() == query_words_max);
    CHECK(terms.urns.empty());
}

}  // namespace hash_test
