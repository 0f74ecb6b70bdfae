package io.slsdispatch.connector.client.connection;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.credentials.CredentialsFactory;
import io.slsdispatch.connector.client.credentials.CredentialsSource;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.ApiRequest;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.client.exchange.Failures;
import io.slsdispatch.connector.client.exchange.HttpTransport;
import io.slsdispatch.connector.config.ConnectionConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.annotation.Internal;

/**
 * Sends any request of the API and returns the answer as it is, to find out how the service behaves. Requests are
 * addressed, signed and sent as those of {@link SlsClients}. Not for the data path: bodies are arrays, and each instance
 * has its own connections. Safe for use from many threads.
 */
@Internal
public final class RawCalls implements AutoCloseable {

    /** Further than clocks may differ for a client to use the time of the service. */
    private static final Duration HOPELESS = Duration.ofDays(30);

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** How requests are signed. */
    public enum Signing {
        /** As those of the job. */
        NORMAL,
        /** With a wrong secret. */
        WRONG_SECRET,
        /** With a time a month ahead. */
        WRONG_TIME,
        /** With version 1 and without {@code x-log-date}. */
        WITHOUT_LOG_DATE
    }

    /**
     * A request.
     *
     * @param operation the name of the API call, such as {@code PullLogs}
     * @param method of HTTP, in capitals
     * @param path begins with a slash; needs no encoding
     * @param query parameters, not encoded
     * @param headers by name in lower case; not those of the signature
     * @param body empty for none
     */
    public record Request(
            String operation,
            String method,
            String project,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body) {}

    /**
     * A successful answer.
     *
     * @param headers by name in lower case
     */
    public record Response(Map<String, String> headers, byte[] body) {}

    private final SharedConnection.BackgroundThreads background;
    private final RequestCredentials credentials;
    private final HttpTransport transport;

    private RawCalls(ConnectionConfig config, Signing signing) {
        background = new SharedConnection.BackgroundThreads("sls-raw-" + COUNT.incrementAndGet());
        CredentialsSource source = CredentialsFactory.create(config.credentials(), config.network(), background);
        credentials = new RequestCredentials(
                signing == Signing.WRONG_SECRET ? () -> withWrongSecret(source.current()) : source, background);
        Clock clock = signing == Signing.WRONG_TIME ? Clock.offset(Clock.systemUTC(), HOPELESS) : Clock.systemUTC();
        transport = HttpTransport.open(config, credentials, background, clock, signing != Signing.WITHOUT_LOG_DATE);
    }

    private static Credentials withWrongSecret(Credentials right) {
        return new Credentials(
                right.accessKeyId(), Secret.of("a-wrong-secret"), right.securityToken(), right.expiration());
    }

    /**
     * Opens connections. Makes no request.
     *
     * @throws IllegalArgumentException when the CA file cannot be read
     * @throws IllegalStateException when an environment variable is missing, for the credentials or the proxy
     */
    public static RawCalls open(ConnectionConfig config, Signing signing) {
        return new RawCalls(config, signing);
    }

    /**
     * Sends a request and waits for its answer, at most for the request time-out.
     *
     * @throws SlsException when the service refuses it, or there is no answer of the service
     */
    public Response call(Request request) throws SlsException, InterruptedException {
        byte[] bytes = request.body();
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.putIfAbsent("x-log-bodyrawsize", "0");
        ApiRequest sent = new ApiRequest(
                request.method(),
                request.project(),
                request.path(),
                new TreeMap<>(request.query()),
                headers,
                bytes.length == 0 ? null : ApiRequest.Body.of(bytes));
        Failures failures = new Failures(request.operation(), request.project() + request.path(), credentials);
        return SlsFutures.await(transport
                .send(CallType.PULL, sent, failures, answer -> {
                    byte[] body = new byte[answer.length()];
                    answer.copyBody(body);
                    return new Response(answer.allHeaders(), body);
                })
                .result());
    }

    /** By how much requests are signed ahead of the local clock, because the service refused one for its time. */
    public Duration clockOffset() {
        return transport.clockOffset();
    }

    /** Ends all calls in flight and releases all resources. */
    @Override
    public void close() {
        try {
            transport.close();
        } finally {
            background.close();
        }
    }
}
