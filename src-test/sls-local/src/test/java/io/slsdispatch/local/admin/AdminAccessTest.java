package io.slsdispatch.local.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.http.RequestTarget;
import io.slsdispatch.local.wire.Refusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may change keys, faults and data without a key. */
class AdminAccessTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final AdminAccess access = new AdminAccess(List.of("sls-local", "LOGS.test"));

    private static InetAddress elsewhere() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) 172, 17, 0, 1});
    }

    private static Request request(String target, String... headers) {
        HttpHeaders all = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return new Request("POST", RequestTarget.parse(target), all, new byte[0], null);
    }

    private static Request to(String host) {
        return request("/_local/reset", "Host", host);
    }

    private void assertRefused(Request request, InetAddress from, String reason) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> access.check(request, from))
                .withMessageContaining(reason)
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(403));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:10012",
                "[::1]:10012",
                "localhost:10012",
                "LocalHost",
                "sls-local:10012",
                "Logs.test"
            })
    void namesOfThisMachineAndConfiguredNamesAreAnswered(String host) {
        access.check(to(host), HERE);
    }

    /** A page of rebound.test whose name resolves to 127.0.0.1 by now: for the browser, it is one origin with this server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.test",
                "rebound.test:10012",
                "127.0.0.1.rebound.test:10012",
                "localhost.rebound.test",
                "rebound.test:127.0.0.1",
                "localhost@rebound.test",
                "10.0.0.7:10012",
                "[::2]",
                "[::1].rebound.test",
                ":10012",
                ""
            })
    void aPageThatRebindsItsNameToThisMachineIsRefused(String host) {
        assertRefused(
                request("/_local/credentials", "Host", host, "Origin", "http://" + host),
                HERE,
                "does not accept the host name");
    }

    @Test
    void everyHostThatARequestNamesCounts() {
        assertRefused(request("/_local/reset"), HERE, "one Host header only, not with 0");
        assertRefused(
                request("/_local/reset", "Host", "localhost", "Host", "rebound.test"), HERE, "one Host header only");
        assertRefused(request("http://rebound.test/_local/reset", "Host", "localhost"), HERE, "'rebound.test'");
        assertRefused(request("http://localhost/_local/reset", "Host", "rebound.test"), HERE, "'rebound.test'");
        access.check(request("http://localhost:1/_local/reset", "Host", "localhost:1"), HERE);
    }

    @Test
    void theRefusalSaysWhatToDo() {
        assertRefused(
                to("my-container:10012"),
                HERE,
                "use 127.0.0.1, [::1] or localhost, or start SLS Local with --admin-host my-container");
    }

    @Test
    void otherMachinesAreAnsweredUnderConfiguredNamesOnly() throws UnknownHostException {
        access.check(to("sls-local:10012"), elsewhere());

        for (String host : List.of("127.0.0.1", "localhost:10012", "rebound.test")) {
            assertRefused(to(host), elsewhere(), "only for the host names of --admin-host");
        }
        new AdminAccess(List.of("localhost")).check(to("localhost:10012"), elsewhere());
    }

    @Test
    void pagesOfOtherOriginsAreRefusedAlsoUnderAGoodName() {
        for (String origin : List.of("http://elsewhere.test", "null", "https://localhost:10012", "http://localhost")) {
            assertRefused(
                    request("/_local/faults", "Host", "localhost:10012", "Origin", origin), HERE, "its own pages only");
        }
        access.check(request("/_local/faults", "Host", "localhost:10012", "Origin", "http://localhost:10012"), HERE);
    }
}
