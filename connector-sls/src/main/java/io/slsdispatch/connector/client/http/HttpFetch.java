package io.slsdispatch.connector.client.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request by HTTP/1.1 on a connection of its own, with a limit for the total time, the head and the body of
 * the answer. The clients of the JDK bound single reads, or the time until the head is complete, but not an answer that
 * arrives byte by byte. Follows no redirect, and uses no proxy but the given one. Blocks its thread; an interrupt ends
 * it.
 */
@Internal
public final class HttpFetch {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT = 65_535;
    private static final int OK = 200;

    private HttpFetch() {}

    /**
     * A request.
     *
     * @param method such as GET
     * @param uri an http or https address
     * @param headers in addition to those of every request; neither names nor values contain line ends
     * @param body null for none
     */
    public record Request(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {

        /** A GET without further headers. */
        public static Request get(URI uri) {
            return new Request("GET", uri, Map.of(), null);
        }

        /** Hides query, headers and body, which may contain secrets. */
        @Override
        public String toString() {
            return method + " at " + uri.getRawAuthority();
        }
    }

    /**
     * How requests reach their destination.
     *
     * @param proxy HTTP proxy; null for none
     * @param proxyAuthorization the value of the header for the proxy; null for none
     * @param authorities that sign trusted certificates; null for those of the JVM
     * @param isProxyForHttp whether the proxy is used for http, too, and not only for https
     */
    public record Route(
            @Nullable InetSocketAddress proxy,
            @Nullable String proxyAuthorization,
            @Nullable TrustedAuthorities authorities,
            boolean isProxyForHttp) {

        /** A route whose requests by http are sent directly. */
        public Route(
                @Nullable InetSocketAddress proxy,
                @Nullable String proxyAuthorization,
                @Nullable TrustedAuthorities authorities) {
            this(proxy, proxyAuthorization, authorities, false);
        }

        /** Uses a proxy without a login for http and https; null for a direct connection. */
        public static Route through(@Nullable InetSocketAddress proxy) {
            return new Route(proxy, null, null, true);
        }

        /** A direct connection that trusts the authorities of the JVM. */
        public static Route direct() {
            return new Route(null, null, null);
        }

        private SSLContext context() {
            return (authorities == null ? TrustedAuthorities.of(null) : authorities).current();
        }

        /** Hides the password of the proxy. */
        @Override
        public String toString() {
            return proxy == null ? "direct" : "through proxy " + proxy;
        }
    }

    /**
     * Limits besides the deadline.
     *
     * @param connect maximum time to open a TCP connection
     * @param maxBody maximum length of the response's body in bytes; 0 to read only the head of the response
     */
    public record Limits(Duration connect, int maxBody) {

        /** For credentials: the response is short and comes from a server nearby. */
        public static final Limits SMALL = new Limits(Duration.ofSeconds(3), 64 * 1024);
    }

    /** As {@link #send(Request, Route, Deadline, Limits)}, with small limits. */
    public static HttpAnswer send(Request request, Route route, Deadline deadline) throws IOException {
        return send(request, route, deadline, Limits.SMALL);
    }

    /**
     * Sends a request and receives its answer.
     *
     * @param deadline when the answer must be complete. Name resolution can exceed it, since only the operating system
     *     limits that
     * @throws IOException when there is no complete answer within the limits. The message contains neither a part of
     *     the answer nor a part of the request other than its host
     */
    public static HttpAnswer send(Request request, Route route, Deadline deadline, Limits limits) throws IOException {
        URI uri = URI.create(request.uri().toASCIIString());
        if (uri.getHost() == null || uri.getPort() > MAX_PORT) {
            throw new IOException("the address has no valid host and port");
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        InetSocketAddress proxy = tls || route.isProxyForHttp() ? route.proxy() : null;
        try (DeadlineSocket plain = connect(
                proxy == null ? uri.getHost() : proxy.getHostString(),
                proxy == null ? port : proxy.getPort(),
                deadline,
                limits.connect())) {
            if (proxy != null && tls) {
                tunnel(plain, uri.getHost() + ":" + port, route.proxyAuthorization());
            }
            // Closing the plain socket closes both, and does not wait for the peer.
            Socket socket = tls ? secured(route.context(), plain, name(uri.getHost()), port) : plain;
            OutputStream out = socket.getOutputStream();
            out.write(head(request, uri, proxy != null && !tls ? route : null).getBytes(StandardCharsets.US_ASCII));
            if (request.body() != null) {
                out.write(request.body());
            }
            out.flush();
            return new AnswerReader(new BufferedInputStream(socket.getInputStream()), limits.maxBody()).answer();
        }
    }

    private static String name(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Connects to the first address of a host that accepts. */
    private static DeadlineSocket connect(String host, int port, Deadline deadline, Duration limit) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(name(host));
        } catch (UnknownHostException e) {
            throw new IOException("unknown host " + host, e);
        }
        for (int i = 0; i < addresses.length - 1; i++) {
            try {
                return connect(addresses[i], port, deadline, limit);
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
        return connect(addresses[addresses.length - 1], port, deadline, limit);
    }

    private static DeadlineSocket connect(InetAddress address, int port, Deadline deadline, Duration limit)
            throws IOException {
        return DeadlineSocket.connect(new InetSocketAddress(address, port), deadline.atMost(limit), deadline);
    }

    private static void tunnel(DeadlineSocket plain, String peer, @Nullable String authorization) throws IOException {
        String login = authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n";
        plain.getOutputStream()
                .write(("CONNECT " + peer + " HTTP/1.1\r\nHost: " + peer + "\r\n" + login + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        int status = new AnswerReader(plain.getInputStream(), 0).head();
        if (status != OK) {
            throw new IOException("the proxy returned HTTP status " + status);
        }
    }

    private static Socket secured(SSLContext tls, Socket plain, String name, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** @param proxied the route when a proxy, and not the peer, reads the head; else null */
    private static String head(Request request, URI uri, @Nullable Route proxied) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        StringBuilder head = new StringBuilder(512)
                .append(request.method())
                .append(' ')
                .append(proxied == null ? "" : "http://" + uri.getHost() + port)
                .append(path)
                .append(query)
                .append(" HTTP/1.1\r\nHost: ")
                .append(uri.getHost())
                .append(port)
                .append("\r\nAccept: application/json\r\nUser-Agent: sls-dispatch\r\nConnection: close\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (proxied != null && proxied.proxyAuthorization() != null) {
            head.append("Proxy-Authorization: ")
                    .append(proxied.proxyAuthorization())
                    .append("\r\n");
        }
        byte[] body = request.body();
        if (body != null || request.method().equals("PUT")) {
            head.append("Content-Length: ")
                    .append(body == null ? 0 : body.length)
                    .append("\r\n");
        }
        return head.append("\r\n").toString();
    }
}
