package io.slsdispatch.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A bare HTTP/1.1 client that shows an answer as it comes over the wire, and how the connection ends. Sends what it is
 * told to and nothing else, but for the host and the length of the body.
 */
public final class Wire {

    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;
    private final String project;

    public Wire(SlsLocal server, String project) {
        this(server.port(), project);
    }

    public Wire(int port, String project) {
        this.port = port;
        this.project = project;
    }

    /** How an answer ended. */
    public enum End {
        WHOLE,
        CLOSED,
        RESET
    }

    /**
     * An answer.
     *
     * @param status 0 when there is none
     * @param headers with their names as they were sent
     */
    public record Answer(int status, Map<String, String> headers, byte[] body, End end) {

        public String header(String name) {
            return headers.getOrDefault(name, "(none)");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The error code in the body, empty when it is no error. */
        public String code() {
            String text = text();
            int at = text.indexOf("\"errorCode\":\"");
            return at < 0 ? "" : text.substring(at + 13, text.indexOf('"', at + 13));
        }

        /** Status and error code, as in {@code 404 LogStoreNotExist}. */
        public String result() {
            return (status + " " + code()).strip();
        }
    }

    public Answer get(String target) throws IOException {
        return send("GET", target, Map.of(), new byte[0]);
    }

    public Answer delete(String target) throws IOException {
        return send("DELETE", target, Map.of(), new byte[0]);
    }

    public Answer post(String target, String json) throws IOException {
        return send("POST", target, Map.of("Content-Type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
    }

    public Answer put(String target, String json) throws IOException {
        return send("PUT", target, Map.of("Content-Type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a group, not compressed. */
    public Answer putLogs(String target, byte[] group) throws IOException {
        return send(
                "POST",
                target,
                Map.of("Content-Type", "application/x-protobuf", "x-log-bodyrawsize", "" + group.length),
                group);
    }

    public Answer send(String verb, String target, Map<String, String> headers, byte[] body) throws IOException {
        try (Socket socket = open(verb, target, headers, body)) {
            return read(socket);
        }
    }

    /** Sends a request and leaves the answer to the caller. */
    Socket open(String verb, String target, Map<String, String> headers, byte[] body) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Host", target.startsWith("/_local/") ? "127.0.0.1:" + port : project + ".sls.test");
        all.put("Content-Length", Integer.toString(body.length));
        all.putAll(headers);
        String head = all.entrySet().stream()
                .filter(header -> !header.getValue().isEmpty())
                .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .collect(Collectors.joining("", verb + " " + target + " HTTP/1.1\r\n", "\r\n"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(head.getBytes(StandardCharsets.UTF_8));
        bytes.write(body);
        socket.getOutputStream().write(bytes.toByteArray());
        return socket;
    }

    /** Reads one answer. */
    static Answer read(Socket socket) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status = 0;
        try {
            InputStream in = socket.getInputStream();
            String first = line(in);
            if (first.isEmpty()) {
                return new Answer(0, headers, new byte[0], End.CLOSED);
            }
            status = Integer.parseInt(first.split(" ")[1]);
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                headers.put(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip());
            }
            int length = headers.entrySet().stream()
                    .filter(header -> header.getKey().toLowerCase(Locale.ROOT).equals("content-length"))
                    .mapToInt(header -> Integer.parseInt(header.getValue()))
                    .findFirst()
                    .orElse(Integer.MAX_VALUE);
            while (body.size() < length) {
                int next = in.read();
                if (next < 0) {
                    return new Answer(status, headers, body.toByteArray(), End.CLOSED);
                }
                body.write(next);
            }
            return new Answer(status, headers, body.toByteArray(), End.WHOLE);
        } catch (SocketException reset) {
            return new Answer(status, headers, body.toByteArray(), End.RESET);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }
}
