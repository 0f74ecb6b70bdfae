package io.slsdispatch.local.signature;

import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The headers of a request that belong to the service and are therefore signed: {@code x-log-*} and {@code x-acs-*}.
 */
final class ServiceHeaders {

    private static final int PREFIX = 6;

    private ServiceHeaders() {}

    /** Lower-case names with their values, in the order of the names. */
    static NavigableMap<String, String> of(Request request) {
        NavigableMap<String, String> sorted = new TreeMap<>();
        Iterator<Map.Entry<CharSequence, CharSequence>> headers =
                request.headers().iteratorCharSequence();
        while (headers.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = headers.next();
            CharSequence name = header.getKey();
            if (begins(name, "x-log-") || begins(name, "x-acs-")) {
                sorted.put(
                        name.toString().toLowerCase(Locale.ROOT),
                        header.getValue().toString());
            }
        }
        return sorted;
    }

    private static boolean begins(CharSequence name, String prefix) {
        if (name.length() < PREFIX) {
            return false;
        }
        for (int i = 0; i < PREFIX; i++) {
            if (Character.toLowerCase(name.charAt(i)) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The response to an Authorization header that cannot be parsed. */
    static Refusal malformedAuthorization() {
        return new Refusal(ErrorCode.PARAMETER_INVALID, "the Authorization header is malformed");
    }
}
