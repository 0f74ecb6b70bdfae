package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Signature version 1: HMAC-SHA1 over the method, the body's MD5, type, date, headers of the service, and path with
 * decoded parameters.
 */
final class SignerV1 extends Signer {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private record Key(Secret secret, Mac mac) {}

    private final boolean repeatsDate;
    private @Nullable Key last;

    /** @param repeatsDate whether the date is also sent as {@code x-log-date} */
    SignerV1(boolean repeatsDate) {
        this.repeatsDate = repeatsDate;
    }

    @Override
    String digest(ByteBuffer body) {
        return HEX.formatHex(digest("MD5", body));
    }

    @Override
    void addSignature(ApiRequest request, SortedMap<String, String> headers, Credentials credentials, Instant now) {
        String date = DATE.format(now);
        headers.put("date", date);
        headers.put("x-log-signaturemethod", "hmac-sha1");
        if (request.body() != null) {
            headers.put("content-md5", request.body().digest());
        }
        byte[] signature = mac(credentials.accessKeySecret()).doFinal(utf8(stringToSign(request, headers)));
        headers.put(
                "authorization",
                "LOG " + credentials.accessKeyId() + ":" + Base64.getEncoder().encodeToString(signature));
        // As the Python SDK does: not signed, and used by the service where a proxy has removed the date.
        if (repeatsDate) {
            headers.put("x-log-date", date);
        }
    }

    private static String stringToSign(ApiRequest request, SortedMap<String, String> headers) {
        StringBuilder text = new StringBuilder(512)
                .append(request.method())
                .append('\n')
                .append(headers.getOrDefault("content-md5", ""))
                .append('\n')
                .append(headers.get("content-type"))
                .append('\n')
                .append(headers.get("date"))
                .append('\n');
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (isOfService(header.getKey())) {
                appendLine(text, header);
            }
        }
        text.append(request.path());
        char separator = '?';
        for (Map.Entry<String, String> parameter : request.query().entrySet()) {
            text.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
            separator = '&';
        }
        return text.toString();
    }

    private Mac mac(Secret secret) {
        Key key = last;
        if (key == null || !key.secret().equals(secret)) {
            key = new Key(secret, mac("HmacSHA1", utf8(secret.reveal())));
            last = key;
        }
        return key.mac();
    }
}
