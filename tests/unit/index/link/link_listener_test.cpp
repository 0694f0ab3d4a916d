#include "index/link/framed_link.hpp"

#include <array>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "node/net/endpoints.hpp"
#include "unit/index/link/loopback.hpp"

namespace link_listener_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::link;
using namespace praline::index::link::loopback;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Somebody who speaks TCP to the listener, and TLS as the test likes it.
struct Stranger {
    explicit Stranger(Loopback& the_house, std::uint32_t from = 0x7F000001)
        : net{the_house}, stream{the_house.io, context} {
        stream.next_layer().open(tcp::v4());
        stream.next_layer().bind({asio::ip::address_v4{from}, 0});
        stream.next_layer().connect(net::to_asio(net.listener.endpoint()));
    }
    Loopback& net;
    asio::ssl::context context{asio::ssl::context::tls};
    asio::ssl::stream<tcp::socket> stream;

    void say(std::string const& text) { asio::write(stream.next_layer(), asio::buffer(text)); }
    /// Until the listener has closed the connection.
    void wait_for_the_end() {
        std::array<char, 4096> buffer{};
        bool ended = false;
        std::function<void(error_code, std::size_t)> const on_read = [&](error_code error, std::size_t) {
            ended = bool(error);
            if (!ended) stream.next_layer().async_read_some(asio::buffer(buffer), on_read);
        };
        on_read({}, 0);
        run_until(net.io, [&] { return ended; });
    }
    error_code shake_hands() {
        std::optional<error_code> result;
        stream.async_handshake(asio::ssl::stream_base::client, [&](error_code error) { result = error; });
        run_until(net.io, [&] { return result.has_value(); });
        return *result;
    }
    /// Of a read after the handshake: where TLS 1.3 tells a client that its certificate was refused.
    error_code first_read() {
        std::array<char, 16> buffer{};
        std::optional<error_code> result;
        stream.async_read_some(asio::buffer(buffer), [&](error_code error, std::size_t) { result = error; });
        run_until(net.io, [&] { return result.has_value(); });
        return *result;
    }
};

std::shared_ptr<X509> certificate_of(EVP_PKEY* key, EVP_PKEY* signer, EVP_MD const* digest) {
    std::shared_ptr<X509> const made{X509_new(), X509_free};
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    auto* const name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("test"), -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    X509_set_pubkey(made.get(), key);
    REQUIRE(X509_sign(made.get(), signer, digest) > 0);
    return made;
}

}  // namespace

TEST_CASE("who shows no certificate comes in, with nothing proved") {
    Loopback net;
    Stranger stranger{net};
    REQUIRE(!stranger.shake_hands());
    REQUIRE(SSL_version(stranger.stream.native_handle()) == TLS1_3_VERSION);
    run_until(net.io, [&] { return !net.arrived.empty(); });
    REQUIRE(!net.arrived[0]->proof().key);
    REQUIRE(!net.arrived[0]->proof().group);
    REQUIRE(net.listener.refused() == 0);
}

TEST_CASE("who speaks TLS 1.2 at most is refused") {
    Loopback net;
    Stranger stranger{net};
    SSL_set_max_proto_version(stranger.stream.native_handle(), TLS1_2_VERSION);
    REQUIRE(stranger.shake_hands());
    run_until(net.io, [&] { return net.listener.refused() == 1; });
    REQUIRE(net.arrived.empty());
}

TEST_CASE("a certificate that another key signed is refused") {
    Loopback net;
    Stranger stranger{net};
    auto const mine = key_number(5);
    auto const certificate = certificate_of(mine.handle(), key_number(6).handle(), nullptr);
    REQUIRE(SSL_use_certificate(stranger.stream.native_handle(), certificate.get()) == 1);
    REQUIRE(SSL_use_PrivateKey(stranger.stream.native_handle(), mine.handle()) == 1);
    static_cast<void>(stranger.shake_hands());
    REQUIRE(stranger.first_read());
    run_until(net.io, [&] { return net.listener.refused() == 1; });
    REQUIRE(net.arrived.empty());
}

TEST_CASE("a certificate of another kind of key proves nothing") {
    Loopback net;
    Stranger stranger{net};
    std::shared_ptr<EVP_PKEY> const curve{EVP_EC_gen("P-256"), EVP_PKEY_free};
    auto const certificate = certificate_of(curve.get(), curve.get(), EVP_sha256());
    REQUIRE(SSL_use_certificate(stranger.stream.native_handle(), certificate.get()) == 1);
    REQUIRE(SSL_use_PrivateKey(stranger.stream.native_handle(), curve.get()) == 1);
    // Its own TLS may leave out a certificate that the listener did not ask for: then it is nobody.
    static_cast<void>(stranger.shake_hands());
    run_until(net.io, [&] { return net.listener.refused() + net.arrived.size() == 1; });
    if (!net.arrived.empty()) REQUIRE(!net.arrived[0]->proof().key);
}

TEST_CASE("a certificate shown without its private key is refused") {
    Loopback net;
    Stranger stranger{net};
    // The victim's certificate is public; the private key that goes with it here is another one.
    auto victim = key_number(5).public_key();
    auto const certificate = certificate_of(key_number(5).handle(), key_number(5).handle(), nullptr);
    Bytes private_bytes(32, std::byte{6});
    std::array<OSSL_PARAM, 3> const parameters{
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, victim.bytes.data(), victim.bytes.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, private_bytes.data(), private_bytes.size()),
        OSSL_PARAM_construct_end(),
    };
    std::shared_ptr<EVP_PKEY_CTX> const making{EVP_PKEY_CTX_new_from_name(nullptr, "ED25519", nullptr),
                                               EVP_PKEY_CTX_free};
    EVP_PKEY* forged = nullptr;
    REQUIRE(EVP_PKEY_fromdata_init(making.get()) == 1);
    REQUIRE(EVP_PKEY_fromdata(making.get(), &forged, EVP_PKEY_KEYPAIR, const_cast<OSSL_PARAM*>(parameters.data())) ==
            1);
    std::shared_ptr<EVP_PKEY> const forged_key{forged, EVP_PKEY_free};
    REQUIRE(SSL_use_certificate(stranger.stream.native_handle(), certificate.get()) == 1);
    REQUIRE(SSL_use_PrivateKey(stranger.stream.native_handle(), forged) == 1);
    static_cast<void>(stranger.shake_hands());
    REQUIRE(stranger.first_read());
    run_until(net.io, [&] { return net.listener.refused() == 1; });
    REQUIRE(net.arrived.empty());
}

TEST_CASE("nothing of an earlier link can be resumed") {
    Loopback net;
    Stranger first{net};
    REQUIRE(!first.shake_hands());
    run_until(net.io, [&] { return net.arrived.size() == 1; });
    net.arrived[0]->send(frame_of(9));
    REQUIRE(!first.first_read());
    Stranger second{net};
    std::shared_ptr<SSL_SESSION> const session{SSL_get1_session(first.stream.native_handle()), SSL_SESSION_free};
    SSL_set_session(second.stream.native_handle(), session.get());
    REQUIRE(!second.shake_hands());
    REQUIRE(SSL_session_reused(second.stream.native_handle()) == 0);
}

TEST_CASE("garbage in place of TLS is refused, and the listener stays open") {
    Loopback net;
    for (std::string const& garbage :
         {std::string{"GET / HTTP/1.1\r\n\r\n"}, std::string(100'000, '\xFF'), std::string(64, '\0'),
          std::string{"\x16\x03\x01\xFF\xFF", 5} + std::string(70'000, 'a')}) {
        Stranger stranger{net};
        error_code ignored;
        asio::write(stranger.stream.next_layer(), asio::buffer(garbage), ignored);
        stranger.stream.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
        stranger.wait_for_the_end();
    }
    run_until(net.io, [&] { return net.listener.refused() == 4; });
    REQUIRE(net.dial_with(key_number(2)).link);
}

TEST_CASE("a dialler is told when what answers is no index server") {
    Loopback net;
    tcp::acceptor other{net.io, {asio::ip::address_v4::loopback(), 0}};
    tcp::socket visitor{net.io};
    std::string const answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
    other.async_accept(visitor, [&](error_code error) {
        REQUIRE(!error);
        asio::write(visitor, asio::buffer(answer));
    });
    std::optional<Dialled> result;
    Endpoint const to{0x7F000001, other.local_endpoint().port()};
    dial(net.io, to, key_number(2), std::nullopt, {}, [&](Dialled dialled) { result = std::move(dialled); });
    run_until(net.io, [&] { return result.has_value(); });
    REQUIRE(!result->link);
    REQUIRE_THAT(result->problem, Catch::StartsWith(to.text() + " does not answer as an index server does: "));
}

TEST_CASE("a handshake that takes too long is cut, on either side") {
    LinkLimits limits;
    limits.handshake_ms_max = 50;
    Loopback net{limits};
    Stranger silent{net};
    silent.wait_for_the_end();
    REQUIRE(net.listener.refused() == 1);

    tcp::acceptor mute{net.io, {asio::ip::address_v4::loopback(), 0}};
    std::optional<Dialled> result;
    Endpoint const to{0x7F000001, mute.local_endpoint().port()};
    dial(net.io, to, key_number(2), std::nullopt, limits, [&](Dialled dialled) { result = std::move(dialled); });
    run_until(net.io, [&] { return result.has_value(); });
    REQUIRE(!result->link);
    REQUIRE(result->problem == to.text() + " did not answer within 50 ms.");
}

TEST_CASE("when all handshakes are taken the oldest is evicted, not the newcomer") {
    LinkLimits limits;
    limits.handshakes_max = 2;
    Loopback net{limits};
    Stranger first{net}, second{net}, third{net};
    first.wait_for_the_end();
    REQUIRE(net.listener.refused() == 1);
    REQUIRE(!third.shake_hands());
    run_until(net.io, [&] { return net.arrived.size() == 1; });
    REQUIRE(net.dial_with(key_number(2)).link);
}

TEST_CASE("an address that says nothing keeps no other address out, and itself neither") {
    LinkLimits limits;
    limits.handshakes_max = 4;
    limits.handshakes_of_address_max = 2;
    Loopback net{limits};
    constexpr std::uint32_t silent_address = 0x7F000002;
    Stranger first{net, silent_address}, second{net, silent_address}, third{net, silent_address};
    first.wait_for_the_end();
    REQUIRE(!third.shake_hands());
    run_until(net.io, [&] { return net.arrived.size() == 1; });
    Stranger more{net, 0x7F000003}, most{net, 0x7F000003}, last{net, 0x7F000004};
    Stranger honest{net};
    REQUIRE(!honest.shake_hands());
    run_until(net.io, [&] { return net.arrived.size() == 2; });
    REQUIRE(net.listener.refused() == 2);  // the address with most lost its oldest for the last newcomer
}

TEST_CASE("links of one address have a limit, and a place is free again when one closes") {
    LinkLimits limits;
    limits.links_of_address_max = 2;
    Loopback net{limits};
    End here, there;
    net.join(here, there);
    End second_here, second_there;
    net.join(second_here, second_there);
    REQUIRE(!net.dial_with(key_number(2)).link);
    REQUIRE(net.listener.refused() == 1);
    here.link.reset();
    run_until(net.io, [&] { return !there.closed.empty(); });
    REQUIRE(net.dial_with(key_number(2)).link);
}

TEST_CASE("a closed listener takes nobody in, and links that are open stay") {
    Loopback net;
    End here, there;
    net.join(here, there);
    Stranger undecided{net};
    net.io.restart();
    net.io.poll();
    auto const endpoint = net.listener.endpoint();
    net.listener.close();
    undecided.wait_for_the_end();
    std::optional<Dialled> result;
    dial(net.io, endpoint, key_number(2), std::nullopt, {}, [&](Dialled dialled) { result = std::move(dialled); });
    run_until(net.io, [&] { return result.has_value(); });
    REQUIRE(!result->link);
    here.link->send(frame_of(5));
    run_until(net.io, [&] { return there.frames.size() == 1; });
}

TEST_CASE("an io_context may end while links and handshakes are under way") {
    auto io = std::make_unique<asio::io_context>();
    auto arrived = std::make_shared<std::vector<FramedLinkPtr>>();
    auto listener =
        std::make_unique<LinkListener>(*io, Endpoint{0x7F000001, 0}, key_number(1), LinkLimits{},
                                       [arrived](FramedLinkPtr link) { arrived->push_back(std::move(link)); });
    FramedLinkPtr dialled_link;
    dial(*io, listener->endpoint(), key_number(2), std::nullopt, {}, [&dialled_link](Dialled dialled) {
        dialled_link = dialled.link;
        dialled_link->start([](ByteView) {}, [](std::string const&) {});
        dialled_link->send(frame_of(100));
    });
    run_until(*io, [&] { return dialled_link && !arrived->empty(); });
    dialled_link.reset();
    dial(*io, listener->endpoint(), key_number(2), std::nullopt, {}, [](Dialled) {});
    io->poll_one();
    arrived->clear();
    listener.reset();
    io.reset();
}

}  // namespace link_listener_test
