#include "transfer/content/file_description.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "transfer/content/bencode.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/metalink.hpp"
#include "transfer/content/torrent.hpp"

namespace file_description_test {
using namespace praline;
using namespace praline::content;

namespace {

std::vector<FileDescription> files_of(std::string const& text) {
    auto read = read_description(text);
    if (auto const* const problem = std::get_if<std::string>(&read)) FAIL(*problem);
    return std::get<std::vector<FileDescription>>(std::move(read));
}

bool refused(std::string const& text, std::string const& part) {
    auto const read = read_description(text);
    auto const* const problem = std::get_if<std::string>(&read);
    INFO((problem == nullptr ? "read" : *problem));
    return problem != nullptr && problem->find(part) != std::string::npos;
}

std::string const zeros(40, '0');
std::string metalink(std::string const& file) {
    return "<?xml version=\"1.0\"?><metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">" + file + "</metalink>";
}

std::string member(std::string const& path, std::uint64_t size, std::string const& attr = {},
                   std::string const& sha1 = {}) {
    BencodeDictionary fields;
    std::vector<std::string> parts;
    for (auto const part : split(path, '/')) parts.push_back(bencode(part));
    fields.set("length", bencode(size)).set("path", bencode_list(parts));
    if (!attr.empty()) fields.set("attr", bencode(attr));
    if (!sha1.empty()) fields.set("sha1", bencode(sha1));
    return fields.text();
}

std::string folder_torrent(std::vector<std::string> const& members, std::size_t pieces,
                           std::string const& seeds = bencode("http://seed.example/pub")) {
    BencodeDictionary info, whole;
    std::string hashes;
    for (std::size_t number = 0; number < pieces; ++number) hashes += std::string(20, static_cast<char>('a' + number));
    info.set("name", bencode("folder")).set("piece length", bencode(16)).set("pieces", bencode(hashes));
    info.set("files", bencode_list(members));
    whole.set("info", info.text());
    if (!seeds.empty()) whole.set("url-list", seeds);
    return whole.text();
}

}  // namespace

TEST_CASE("a Metalink of our own is read back") {
    Metalink const written{
        "a & b.iso",
        1234,
        *Sha1::from_base32("VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"),
        {"http://192.0.2.1:6346/uri-res/N2R?urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "http://mirror.example/a.iso"},
        "Praline"};
    auto const files = files_of(format_metalink(written));
    REQUIRE(files.size() == 1);
    CHECK(files[0].name == "a & b.iso");
    CHECK(files[0].size_bytes == 1234);
    CHECK(files[0].urn.sha1 == written.sha1);
    CHECK(files[0].urls == written.urls);
    CHECK(files[0].problem.empty());
}

TEST_CASE("a Metalink of version 4 gives hashes, pieces, and mirrors in the order of their priority") {
    auto const files = files_of(metalink(
        "<file name=\"x/one.bin\"><size>40</size><hash type=\"sha-256\">" + std::string(64, 'a') +
        "</hash><hash type=\"md5\">nonsense</hash><pieces length=\"16\" type=\"sha-512\"><hash>no</hash></pieces>"
        "<pieces length=\"16\" type=\"sha-1\"><hash>" +
        zeros + "</hash><hash>" + zeros + "</hash><hash>" + zeros +
        "</hash></pieces><url location=\"de\" "
        "priority=\"2\">http://b.example/one.bin</url><url>http://last.example/</url>"
        "<url priority=\"1\"> https://a.example/one bin </url><url priority=\"1\">ftp://no.example/</url></file>"
        "<file name=\"two\"><hash type=\"sha-1\">" +
        zeros + "</hash></file>"));
    REQUIRE(files.size() == 2);
    CHECK(files[0].urls ==
          std::vector<std::string>{"https://a.example/one%20bin", "http://b.example/one.bin", "http://last.example/"});
    REQUIRE(files[0].proof);
    CHECK(files[0].proof->sha256);
    CHECK(files[0].proof->pieces.size() == 3);
    CHECK(files[0].proof->piece_bytes == 16);
    CHECK_FALSE(files[0].urn.sha1);
    CHECK(files[1].urn.sha1);
    CHECK(files[1].problem.empty());
}

TEST_CASE("a Metalink of version 3 is read as well") {
    auto const files = files_of(
        "<metalink version=\"3.0\" xmlns=\"http://www.metalinker.org/\"><files><file name=\"one\"><size>20</size>"
        "<verification><hash type=\"md5\">0</hash><hash type=\"sha1\">" +
        zeros + "</hash><pieces length=\"16\" type=\"sha1\"><hash piece=\"0\">" + zeros + "</hash><hash piece=\"1\">" +
        zeros +
        "</hash></pieces></verification><resources><url type=\"http\" preference=\"10\">http://b.example/one</url>"
        "<url type=\"http\" preference=\"90\">http://a.example/one</url></resources></file></files></metalink>");
    REQUIRE(files.size() == 1);
    CHECK(files[0].urls == std::vector<std::string>{"http://a.example/one", "http://b.example/one"});
    CHECK(files[0].proof->pieces.size() == 2);
    CHECK(files[0].urn.sha1);
}

TEST_CASE("what is wrong with a Metalink is said") {
    CHECK(refused(metalink(""), "names no file"));
    CHECK(refused("<html></html>", "no Metalink"));
    CHECK(refused(metalink("<file><size>1</size></file>"), "without a name"));
    CHECK(refused(metalink("<file name=\"a\"><size>-1</size></file>"), "no number of bytes"));
    CHECK(refused(metalink("<file name=\"a\"><size>99999999999999999</size></file>"), "no number of bytes"));
    CHECK(refused(metalink("<file name=\"a\"><hash type=\"sha-1\">12</hash></file>"), "damaged"));
    CHECK(refused(metalink("<file name=\"a\"><size>40</size><pieces length=\"16\" type=\"sha-1\"><hash>" + zeros +
                           "</hash></pieces></file>"),
                  "one hash for each piece"));
    CHECK(refused(metalink("<file name=\"a\"><file name=\"b\"></file></file>"), "within a file"));
    CHECK(refused("<metalink><file name=\"a\">", "cut off"));
    CHECK(refused("<metalink><file name=\"a\"></metalink>", "well-formed"));
    CHECK(refused("<!DOCTYPE m [<!ENTITY a \"b\">]><metalink/>", "document type"));
    CHECK(refused("GIF89a", "neither"));
    CHECK(refused("", "neither"));
    auto const none = files_of(metalink("<file name=\"a\"><size>1</size><url>http://a.example/</url></file>"));
    CHECK(none[0].problem.find("nothing to verify") != std::string::npos);
    auto const nowhere = files_of(
        metalink("<file name=\"a\"><size>1</size><hash type=\"sha-256\">" + std::string(64, 'a') + "</hash></file>"));
    CHECK(nowhere[0].problem.find("no http or https URL") != std::string::npos);
}

TEST_CASE("a torrent of our own is read back") {
    Torrent torrent{"a file.bin", 100, 64, std::string(40, 'h'), {"http://192.0.2.1/uri-res/N2R?urn:sha1:X"},
                    "Praline"};
    auto const files = files_of(format_torrent(torrent));
    REQUIRE(files.size() == 1);
    CHECK(files[0].name == "a file.bin");
    CHECK(files[0].size_bytes == 100);
    CHECK(files[0].urls == torrent.web_seeds);
    CHECK(files[0].proof->pieces.size() == 2);
    CHECK(files[0].problem.empty());
    torrent.web_seeds = {"http://seed.example/pub/"};
    CHECK(files_of(format_torrent(torrent))[0].urls ==
          std::vector<std::string>{"http://seed.example/pub/a%20file.bin"});
    torrent.web_seeds.clear();
    CHECK(files_of(format_torrent(torrent))[0].problem.find("no web seed") != std::string::npos);
}

TEST_CASE("of a torrent with several files those that have pieces of their own, or a SHA-1, can be fetched") {
    auto const files =
        files_of(folder_torrent({member("a", 32), member("b/c d", 10), member(".pad/6", 6, "p"), member("e", 20),
                                 member("f", 12), member("g", 0), member("h", 3, "", zeros)},
                                6));
    REQUIRE(files.size() == 6);
    CHECK(files[0].name == "folder/a");
    CHECK(files[0].urls == std::vector<std::string>{"http://seed.example/pub/folder/a"});
    CHECK(files[0].proof->pieces.size() == 2);
    CHECK(files[1].name == "folder/b/c d");
    CHECK(files[1].urls == std::vector<std::string>{"http://seed.example/pub/folder/b/c%20d"});
    REQUIRE(files[1].proof);
    CHECK(files[1].proof->padding_bytes == 6);
    CHECK_FALSE(files[2].proof);
    CHECK(files[2].problem.find("shares pieces") != std::string::npos);
    CHECK_FALSE(files[3].problem.empty());
    CHECK(files[4].problem.empty());
    CHECK(files[5].urn.sha1);
    CHECK(files[5].problem.empty());
}

TEST_CASE("what is wrong with a torrent is said") {
    auto const with_info = [](std::string const& info) { return "d4:info" + info + "e"; };
    CHECK(refused("d", "cut off"));
    CHECK(refused("d3:foo3:bare", "no description"));
    CHECK(refused("dx", "no .torrent"));
    CHECK(refused(std::string("d1:a") + std::string(100, 'l'), "nested"));
    CHECK(refused(with_info("d4:name2:..e"), "name that is none"));
    CHECK(refused(with_info("d4:name3:a/be"), "name that is none"));
    CHECK(refused(with_info("d4:name1:ae"), "how large"));
    CHECK(refused(with_info("d6:lengthi-1e4:name1:ae"), "how large"));
    CHECK(refused(with_info("d6:lengthi9e4:name1:a12:piece lengthi0e6:pieces20:aaaaaaaaaaaaaaaaaaaae"),
                  "size of the pieces"));
    CHECK(refused(with_info("d6:lengthi9e4:name1:a12:piece lengthi4e6:pieces20:aaaaaaaaaaaaaaaaaaaae"), "one hash"));
    CHECK(refused(with_info("d12:meta versioni2e6:lengthi9e4:name1:a12:piece lengthi4ee"), "version 2"));
    CHECK(refused(with_info("d5:filesle4:name1:ae"), "list of files"));
    CHECK(refused(folder_torrent({member("../x", 16)}, 1), "path that is none"));
    CHECK(
        refused(folder_torrent({member("a", described_bytes_max), member("b", described_bytes_max)}, 1), "too large"));
    CHECK(refused(std::string("d") + std::string(description_bytes_max, 'x'), "too large"));
}

}  // namespace file_description_test
