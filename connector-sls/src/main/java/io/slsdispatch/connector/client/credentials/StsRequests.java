package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.http.HttpFetch.Request;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The requests to the Security Token Service (API version 2015-04-01), as Alibaba Cloud's own library
 * (credentials-java 1.0.2) makes them.
 */
final class StsRequests {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");

    private StsRequests() {}

    /** AssumeRoleWithOIDC: unsigned, with the parameters of the role in the body. */
    static Request withOidc(
            StsEndpoint endpoint, StsRole role, String providerArn, Secret token, Instant now, String nonce) {
        SortedMap<String, String> form = new TreeMap<>(session(role));
        form.put("OIDCProviderArn", providerArn);
        form.put("OIDCToken", token.reveal());
        return new Request(
                "POST",
                address(endpoint, common("AssumeRoleWithOIDC", now, nonce)),
                FORM,
                text(form).getBytes(StandardCharsets.US_ASCII));
    }

    /** AssumeRole: signed, with all parameters in the query. */
    static Request assumeRole(
            StsEndpoint endpoint,
            StsRole role,
            @Nullable String externalId,
            Credentials from,
            Instant now,
            String nonce) {
        SortedMap<String, String> query = common("AssumeRole", now, nonce);
        query.putAll(session(role));
        if (externalId != null) {
            query.put("ExternalId", externalId);
        }
        query.put("AccessKeyId", from.accessKeyId());
        from.securityToken().ifPresent(token -> query.put("SecurityToken", token.reveal()));
        query.put("Signature", signature("GET", query, from.accessKeySecret()));
        return Request.get(address(endpoint, query));
    }

    private static SortedMap<String, String> common(String action, Instant now, String nonce) {
        SortedMap<String, String> query = new TreeMap<>();
        query.put("Action", action);
        query.put("Format", "JSON");
        query.put("Version", "2015-04-01");
        query.put("Timestamp", TIME.format(now));
        query.put("SignatureNonce", nonce);
        query.put("SignatureMethod", "HMAC-SHA1");
        query.put("SignatureVersion", "1.0");
        return query;
    }

    private static Map<String, String> session(StsRole role) {
        return Map.of(
                "RoleArn",
                Objects.requireNonNull(role.arn()),
                "RoleSessionName",
                role.sessionName(),
                "DurationSeconds",
                String.valueOf(role.duration().toSeconds()));
    }

    private static URI address(StsEndpoint endpoint, SortedMap<String, String> query) {
        return URI.create(endpoint + "/?" + text(query));
    }

    private static String text(SortedMap<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Signature version 1.0 of the RPC style of Alibaba Cloud's APIs. */
    static String signature(String method, SortedMap<String, String> query, Secret secret) {
        String toSign = method + "&" + encode("/") + "&" + encode(text(query));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec((secret.reveal() + "&").getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot sign: " + e.getMessage(), e);
        }
    }

    /** Percent-encoding of RFC 3986. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
