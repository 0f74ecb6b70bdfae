package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are signed by version 1, byte by byte, and what is wrong with them. The SDK's own are tested elsewhere. */
class SignedRequestsTest {

    private static final String PROJECT = "signed-project";
    private static final String PATH = "/logstores/store/shards";

    private static SlsLocal server;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        server = SlsLocal.start(SlsLocalOptions.builder()
                .threads(1)
                .credential(new Credential("ak", "sk"))
                .credential(new Credential("sts", "sts-sk", "token"))
                .logstore(PROJECT, "store", 1)
                .build());
        wire = new Wire(server, PROJECT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String rfc1123(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    /** The headers of a good request without body. */
    private static SortedMap<String, String> headers() {
        return new TreeMap<>(Map.of(
                "x-log-apiversion",
                "0.6.0",
                "x-log-signaturemethod",
                "hmac-sha1",
                "x-log-bodyrawsize",
                "0",
                "Date",
                rfc1123(Instant.now())));
    }

    private static void sign(
            SortedMap<String, String> headers, String id, String secret, String verb, String resource) {
        StringBuilder text = new StringBuilder(verb + "\n" + headers.getOrDefault("Content-MD5", "") + "\n"
                + headers.getOrDefault("Content-Type", "") + "\n" + headers.getOrDefault("Date", "") + "\n");
        headers.forEach((name, value) -> {
            if (name.startsWith("x-log-") || name.startsWith("x-acs-")) {
                text.append(name).append(':').append(value).append('\n');
            }
        });
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] digest = mac.doFinal((text + resource).getBytes(StandardCharsets.UTF_8));
            headers.put("Authorization", "LOG " + id + ":" + Base64.getEncoder().encodeToString(digest));
        } catch (java.security.GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static String list(Map<String, String> headers) throws IOException {
        return wire.send("GET", PATH, headers, new byte[0]).result();
    }

    @Test
    void acceptsAGoodRequestAndHeadersThatAreNotSigned() throws IOException {
        SortedMap<String, String> headers = headers();
        sign(headers, "ak", "sk", "GET", PATH);
        // The Python SDK adds the first after it has signed, and leaves out the others.
        headers.put("x-log-date", headers.get("Date"));
        headers.put("x-log-meta-anything", "value");
        assertThat(list(headers)).isEqualTo("200");
        headers.put("x-log-other", "value");
        assertThat(list(headers)).isEqualTo("401 SignatureNotMatch");
    }

    /** Issue 78 of the Python SDK: its x-log-date cures proxies that remove Date. */
    @Test
    void takesTheUnsignedDateWhereAProxyHasRemovedTheSignedOne() throws IOException {
        SortedMap<String, String> headers = headers();
        sign(headers, "ak", "sk", "GET", PATH);
        headers.put("x-log-date", headers.remove("Date"));
        assertThat(list(headers)).isEqualTo("200");
        headers.put("x-log-date", rfc1123(Instant.now().minusSeconds(60)));
        assertThat(list(headers)).isEqualTo("401 SignatureNotMatch");
    }

    @Test
    void signsTheQuerySortedAndDecoded() throws IOException {
        SortedMap<String, String> headers = headers();
        sign(headers, "ak", "sk", "GET", "/logstores?logstoreName=a b=c&offset=0&size=5");
        assertThat(wire.send("GET", "/logstores?size=5&offset=0&logstoreName=a%20b%3Dc", headers, new byte[0])
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "x-log-apiversion, , 400 MissingAPIVersion",
        "x-log-apiversion, 0.4.0, 400 InvalidAPIVersion",
        "x-log-signaturemethod, , 400 MissingSignatureMethod",
        "x-log-signaturemethod, md5, 400 InvalidSignatureMethod",
        "Date, , 400 MissingDate",
        "Date, yesterday, 400 InvalidDateFormat"
    })
    void namesWhatIsWrongWithAHeader(String header, String value, String result) throws IOException {
        SortedMap<String, String> headers = headers();
        headers.remove(header);
        if (value != null) {
            headers.put(header, value);
        }
        sign(headers, "ak", "sk", "GET", PATH);
        assertThat(list(headers)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "LOG ak, 400 ParameterInvalid",
        "LOG :signature, 400 MissAccessKeyId",
        "Basic YTpi, 400 ParameterInvalid",
        "SLS4-HMAC-SHA256 nonsense, 400 ParameterInvalid",
        "'SLS4-HMAC-SHA256 Credential=ak/20260101/cn/sls/aliyun_v4_request,Signature=00', 400 MissingDate",
        "LOG nobody:signature, 401 Unauthorized",
        "LOG ak:signature, 401 SignatureNotMatch",
        ", 401 Unauthorized"
    })
    void namesWhatIsWrongWithTheAuthorization(String authorization, String result) throws IOException {
        SortedMap<String, String> headers = headers();
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        assertThat(list(headers)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"-16, 400 RequestTimeExpired", "16, 400 RequestTimeExpired", "-14, 200", "14, 200"})
    void allowsClocksFifteenMinutes(int minutes, String result) throws IOException {
        SortedMap<String, String> headers = headers();
        headers.put("Date", rfc1123(Instant.now().plus(Duration.ofMinutes(minutes))));
        sign(headers, "ak", "sk", "GET", PATH);
        assertThat(list(headers)).isEqualTo(result);
    }

    @Test
    void demandsTheTokenOfATemporaryKey() throws IOException {
        for (String[] tokenAndResult :
                new String[][] {{"token", "200"}, {"other", "401 Unauthorized"}, {"", "401 Unauthorized"}}) {
            SortedMap<String, String> headers = headers();
            if (!tokenAndResult[0].isEmpty()) {
                headers.put("x-acs-security-token", tokenAndResult[0]);
            }
            sign(headers, "sts", "sts-sk", "GET", PATH);
            assertThat(list(headers)).isEqualTo(tokenAndResult[1]);
        }
    }

    @Test
    void refusesABodyThatIsNotTheOneThatWasSigned() throws Exception {
        byte[] group = Groups.group("t", "x");
        SortedMap<String, String> headers = headers();
        headers.put("Content-Type", "application/x-protobuf");
        headers.put("x-log-bodyrawsize", "" + group.length);
        headers.put(
                "Content-MD5",
                HexFormat.of()
                        .formatHex(MessageDigest.getInstance("MD5").digest(group))
                        .toUpperCase(Locale.ROOT));
        sign(headers, "ak", "sk", "POST", PATH + "/lb");
        assertThat(wire.send("POST", PATH + "/lb", headers, group).status()).isEqualTo(200);
        assertThat(wire.send("POST", PATH + "/lb", headers, Groups.group("t", "y"))
                        .result())
                .isEqualTo("400 PostBodyInvalid");
    }
}
