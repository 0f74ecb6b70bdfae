package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.http.comm.NoRetryStrategy;
import com.aliyun.openservices.log.http.comm.ResponseMessage;
import com.aliyun.openservices.log.http.comm.RetryStrategy;
import com.aliyun.openservices.log.http.comm.ServiceClient;
import io.slsdispatch.connector.client.access.Addressing;
import io.slsdispatch.connector.client.access.Tls;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.SSLConnectionSocketFactoryBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Carries the SDK's requests over pooled connections: each once, to where the endpoint says, with the service's
 * certificate verified, and with the exchange tied to its {@link Call}, which aborts it when it ends.
 */
final class HttpTransport extends ServiceClient {

    /** The service gives some 10 MB at most; the limit keeps a broken length from taking all memory. */
    private static final int MAX_BODY = 64 << 20;

    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(20);
    private static final TimeValue VALIDATE_AFTER = TimeValue.ofSeconds(1);

    private final Endpoint endpoint;
    private final Addressing addressing;
    private final ProxyAccess proxy;
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient http;

    HttpTransport(ConnectionConfig connection, ClientConfiguration settings) {
        super(settings);
        ConnectionConfig.Network network = connection.network();
        this.endpoint = connection.endpoint();
        this.addressing = new Addressing(endpoint);
        this.proxy = new ProxyAccess(network.proxy());
        this.connections = connections(network);
        RequestConfig.Builder request = RequestConfig.custom()
                .setConnectionRequestTimeout(timeout(network.requestTimeout()))
                .setResponseTimeout(lastResort(network));
        this.http = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(request.build())
                .setProxy(proxy.host())
                .setDefaultCredentialsProvider(proxy.credentials())
                // The caller decides on every repetition and reads every answer itself.
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableConnectionState()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(ConnectionConfig.Network network) {
        Timeout connect = timeout(network.connectTimeout());
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setSSLSocketFactory(SSLConnectionSocketFactoryBuilder.create()
                        .setSslContext(Tls.context(network.caFile()))
                        .build())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connect).build())
                .setDefaultSocketConfig(
                        SocketConfig.custom().setTcpNoDelay(true).build())
                .setDefaultConnectionConfig(org.apache.hc.client5.http.config.ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(lastResort(network))
                        .setValidateAfterInactivity(VALIDATE_AFTER)
                        .build())
                // Each thread uses one connection at a time: what bounds the threads bounds these.
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .build();
    }

    /** The deadline of its call aborts an exchange that hangs; this must not come before it. */
    private static Timeout lastResort(ConnectionConfig.Network network) {
        return timeout(network.requestTimeout().multipliedBy(2));
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.ofMilliseconds(duration.toMillis());
    }

    @Override
    protected ResponseMessage sendRequestCore(Request request, String charset) throws IOException {
        HttpUriRequestBase exchange = exchange(request);
        if (!endpoint.tls()) {
            proxy.authorize(exchange);
        }
        Call.entersExchange(exchange);
        return http.execute(target(URI.create(request.getUri())), exchange, HttpTransport::read);
    }

    private HttpHost target(URI uri) {
        return new HttpHost(endpoint.scheme(), addressing.connectHost(uri.getHost()), endpoint.port());
    }

    private static HttpUriRequestBase exchange(Request request) {
        URI uri = URI.create(request.getUri());
        String pathAndQuery = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        HttpUriRequestBase exchange = new HttpUriRequestBase(request.getMethod().name(), URI.create(pathAndQuery));
        ContentType type = null;
        for (Map.Entry<String, String> header : request.getHeaders().entrySet()) {
            if (header.getKey().equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)) {
                type = ContentType.parse(header.getValue());
            }
            if (!header.getKey().equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                exchange.addHeader(header.getKey(), header.getValue());
            }
        }
        if (request.getContentLength() > 0) {
            exchange.setEntity(new InputStreamEntity(request.getContent(), request.getContentLength(), type));
        }
        return exchange;
    }

    /** Takes the whole body at once; the SDK would gather it in pieces of 1 KB. */
    private static ResponseMessage read(ClassicHttpResponse response) throws IOException {
        ResponseMessage message = new ResponseMessage();
        message.setStatusCode(response.getCode());
        for (Header header : response.getHeaders()) {
            message.addHeader(header.getName(), header.getValue());
        }
        message.SetBody(body(response.getEntity()));
        return message;
    }

    private static byte[] body(HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        long length = entity.getContentLength();
        if (length > MAX_BODY) {
            throw new IOException("the answer is " + length + " bytes long, more than " + MAX_BODY);
        }
        InputStream in = entity.getContent();
        if (length < 0) {
            byte[] body = in.readNBytes(MAX_BODY + 1);
            if (body.length > MAX_BODY) {
                throw new IOException("the answer is longer than " + MAX_BODY + " bytes");
            }
            return body;
        }
        byte[] body = new byte[(int) length];
        int read = in.readNBytes(body, 0, body.length);
        if (read < body.length) {
            throw new IOException("the answer ended after " + read + " of " + length + " bytes");
        }
        return body;
    }

    /** Closes connections that nobody has used for a while. */
    void closeIdle() {
        connections.closeExpired();
        connections.closeIdle(TimeValue.of(IDLE_CONNECTION));
    }

    @Override
    protected RetryStrategy getDefaultRetryStrategy() {
        return new NoRetryStrategy();
    }

    @Override
    public void shutdown() {
        http.close(CloseMode.IMMEDIATE);
        connections.close(CloseMode.IMMEDIATE);
    }

    @Override
    public PoolingHttpClientConnectionManager getConnectionManager() {
        return connections;
    }
}
