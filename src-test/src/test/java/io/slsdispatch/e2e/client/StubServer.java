package io.slsdispatch.e2e.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A server that answers as badly as a test wants: it writes bytes, any bytes, or none. */
final class StubServer implements AutoCloseable {

    /** A request as it came. Header names are in lower case. */
    record Request(String line, Map<String, String> headers, byte[] body) {

        String header(String name) {
            return headers.get(name);
        }
    }

    /** Answers a request; the connection is closed when it throws. */
    @FunctionalInterface
    interface Handler {
        void answer(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final Handler handler;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    private StubServer(ServerSocket socket, Handler handler) {
        this.socket = socket;
        this.handler = handler;
    }

    static StubServer start(Handler handler) throws IOException {
        return start(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), handler);
    }

    static StubServer start(ServerSocket socket, Handler handler) {
        StubServer server = new StubServer(socket, handler);
        thread("stub-server", server::accept);
        return server;
    }

    /** Answers nothing until it is closed. */
    static StubServer hanging() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        return start((request, out) -> never.await());
    }

    /** Writes a whole answer with these headers besides the length. */
    static void write(OutputStream out, int status, Map<String, String> headers, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    /** Writes an error as the service does. */
    static void writeError(OutputStream out, int status, String code, String message) throws IOException {
        String json = "{\"errorCode\":\"" + code + "\",\"errorMessage\":\"" + message + "\"}";
        write(
                out,
                status,
                Map.of("x-log-requestid", "REQUEST-1", "content-type", "application/json"),
                json.getBytes(StandardCharsets.UTF_8));
    }

    int port() {
        return socket.getLocalPort();
    }

    List<Request> requests() {
        return requests;
    }

    /** How many connections are open, as far as this side has seen. */
    int connections() {
        return connections.size();
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                thread("stub-connection", () -> serve(connection));
            } catch (IOException e) {
                // A connection that failed its handshake; or the end.
            }
        }
    }

    /** Goes on reading while a request is being answered, and so sees when the client goes away. */
    private void serve(Socket connection) {
        try (connection) {
            InputStream in = connection.getInputStream();
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                Request current = request;
                thread("stub-answer", () -> answer(current, connection));
            }
        } catch (IOException e) {
            // The client or the test has closed the connection.
        } finally {
            connections.remove(connection);
        }
    }

    private void answer(Request request, Socket connection) {
        try {
            handler.answer(request, connection.getOutputStream());
        } catch (IOException | InterruptedException e) {
            closeQuietly(connection);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String line = readLine(in);
        if (line == null) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = readLine(in); header != null && !header.isEmpty(); header = readLine(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(line, headers, in.readNBytes(length));
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It was closed before.
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
        connections.forEach(StubServer::closeQuietly);
    }
}
