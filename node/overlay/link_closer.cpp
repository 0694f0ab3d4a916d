#include "node/overlay/link_closer.hpp"

#include <utility>

namespace praline::overlay {

void LinkCloser::end(Peer& peer, CloseReason reason, std::string text, std::uint16_t bye_code) {
    if (peer.stage() == Stage::closing || peer.stage() == Stage::gone) return;
    bool const was_up = peer.is_up();
    bool const says_bye = was_up && bye_code != 0 && peer.takes_bye;
    parts_.hosts.failed(peer, reason);
    if (was_up) forget(peer.id());
    peer.closing = reason;
    parts_.common.context.links_changed();
    if (says_bye) parts_.common.outbox.send_bye(peer, {bye_code, text.empty() ? to_string(reason) : text});
    bool const has_output = says_bye || (peer.has_handshake_output() && peer.stage() == Stage::handshaking);
    parts_.common.peers.set_stage(peer, Stage::closing);
    if (was_up) parts_.common.context.emit(LinkDown{peer.id(), reason, std::move(text)});
    if (!has_output) return close_now(peer, false);
    peer.due = parts_.common.context.now() + parts_.common.context.limits().bye_within;
    parts_.common.outbox.schedule_flush(peer);
}

void LinkCloser::close_now(Peer& peer, bool after_sending) {
    parts_.common.context.emit(Close{peer.id(), peer.closing, after_sending});
    parts_.common.peers.set_stage(peer, Stage::gone);
}

void LinkCloser::closed(Peer& peer, CloseReason reason) {
    bool const was_up = peer.is_up();
    if (was_up) parts_.common.context.emit(LinkDown{peer.id(), reason, {}});
    if (peer.stage() != Stage::closing) parts_.hosts.failed(peer, reason);
    if (was_up) forget(peer.id());
    parts_.common.peers.set_stage(peer, Stage::gone);
}

void LinkCloser::note_fault(Peer& peer, Fault fault, Kind kind) {
    if (fault == Fault::repeats) return end(peer, CloseReason::too_many_duplicates, "Too many duplicates", 401);
    if (fault != Fault::malformed) return;
    parts_.common.context.drop(DropReason::malformed, kind);
    if (peer.info.malformed < 0xFFFF && ++peer.info.malformed > parts_.common.context.limits().malformed_max)
        end(peer, CloseReason::bad_message, "Too many errors", 409);
}

void LinkCloser::forget(PeerId link) {
    parts_.pinger.forget(link);
    parts_.pushes.forget(link);
}

}  // namespace praline::overlay
