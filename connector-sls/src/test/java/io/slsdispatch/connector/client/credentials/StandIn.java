package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.task.GuardedTasks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A metadata service or STS on loopback that behaves as a test wants, byte by byte. */
final class StandIn implements AutoCloseable {

    /** A request that was received. */
    record Received(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {

        Map<String, String> form() {
            return parameters(body);
        }
    }

    /** What happens after a request. */
    interface Behaviour {

        void answer(Received request, OutputStream out) throws Exception;

        static Behaviour status(int status, String body) {
            return (request, out) -> out.write(("HTTP/1.1 " + status + " Any\r\nContent-Length: "
                            + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.UTF_8));
        }

        static Behaviour ok(String body) {
            return status(200, body);
        }

        static Behaviour raw(String bytes) {
            return (request, out) -> out.write(bytes.getBytes(StandardCharsets.UTF_8));
        }
    }

    final List<Received> received = new CopyOnWriteArrayList<>();
    volatile Behaviour behaviour;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(GuardedTasks.threads("stand-in"));
    private final CountDownLatch closed = new CountDownLatch(1);

    StandIn(Behaviour behaviour) throws IOException {
        this(behaviour, new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
    }

    StandIn(Behaviour behaviour, ServerSocket server) {
        this.behaviour = behaviour;
        this.server = server;
        GuardedTasks.execute(threads, this::accept, failure -> {});
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Never answers. */
    Behaviour hanging() {
        return (request, out) -> closed.await();
    }

    /** Sends this, and then a byte every few milliseconds without end. */
    Behaviour dripping(String begin) {
        return (request, out) -> {
            out.write(begin.getBytes(StandardCharsets.UTF_8));
            while (!closed.await(20, TimeUnit.MILLISECONDS)) {
                out.write('a');
                out.flush();
            }
        };
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            GuardedTasks.execute(threads, () -> serve(socket), failure -> {});
        }
    }

    private void serve(Socket socket) throws Exception {
        try (socket) {
            Received request = read(socket.getInputStream());
            received.add(request);
            behaviour.answer(request, socket.getOutputStream());
            socket.getOutputStream().flush();
            socket.shutdownOutput();
        }
    }

    private static Received read(InputStream in) throws IOException {
        String[] first = line(in).split(" ");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            headers.put(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        URI target = URI.create(first[1]);
        return new Received(
                first[0],
                target.getRawPath(),
                parameters(target.getRawQuery()),
                headers,
                new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("no request");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new TreeMap<>();
        if (text != null && !text.isEmpty()) {
            for (String each : text.split("&")) {
                String[] parts = each.split("=", 2);
                parameters.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        threads.shutdownNow();
    }
}
