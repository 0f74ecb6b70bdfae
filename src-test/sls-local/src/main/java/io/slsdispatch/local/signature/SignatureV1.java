package io.slsdispatch.local.signature;

import io.slsdispatch.local.http.Request;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Signature version 1: base64 of the HMAC-SHA1 over verb, digest, type, date, service headers and resource. */
final class SignatureV1 {

    private SignatureV1() {}

    static String sign(Request request, Credential credential) {
        return Base64.getEncoder().encodeToString(Digests.ofThisThread().hmacSha1(credential, stringToSign(request)));
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
