#include "index/client/shared_update.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "unit/index/client/list_twin.hpp"

namespace shared_update_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;

TEST_CASE("a list is up to date from the end of a pass until what is shared changes again") {
    constexpr std::size_t slice = 2;
    std::vector<Entry> shared{entry_of(1), entry_of(2), entry_of(3)};
    ScratchFolder folder;
    PublishList list{folder.file("index.db")};
    SharedUpdate update{list,
                        [&](std::size_t from, std::size_t most) {
                            auto const begin = std::min(from, shared.size());
                            auto const end = begin + std::min(most, shared.size() - begin);
                            auto const at = [&](std::size_t place) {
                                return shared.begin() + static_cast<std::ptrdiff_t>(place);
                            };
                            return std::vector<Entry>(at(begin), at(end));
                        },
                        slice};
    Instant now{};
    auto const run_slice = [&] {
        REQUIRE(update.due());
        now = std::max(now, *update.due());
        update.slice();
        update.done(now, now);
    };
    auto const run_pass = [&] {
        do {
            CHECK_FALSE(update.up_to_date());
            run_slice();
        } while (update.due());
    };

    CHECK_FALSE(update.up_to_date());  // nobody has said yet what is shared
    CHECK_FALSE(update.due());
    update.wanted(now);
    run_pass();
    CHECK(update.up_to_date());
    CHECK(list.entries() == 3);

    shared.pop_back();
    update.wanted(now);
    CHECK_FALSE(update.up_to_date());
    run_slice();
    shared.pop_back();
    update.wanted(now);  // in the middle of the pass, which finds too much
    run_pass();
    CHECK(update.up_to_date());
    CHECK(list.entries() == 1);

    update.wanted(now);
    update.failed(now);
    CHECK_FALSE(update.up_to_date());
    run_pass();
    CHECK(update.up_to_date());
}

}  // namespace shared_update_test
