package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.text.ForeignText;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches credentials from a URI, once per call. Uses no proxy: such addresses are local to the machine. Ends within
 * {@link #TIME_LIMIT}, even when the answer arrives byte by byte.
 */
final class UriFetch implements CredentialsSource {

    static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    private static final int OK = 200;

    private final CredentialsConfig.Uri config;
    private final Duration limit;

    UriFetch(CredentialsConfig.Uri config) {
        this(config, TIME_LIMIT);
    }

    UriFetch(CredentialsConfig.Uri config, Duration limit) {
        this.config = config;
        this.limit = limit;
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        BoundedGet.Answer answer;
        try {
            answer = BoundedGet.get(config.uri(), limit);
        } catch (IOException e) {
            throw new NoCredentialsException("credentials " + config + " cannot be fetched: "
                    + e.getClass().getSimpleName() + ": "
                    + ForeignText.line(e.getMessage(), config.secrets(), ForeignText.MESSAGE));
        }
        if (answer.status() != OK) {
            throw new NoCredentialsException("credentials " + config + " returned HTTP status " + answer.status());
        }
        String text = SecretText.withoutByteOrderMark(new String(answer.body(), StandardCharsets.UTF_8));
        if (!answer.isDelimited() && !text.stripLeading().startsWith("{")) {
            throw new NoCredentialsException("credentials " + config + " sent a response without a length, so a"
                    + " truncated secret could be taken for a complete one: respond with JSON, or set Content-Length");
        }
        return CredentialsText.parse(text, "credentials " + config);
    }

    /**
     * One GET by HTTP/1.1 on a connection of its own, with a limit for the total time, the head and the body. The
     * clients of the JDK bound single reads, or the time until the head is complete, but not an answer that arrives
     * byte by byte. Uses no proxy and follows no redirect. Blocks its thread.
     */
    private static final class BoundedGet {

        private static final int MAX_HEAD = 64 * 1024;
        private static final int MAX_BODY = 64 * 1024;
        private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
        private static final int HTTP_PORT = 80;
        private static final int HTTPS_PORT = 443;
        private static final int HEX = 16;

        /**
         * The received answer.
         *
         * @param isDelimited whether the answer gives its length; otherwise truncation cannot be detected
         */
        record Answer(int status, byte[] body, boolean isDelimited) {}

        private final InputStream in;
        private int headBytes;
        private long length = -1;
        private boolean chunked;

        private BoundedGet(InputStream in) {
            this.in = in;
        }

        /**
         * Sends a GET to an http or https address.
         *
         * @param limit of the time from now until the answer is complete. The look-up of the host's name adds to it,
         *     which only the operating system bounds
         * @throws IOException when there is no complete answer within the limits
         */
        static Answer get(URI address, Duration limit) throws IOException {
            URI uri = URI.create(address.toASCIIString());
            boolean tls = "https".equalsIgnoreCase(uri.getScheme());
            int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
            InetSocketAddress peer = new InetSocketAddress(uri.getHost(), port);
            if (peer.isUnresolved()) {
                throw new IOException("unknown host " + uri.getHost());
            }
            try (DeadlineSocket plain = new DeadlineSocket(limit)) {
                plain.connect(peer, Math.min(CONNECT_TIMEOUT_MILLIS, plain.millisLeft()));
                // Closing the plain socket closes both, and does not wait for the peer.
                Socket socket = tls ? secured(plain, uri.getHost(), port) : plain;
                socket.getOutputStream().write(request(uri).getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                return new BoundedGet(new BufferedInputStream(socket.getInputStream())).answer();
            } catch (SocketTimeoutException e) {
                throw new IOException("the response was not complete within " + Durations.text(limit), e);
            }
        }

        private static Socket secured(Socket plain, String host, int port) throws IOException {
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            SSLSocket socket = (SSLSocket) factory.createSocket(plain, name, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        }

        private static String request(URI uri) {
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return "GET " + path + query + " HTTP/1.1\r\nHost: " + uri.getHost() + port
                    + "\r\nAccept: application/json\r\nUser-Agent: sls-dispatch\r\nConnection: close\r\n\r\n";
        }

        private Answer answer() throws IOException {
            int status = head();
            while (status >= 100 && status < 200) {
                status = head();
            }
            byte[] body = chunked ? chunks() : length >= 0 ? exactly((int) length) : toTheEnd();
            return new Answer(status, body, chunked || length >= 0);
        }

        private int head() throws IOException {
            length = -1;
            chunked = false;
            String[] words = line().split(" ", 3);
            if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
                throw new IOException("the response is not HTTP/1.1");
            }
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    header(
                            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            return Integer.parseInt(words[1]);
        }

        private void header(String name, String value) throws IOException {
            if (name.equals("transfer-encoding")) {
                chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
            } else if (name.equals("content-length")) {
                if (!value.matches("[0-9]{1,18}") || (length >= 0 && length != Long.parseLong(value))) {
                    throw new IOException("the response has an unreadable content-length");
                }
                length = Long.parseLong(value);
                if (length > MAX_BODY) {
                    throw tooLong();
                }
            }
        }

        private byte[] chunks() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (true) {
                String size = line().split(";", 2)[0].strip();
                if (!size.matches("[0-9a-fA-F]{1,7}")) {
                    throw new IOException("the response has an unreadable chunk");
                }
                int bytes = Integer.parseInt(size, HEX);
                if (bytes == 0) {
                    return body.toByteArray();
                }
                if (body.size() + bytes > MAX_BODY) {
                    throw tooLong();
                }
                body.writeBytes(exactly(bytes));
                if (!line().isEmpty()) {
                    throw new IOException("the response has an unreadable chunk");
                }
            }
        }

        private byte[] exactly(int bytes) throws IOException {
            byte[] body = in.readNBytes(bytes);
            if (body.length < bytes) {
                throw new EOFException("the response ends after " + body.length + " of " + bytes + " bytes");
            }
            return body;
        }

        private byte[] toTheEnd() throws IOException {
            byte[] body = in.readNBytes(MAX_BODY + 1);
            if (body.length > MAX_BODY) {
                throw tooLong();
            }
            return body;
        }

        private static IOException tooLong() {
            return new IOException("the response is longer than " + MAX_BODY + " bytes");
        }

        /** A line of the head or between chunks, without its line end. */
        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("the response ends before it is complete");
                }
                if (++headBytes > MAX_HEAD) {
                    throw new IOException("the head of the response is longer than " + MAX_HEAD + " bytes");
                }
                line.write(next);
            }
            headBytes++;
            String text = line.toString(StandardCharsets.ISO_8859_1);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }

        /** A socket whose reads all end at one deadline, including those of a TLS handshake. */
        private static final class DeadlineSocket extends Socket {

            private final long deadline;

            DeadlineSocket(Duration limit) {
                this.deadline = System.nanoTime() + limit.toNanos();
            }

            int millisLeft() throws SocketTimeoutException {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new SocketTimeoutException("no time left");
                }
                return (int) left;
            }

            @Override
            public InputStream getInputStream() throws IOException {
                return new FilterInputStream(super.getInputStream()) {
                    @Override
                    public int read() throws IOException {
                        byte[] one = new byte[1];
                        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int count) throws IOException {
                        setSoTimeout(millisLeft());
                        return super.read(bytes, offset, count);
                    }
                };
            }
        }
    }
}
