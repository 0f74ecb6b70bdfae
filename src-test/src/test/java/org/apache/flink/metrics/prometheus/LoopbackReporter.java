package org.apache.flink.metrics.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink's Prometheus reporter without its HTTP server, which can only listen on all addresses. It is in Flink's package for
 * the sake of the registry. What it has to tell is given as text, or over HTTP on 127.0.0.1.
 */
public final class LoopbackReporter extends AbstractPrometheusReporter {

    private static final AtomicReference<LoopbackReporter> LAST = new AtomicReference<>();

    private HttpServer server;

    /** The reporter that was opened last, in this process. */
    public static LoopbackReporter last() {
        return LAST.get();
    }

    @Override
    public void open(MetricConfig config) {
        super.open(config);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/metrics", this::answer);
        server.start();
        LAST.set(this);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE_004);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** All metrics in Prometheus's text format. */
    public String text() {
        StringWriter writer = new StringWriter();
        try {
            TextFormat.write004(writer, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toString();
    }

    /** Where the metrics can be fetched, as host:port. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        super.close();
    }

    /** What Flink makes it with. */
    public static final class Factory implements MetricReporterFactory {

        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new LoopbackReporter();
        }
    }
}
