#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "unit/index/replica/group_network.hpp"

namespace praline::index::replica::group {

/// A node that publishes: the only writer of its list. It remembers every state of the list by its version, signs in at
/// some server, goes on from what that server holds, and moves to another when its server dies or sends it away.
class PublisherNode {
public:
    PublisherNode(Calendar& calendar, Group& group, std::uint64_t number, Rng rng);

    void come();  ///< signs in somewhere
    void go();    ///< its cable is pulled: the server is told late
    void say_goodbye();
    void change_list();  ///< a few files come and go
    void move();         ///< to another server, though nothing happened

    [[nodiscard]] PublisherId const& id() const { return publisher_.id; }
    [[nodiscard]] bool lives() const { return lives_; }
    [[nodiscard]] std::optional<std::size_t> server() const { return server_; }
    [[nodiscard]] List const& list() const { return list_; }
    [[nodiscard]] Version own() const { return own_; }
    /// The last version of which it was told that it is replicated.
    [[nodiscard]] Version replicated() const { return replicated_; }
    /// The list as it was at a version; null: it never was at it.
    [[nodiscard]] List const* list_at(Version version) const;
    [[nodiscard]] std::uint64_t acknowledgements() const { return acknowledgements_; }
    /// Looks whether its server is still the one it signed in at; to be called often.
    void look();

private:
    void sign_in();
    void leave(Duration told_after, bool goodbye);
    void on_ready(Record const& held);
    void on_refused(Record const& held);
    void on_replicated(Replicated const& told);
    void publish_next();
    [[nodiscard]] Change change_after(Version held, SetDigest const& digest);
    template <class Act>
    void later(Act act);

    Calendar& calendar_;
    Group& group_;
    Rng rng_;
    Publisher publisher_;
    List list_;
    std::map<Version, List> past_;  // every state that was ever published, by version
    Version own_, replicated_;
    bool lives_ = false;
    std::optional<std::size_t> server_;
    std::uint64_t server_life_ = 0, session_ = 0, acknowledgements_ = 0;
    std::optional<Record> at_server_;  // what the server has or is about to have; empty: not signed in yet
    std::optional<Version> under_way_;
};

}  // namespace praline::index::replica::group
