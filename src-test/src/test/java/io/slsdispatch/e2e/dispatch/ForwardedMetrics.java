package io.slsdispatch.e2e.dispatch;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.apache.flink.metrics.prometheus.LoopbackReporter;

/** The metrics of the cluster under another address, which can disappear as if the cluster were gone. */
final class ForwardedMetrics implements AutoCloseable {

    private final HttpServer server;

    private ForwardedMetrics(HttpServer server) {
        this.server = server;
    }

    static ForwardedMetrics start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = LoopbackReporter.last().text().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return new ForwardedMetrics(server);
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on nothing answers at the address. */
    void disappear() {
        server.stop(0);
    }

    @Override
    public void close() {
        disappear();
    }
}
