package io.slsdispatch.local.signature;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.http.RequestTarget;
import io.slsdispatch.local.wire.Refusal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signatures that the official clients made, read off the wire: Python SDK 0.9.47, aliyun-log 0.6.151; those with
 * HMAC-SHA256 by {@code getSignature} of the Node package {@code @alicloud/gateway-sls} 0.3.0. Key {@code ak},
 * secret {@code sk}, host {@code proj.sls.test}.
 */
class SignatureVectorsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-22T22:44:00Z"));
    private static final String DATE = "Sun, 22 Nov 2026 22:43:07 GMT";
    private static final String LATER = "Sun, 22 Nov 2026 22:44:40 GMT";
    private static final String KEY = "80000000000000000000000000000000";
    private static final byte[] GROUP_LZ4 = hex("f0000a0a080112060a016b1201761a0174");
    private static final byte[] BATCH = hex("0a170a11f0000a0a080112060a016b1201761a0174100f1802");
    private static final String SCOPE = "/cn-x/sls/aliyun_v4_request";

    private record Vector(String what, String method, String target, Map<String, String> headers, byte[] body) {

        Request request(Map<String, String> changes) {
            Map<String, String> all = new TreeMap<>(headers);
            all.putAll(changes);
            HttpHeaders sent = new DefaultHttpHeaders();
            all.forEach(sent::set);
            return new Request(method, RequestTarget.parse(target), sent, body, null);
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Vector> vectors() {
        byte[] none = new byte[0];
        return Stream.of(
                new Vector(
                        "V1 list shards",
                        "GET",
                        "/logstores/store/shards",
                        v1(DATE, "NUp50mAEtkGtX0uXUkCYC7LL+i8=", Map.of("x-log-bodyrawsize", "0")),
                        none),
                new Vector(
                        "V1 pull",
                        "GET",
                        "/logstores/store/shards/0?type=log&cursor=MTY%3D&count=10",
                        v1(DATE, "3I3Z8Y2EvTTD43e6HOc1c/1B9os=", Map.of("x-log-bodyrawsize", "0")),
                        none),
                new Vector(
                        "V1 put",
                        "POST",
                        "/logstores/store/shards/lb",
                        v1(DATE, "7E2HkaKelWWTDhByEYhzxWPlc6Y=", put("9F8C1149205A320851F40FD01F9BE96F", "15")),
                        GROUP_LZ4),
                new Vector(
                        "V1 put with sequence id",
                        "POST",
                        "/logstores/store/shards/route?seqid=5000000000&key=" + KEY,
                        v1(LATER, "7DhSW9FfeA6lqi+eysL4xwYGOts=", put("9F8C1149205A320851F40FD01F9BE96F", "15")),
                        GROUP_LZ4),
                new Vector(
                        "V1 batch",
                        "POST",
                        "/logstores/store/shards/route?key=" + KEY,
                        v1(LATER, "4a8Ro9FiuCjD2ByWKEAUc2JapcY=", batch("1EB8E65B73297DD32E4ECF662D65A9A8")),
                        BATCH),
                new Vector(
                        "V1 pull with HMAC-SHA256",
                        "GET",
                        "/logstores/store/shards/0?type=log&cursor=MTY%3D&count=10",
                        v1Sha256(
                                "pWNnNOUf0/BFiuLeQS3uaAUc5UWRke4KbGD3Zv+i/H0=",
                                Map.of("x-log-bodyrawsize", "0", "Content-MD5", "")),
                        none),
                new Vector(
                        "V1 put with HMAC-SHA256",
                        "POST",
                        "/logstores/store/shards/lb",
                        v1Sha256(
                                "l8zxZS6bK7Pb3dtvbUXeqhWP+0T/TLvp/+2gpVttl+I=",
                                put("9F8C1149205A320851F40FD01F9BE96F", "15")),
                        GROUP_LZ4),
                new Vector(
                        "V4 pull without content type",
                        "GET",
                        "/logstores/store/shards/0?type=log&cursor=MTY%3D&count=10",
                        v4(
                                "20261122T224310Z",
                                "81f2bf8ece6a3cc6df6c5bdf8c7f1d67affe9e48dd47f7d72a86a7c6ee4eda40",
                                none,
                                Map.of("x-log-bodyrawsize", "0")),
                        none),
                new Vector(
                        "V4 put",
                        "POST",
                        "/logstores/store/shards/lb",
                        v4(
                                "20261122T224310Z",
                                "416358bda3bebe69b9251aa8c94b90888a5551c4ef3de6a9e5159b327038913b",
                                GROUP_LZ4,
                                Map.of(
                                        "x-log-bodyrawsize", "15",
                                        "x-log-compresstype", "lz4",
                                        "Content-Type", "application/x-protobuf")),
                        GROUP_LZ4),
                new Vector(
                        "V4 pull as Java sends it",
                        "GET",
                        "/logstores/store/shards/0?count=10&type=log&cursor=MTY%3D",
                        v4(
                                "20261122T224440Z",
                                "6079814189d11d360575c59d4eb76e92a11b31a3490b513d765c5ebff8b55092",
                                none,
                                Map.of("x-log-bodyrawsize", "0", "Content-Type", "application/x-protobuf")),
                        none));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void acceptsWhatTheOfficialClientsSigned(Vector vector) {
        assertThatCode(() -> check("sk").verify(vector.request(Map.of()))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void refusesTheSameUnderAnotherSecret(Vector vector) {
        assertThatThrownBy(() -> check("other").verify(vector.request(Map.of())))
                .isInstanceOf(Refusal.class)
                .extracting("code")
                .isEqualTo("SignatureNotMatch");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void refusesTheSameWithOneMoreServiceHeader(Vector vector) {
        assertThatThrownBy(() -> check("sk").verify(vector.request(Map.of("x-log-mode", "added"))))
                .isInstanceOf(Refusal.class)
                .extracting("code")
                .isEqualTo("SignatureNotMatch");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void leavesOutHeadersThatClientsDoNotSign(Vector vector) {
        Map<String, String> unsigned = new TreeMap<>(Map.of("Accept", "x", "User-Agent", "y"));
        if (vector.what().startsWith("V1")) {
            // The Python SDK adds the first after it has signed, and never signs the second.
            unsigned.put("x-log-date", DATE);
            unsigned.put("x-log-meta-client", "z");
        }
        assertThatCode(() -> check("sk").verify(vector.request(unsigned))).doesNotThrowAnyException();
    }

    private static SignatureCheck check(String secret) {
        return new SignatureCheck(CLOCK, List.of(new Credential("ak", secret)));
    }

    private static Map<String, String> v1(String date, String signature, Map<String, String> more) {
        Map<String, String> headers = new TreeMap<>(more);
        headers.put("Host", "proj.sls.test");
        headers.put("Date", date);
        headers.put("x-log-apiversion", "0.6.0");
        headers.put("x-log-signaturemethod", "hmac-sha1");
        headers.put("Authorization", "LOG ak:" + signature);
        return headers;
    }

    private static Map<String, String> v1Sha256(String signature, Map<String, String> more) {
        Map<String, String> headers = v1(DATE, signature, more);
        headers.put("x-log-signaturemethod", "hmac-sha256");
        return headers;
    }

    private static Map<String, String> v4(String date, String signature, byte[] body, Map<String, String> more) {
        Map<String, String> headers = new TreeMap<>(more);
        headers.put("host", "proj.sls.test");
        headers.put("x-log-date", date);
        headers.put("x-log-apiversion", "0.6.0");
        headers.put("x-log-content-sha256", Digests.ofThisThread().sha256Hex(body));
        headers.put(
                "Authorization",
                "SLS4-HMAC-SHA256 Credential=ak/" + date.substring(0, 8) + SCOPE + ",Signature=" + signature);
        return headers;
    }

    private static Map<String, String> put(String md5, String rawSize) {
        return Map.of(
                "Content-MD5",
                md5,
                "Content-Type",
                "application/x-protobuf",
                "x-log-bodyrawsize",
                rawSize,
                "x-log-compresstype",
                "lz4");
    }

    private static Map<String, String> batch(String md5) {
        Map<String, String> headers = new TreeMap<>(put(md5, "25"));
        headers.put("x-log-mode", "batch_group");
        return headers;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
