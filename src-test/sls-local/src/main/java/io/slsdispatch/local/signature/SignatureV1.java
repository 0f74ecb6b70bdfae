package io.slsdispatch.local.signature;

import io.slsdispatch.local.http.Request;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Signature version 1: base64 of the HMAC over verb, digest, type, date, service headers and resource. The HMAC is
 * HMAC-SHA1 in most SDKs. The generated ones use HMAC-SHA256 over the same text by default
 * ({@code @alicloud/gateway-sls} 0.3.0, {@code getSignature}), which {@code x-log-signaturemethod} says.
 */
final class SignatureV1 {

    private SignatureV1() {}

    static final String HMAC_SHA1 = "hmac-sha1";
    static final String HMAC_SHA256 = "hmac-sha256";

    static String sign(Request request, Credential credential, String method) {
        String text = stringToSign(request);
        Digests digests = Digests.ofThisThread();
        return Base64.getEncoder()
                .encodeToString(
                        method.equals(HMAC_SHA256)
                                ? digests.hmacSha256(credential, text)
                                : digests.hmacSha1(credential, text));
    }

    /**
     * The date of a request, which is signed: {@code Date}, or {@code x-log-date} where a proxy has removed it. The
     * latter is a user's report (issue 78 of the Python SDK); the service's documentation does not mention it.
     */
    static String date(Request request) {
        return request.header("date", request.header("x-log-date", ""));
    }

    private static String stringToSign(Request request) {
        StringBuilder text = new StringBuilder(512)
                .append(request.method())
                .append('\n')
                .append(request.header("content-md5", ""))
                .append('\n')
                .append(request.header("content-type", ""))
                .append('\n')
                .append(date(request))
                .append('\n');
        ServiceHeaders.of(request).forEach((name, value) -> {
            // The Python SDK adds x-log-date after signing and does not sign x-log-meta-* headers.
            if (!name.equals("x-log-date") && !name.startsWith("x-log-meta-")) {
                text.append(name).append(':').append(value).append('\n');
            }
        });
        text.append(request.target().rawPath());
        char separator = '?';
        for (Map.Entry<String, String> parameter : new TreeMap<>(request.query()).entrySet()) {
            text.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
            separator = '&';
        }
        return text.toString();
    }
}
