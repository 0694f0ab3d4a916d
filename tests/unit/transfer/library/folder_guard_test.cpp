#include "transfer/library/folder_guard.hpp"

#include <catch2/catch.hpp>

namespace folder_guard_test {
using namespace praline::library;

namespace {

using Kind = Verdict::Kind;

Kind judged(std::string const& path) {
    Surroundings here;
    here.data_folder = "/home/ann/.local/share/praline";
    here.homes = {"/home/ann", "/root", "/data/people/bob"};
    auto const verdict = judge_folder(path, here);
    CHECK(verdict.reason.empty() == (verdict.kind == Kind::ordinary));
    return verdict.kind;
}

}  // namespace

TEST_CASE("ordinary folders are shared by naming them") {
    for (char const* path : {"/home/ann/Music", "/media/ann/DISK", "/mnt", "/mnt/disk", "/srv/media", "/tmp/x",
                             "/var/tmp/x", "/var/music", "/run/media/ann/DISK", "/data/people/bob/public",
                             "/home/ann/...And Justice for All", "/etcetera", "/opt/games"})
        CHECK(judged(path) == Kind::ordinary);
}

TEST_CASE("home folders, what contains one, and everybody's home need a yes") {
    for (char const* path :
         {"/home/ann", "/home", "/root", "/data/people/bob", "/data/people", "/data", "/home/not listed"})
        CHECK(judged(path) == Kind::needs_yes);
}

TEST_CASE("folders of the system, and what contains one, need a yes") {
    for (char const* path : {"/etc", "/etc/ssl/private", "/usr", "/usr/share/doc", "/var", "/var/log", "/var/lib/x",
                             "/boot", "/run", "/run/user/1000", "/run/media"})
        CHECK(judged(path) == Kind::needs_yes);
}

TEST_CASE("hidden folders and what lies in them need a yes, wherever they are") {
    for (char const* path : {"/home/ann/.ssh", "/home/ann/.config/x/y", "/mnt/disk/.Trash-1000/files", "/srv/..x"})
        CHECK(judged(path) == Kind::needs_yes);
}

TEST_CASE("what is in the node's own folder needs a yes or is refused") {
    CHECK(judged("/home/ann/.local/share/praline") == Kind::refused);
    CHECK(judged("/home/ann/.local/share/praline/partial") == Kind::refused);
    CHECK(judged("/home/ann/.local/share/praline/partial/x") == Kind::refused);
    CHECK(judged("/home/ann/.local/share/praline/downloads") == Kind::needs_yes);
    CHECK(judge_folder("/tmp/data/downloads", {"/tmp/data", {}}).kind == Kind::needs_yes);
    CHECK(judge_folder("/tmp/data2", {"/tmp/data", {}}).kind == Kind::ordinary);
}

TEST_CASE("the whole machine and the kernel's folders are refused, whatever is said") {
    for (char const* path : {"/", "/proc", "/proc/self", "/sys/kernel", "/dev", "/dev/shm"})
        CHECK(judged(path) == Kind::refused);
}

TEST_CASE("a tilde stands for the home folder of who runs the program, and for nobody else's") {
    std::string const home = std::getenv("HOME") ? std::getenv("HOME") : "";
    if (home.empty()) return;
    CHECK(with_home("~") == home);
    CHECK(with_home("~/Music") == home + "/Music");
    CHECK(with_home("/a/~/b") == "/a/~/b");
    CHECK(with_home("~bob/Music").empty());
}

}  // namespace folder_guard_test
