package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.config.Signature;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What each request costs beside its body: its signature; and the digest of a body. Here, since signers are not public. */
@State(Scope.Thread)
public class SigningHotSpots {

    private static final int BODY = 1 << 20;
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    /** The version of the signature, which also says what digests bodies: MD5 or SHA-256. */
    @Param({"V1", "V4"})
    public String version;

    private final ByteBuffer body = ByteBuffer.allocateDirect(BODY);
    private Signer signer;
    private ApiRequest pull;
    private Credentials credentials;

    @Setup
    public void prepare() {
        signer = HttpTransport.signer(version.equals("V4") ? new Signature.V4("cn-hangzhou") : new Signature.V1());
        credentials = Credentials.lasting("an-access-key-id", "a-secret-of-usual-length-here");
        pull = new ApiRequest(
                "GET",
                "project",
                "/logstores/all-logs/shards/7",
                new TreeMap<>(Map.of("type", "log", "count", "1000", "cursor", "MTc2NDA3MjAwMDAwMDAwMDAwMA==")),
                Map.of("x-log-bodyrawsize", "0", "accept", "application/x-protobuf", "accept-encoding", "lz4"),
                null);
    }

    @Benchmark
    public SortedMap<String, String> sign() {
        return signer.sign(pull, "project.cn-hangzhou.log.aliyuncs.com", credentials, NOW);
    }

    @Benchmark
    public String digestOfOneMebibyte() {
        return signer.digest(body.duplicate());
    }
}
