#include <catch2/catch.hpp>

#include "unit/index/catalogue/scene.hpp"

namespace copy_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::catalogue;

namespace {

std::vector<Entry> const entries{entry_of(1, "walnut cake"), entry_of(2, "walnut tree"), entry_of(3, "cherry pie")};
Record record_of(Version version) { return {publisher_of(1), version, digest_of(entries), 3, {4, ServerId{7}}}; }

void copy(Scene& scene) {
    scene.writer->copy_begin(publisher_of(1).id);
    scene.writer->copy_add(publisher_of(1).id, std::span{entries}.first(2));
    scene.writer->copy_add(publisher_of(1).id, std::span{entries}.last(1));
}

}  // namespace

TEST_CASE("a copy is seen as a whole, when it is committed") {
    Scene scene;
    publish(scene, publisher_of(1), {entry_of(1, "old cake"), entry_of(9, "gone")});
    copy(scene);
    CHECK(names_found(scene, words("cake")) == Names{"old cake"});
    CHECK(names_found(scene, words("cherry")).empty());
    CHECK(scene.writer->copy_commit(record_of({1, 5})));
    CHECK(bool{scene.writer->records() == std::vector<Record>{record_of({1, 5})}});
    CHECK(names_found(scene, words("cherry")) == Names{"cherry pie"});
    CHECK(names_found(scene, words("gone")).empty());
    CHECK(scene.reader->search(words("cake")).rows.at(0).sources_known == 1);
    scene.purge();
    CHECK(names_found(scene, words("cake")) == Names{"walnut cake"});
    CHECK(scene.reader->size().files == 3);
    CHECK(scene.reader->size().entries == 3);
}

TEST_CASE("a copy with another digest than it was said to have, or of an older version, changes nothing") {
    Scene scene;
    auto const before = publish(scene, publisher_of(1), {entry_of(9, "mine")}).record;
    copy(scene);
    auto wrong = record_of({1, 5});
    wrong.digest.low ^= 1;
    CHECK_FALSE(scene.writer->copy_commit(wrong));
    copy(scene);
    CHECK_FALSE(scene.writer->copy_commit(record_of({1, 0})));
    CHECK_FALSE(scene.writer->copy_commit(record_of({1, 5})));  // it is forgotten by now
    CHECK(bool{scene.writer->records() == std::vector<Record>{before}});
    CHECK(names_found(scene, words("mine")) == Names{"mine"});
    scene.purge();
    CHECK(scene.reader->size().files == 1);
}

TEST_CASE("a copy that was not finished when the server ended is gone, and so is its space") {
    Scene scene;
    copy(scene);
    scene.reopen();
    CHECK(scene.writer->records().empty());
    CHECK_FALSE(scene.writer->copy_commit(record_of({1, 5})));
    CHECK(scene.reader->size().files == 3);
    scene.purge();
    CHECK(scene.reader->size().files == 0);
    CHECK(names_found(scene, words("walnut")).empty());
    copy(scene);
    CHECK(scene.writer->copy_commit(record_of({1, 5})));
    CHECK(names_found(scene, words("walnut")).size() == 2);
}

TEST_CASE("a copy begun anew forgets what came before, and one that is forgotten leaves nothing") {
    Scene scene;
    copy(scene);
    copy(scene);
    CHECK(scene.writer->copy_commit(record_of({1, 5})));
    copy(scene);
    scene.writer->copy_forget(publisher_of(1).id);
    scene.writer->copy_forget(publisher_of(2).id);
    scene.purge();
    CHECK(scene.reader->size().files == 3);
    CHECK(scene.reader->search(words("cherry")).rows.at(0).sources_known == 1);
}

TEST_CASE("a copy of more entries than a publisher may have is not committed") {
    CatalogueLimits limits;
    limits.publisher_entries_max = 2;
    Scene scene{limits};
    copy(scene);
    CHECK_FALSE(scene.writer->copy_commit(record_of({1, 5})));
    CHECK(scene.writer->records().empty());
}

TEST_CASE("purging goes on where it was left, also by another run") {
    Scene scene;
    std::vector<Entry> many;
    for (unsigned i = 0; i < 20; ++i) many.push_back(entry_of(i, "plum " + std::to_string(i)));
    publish(scene, publisher_of(1), many);
    publish(scene, publisher_of(2), {many[0]});
    scene.writer->hide(publisher_of(1).id, {1, 2}, true);
    CHECK(scene.writer->purge_some(5));
    CHECK(scene.reader->size().files < 20);
    scene.reopen();
    CHECK(scene.writer->purge_some(5));
    scene.purge();
    CHECK_FALSE(scene.writer->purge_some(5));
    CHECK(scene.reader->size().files == 1);
    CHECK(names_found(scene, words("plum")) == Names{"plum 0"});
}

}  // namespace copy_test
