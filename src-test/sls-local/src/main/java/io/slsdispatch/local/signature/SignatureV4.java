package io.slsdispatch.local.signature;

import io.slsdispatch.local.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Signature version 4: hexadecimal HMAC-SHA256 over a digest of the canonical request, with a key derived for the day.
 */
final class SignatureV4 {

    static final String SCHEME = "SLS4-HMAC-SHA256";

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private SignatureV4() {}

    /** The content of an Authorization header of this version. */
    record Claim(String accessKeyId, String day, String region, String signature) {

        static Claim parse(String authorization) {
            String credential = "";
            String signature = "";
            for (String part : authorization.substring(SCHEME.length() + 1).split(",")) {
                String item = part.strip();
                if (item.startsWith("Credential=")) {
                    credential = item.substring("Credential=".length());
                } else if (item.startsWith("Signature=")) {
                    signature = item.substring("Signature=".length());
                }
            }
            String[] scope = credential.split("/", -1);
            if (scope.length != 5
                    || !scope[3].equals("sls")
                    || !scope[4].equals(Digests.V4_TERMINATOR)
                    || signature.isEmpty()) {
                throw ServiceHeaders.malformedAuthorization();
            }
            return new Claim(scope[0], scope[1], scope[2], signature);
        }

        String scope() {
            return day + "/" + region + "/sls/" + Digests.V4_TERMINATOR;
        }
    }

    static String sign(Request request, Claim claim, String date, Credential credential) {
        Digests digests = Digests.ofThisThread();
        String digest = digests.sha256Hex(canonicalRequest(request).getBytes(StandardCharsets.UTF_8));
        String text = SCHEME + "\n" + date + "\n" + claim.scope() + "\n" + digest;
        return digests.signV4(credential, claim.day(), claim.region(), text);
    }

    private static String canonicalRequest(Request request) {
        StringBuilder text = new StringBuilder(768)
                .append(request.method())
                .append('\n')
                .append(request.target().rawPath())
                .append('\n');
        char separator = 0;
        for (Map.Entry<String, String> parameter : new TreeMap<>(request.query()).entrySet()) {
            if (separator != 0) {
                text.append(separator);
            }
            separator = '&';
            text.append(parameter.getKey());
            if (!parameter.getValue().isEmpty()) {
                text.append('=');
                encode(parameter.getValue(), text);
            }
        }
        text.append('\n');
        NavigableMap<String, String> signed = ServiceHeaders.of(request);
        addIfPresent(request, "content-type", signed);
        addIfPresent(request, "host", signed);
        signed.forEach((name, value) ->
                text.append(name).append(':').append(value.strip()).append('\n'));
        return text.append('\n')
                .append(String.join(";", signed.keySet()))
                .append('\n')
                .append(request.header("x-log-content-sha256", ""))
                .toString();
    }

    private static void addIfPresent(Request request, String name, Map<String, String> to) {
        String value = request.header(name);
        if (value != null) {
            to.put(name, value);
        }
    }

    /** Percent-encodes as RFC 3986 does. */
    private static void encode(String value, StringBuilder to) {
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(b) >= 0) {
                to.append((char) b);
            } else {
                to.append(String.format("%%%02X", b));
            }
        }
    }
}
