#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "node/net/deadline_timer.hpp"
#include "node/net/limits.hpp"
#include "node/net/system_clock.hpp"

namespace praline::net {

/// Questions to the system that may take for ever and cannot be stopped: the addresses of a name, a folder on a network
/// disk. Each that is under way has a thread of its own, so one that hangs holds back no other, as long as fewer than `at_once_max` do; it is asked once for all
/// who want its answer, they are answered in time, and nobody waits for its end.
/// @threads the io_context's one; `Ask` is called by others, several at once.
template <class Answer>
class SlowCalls {
public:
    using Id = std::uint64_t;
    using Ask = std::function<Answer(std::string const& question)>;
    using Done = std::function<void(Answer const&)>;
    /// What is answered in place of the system.
    struct Excuses {
        Answer too_slow, too_many;
        std::function<Answer(std::exception const&)> failed;  ///< there is no thread, or `Ask` has thrown
    };

    SlowCalls(boost::asio::io_context& io, SlowCallLimits limits, Ask ask, Excuses excuses)
        : impl_{std::make_shared<Impl>(io, limits, std::move(ask), std::move(excuses))} {}
    ~SlowCalls() { stop(); }
    SlowCalls(SlowCalls const&) = delete;
    SlowCalls& operator=(SlowCalls const&) = delete;

    /// @param done  called once, never from within this, unless `cancel` is called before or this ends
    Id begin(std::string const& question, Done done) { return impl_->begin(question, std::move(done)); }
    /// The same with an answer that is known.
    Id tell(Answer answer, Done done) { return impl_->tell(++impl_->last_id, std::move(answer), std::move(done)); }
    /// Nobody waits for it any more. Does nothing when it is over.
    void cancel(Id id) { impl_->cancel(id); }
    /// No callback is called after this.   @pre nothing is asked after it
    void stop() {
        std::lock_guard const lock{impl_->mailbox->mutex};
        impl_->mailbox->io = nullptr;
        impl_->waiting.clear();
        impl_->told.clear();
        impl_->timer.cancel();
    }
    /// Something is under way, whether or not somebody waits for it.
    [[nodiscard]] bool is_busy() const { return !impl_->under_way.empty(); }

private:
    /// Where a thread leaves what it found; it may be done after the io_context is gone.
    struct Mailbox {
        std::mutex mutex;
        boost::asio::io_context* io = nullptr;  ///< null: nobody is there any more
    };

    struct Impl : std::enable_shared_from_this<Impl> {
        struct Waiting {
            Id id = 0;
            std::string question;
            Instant until{};
            Done done;
        };

        Impl(boost::asio::io_context& context, SlowCallLimits the_limits, Ask the_ask, Excuses the_excuses)
            : io{context},
              limits{the_limits},
              ask{std::move(the_ask)},
              excuses{std::move(the_excuses)},
              timer{context, [this] { expire(); }} {
            mailbox->io = &context;
        }

        Id begin(std::string const& question, Done done) {
            if (waiting.size() >= limits.waiting_max) return tell(++last_id, excuses.too_many, std::move(done));
            waiting.push_back({++last_id, question, now() + limits.within, std::move(done)});
            go_on();
            return waiting.back().id;
        }

        Id tell(Id id, Answer answer, Done done) {
            told.emplace(id, std::move(done));
            boost::asio::post(io, [weak = this->weak_from_this(), id, answer = std::move(answer)] {
                auto const self = weak.lock();
                if (!self) return;
                if (auto node = self->told.extract(id)) node.mapped()(answer);
            });
            return id;
        }

        void cancel(Id id) {
            told.erase(id);
            std::erase_if(waiting, [id](Waiting const& one) { return one.id == id; });
            set_timer();
        }

        /// In the order in which they were asked.
        void go_on() {
            set_timer();
            for (auto const& one : waiting) {
                if (under_way.size() >= limits.at_once_max) return;
                if (std::find(under_way.begin(), under_way.end(), one.question) != under_way.end()) continue;
                under_way.push_back(one.question);
                start(one.question);
            }
        }

        void start(std::string const& question) {
            try {
                std::thread{[box = mailbox, weak = this->weak_from_this(), act = ask, failed = excuses.failed,
                             question] {
                    try {
                        deliver(*box, weak, question, act(question));
                    } catch (std::exception const& error) {
                        deliver(*box, weak, question, failed(error));
                    }
                }}.detach();
            } catch (std::system_error const& error) {
                deliver(*mailbox, this->weak_from_this(), question, excuses.failed(error));
            }
        }

        static void deliver(Mailbox& box, std::weak_ptr<Impl> const& to, std::string const& question, Answer answer) {
            std::lock_guard const lock{box.mutex};
            if (box.io == nullptr) return;
            boost::asio::post(*box.io, [to, question, answer = std::move(answer)] {
                if (auto const self = to.lock()) self->came(question, answer);
            });
        }

        void came(std::string const& question, Answer const& answer) {
            std::erase(under_way, question);
            answer_those([&](Waiting const& one) { return one.question == question; }, answer);
            go_on();
        }

        void expire() {
            auto const time = now();
            answer_those([time](Waiting const& one) { return one.until <= time; }, excuses.too_slow);
            set_timer();
        }

        template <class Test>
        void answer_those(Test test, Answer const& answer) {
            std::erase_if(waiting, [&](Waiting& one) {
                bool const is_one = test(one);
                if (is_one) tell(one.id, answer, std::move(one.done));
                return is_one;
            });
        }

        /// All have the same time, so the first to be asked is the first to be over.
        void set_timer() {
            if (waiting.empty())
                timer.cancel();
            else
                timer.set(waiting.front().until);
        }

        boost::asio::io_context& io;
        SlowCallLimits limits;
        Ask ask;
        Excuses excuses;
        DeadlineTimer timer;
        std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
        Id last_id = 0;
        std::deque<Waiting> waiting;         ///< in the order in which they came; also those that are under way
        std::vector<std::string> under_way;  ///< one for each thread
        std::map<Id, Done> told;             ///< answered, as soon as the loop turns
    };

    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::net
