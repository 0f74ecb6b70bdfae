package io.slsdispatch.local.signature;

import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature of a request: version 1 ({@code Authorization: LOG id:signature}) or 4
 * ({@code SLS4-HMAC-SHA256}), the security token of temporary keys, and that the client's clock is correct within
 * {@link #CLOCK_TOLERANCE}. Safe for use by several threads.
 */
public final class SignatureCheck {

    /** How far a client's clock may be off, from the service's page "Error codes". */
    public static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(15);

    private static final String API_VERSION = "0.6.0";

    private final InstantSource clock;
    private volatile Map<String, Credential> credentials = Map.of();

    public SignatureCheck(InstantSource clock, Collection<Credential> credentials) {
        this.clock = clock;
        accept(credentials);
    }

    /** Replaces the valid keys. From now on, no others are accepted. */
    public void accept(Collection<Credential> valid) {
        credentials =
                valid.stream().collect(Collectors.toUnmodifiableMap(Credential::accessKeyId, Function.identity()));
    }

    /** The ids of the valid keys, in order. */
    public List<String> accessKeyIds() {
        return credentials.keySet().stream().sorted().toList();
    }

    /** The id of the key that a request claims to be signed with, empty when it names none. */
    public static String accessKeyIdOf(Request request) {
        String authorization = request.header("authorization", "");
        if (authorization.startsWith("LOG ") && authorization.indexOf(':') > 0) {
            return authorization.substring("LOG ".length(), authorization.indexOf(':'));
        }
        return authorization.startsWith(SignatureV4.SCHEME + " ")
                ? SignatureV4.Claim.parse(authorization).accessKeyId()
                : "";
    }

    /**
     * Verifies one request.
     *
     * @throws Refusal when the signature, the key, the date or the API version is wrong
     */
    public void verify(Request request) {
        verify(request, Duration.ZERO);
    }

    /**
     * Verifies one request with a clock that is wrong.
     *
     * @param ahead how far the clock is ahead of the correct time
     * @throws Refusal when the signature, the key, the date or the API version is wrong
     */
    public void verify(Request request, Duration ahead) {
        checkApiVersion(request);
        String authorization = request.header("authorization");
        if (authorization == null) {
            throw new Refusal(ErrorCode.UNAUTHORIZED, "the request has no Authorization header");
        }
        if (authorization.startsWith(SignatureV4.SCHEME + " ")) {
            verifyV4(request, SignatureV4.Claim.parse(authorization), ahead);
        } else if (authorization.startsWith("LOG ")) {
            verifyV1(request, authorization.substring("LOG ".length()), ahead);
        } else {
            throw ServiceHeaders.malformedAuthorization();
        }
    }

    private static void checkApiVersion(Request request) {
        String version = request.header("x-log-apiversion");
        if (version == null) {
            throw new Refusal(ErrorCode.MISSING_API_VERSION, "x-log-apiversion does not exist in the request header");
        }
        if (!version.equals(API_VERSION)) {
            throw new Refusal(ErrorCode.INVALID_API_VERSION, "x-log-apiversion " + version + " is not supported");
        }
    }

    private void verifyV1(Request request, String keyAndSignature, Duration ahead) {
        String method = request.header("x-log-signaturemethod");
        if (method == null) {
            throw new Refusal(
                    ErrorCode.MISSING_SIGNATURE_METHOD, "x-log-signaturemethod does not exist in the request header");
        }
        if (!method.equals(SignatureV1.HMAC_SHA1) && !method.equals(SignatureV1.HMAC_SHA256)) {
            throw new Refusal(ErrorCode.INVALID_SIGNATURE_METHOD, "signature method " + method + " is not supported");
        }
        int colon = keyAndSignature.indexOf(':');
        if (colon < 0) {
            throw ServiceHeaders.malformedAuthorization();
        }
        Credential credential = credential(request, keyAndSignature.substring(0, colon));
        checkClock(date(request), ahead);
        String expected = SignatureV1.sign(request, credential, method);
        checkSame(expected, keyAndSignature.substring(colon + 1));
        checkMd5(request);
    }

    private void verifyV4(Request request, SignatureV4.Claim claim, Duration ahead) {
        Credential credential = credential(request, claim.accessKeyId());
        String date = request.header("x-log-date");
        if (date == null) {
            throw new Refusal(ErrorCode.MISSING_DATE, "x-log-date does not exist in the request header");
        }
        checkClock(Dates.compact(date), ahead);
        if (!date.startsWith(claim.day())) {
            throw mismatch();
        }
        checkSame(SignatureV4.sign(request, claim, date, credential), claim.signature());
        String digest = request.header("x-log-content-sha256", "");
        if (!digest.equals(Digests.ofThisThread().sha256Hex(request.body()))) {
            throw new Refusal(ErrorCode.SIGNATURE_NOT_MATCH, "x-log-content-sha256 is not the digest of the body");
        }
    }

    /** The message about an unknown key is that which {@code TestAccessIDNotExist} of the Go SDK expects. */
    private Credential credential(Request request, String accessKeyId) {
        if (accessKeyId.isEmpty()) {
            throw new Refusal(ErrorCode.MISSING_ACCESS_KEY_ID, "the Authorization header has no AccessKeyId");
        }
        Credential credential = credentials.get(accessKeyId);
        if (credential == null) {
            throw new Refusal(ErrorCode.UNAUTHORIZED, "AccessKeyId not found: " + accessKeyId);
        }
        checkToken(credential.securityToken(), request.header("x-acs-security-token"));
        return credential;
    }

    /** The service's response to a key that is no longer valid. */
    public static Refusal disabled(String accessKeyId) {
        return new Refusal(ErrorCode.UNAUTHORIZED, "the AccessKeyId " + accessKeyId + " is unknown or disabled");
    }

    private static void checkToken(@Nullable String expected, @Nullable String given) {
        if (!Objects.equals(expected, given)) {
            throw new Refusal(ErrorCode.UNAUTHORIZED, "the security token is missing, invalid or expired");
        }
    }

    private static Instant date(Request request) {
        String date = SignatureV1.date(request);
        if (date.isEmpty()) {
            throw new Refusal(ErrorCode.MISSING_DATE, "Date does not exist in the request header");
        }
        return Digests.ofThisThread().dates().rfc1123(date);
    }

    private void checkClock(Instant stated, Duration ahead) {
        Instant now = clock.instant().plus(ahead);
        if (Duration.between(now, stated).abs().compareTo(CLOCK_TOLERANCE) > 0) {
            throw new Refusal(
                    ErrorCode.REQUEST_TIME_EXPIRED,
                    "the request is of " + stated + ", the server's time is " + now + ": more than "
                            + CLOCK_TOLERANCE.toMinutes() + " minutes apart");
        }
    }

    private static void checkMd5(Request request) {
        String stated = request.header("content-md5");
        if (stated != null
                && !stated.isEmpty()
                && !stated.equalsIgnoreCase(Digests.ofThisThread().md5Hex(request.body()))) {
            throw new Refusal(ErrorCode.POST_BODY_INVALID, "Content-MD5 " + stated + " is not the digest of the body");
        }
    }

    private static void checkSame(String expected, String given) {
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.US_ASCII))) {
            throw mismatch();
        }
    }

    private static Refusal mismatch() {
        return new Refusal(ErrorCode.SIGNATURE_NOT_MATCH, "the signature that was sent is not the one calculated here");
    }
}
