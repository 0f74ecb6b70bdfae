package io.slsdispatch.connector.client;

import static io.slsdispatch.connector.client.ErrorKind.ALREADY_EXISTS;
import static io.slsdispatch.connector.client.ErrorKind.CURSOR_EXPIRED;
import static io.slsdispatch.connector.client.ErrorKind.INVALID_REQUEST;
import static io.slsdispatch.connector.client.ErrorKind.NOT_FOUND;
import static io.slsdispatch.connector.client.ErrorKind.QUOTA_EXCEEDED;
import static io.slsdispatch.connector.client.ErrorKind.SEQUENCE_REPEATED;
import static io.slsdispatch.connector.client.ErrorKind.SHARD_NOT_FOUND;
import static io.slsdispatch.connector.client.ErrorKind.THROTTLED;
import static io.slsdispatch.connector.client.ErrorKind.TOO_LARGE;
import static io.slsdispatch.connector.client.ErrorKind.UNAUTHORIZED;
import static io.slsdispatch.connector.client.ErrorKind.UNAVAILABLE;
import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.Internal;

/**
 * What the service's error codes mean for the caller. The code decides; the HTTP status only where the code is unknown,
 * since the service answers the same thing with different statuses (a body that is too large with 400 and with 413, a
 * missing shard with 400 and with 404). Codes come from the service's pages "Error codes" and those of the single calls,
 * and from what the official clients look for.
 */
@Internal
public final class ErrorCodes {

    /** Code of a request that got no answer: the one that the official clients use. */
    public static final String NO_ANSWER = "RequestError";

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int CONTENT_TOO_LARGE = 413;

    private static final Map<String, ErrorKind> KINDS = Map.ofEntries(
            entry("shardwritequotaexceed", THROTTLED),
            entry("shardreadquotaexceed", THROTTLED),
            entry("writequotaexceed", THROTTLED),
            entry("readquotaexceed", THROTTLED),
            entry("metaoperationqpslimitexceeded", THROTTLED),
            entry("internalservererror", UNAVAILABLE),
            entry("requesttimeout", UNAVAILABLE),
            entry("serverbusy", UNAVAILABLE),
            entry("requesterror", UNAVAILABLE),
            // Not JSON: a proxy or load balancer in between, or an answer that was cut.
            entry("badresponse", UNAVAILABLE),
            entry("invaliderrorresponse", UNAVAILABLE),
            entry("parseloggrouplistrawsizeerror", UNAVAILABLE),
            entry("unauthorized", UNAUTHORIZED),
            entry("signaturenotmatch", UNAUTHORIZED),
            entry("invalidaccesskeyid", UNAUTHORIZED),
            entry("missaccesskeyid", UNAUTHORIZED),
            entry("securitytokenexpired", UNAUTHORIZED),
            entry("securitytoken.expired", UNAUTHORIZED),
            entry("projectforbidden", UNAUTHORIZED),
            entry("clientsignatureerror", UNAUTHORIZED),
            // The clocks differ by more than 15 minutes: like a wrong key, it lasts until somebody puts it right.
            entry("requesttimeexpired", UNAUTHORIZED),
            entry("requesttimetooskewed", UNAUTHORIZED),
            // About the request and not about what it carries: a proxy or a clock, say. No group may be refused for it.
            entry("invalidrequesttime", UNAUTHORIZED),
            entry("invaliddateformat", UNAUTHORIZED),
            entry("missingdate", UNAUTHORIZED),
            entry("missingsignaturemethod", UNAUTHORIZED),
            entry("invalidsignaturemethod", UNAUTHORIZED),
            entry("projectnotexist", NOT_FOUND),
            entry("logstorenotexist", NOT_FOUND),
            // As the official producer spells them.
            entry("projectnotexists", NOT_FOUND),
            entry("logstorenotexists", NOT_FOUND),
            entry("logstorewithoutshard", NOT_FOUND),
            entry("consumergroupnotexist", NOT_FOUND),
            entry("shardnotexist", SHARD_NOT_FOUND),
            entry("projectalreadyexist", ALREADY_EXISTS),
            entry("logstorealreadyexist", ALREADY_EXISTS),
            entry("consumergroupalreadyexist", ALREADY_EXISTS),
            entry("invalidsequenceid", SEQUENCE_REPEATED),
            entry("postbodytoolarge", TOO_LARGE),
            entry("invalidlogsize", TOO_LARGE));

    /** About what a put carries. From the page of PutLogs, its older edition included. */
    private static final Set<String> ABOUT_CONTENT = Set.of(
            "postbodyinvalid",
            "postbodyuncompresserror",
            "postbodytoolarge",
            "invalidlogsize",
            "invalidtimestamp",
            "invalidencoding",
            "invalidkey");

    /**
     * About a request and not what it carries: no group may be rejected for it. From the page "Error codes", error_code.go of
     * the Go SDK and SLSConstant.cpp of loongcollector.
     */
    private static final Set<String> ABOUT_REQUEST = Set.of(
            "invalidhost",
            "missinghost",
            "invalidapiversion",
            "missingapiversion",
            "invalidcontenttype",
            "missingcontenttype",
            "missingcontentlength",
            "missingbodyrawsize",
            "invalidbodyrawsize",
            "invalidcompresstype",
            "invalidparameter",
            "parameterinvalid",
            "badrequest",
            "notsupported",
            "notimplemented",
            "invalidmethod",
            "methodnotallowed");

    private ErrorCodes() {}

    /** Whether an error of the service is about the log groups that a put carries; whatever the case of the code. */
    public static boolean isAboutContent(String code) {
        return ABOUT_CONTENT.contains(code.toLowerCase(Locale.ROOT));
    }

    /** Whether an error is about the request and not about what it carries; whatever the case of the code. */
    public static boolean isAboutRequest(String code) {
        return ABOUT_REQUEST.contains(code.toLowerCase(Locale.ROOT));
    }

    /** Whether the service could not restore what was compressed, or found another size. */
    public static boolean isAboutCompression(String code) {
        String plain = code.toLowerCase(Locale.ROOT);
        return plain.equals("postbodyuncompresserror") || plain.equals("invalidbodyrawsize");
    }

    /** Whether the service could not parse what it restored: a group is at fault, or what it was compressed to. */
    public static boolean isAboutParsing(String code) {
        return code.equalsIgnoreCase("PostBodyInvalid");
    }

    /**
     * @param operation the API call: a quota on creating things is a limit on their number, on all else one on their rate
     * @param code the service's error code, or the SDK's own
     * @param httpStatus -1 when there was no answer
     */
    public static ErrorKind kind(String operation, String code, int httpStatus) {
        if (httpStatus == CONTENT_TOO_LARGE) {
            // Whoever says it: what a proxy in between does not take as a whole it may take in parts.
            return TOO_LARGE;
        }
        String plain = code.toLowerCase(Locale.ROOT);
        ErrorKind known = KINDS.get(plain);
        if (known != null) {
            return known;
        }
        // Once "SLSInvalidCursor"; the official consumer libraries look for the part, too.
        if (plain.contains("invalidcursor")) {
            return CURSOR_EXPIRED;
        }
        if (plain.equals("quotaexceed") || plain.equals("exceedquota")) {
            return operation.startsWith("Create") ? QUOTA_EXCEEDED : THROTTLED;
        }
        return kindOfStatus(plain, httpStatus);
    }

    private static ErrorKind kindOfStatus(String plainCode, int status) {
        if (status == TOO_MANY_REQUESTS || (status == 403 && namesQuota(plainCode))) {
            return THROTTLED;
        }
        return switch (status) {
            case 401, 403 -> UNAUTHORIZED;
            case 404 -> NOT_FOUND;
            case REQUEST_TIMEOUT -> UNAVAILABLE;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : UNAVAILABLE;
        };
    }

    private static boolean namesQuota(String plainCode) {
        return plainCode.contains("quota") || plainCode.contains("exceed");
    }
}
