package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Signature version 4: HMAC-SHA256 over a canonical form of the request, with a key that is derived from the secret for
 * one day and region. The names of the signed headers are not sent: the service determines them by the same rule.
 */
final class SignerV4 extends Signer {

    private static final String ALGORITHM = "SLS4-HMAC-SHA256";
    private static final String EMPTY_DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DAY_LENGTH = 8;
    private static final HexFormat HEX = HexFormat.of();

    private record Key(Secret secret, String day, Mac mac) {}

    private final String region;
    private @Nullable Key last;

    SignerV4(String region) {
        this.region = region;
    }

    @Override
    String digest(ByteBuffer body) {
        return HEX.formatHex(digest("SHA-256", body));
    }

    @Override
    void addSignature(ApiRequest request, SortedMap<String, String> headers, Credentials credentials, Instant now) {
        String date = DATE.format(now);
        String day = date.substring(0, DAY_LENGTH);
        String scope = day + "/" + region + "/sls/aliyun_v4_request";
        headers.put("x-log-date", date);
        headers.put(
                "x-log-content-sha256",
                request.body() == null ? EMPTY_DIGEST : request.body().digest());
        String toSign = ALGORITHM + "\n" + date + "\n" + scope + "\n"
                + HEX.formatHex(digest("SHA-256", ByteBuffer.wrap(utf8(canonical(request, headers)))));
        String signature = HEX.formatHex(mac(credentials.accessKeySecret(), day).doFinal(utf8(toSign)));
        headers.put(
                "authorization",
                ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + scope + ",Signature=" + signature);
    }

    private static String canonical(ApiRequest request, SortedMap<String, String> headers) {
        StringBuilder text = new StringBuilder(1024)
                .append(request.method())
                .append('\n')
                .append(request.path())
                .append('\n');
        String separator = "";
        for (Map.Entry<String, String> parameter : request.query().entrySet()) {
            text.append(separator).append(parameter.getKey());
            if (!parameter.getValue().isEmpty()) {
                text.append('=').append(ApiRequest.encoded(parameter.getValue()));
            }
            separator = "&";
        }
        text.append('\n');
        StringBuilder names = new StringBuilder(256);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            if (name.equals("content-type") || name.equals("host") || isOfService(name)) {
                appendLine(text, header);
                names.append(names.isEmpty() ? "" : ";").append(name);
            }
        }
        return text.append('\n')
                .append(names)
                .append('\n')
                .append(headers.get("x-log-content-sha256"))
                .toString();
    }

    private Mac mac(Secret secret, String day) {
        Key key = last;
        if (key == null || !key.day().equals(day) || !key.secret().equals(secret)) {
            byte[] derived = utf8("aliyun_v4" + secret.reveal());
            for (String step : new String[] {day, region, "sls", "aliyun_v4_request"}) {
                derived = mac("HmacSHA256", derived).doFinal(utf8(step));
            }
            key = new Key(secret, day, mac("HmacSHA256", derived));
            last = key;
        }
        return key.mac();
    }
}
