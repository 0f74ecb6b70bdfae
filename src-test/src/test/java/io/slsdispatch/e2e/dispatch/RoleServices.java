package io.slsdispatch.e2e.dispatch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A metadata service and an STS on loopback. Each fetch gives a new key, which SLS Local accepts only until the key's
 * expiration.
 */
final class RoleServices implements AutoCloseable {

    /** A part of each secret that is given out. */
    static final String SECRET = "s3cr3t-of-a-role";

    private record Issued(Credential credential, Instant end) {}

    private final SlsLocal sls;
    private final Credential permanent;
    private final Duration life;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService expiry = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Issued> issued = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile @Nullable String failure;

    private RoleServices(SlsLocal sls, Credential permanent, Duration life) throws IOException {
        this.sls = sls;
        this.permanent = permanent;
        this.life = life;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
    }

    /**
     * Starts both at one address.
     *
     * @param permanent a key that is always accepted, for the test itself
     * @param life of each key
     */
    static RoleServices start(SlsLocal sls, Credential permanent, Duration life) throws IOException {
        RoleServices services = new RoleServices(sls, permanent, life);
        services.server.start();
        var unused = services.expiry.scheduleWithFixedDelay(services::accept, 0, 100, TimeUnit.MILLISECONDS);
        return services;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many keys were given out. */
    int fetches() {
        return count.get();
    }

    /** All that was given out and must not be seen. */
    List<String> secrets() {
        return List.of(SECRET);
    }

    /** From now on, each request for credentials is answered with this body, with status 403; null to answer well. */
    void failWith(@Nullable String body) {
        failure = body;
    }

    private synchronized void accept() {
        Instant now = Instant.now();
        issued.values().removeIf(key -> !now.isBefore(key.end()));
        List<Credential> accepted = new ArrayList<>();
        accepted.add(permanent);
        issued.values().forEach(key -> accepted.add(key.credential()));
        sls.accept(accepted);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String failing = failure;
        if (exchange.getRequestMethod().equals("PUT")) {
            reply(exchange, 200, SECRET + "-of-the-metadata-service");
        } else if (path.endsWith("/security-credentials/")) {
            reply(exchange, 200, "sls-reader");
        } else if (failing != null) {
            reply(exchange, 403, failing);
        } else {
            reply(exchange, 200, issue(path.endsWith("/sls-reader")));
        }
    }

    private String issue(boolean toTheMachine) {
        int number = count.incrementAndGet();
        Instant end = Instant.now().plus(life);
        Credential credential =
                new Credential("STS.key-" + number, SECRET + "-key-" + number, SECRET + "-token-" + number);
        issued.put(credential.accessKeyId(), new Issued(credential, end));
        accept();
        String fields = "\"AccessKeyId\":\"" + credential.accessKeyId() + "\",\"AccessKeySecret\":\""
                + credential.accessKeySecret() + "\",\"SecurityToken\":\"" + credential.securityToken()
                + "\",\"Expiration\":\"" + end + "\"";
        return toTheMachine
                ? "{\"Code\":\"Success\"," + fields + "}"
                : "{\"RequestId\":\"ID-1\",\"Credentials\":{" + fields + "}}";
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        expiry.shutdownNow();
        server.stop(0);
        threads.shutdownNow();
    }
}
