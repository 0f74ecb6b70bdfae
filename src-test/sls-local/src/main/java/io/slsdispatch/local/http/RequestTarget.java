package io.slsdispatch.local.http;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request target, in origin form ({@code /logstores}) or in absolute form ({@code http://p.sls.test/logstores}), the
 * form that a client sends to an HTTP proxy.
 *
 * @param authority host and port of an absolute form, null in origin form
 * @param rawPath the path as sent
 * @param segments the parts of the path between slashes, decoded
 * @param query the parameters, decoded, in the order sent
 */
public record RequestTarget(
        @Nullable String authority, String rawPath, List<String> segments, Map<String, String> query) {

    private static final Pattern ENDPOINT =
            Pattern.compile("[^.]+\\.(log|sls)\\.aliyuncs\\.com|(log|sls)\\.[^.]+", Pattern.CASE_INSENSITIVE);

    /**
     * Parses a request target.
     *
     * @throws Refusal ParameterInvalid when it has neither form or is badly encoded
     */
    public static RequestTarget parse(String text) {
        String authority = null;
        String rest = text;
        if (!text.startsWith("/")) {
            int host = text.indexOf("://") + 3;
            if (host < 3) {
                throw invalid(text);
            }
            int path = firstOf(text, host);
            authority = text.substring(host, path);
            rest = text.substring(path);
        }
        int question = rest.indexOf('?');
        String path = question < 0 ? rest : rest.substring(0, question);
        String rawPath = path.isEmpty() ? "/" : path;
        try {
            return new RequestTarget(
                    authority,
                    rawPath,
                    segments(rawPath),
                    question < 0 ? Map.of() : parameters(rest.substring(question + 1)));
        } catch (IllegalArgumentException badEncoding) {
            throw invalid(text);
        }
    }

    /** The project in a host name, with or without port. Empty for an address and for a name without a dot. */
    static Optional<String> projectOf(String authority) {
        String host = host(authority);
        int dot = host.indexOf('.');
        if (dot <= 0 || isAddress(host)) {
            return Optional.empty();
        }
        return Optional.of(host.substring(0, dot).toLowerCase(Locale.ROOT));
    }

    /**
     * Whether a host is an endpoint: an address, a name without a dot, {@code REGION.log.aliyuncs.com} as the service's
     * endpoints are named, or a name such as {@code sls.test} or {@code log.local}.
     */
    static boolean isEndpoint(String authority) {
        return projectOf(authority).isEmpty()
                || ENDPOINT.matcher(host(authority)).matches();
    }

    private static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static boolean isAddress(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && c != '[' && c != ':' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static int firstOf(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '/' || text.charAt(i) == '?') {
                return i;
            }
        }
        return text.length();
    }

    private static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>(4);
        int from = 1;
        while (from < rawPath.length()) {
            int slash = rawPath.indexOf('/', from);
            int to = slash < 0 ? rawPath.length() : slash;
            if (to > from) {
                // A plus sign means a space in a query only.
                segments.add(decode(rawPath.substring(from, to).replace("+", "%2B")));
            }
            from = to + 1;
        }
        return List.copyOf(segments);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int from = 0;
        while (from < query.length()) {
            int and = query.indexOf('&', from);
            int to = and < 0 ? query.length() : and;
            int equals = query.indexOf('=', from);
            if (equals < 0 || equals > to) {
                equals = to;
            }
            if (to > from) {
                parameters.put(
                        decode(query.substring(from, equals)),
                        equals < to ? decode(query.substring(equals + 1, to)) : "");
            }
            from = to + 1;
        }
        return parameters;
    }

    private static String decode(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Refusal invalid(String text) {
        return new Refusal(ErrorCode.PARAMETER_INVALID, "request target " + text + " is invalid");
    }
}
