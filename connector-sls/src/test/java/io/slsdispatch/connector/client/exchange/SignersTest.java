package io.slsdispatch.connector.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.http.client.HttpMethod;
import com.aliyun.openservices.log.http.signer.SlsSigner;
import com.aliyun.openservices.log.http.signer.SlsV1Signer;
import com.aliyun.openservices.log.http.signer.SlsV4Signer;
import io.netty.buffer.ByteBufUtil;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.data.DataRequests;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Known from what the official clients signed, read off the wire, and from the SDK's own signers. */
class SignersTest {

    private static final LogstoreId STORE = new LogstoreId("proj", "store");
    private static final String HOST = "proj.sls.test";
    private static final String KEY = "80000000000000000000000000000000";
    private static final byte[] GROUP = HexFormat.of().parseHex("0a0a080112060a016b1201761a0174");
    private static final Credentials CREDENTIALS = Credentials.lasting("ak", "sk");
    private static final Signature V4 = new Signature.V4("cn-x");

    private record Vector(
            String what, Signature signature, String time, PutRequest put, PullRequest pull, String expected) {

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Vector> vectors() {
        PutRequest single = put(null, GROUP);
        return Stream.of(
                new Vector(
                        "V1 put",
                        new Signature.V1(),
                        "2026-11-22T22:43:07Z",
                        single,
                        null,
                        "LOG ak:7E2HkaKelWWTDhByEYhzxWPlc6Y="),
                new Vector(
                        "V4 put",
                        V4,
                        "2026-11-22T22:43:10Z",
                        single,
                        null,
                        v4("416358bda3bebe69b9251aa8c94b90888a5551c4ef3de6a9e5159b327038913b")),
                new Vector(
                        "V4 pull of the Java SDK",
                        V4,
                        "2026-11-22T22:44:40Z",
                        null,
                        new PullRequest(STORE, 0, "MTY=", 10, null),
                        v4("6079814189d11d360575c59d4eb76e92a11b31a3490b513d765c5ebff8b55092")));
    }

    private static String v4(String signature) {
        return "SLS4-HMAC-SHA256 Credential=ak/20261122/cn-x/sls/aliyun_v4_request,Signature=" + signature;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void signWhatTheOfficialClientsSignedAsTheyDid(Vector vector) throws Exception {
        Signer signer = HttpTransport.signer(vector.signature());
        ApiRequest request = vector.put() == null ? DataRequests.pull(vector.pull()) : encoded(signer, vector.put());

        assertThat(signer.sign(request, HOST, CREDENTIALS, Instant.parse(vector.time())))
                .containsEntry("authorization", vector.expected());
    }

    @Test
    void repeatTheDateInVersion1WithoutSigningIt() throws Exception {
        Signer signer = HttpTransport.signer(new Signature.V1());
        ApiRequest request = encoded(signer, put(null, GROUP));

        assertThat(signer.sign(request, HOST, CREDENTIALS, Instant.parse("2026-11-22T22:43:07Z")))
                .containsEntry("date", "Sun, 22 Nov 2026 22:43:07 GMT")
                .containsEntry("x-log-date", "Sun, 22 Nov 2026 22:43:07 GMT")
                .containsEntry("authorization", "LOG ak:7E2HkaKelWWTDhByEYhzxWPlc6Y=");
    }

    /** Recorded of a list of one group, which is put as a single one otherwise. */
    @Test
    void signTheRecordedListAsTheSdkDid() throws Exception {
        Signer signer = HttpTransport.signer(new Signature.V1());
        ApiRequest.Body list =
                ApiRequest.Body.of(HexFormat.of().parseHex("0a170a11f0000a0a080112060a016b1201761a0174100f1802"));
        list.digest(signer::digest);
        ApiRequest two = encoded(signer, put(KEY, GROUP, GROUP));
        Map<String, String> headers = new HashMap<>(two.headers());
        headers.put("x-log-bodyrawsize", "25");
        ApiRequest one = new ApiRequest(two.method(), two.project(), two.path(), two.query(), headers, list);

        assertThat(signer.sign(one, HOST, CREDENTIALS, Instant.parse("2026-11-22T22:44:40Z")))
                .containsEntry("content-md5", "1EB8E65B73297DD32E4ECF662D65A9A8")
                .containsEntry("authorization", "LOG ak:4a8Ro9FiuCjD2ByWKEAUc2JapcY=");
    }

    @Property(tries = 200)
    void signPutsAsTheSdkDoes(
            @ForAll boolean v4,
            @ForAll @Size(min = 1, max = 3) List<byte @Size(max = 300) []> groups,
            @ForAll boolean withKey,
            @ForAll @AlphaChars @NumericChars @NotEmpty @StringLength(max = 40) String secret,
            @ForAll @AlphaChars @StringLength(max = 20) String token)
            throws Exception {
        Signer signer = HttpTransport.signer(v4 ? V4 : new Signature.V1());
        ApiRequest request = encoded(signer, put(withKey ? KEY : null, groups.toArray(new byte[0][])));

        assertSameAsSdk(v4, signer, request, secret, token);
    }

    @Property(tries = 200)
    void signPullsAsTheSdkDoes(
            @ForAll boolean v4,
            @ForAll @NotEmpty String cursor,
            @ForAll @IntRange(min = 1, max = 1000) int count,
            @ForAll boolean withEnd,
            @ForAll @AlphaChars @NotEmpty String secret) {
        Signer signer = HttpTransport.signer(v4 ? V4 : new Signature.V1());
        String printable = HexFormat.of().formatHex(cursor.getBytes(StandardCharsets.UTF_8)) + "+/ ~*=";
        ApiRequest request = DataRequests.pull(new PullRequest(STORE, 3, printable, count, withEnd ? printable : null));

        assertSameAsSdk(v4, signer, request, secret, "");
    }

    private static void assertSameAsSdk(boolean v4, Signer signer, ApiRequest request, String secret, String token) {
        Map<String, String> theirs = new HashMap<>();
        theirs.put("Host", HOST);
        theirs.put("x-log-apiversion", "0.6.0");
        theirs.put("Content-Type", "application/x-protobuf");
        theirs.putAll(request.headers());
        var provider =
                new StaticCredentialsProvider(new DefaultCredentials("id", secret, token.isEmpty() ? null : token));
        SlsSigner sdk = v4 ? new SlsV4Signer(provider, "cn-x") : new SlsV1Signer(provider);
        byte[] body = request.body() == null
                ? null
                : ByteBufUtil.getBytes(request.body().content());
        sdk.sign(HttpMethod.valueOf(request.method()), theirs, request.path(), new HashMap<>(request.query()), body);

        SortedMap<String, String> ours = signer.sign(request, HOST, credentials(secret, token), time(v4, theirs));

        theirs.remove("Content-Length");
        if (!v4) {
            // Only the Python SDK sends it.
            theirs.put("x-log-date", theirs.get("Date"));
        }
        assertThat(ours).hasSameSizeAs(theirs);
        theirs.forEach((name, value) -> assertThat(ours).containsEntry(name.toLowerCase(Locale.ROOT), value));
    }

    private static Instant time(boolean v4, Map<String, String> headers) {
        return v4
                ? ZonedDateTime.parse(
                                headers.get("x-log-date"),
                                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                                        .withZone(ZoneOffset.UTC))
                        .toInstant()
                : ZonedDateTime.parse(headers.get("Date"), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
    }

    private static Credentials credentials(String secret, String token) {
        return new Credentials(
                "id",
                Secret.of(secret),
                token.isEmpty() ? Optional.empty() : Optional.of(Secret.of(token)),
                Optional.empty());
    }

    private static ApiRequest encoded(Signer signer, PutRequest put) throws Exception {
        ApiRequest request = new DataRequests(TestBodies.plenty()).put(put);
        request.body().digest(signer::digest);
        return request;
    }

    private static PutRequest put(String hashKey, byte[]... groups) {
        return new PutRequest(STORE, Stream.of(groups).map(SignersTest::group).toList(), hashKey);
    }

    private static RawLogGroup group(byte[] bytes) {
        return new RawLogGroup(bytes, 0, bytes.length, "t", 0, "c", 0);
    }
}
