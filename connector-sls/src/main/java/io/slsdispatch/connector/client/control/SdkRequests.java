package io.slsdispatch.connector.client.control;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.http.comm.NoRetryStrategy;
import com.aliyun.openservices.log.http.comm.RequestMessage;
import com.aliyun.openservices.log.http.comm.ResponseMessage;
import com.aliyun.openservices.log.http.comm.RetryStrategy;
import com.aliyun.openservices.log.http.comm.ServiceClient;
import io.slsdispatch.connector.client.exchange.Addressing;
import io.slsdispatch.connector.client.exchange.ApiRequest;
import io.slsdispatch.connector.config.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.jspecify.annotations.Nullable;

/**
 * Creates requests with the official SDK and intercepts them before the SDK sends them. They use the same exchange as
 * pulls and puts, with its TLS, proxy, limits, deadline and signer. The SDK does not get the answers: it reads a
 * missing number as 0, and its parser does not terminate on some inputs. Safe for use from many threads.
 */
final class SdkRequests {

    /** The default source of log groups, which the SDK requires; no log group is sent this way. */
    private static final String SOURCE_ADDRESS = "127.0.0.1";

    /** The SDK requires a key. Its signature is replaced by one with the current credentials. */
    private static final String UNUSED_KEY = "unused";

    /** Headers that the exchange sets on every request. */
    private static final Set<String> OF_THE_EXCHANGE = Set.of(
            "authorization",
            "content-length",
            "content-md5",
            "date",
            "host",
            "user-agent",
            "x-log-apiversion",
            "x-log-content-sha256",
            "x-log-date",
            "x-log-signaturemethod");

    private final Client sdk;

    SdkRequests(Endpoint endpoint) {
        ClientConfiguration settings = new ClientConfiguration();
        settings.setRetryDisabled(true);
        this.sdk = new Client(
                // The SDK accepts neither a port nor an IP address.
                endpoint.scheme() + "://" + Addressing.namedHost(endpoint),
                new StaticCredentialsProvider(new DefaultCredentials(UNUSED_KEY, UNUSED_KEY)),
                new Taking(settings),
                SOURCE_ADDRESS);
    }

    /** A call of the SDK. */
    @FunctionalInterface
    interface Call {
        void of(Client sdk) throws LogException;
    }

    /**
     * The request that a call of the SDK would send.
     *
     * @throws IllegalArgumentException when the SDK rejects the values
     */
    ApiRequest of(Call call) {
        try {
            call.of(sdk);
        } catch (Taken taken) {
            return taken.request;
        } catch (LogException e) {
            throw new IllegalArgumentException(e.GetErrorMessage(), e);
        }
        throw new IllegalStateException("the SDK ended a call without a request");
    }

    /** Carries a request out of the SDK, which does not catch it. */
    private static final class Taken extends RuntimeException {

        private final transient ApiRequest request;

        Taken(ApiRequest request) {
            super("taken", null, false, false);
            this.request = request;
        }
    }

    /** The transport below the SDK: intercepts each request. */
    private static final class Taking extends ServiceClient {

        Taking(ClientConfiguration settings) {
            super(settings);
        }

        @Override
        public ResponseMessage sendRequest(RequestMessage request, String charset) {
            Map<String, String> headers = new HashMap<>();
            request.getHeaders().forEach((name, value) -> {
                String lower = name.toLowerCase(Locale.ROOT);
                if (!OF_THE_EXCHANGE.contains(lower)) {
                    headers.put(lower, value);
                }
            });
            String host = request.getEndpoint().getHost();
            String path = request.getResourcePath();
            throw new Taken(new ApiRequest(
                    request.getMethod().name(),
                    host.substring(0, host.indexOf('.')),
                    path.startsWith("/") ? path : "/" + path,
                    new TreeMap<>(request.getParameters()),
                    headers,
                    body(request)));
        }

        private static ApiRequest.@Nullable Body body(RequestMessage request) {
            try {
                InputStream content = request.getContent();
                byte[] bytes = content == null ? new byte[0] : content.readAllBytes();
                return bytes.length == 0 ? null : ApiRequest.Body.of(bytes);
            } catch (IOException e) {
                // The body is in memory.
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected ResponseMessage sendRequestCore(Request request, String charset) {
            throw new UnsupportedOperationException("requests are intercepted before");
        }

        @Override
        protected RetryStrategy getDefaultRetryStrategy() {
            return new NoRetryStrategy();
        }

        @Override
        public void shutdown() {
            // Holds no resources.
        }

        @Override
        public HttpClientConnectionManager getConnectionManager() {
            throw new UnsupportedOperationException("the SDK does not open connections");
        }
    }
}
