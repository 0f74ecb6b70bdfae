package io.slsdispatch.connector.client;

import java.util.Locale;
import org.apache.flink.annotation.Internal;

/** What to do about a failed request. A hint names only causes that the failure allows. */
@Internal
public final class ErrorHints {

    private ErrorHints() {}

    /** One sentence without a full stop. */
    public static String of(SlsException error) {
        if (error.httpStatus() <= 0) {
            return ofUnanswered(error.errorCode());
        }
        if (error.requestId().isEmpty()) {
            return "The response is not from the service: check the endpoint, and any proxy or gateway in between";
        }
        return switch (error.kind()) {
            case UNAUTHORIZED -> ofDenied(error.errorCode().toLowerCase(Locale.ROOT));
            case NOT_FOUND -> "Create the project or logstore, or correct its name";
            case THROTTLED, QUOTA_EXCEEDED ->
                "A quota of the service is exceeded: wait, split shards, or raise the quota";
            case UNAVAILABLE -> "The service has an internal problem, which is usually transient";
            default -> "Look up the error code in the service's documentation";
        };
    }

    private static String ofUnanswered(String code) {
        return switch (code) {
            case ErrorCodes.NO_BUFFER -> "Give the process more direct memory";
            case ErrorCodes.NO_CREDENTIALS -> "Check the source of the credentials";
            case ErrorCodes.UNKNOWN_HOST ->
                "Check the host name in the configuration, and the resolver of this machine";
            case ErrorCodes.NO_SOCKET -> "Check the file descriptors, ports and network of this machine";
            case ErrorCodes.PROXY_ERROR -> "Check the proxy";
            case ErrorCodes.UNTRUSTED_CERTIFICATE -> "Check the CA file, the endpoint and the clock of this machine";
            case ErrorCodes.NOT_SENT -> "This process could not send in time";
            case "InvalidArgument" -> "Check the credentials: a request cannot contain them";
            default -> "Check the endpoint, and whether this machine reaches it";
        };
    }

    private static String ofDenied(String code) {
        return switch (code) {
            case "requesttimeexpired", "requesttimetooskewed", "invalidrequesttime" ->
                "Correct the clock of this machine: a signature is valid for 15 min";
            case "securitytokenexpired", "securitytoken.expired" -> "Renew the temporary credentials";
            case "signaturenotmatch", "invalidaccesskeyid", "missaccesskeyid", "clientsignatureerror" ->
                "Check the access key: its id, its secret, and whether it is enabled";
            default -> "Check the permissions of the credentials on this project and logstore";
        };
    }
}
