package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as the service's page "Request signatures" and the official clients do. Any thread may compute the
 * digest of a body; one thread signs the requests.
 */
abstract class Signer {

    /** The digest of a body that the signature covers. May be called from any thread. */
    abstract String digest(ByteBuffer body);

    /**
     * All headers to be sent except those of HTTP itself, by name in lower case.
     *
     * @param host the value of the header {@code Host}
     */
    final SortedMap<String, String> sign(ApiRequest request, String host, Credentials credentials, Instant now) {
        SortedMap<String, String> headers = new TreeMap<>(request.headers());
        headers.put("host", host);
        headers.put("x-log-apiversion", "0.6.0");
        headers.putIfAbsent("content-type", "application/x-protobuf");
        credentials.securityToken().map(Secret::reveal).ifPresent(token -> headers.put("x-acs-security-token", token));
        addSignature(request, headers, credentials, now);
        return headers;
    }

    abstract void addSignature(
            ApiRequest request, SortedMap<String, String> headers, Credentials credentials, Instant now);

    /** Whether the service signs a header of this name, whatever the version. */
    static boolean isOfService(String name) {
        return name.startsWith("x-log-") || name.startsWith("x-acs-");
    }

    static void appendLine(StringBuilder text, Map.Entry<String, String> header) {
        text.append(header.getKey()).append(':').append(header.getValue()).append('\n');
    }

    static byte[] digest(String algorithm, ByteBuffer content) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(content);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM does not support " + algorithm, e);
        }
    }

    static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM does not support " + algorithm, e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
