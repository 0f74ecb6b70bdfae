package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.ErrorCodes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** No connection could be opened for a local reason, which says nothing about the server. */
final class LocalFailureException extends IOException {

    private static final int MAX_CAUSES = 10;

    private final String code;

    /** @param code a code of {@link ErrorCodes} */
    LocalFailureException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    String code() {
        return code;
    }

    /**
     * The failure of a connection attempt over TCP, marked if it is local. A server that refuses, is silent or cannot
     * be reached by a network in between fails with one of two types. With all other types the system here opened no
     * connection: it has no descriptor, port or route, or does not permit it.
     */
    static Throwable ofConnect(Throwable failure) {
        boolean isRemote = failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || (failure instanceof SocketException && text(failure).contains("reset"));
        if (isRemote || (failure instanceof Error && !(failure instanceof OutOfMemoryError))) {
            return failure;
        }
        return new LocalFailureException(
                ErrorCodes.NO_SOCKET, "this host cannot open a connection: " + root(failure), failure);
    }

    /**
     * The failure of a TLS handshake, marked if it is local. Whether the server's certificate or the authorities that
     * are trusted here are wrong cannot be known.
     */
    static Throwable ofHandshake(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof CertPathValidatorException || cause instanceof CertificateException) {
                return new LocalFailureException(
                        ErrorCodes.UNTRUSTED_CERTIFICATE,
                        "the certificate of the server is not trusted; check the CA file, the endpoint and the clock"
                                + " of this machine: " + root(failure),
                        failure);
            }
            cause = cause.getCause();
        }
        return failure;
    }

    /**
     * The failure of a tunnel through the proxy, marked as local unless the proxy answered that it cannot reach the
     * server: {@code HttpProxyHandler} has the status in its message.
     */
    static Throwable ofTunnel(Throwable failure) {
        return text(failure).contains("status: 5")
                ? failure
                : new LocalFailureException(
                        ErrorCodes.PROXY_ERROR, "the proxy opened no tunnel: " + failure.getMessage(), failure);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int i = 0; root.getCause() != null && i < MAX_CAUSES; i++) {
            root = root.getCause();
        }
        return root;
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    }
}
