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
 * Maps the error codes of the service to {@link ErrorKind}s. The code decides. The HTTP status decides only where the
 * code is unknown, since the service answers the same error with different statuses (a body that is too large with 400
 * and with 413, a missing shard with 400 and with 404). The codes come from the service's page "Error codes", from the
 * pages of the single calls, and from the codes that the official clients check for.
 */
@Internal
public final class ErrorCodes {

    /** The code of a request that got no answer: the one that the official clients use. */
    public static final String NO_ANSWER = "RequestError";

    /** The process has no direct memory for the body of a request. */
    public static final String NO_BUFFER = "NoBuffer";

    /** There are no credentials to sign a request with. */
    public static final String NO_CREDENTIALS = "NoCredentials";

    /** The host name of the endpoint or of the proxy cannot be resolved. */
    public static final String UNKNOWN_HOST = "UnknownHost";

    /** This host cannot open a connection: no file descriptor, port, thread, memory, or route to the network. */
    public static final String NO_SOCKET = "NoSocket";

    /** The configured proxy cannot be reached, or rejects this client. */
    public static final String PROXY_ERROR = "ProxyError";

    /** The certificate of the server is not trusted: the trusted authorities here, or this clock, may be wrong. */
    public static final String UNTRUSTED_CERTIFICATE = "UntrustedCertificate";

    /** The request was not sent in time, since it waited for something in this process. */
    public static final String NOT_SENT = "NotSent";

    /** The client was closed. */
    public static final String CLOSED = "Closed";

    private static final int REQUEST_TIMEOUT = 408;
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
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
            // Not JSON: the answer of a proxy or load balancer in between, or a truncated answer.
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
            // The clocks differ by more than 15 minutes. The exchange signs with the service's time; if that does not
            // help, this lasts until an operator corrects it, like a wrong key.
            entry("requesttimeexpired", UNAUTHORIZED),
            entry("requesttimetooskewed", UNAUTHORIZED),
            // About the request, not about its content: caused by a proxy or a clock, for example. No group may be
            // rejected for it.
            entry("invalidrequesttime", UNAUTHORIZED),
            entry("invaliddateformat", UNAUTHORIZED),
            entry("missingdate", UNAUTHORIZED),
            entry("missingsignaturemethod", UNAUTHORIZED),
            entry("invalidsignaturemethod", UNAUTHORIZED),
            entry("projectnotexist", NOT_FOUND),
            entry("logstorenotexist", NOT_FOUND),
            // As the official producer spells it.
            entry("projectnotexists", NOT_FOUND),
            entry("logstorenotexists", NOT_FOUND),
            entry("logstorewithoutshard", NOT_FOUND),
            entry("consumergroupnotexist", NOT_FOUND),
            entry("shardnotexist", SHARD_NOT_FOUND),
            entry("projectalreadyexist", ALREADY_EXISTS),
            entry("logstorealreadyexist", ALREADY_EXISTS),
            entry("consumergroupalreadyexist", ALREADY_EXISTS),
            // Too many consumer groups in a logstore, as the tutorial of the Python SDK names it.
            entry("consumergroupquotaexceed", QUOTA_EXCEEDED),
            // Too many logstores in a project, from the page of CreateLogStore.
            entry("projectquotaexceed", QUOTA_EXCEEDED),
            entry("invalidsequenceid", SEQUENCE_REPEATED),
            entry("postbodytoolarge", TOO_LARGE),
            entry("invalidlogsize", TOO_LARGE));

    /** Codes about the content of a put. From the page of PutLogs, its older edition included. */
    private static final Set<String> ABOUT_CONTENT = Set.of(
            "postbodyinvalid",
            "postbodyuncompresserror",
            "postbodytoolarge",
            "invalidlogsize",
            "invalidtimestamp",
            "invalidencoding",
            "invalidkey");

    /**
     * Codes about a request and not about its content: no group may be rejected for them. From the page "Error codes",
     * error_code.go of the Go SDK and SLSConstant.cpp of loongcollector.
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

    /** Codes of this client for requests that did not reach the service for a local reason. */
    private static final Set<String> LOCAL = Set.of(
            NO_BUFFER,
            NO_CREDENTIALS,
            UNKNOWN_HOST,
            NO_SOCKET,
            PROXY_ERROR,
            UNTRUSTED_CERTIFICATE,
            NOT_SENT,
            CLOSED,
            "InvalidArgument",
            "Interrupted");

    /**
     * Codes of the service about the key, the signature or the clock of the client. From the page "Error codes". Not
     * among them: {@code Unauthorized} and {@code ProjectForbidden}, which say that a valid key lacks a permission on
     * this project or logstore.
     */
    private static final Set<String> ABOUT_CLIENT = Set.of(
            "signaturenotmatch",
            "invalidaccesskeyid",
            "missaccesskeyid",
            "securitytokenexpired",
            "securitytoken.expired",
            "clientsignatureerror",
            "requesttimeexpired",
            "requesttimetooskewed",
            "invalidrequesttime",
            "invaliddateformat",
            "missingdate",
            "missingsignaturemethod",
            "invalidsignaturemethod");

    private ErrorCodes() {}

    /**
     * Whether a request failed for a local reason, and so says nothing about whether the project or
     * logstore works: memory, sockets, the resolver, the proxy, trusted certificates, the source of the credentials,
     * the key itself, or the clock.
     */
    public static boolean isLocal(SlsException error) {
        if (error.httpStatus() == PROXY_AUTHENTICATION_REQUIRED) {
            return true;
        }
        return error.httpStatus() > 0
                ? ABOUT_CLIENT.contains(error.errorCode().toLowerCase(Locale.ROOT))
                : LOCAL.contains(error.errorCode());
    }

    /**
     * Whether an error of the service is about the log groups that a put carries. The case of the code does not matter.
     */
    public static boolean isAboutContent(String code) {
        return ABOUT_CONTENT.contains(code.toLowerCase(Locale.ROOT));
    }

    /** Whether an error is about the request and not about its content. The case of the code does not matter. */
    public static boolean isAboutRequest(String code) {
        return ABOUT_REQUEST.contains(code.toLowerCase(Locale.ROOT));
    }

    /** Whether the service refused a request only because its time differs from the service's. */
    public static boolean isAboutClock(String code) {
        return code.equalsIgnoreCase("RequestTimeExpired") || code.equalsIgnoreCase("RequestTimeTooSkewed");
    }

    /** Whether the service could not decompress the body, or found a different size. */
    public static boolean isAboutCompression(String code) {
        String plain = code.toLowerCase(Locale.ROOT);
        return plain.equals("postbodyuncompresserror") || plain.equals("invalidbodyrawsize");
    }

    /** Whether the service could not parse the decompressed body: the group is invalid, or its compressed form is. */
    public static boolean isAboutParsing(String code) {
        return code.equalsIgnoreCase("PostBodyInvalid");
    }

    /**
     * Maps an error to its kind.
     *
     * @param operation the API call: a quota error of a call that creates something is a limit on the number of such
     *     objects; a quota error of any other call is a rate limit
     * @param code the error code of the service or of the SDK
     * @param httpStatus -1 when there was no answer
     */
    public static ErrorKind kind(String operation, String code, int httpStatus) {
        if (httpStatus == CONTENT_TOO_LARGE) {
            // Whichever system answered: a proxy that rejects the whole body may accept its parts.
            return TOO_LARGE;
        }
        String plain = code.toLowerCase(Locale.ROOT);
        ErrorKind known = KINDS.get(plain);
        if (known != null) {
            return known;
        }
        // Formerly "SLSInvalidCursor"; the official consumer libraries check for this part of the code, too.
        if (plain.contains("invalidcursor")) {
            return CURSOR_EXPIRED;
        }
        if (plain.equals("quotaexceed") || plain.equals("exceedquota")) {
            return operation.startsWith("Create") ? QUOTA_EXCEEDED : THROTTLED;
        }
        if (operation.startsWith("Create") && httpStatus >= 400 && httpStatus < 500 && namesQuota(plain)) {
            return QUOTA_EXCEEDED;
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
